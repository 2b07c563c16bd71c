"""Seldon Core 1's microservice, running."""

from Peers.support.processes import INSTALLED, PEERS, Process, answers, free_ports


class Seldon(Process):
    def __init__(self):
        port, metrics = free_ports(2)
        self.url, self.metrics = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}/metrics"
        super().__init__([INSTALLED / "seldon" / "bin" / "python", PEERS / "seldon" / "serve.py", port, metrics])

    def ready(self):
        return answers(self.url + "/health/ping") and answers(self.metrics)
