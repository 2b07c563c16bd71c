"""KServe's model server, running."""

from Peers.support.processes import INSTALLED, PEERS, Process, answers, free_ports


class KServe(Process):
    def __init__(self):
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        super().__init__([INSTALLED / "kserve" / "bin" / "python", PEERS / "kserve" / "serve.py", port])

    def ready(self):
        return answers(self.url + "/v2/models/mood/ready")
