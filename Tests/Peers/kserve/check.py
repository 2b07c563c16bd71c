"""What mds makes of KServe. Run by run.sh."""

import sys

from Peers.kserve.server import KServe
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals
from Peers.support.workbench import Workbench

SETOSA = {f"features[{index}]": value for index, value in enumerate([5.1, 3.5, 1.4, .2])}


def main():
    stop_on_signals()
    checks = Checks("kserve")
    with KServe() as server, Workbench(server.url) as mds:
        with checks.that("models are listed without an index, without versions"):
            models = mds.models()
            same({name for name, line in models.items() if line["state"] == "ready"}, {"iris", "mood", "sick"})
            same({line["version"] for line in models.values()}, {None})
        with checks.that("a vector is scored"):
            answer = mds.infer("iris", [SETOSA])[0][0]
            assert max(answer["probabilities"].values()) > .9, answer
        with checks.that("the label is the one that the model says"):
            same(mds.infer("iris", [SETOSA])[0][0]["label"], "setosa")
        with checks.that("texts are scored"):
            answers, rejected = mds.infer("mood", [{"text": "whenever you like"}, {"text": "now! at once!"}])
            same(rejected, [])
            chosen = [list(answer["probabilities"].values()) for answer in answers]
            same([one.index(max(one)) for one in chosen], [0, 1])
        with checks.that("a model that fails in use is told in its own words"):
            _, rejected = mds.infer("sick", [SETOSA], status=5)
            holds("the feature store does not answer", rejected[0]["reason"])
        with checks.that("a model that is not ready is not there"):
            answer = mds.run("infer", "cold", "--input", mds.home / "records.jsonl")
            same(answer.status, 5)
            holds("cold", answer.err)
        connecting(checks, server.url, "kserve", "0.21.0", models=3)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
