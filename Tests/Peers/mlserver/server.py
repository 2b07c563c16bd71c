"""MLServer with the models that train.py makes, and with no others."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import zlib

from Peers.support import web
from Peers.support.processes import BYTECODE, INSTALLED, PEERS, Process, answers, free_ports

HERE = PEERS / "mlserver"
PROGRAMS = INSTALLED / "mlserver" / "bin"
# Whom an explainer asks while it loads must be there before it.
ORDER = ["wine", "bare", "broken", "cancer", "diabetes", "cargo", "coded", "digits", "intent", "words", "wine-anchor",
         "wine-kernelshap", "coded-anchor", "coded-treeshap", "intent-anchor", "digits-anchor", "wine-drift",
         "wine-drift-batched", "wine-drift-online", "coded-drift", "wine-outlier", "wine-outlier-maha"]


def trained():
    """The folder of trained models, made anew when what makes them has changed; by one program at a time."""
    state = str(zlib.crc32((HERE / "train.py").read_bytes() + (HERE / "requirements.txt").read_bytes()))
    folder = INSTALLED / "mlserver-models"
    mark = folder / "trained"
    with (INSTALLED / "mlserver-models.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text() != state:
            shutil.rmtree(folder, ignore_errors=True)
            done = subprocess.run(
                [PROGRAMS / "python", "-W", "ignore", HERE / "train.py", folder], capture_output=True, text=True,
                env=os.environ | BYTECODE | {"OMP_NUM_THREADS": "1"})
            assert done.returncode == 0, done.stderr
            mark.write_text(state)
    return folder


class MLServer(Process):
    """The server with the models of `names` loaded. It streams only with `streams`, all in one process then."""

    def __init__(self, names=ORDER, streams=False):
        self.names, self.ports = names, free_ports(3)
        http, _, metrics = self.ports
        self.url, self.metrics = f"http://127.0.0.1:{http}", f"http://127.0.0.1:{metrics}/metrics"
        self.workers = {"parallel_workers": 0, "gzip_enabled": False} if streams else {"parallel_workers": 1}
        super().__init__([PROGRAMS / "mlserver", "start", "."], cwd="repository", PYTHONPATH=str(HERE),
                         CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")

    def prepare(self):
        repository = pathlib.Path(shutil.copytree(trained(), self.folder / "repository"))
        for file in repository.glob("*/model-settings.json"):
            text = file.read_text().replace("@MODELS@", self.url + "/v2/models")
            file.write_text(text.replace("@REPOSITORY@", str(repository)))
        http, grpc, metrics = self.ports
        settings = {"host": "127.0.0.1", "http_port": http, "grpc_port": grpc, "metrics_port": metrics,
                    "server_name": "mlserver-peer", "load_models_at_startup": False, "debug": False}
        (repository / "settings.json").write_text(json.dumps(settings | self.workers))

    def ready(self):
        """Loads the models once the server, which is ready without any, answers."""
        if not answers(self.url + "/v2/health/ready"):
            return False
        for name in self.names:
            status, _, body = web.ask(f"{self.url}/v2/repository/models/{name}/load", body={})
            assert status == 200, f"{name}: {body.decode()}\n{self.tail()}"
        return True


def records(name):
    """Records of a model by field name, with the labels and probabilities that it must give."""
    return json.loads((trained() / "records.json").read_text())[name]


if __name__ == "__main__":
    # Runs until its standard input closes, for looking at it by hand.
    with MLServer(sys.argv[1:] or ORDER) as server:
        print(json.dumps({"url": server.url, "metrics": server.metrics}), flush=True)
        sys.stdin.read()
