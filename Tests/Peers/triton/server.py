"""Triton's own server on the models of this folder, with its Python backend and explicit model control."""

import json
import os
import sys
import sysconfig

from Peers.support.processes import INSTALLED, PEERS, Process, answers, free_ports

HERE = PEERS / "triton"
LOADED = ["iris", "shapes", "sequence_sum", "echo_types", "slow", "fails", "generate_text", "iris_pipeline", "tokens",
          "unbatched_tokens", "halves"]


class Triton(Process):
    """The server with some of its models loaded."""

    def __init__(self, names=LOADED):
        self.names = names
        venv = INSTALLED / "triton"
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        site = venv / "lib" / python / "site-packages"
        server = site / "pytriton" / "tritonserver"
        http, grpc, metrics = free_ports(3)
        self.address, self.url = f"127.0.0.1:{http}", f"http://127.0.0.1:{http}"
        self.metrics = f"http://127.0.0.1:{metrics}/metrics"
        # The stub of the backend is chosen by Python's version; it finds its interpreter and packages through the first
        # python3 on PATH. It cannot write beside the models.
        backends = INSTALLED / "triton-backends"
        stub = server / "python_backend_stubs" / python.removeprefix("python") / "triton_python_backend_stub"
        (backends / "python").mkdir(parents=True, exist_ok=True)
        for file in [*(server / "backends" / "python").iterdir(), stub]:
            link = backends / "python" / file.name
            if not link.is_symlink():
                link.symlink_to(file)
        libraries = f"{site / 'nvidia_pytriton.libs'}:{sysconfig.get_config_var('LIBDIR')}"
        super().__init__(
            [server / "bin" / "tritonserver", f"--model-repository={HERE / 'models'}",
             f"--backend-directory={backends}", f"--cache-directory={server / 'caches'}",
             "--cache-config=local,size=1048576", "--http-address=127.0.0.1", f"--http-port={http}",
             "--grpc-address=127.0.0.1", f"--grpc-port={grpc}", "--metrics-address=127.0.0.1",
             f"--metrics-port={metrics}", "--allow-gpu-metrics=false", "--model-control-mode=explicit",
             "--exit-on-error=false", "--strict-readiness=false", "--id=triton-peer",
             *(f"--load-model={name}" for name in names)],
            PATH=f"{venv / 'bin'}:{os.environ['PATH']}", LD_LIBRARY_PATH=libraries, PYTHONDONTWRITEBYTECODE="1")

    def ready(self):
        return all(answers(f"{self.url}/v2/models/{name}/ready") for name in self.names)


if __name__ == "__main__":
    # Runs until its standard input closes, for looking at it by hand.
    with Triton(sys.argv[1:] or LOADED) as server:
        print(json.dumps({"url": server.url, "metrics": server.metrics}), flush=True)
        sys.stdin.read()
