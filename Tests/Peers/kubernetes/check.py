"""What mds makes of Seldon Core 2's objects in Kubernetes. Run by run.sh."""

import pathlib
import sys

from Peers.kubernetes.objects import model
from Peers.kubernetes.server import TLS, Kubernetes
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import BEGUN, connecting
from Peers.support.processes import stop_on_signals
from Peers.support.terminal import Terminal
from Peers.support.workbench import Workbench



def context(mds, cluster, namespace="lab", who=None):
    who = who or f'token_file = "{cluster.token}"'
    mds.configure(f"""
current-context = "lab"
[contexts.lab]
kind = "seldon-core-2"
service = "http://127.0.0.1:9"
namespace = "{namespace}"
kubernetes = {{ url = "{cluster.url}", ca = "{cluster.authority}", {who} }}
""")


def listing(checks, mds):
    with checks.that("models are listed with their state, read in parts"):
        states = {line["name"]: line["state"] for line in mds.lines("models", "--json")}
        same({states[name] for name in ("wine", "cargo", "wine-drift", "tide-01", "tide-30")}, {"ready"})
        same(states["gone"], "failed")
        assert states["coming"] != "ready", states["coming"]
    with checks.that("reasons are told"):
        holds("FileNotFoundError", mds.models()["gone"]["reason"])
    with checks.that("explainers are found by their reference, detectors by what they require"):
        models = mds.models()
        same(models["wine"]["explainers"], ["wine-kernelshap"])
        same(models["wine"]["drift"], ["wine-drift"])
        same(models["wine"]["outlier"], ["wine-outlier"])
    with checks.that("pipelines and experiments are listed beside the models"):
        for name in ("flowers", "wine-watch", "lost", "iris-ab", "wine-next"):
            holds(name, mds.models())


def shown(checks, mds):
    with checks.that("an experiment is shown with its candidates and its mirror, the platform with what is not ready"):
        out = mds.run("models", "iris-ab").out
        holds("70%", out)
        holds("default", out)
        holds("mirror", mds.run("models", "wine-next").out)
        holds("runtime seldon: not ready: HodometerReady", mds.run("models").out)


def live(checks, mds, cluster):
    with Terminal(mds) as terminal:
        with checks.that("the list of models is live: what changes in the cluster is shown without a key"):
            terminal.expect("Models 48", "live")
            terminal.press("/zebra\r")
            terminal.expect("Models 0 of 48")
            cluster.happen("ADDED", model("zebra", up=0, message="crowded"))
            terminal.expect("Models 1 of 49", "zebra", "crowded", "Failed")
            cluster.happen("MODIFIED", model("zebra", replicas=3))
            terminal.expect("zebra", "3/3 replicas", "live", absent=["crowded"])
        with checks.that("a watch that is too old is begun anew, and what changed meanwhile is shown"):
            cluster.happen("EXPIRE")
            cluster.happen("MODIFIED", model("zebra", up=0, message="bucketless"))
            terminal.expect("zebra", "bucketless", "live")
        with checks.that("what goes is not shown any more"):
            cluster.happen("DELETED", model("zebra"))
            terminal.expect("Models 0 of 48", "live")


def access(checks, mds, cluster):
    with checks.that("a client's certificate is as good as a token"):
        context(mds, cluster, who=f'certificate = "{TLS / "client.pem"}", key = "{mds.key(TLS / "client.key")}"')
        holds("wine", mds.models())
    with checks.that("a namespace that is forbidden is told in the cluster's words"):
        context(mds, cluster, namespace="closed")
        holds('in the namespace "closed"', mds.run("models").err)
    with checks.that("a token that is wrong is told as that"):
        wrong = pathlib.Path(mds.home / "token")
        wrong.touch(mode=0o600)
        wrong.write_text("wrong\n")
        context(mds, cluster, who=f'token_file = "{wrong}"')
        answer = mds.run("models")
        holds("401", answer.err)
        holds("token", answer.err)


def importing(checks, cluster):
    token = pathlib.Path(cluster.token).read_text().strip()
    for name in ("by-token", "by-certificate"):
        with Workbench() as mds:
            with checks.that(f"a kubeconfig is taken over, with its context {name} and no secret of it"):
                mds.configure(BEGUN)
                mds.done("config", "import", "kube", cluster.kubeconfig, "--kube-context", name)
                holds("wine", mds.models())
                assert token not in mds.configuration.read_text(), "the token is in the configuration file"
            with checks.that(f"and with the namespace of {name}"):
                holds('namespace = "lab"', mds.configuration.read_text())


def main():
    stop_on_signals()
    checks = Checks("kubernetes")
    with Kubernetes() as cluster, Workbench() as mds:
        context(mds, cluster)
        listing(checks, mds)
        shown(checks, mds)
        live(checks, mds, cluster)
        access(checks, mds, cluster)
        importing(checks, cluster)
        connecting(checks, cluster.url, "kubernetes", "v1.31.4", added=True,
                   options=("--token-file", cluster.token, "--ca-file", cluster.authority))
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
