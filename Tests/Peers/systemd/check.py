"""Checks that the unit of `make install` runs the collector as it says. Run by run.sh."""

import json
import os
import pathlib
import signal
import ssl
import subprocess
import urllib.request

from Peers.support.checks import Checks, holds, same
from Peers.support.processes import ROOT, Process, free_ports, stop_on_signals

FOLDERS = [
    "usr/local/libexec/mds", "etc/mds-collector", "etc/systemd/system/multi-user.target.wants",
    "etc/systemd/system/mds-collector.service.d",
]
CREDENTIALS = "/run/credentials/mds-collector.service"


class Container(Process):
    """systemd as the first process of a container, with the unit as `make install` lays it out."""

    def __init__(self, port):
        self.port = port
        here = pathlib.Path(__file__).parent
        super().__init__(["unshare", "--mount", here / "boot.sh", ".", f"mds-{os.getpid()}"])

    def prepare(self):
        files = self.folder / "files"
        for folder in ["writes", "root", *(f"files/{name}" for name in FOLDERS)]:
            (self.folder / folder).mkdir(parents=True)
        program = files / "usr/local/libexec/mds/mds-collector"
        program.write_bytes(pathlib.Path(os.environ["COLLECTOR"]).read_bytes())
        program.chmod(0o755)
        packaging = ROOT / "packaging"
        system = files / "etc/systemd/system"
        (system / "mds-collector.service").write_text((packaging / "mds-collector.service").read_text())
        (system / "multi-user.target.wants/mds-collector.service").symlink_to("../mds-collector.service")
        named = (packaging / "mds-collector.credentials.conf").read_text().splitlines(keepends=True)
        (system / "mds-collector.service.d/credentials.conf").write_text(
            "".join(line for line in named if not line.startswith("LoadCredential=database-ca")))
        settings = (packaging / "mds-collector.environment").read_text()
        settings = settings.replace("0.0.0.0", "127.0.0.1").replace("8443", str(self.port))
        holds(f"COLLECTOR_PORT={self.port}", settings)
        # Nobody listens there: that the file could be read is what counts.
        settings = settings.replace(
            "\nCOLLECTOR_OPTIONS=\n",
            f"\nCOLLECTOR_OPTIONS=--tls-client-ca {CREDENTIALS}/client-ca --kafka 127.0.0.1:9 --kafka-topic mds"
            f" --kafka-properties {CREDENTIALS}/kafka\n")
        holds("--kafka-topic mds --kafka", settings)
        (files / "etc/mds-collector/environment").write_text(settings)
        (files / "etc/mds-collector").chmod(0o700)
        (files / "etc/mds-collector/kafka.properties").write_text("sasl.password=secret\n")
        (files / "etc/mds-collector/kafka.properties").chmod(0o600)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-keyout", files / "etc/mds-collector/tls.key", "-out", files / "etc/mds-collector/tls.pem", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        pem, key = files / "etc/mds-collector/tls.pem", files / "etc/mds-collector/tls.key"
        (files / "etc/mds-collector/clients.pem").write_bytes(pem.read_bytes())
        self.trusted = ssl.create_default_context(cafile=pem)
        self.stranger = ssl.create_default_context(cafile=pem)
        self.trusted.load_cert_chain(pem, key)

    def hello(self, context=None):
        """What the collector says of itself, over TLS that its certificate vouches for; nil where it does not answer."""
        try:
            url = f"https://127.0.0.1:{self.port}/v1/hello"
            with urllib.request.urlopen(url, timeout=5, context=context or self.trusted) as answer:
                return json.load(answer)
        except OSError:
            return None

    def ready(self):
        return self.hello()

    def collector(self):
        """The process that serves, as this system numbers it; None where there is none."""
        for command in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = command.read_bytes().split(b"\0")
            except OSError:
                continue
            if words[1:2] == [b"serve"] and str(self.port).encode() in words and words[0].startswith(b"/usr/local/"):
                return int(command.parent.name)
        return None


def status(process):
    lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def main():
    stop_on_signals()
    checks = Checks("systemd")
    with Container(free_ports(1)[0]) as container:
        first, process = container.hello(), container.collector()
        with checks.that("systemd starts the collector, which answers over TLS with the certificate that it was handed"):
            same(first["epoch"], 1)
        with checks.that("it lets in those alone whose authority is in the file that it was handed"):
            same(container.hello(container.stranger), None)
        said = status(process)
        with checks.that("it runs as a user that is made for it, without any capability, behind a filter of calls"):
            assert int(said["Uid"][0]) >= 61184, said["Uid"]
            same([int(said[name][0], 16) for name in ("CapEff", "CapPrm", "CapBnd")], [0, 0, 0])
            same((said["NoNewPrivs"], said["Seccomp"]), (["1"], ["2"]))
        with checks.that("it may write to its own folder alone, and sees no home"):
            mounts = pathlib.Path(f"/proc/{process}/mounts").read_text().splitlines()
            options = {words[1]: words[3].split(",") for words in (line.split() for line in mounts)}
            assert "ro" in options["/"], options["/"]
            assert "rw" in options["/var/lib/private/mds-collector"], sorted(options)
            same(list(pathlib.Path(f"/proc/{process}/root/home").iterdir()), [])
        with checks.that("when it is killed it is started again, and has what it had"):
            os.kill(process, signal.SIGKILL)
            again = container.wait_until(
                lambda: container.collector() not in (None, process) and container.hello(), "the next start", 60)
            same(again["collector_id"], first["collector_id"])
        with checks.that("when the system is shut down it ends in order"):
            container.process.terminate()
            container.process.wait(timeout=60)
            same((container.collector(), container.process.returncode), (None, 0))
    return checks.finish()


if __name__ == "__main__":
    raise SystemExit(main())
