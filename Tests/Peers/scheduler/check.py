"""What mds makes of Seldon Core 2's scheduler. Run by run.sh."""

import sys

from Peers.scheduler.server import Scheduler
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import connecting
from Peers.support.processes import ROOT, stop_on_signals
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
            connecting(checks, scheduler.url, "scheduler", "2.10.2", added=True)
        failures(checks, mds)
        secured(checks, mds)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
