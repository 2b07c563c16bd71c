"""The double of the Kubernetes API, running; its token and kubeconfig are in its folder."""

import sys

from Peers.support.processes import PEERS, ROOT, Double

TLS = ROOT / "fixtures" / "tls"


class Kubernetes(Double):
    def __init__(self):
        super().__init__([sys.executable, PEERS / "kubernetes" / "double.py", "--tls", TLS, "--state", "."])
        self.url, self.authority, self.token = self.says["url"], self.says["ca"], self.says["token"]
        self.kubeconfig = self.says["kubeconfig"]

    def happen(self, kind, thing=None):
        """Lets something happen in the cluster."""
        self.tell({"type": kind} | ({"object": thing} if thing else {}))
