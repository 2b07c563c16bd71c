"""What mds makes of Seldon Core 2's scheduler. Run by run.sh."""

import sys

from Peers.scheduler.server import Scheduler
from Peers.scheduler.state import pipeline, single
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import connecting
from Peers.support.processes import ROOT, stop_on_signals
from Peers.support.terminal import Terminal
from Peers.support.workbench import Workbench

TLS = ROOT / "fixtures" / "tls"


def context(mds, url, more=""):
    """A context whose models only the scheduler lists: nothing answers at its service."""
    mds.configure(f"""
current-context = "lab"
[contexts.lab]
kind = "seldon-core-2"
service = "http://127.0.0.1:9"
scheduler = {{ url = "{url}"{more} }}
""")


def listing(checks, mds):
    with checks.that("models are listed with their state"):
        states = {line["name"]: line["state"] for line in mds.lines("models", "--json")}
        same({states[name] for name in ("wine", "cargo", "iris", "wine-kernelshap", "wine-drift")}, {"ready"})
        assert states["coming"] != "ready" and states["gone"] == "failed" and states["huge"] == "failed", states
    with checks.that("a model that was taken away is not listed"):
        assert "former" not in mds.models()
    with checks.that("reasons are told"):
        models = mds.models()
        holds("FileNotFoundError", models["gone"]["reason"])
        holds("no matching server", models["huge"]["reason"])
    with checks.that("explainers are found by their reference, detectors by what they require"):
        models = mds.models()
        same(models["wine"]["explainers"], ["wine-kernelshap"])
        same(models["coded"]["explainers"], ["coded-treeshap"])
        same(models["wine"]["drift"], ["wine-drift"])
        same(models["wine"]["outlier"], ["wine-outlier"])
    with checks.that("pipelines and experiments are listed beside the models"):
        models = mds.models()
        for name in ("flowers", "wine-watch", "lost", "iris-ab", "wine-next"):
            holds(name, models)


def shown(checks, mds):
    with checks.that("a pipeline is shown as its graph, a model with its versions and its server"):
        out = mds.run("models", "wine-watch").out
        holds("wine ──▶ intent (when wine-outlier)", out)
        holds("wine-drift (batch 20)", out)
        out = mds.run("models", "wine").out
        holds("mlserver-1", out)
        holds("used by    wine-watch.pipeline", out)
    with checks.that("what belongs to Seldon is not loaded from here"):
        holds("allow_load", mds.run("models", "load", "wine", "--yes").err)


def live(checks, mds, scheduler):
    with Terminal(mds) as terminal:
        with checks.that("the list of models is live: what the scheduler tells is shown without a key"):
            terminal.expect("Models 20", "live")
            terminal.press("/zebra\r")
            terminal.expect("Models 0 of 20")
            scheduler.change("ModelStatus", single("zebra", "mlserver", ["sklearn"], state="ModelFailed", up=0,
                                                   replica="LoadFailed", reason="no room for zebra"))
            terminal.expect("Models 1 of 21", "zebra", "no room for zebra", "Failed")
            scheduler.change("ModelStatus", single("zebra", "mlserver", ["sklearn"], replicas=3))
            terminal.expect("zebra", "3/3 replicas", "live", absent=["no room for zebra"])
            scheduler.change("ModelStatus", single("zebra", "mlserver", ["sklearn"], state="ModelTerminated", up=0))
            terminal.expect("Models 0 of 20", "live")
            terminal.press("/\x1b")
        with checks.that("so are pipelines"):
            scheduler.change("PipelineStatus", pipeline("zoo", [{"name": "wine"}], ["wine"]))
            terminal.expect("Models 21", "zoo")
        with checks.that("subscriptions that the scheduler ends are made anew"):
            scheduler.cut()
            scheduler.change("ModelStatus", single("yak", "mlserver", ["sklearn"]))
            terminal.expect("Models 22", "yak", "live")


def refused(checks, mds):
    with checks.that("a subscription that is refused is said in words, and the list is there"):
        with Scheduler("--fault", "SubscribeModelStatus=denied") as scheduler:
            context(mds, scheduler.url)
            with Terminal(mds) as terminal:
                terminal.expect("wine", "subscribing is refused (PERMISSION_DENIED)", absent=["live "])


def failures(checks, mds):
    with checks.that("a call that is refused is told with the scheduler's words"):
        with Scheduler("--fault", "ModelStatus=not-found") as scheduler:
            context(mds, scheduler.url)
            holds("nicht einmal äh…", mds.run("models").err)
    with checks.that("a stream that is reset is told"):
        with Scheduler("--fault", "ModelStatus=reset") as scheduler:
            context(mds, scheduler.url)
            answer = mds.run("models")
            same(answer.status, 3)
            holds("scheduler", answer.err)
    with checks.that("a scheduler that says nothing is not waited for without end"):
        with Scheduler("--fault", "ModelStatus=stall") as scheduler:
            context(mds, scheduler.url)
            answer = mds.run("models", timeout=60)
            same(answer.status, 3)
            holds("scheduler", answer.err)


def secured(checks, mds):
    with checks.that("a scheduler that asks for certificates is listed with the client's"):
        with Scheduler("--tls", str(TLS)) as scheduler:
            files = {"ca": TLS / "authority.pem", "certificate": TLS / "client.pem", "key": mds.key(TLS / "client.key")}
            own = "".join(f', {name} = "{file}"' for name, file in files.items())
            context(mds, scheduler.url, own)
            holds("wine", mds.models())


def main():
    stop_on_signals()
    checks = Checks("scheduler")
    with Workbench() as mds:
        with Scheduler() as scheduler:
            context(mds, scheduler.url)
            listing(checks, mds)
            shown(checks, mds)
            live(checks, mds, scheduler)
            connecting(checks, scheduler.url, "scheduler", "2.10.2", added=True)
        refused(checks, mds)
        failures(checks, mds)
        secured(checks, mds)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
