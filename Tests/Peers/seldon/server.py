"""Seldon Core 1's microservice, running."""

import json

from Peers.support.processes import INSTALLED, PEERS, Process, answers, free_ports


class Seldon(Process):
    def __init__(self):
        port, metrics = free_ports(2)
        self.url, self.metrics = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}/metrics"
        super().__init__([INSTALLED / "seldon" / "bin" / "python", PEERS / "seldon" / "serve.py", port, metrics])

    def ready(self):
        return answers(self.url + "/health/ping") and answers(self.metrics)

    def heard(self):
        """What the model's `send_feedback` was called with, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line.removeprefix("feedback ")) for line in lines if line.startswith("feedback ")]
