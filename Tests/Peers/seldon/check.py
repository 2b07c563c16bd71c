"""What mds makes of Seldon Core 1. Run by run.sh."""

import json
import sys

from Peers.collector.collector import Collector
from Peers.seldon.judgements import JUDGED, judge
from Peers.seldon.server import Seldon
from Peers.support import web
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals
from Peers.support.workbench import Workbench

SETOSA = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": .2}


def protocol(checks, server):
    """What the server itself does, without mds."""
    with checks.that("Seldon: rows are answered in the form that they came in"):
        rows = {"data": {"ndarray": [list(SETOSA.values())]}, "meta": {"puid": "p-1"}}
        answer = web.post(server.url + "/api/v1.0/predictions", rows)
        same(answer["data"]["names"], ["setosa", "versicolor", "virginica"])
        assert answer["data"]["ndarray"][0][0] > .9, answer
        same(answer["meta"]["tags"], {"model_version": "2"})
    with checks.that("Seldon: feedback is taken, and a field that is not its own is refused"):
        same(web.ask(server.url + "/api/v1.0/feedback", {"reward": 1})[0], 200)
        status, _, body = web.ask(server.url + "/api/v1.0/feedback", {"comment": "good"})
        same(status, 400)
        holds("comment", json.loads(body)["status"]["info"])


def through(checks, mds):
    with checks.that("its model is listed with its version"):
        line = mds.models()["iris"]
        same((line["version"], line["state"], line["platform"]), ("2", "ready", "sklearn"))
    with checks.that("its form has the names that the metadata gives"):
        holds("petal_width", mds.run("models", "iris").out)
    with checks.that("a record is scored, with the classes by name"):
        answer = mds.infer("iris", [SETOSA])[0][0]
        same(answer["label"], "setosa")


def feedback(checks, server):
    """What the collector exports is taken by the microservice, and arrives at the model."""
    collector = Collector(["ana"])
    try:
        judge(collector)
        path, words = collector.export("lines.jsonl", "--format", "seldon-feedback")
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    finally:
        collector.stop()
    with checks.that("the export has a line for each judgement that says whether the model is right"):
        same(len(lines), sum(wanted is not None for _, _, _, wanted in JUDGED))
        holds("without an answer left out", words)
    for path in ["/send-feedback", "/api/v1.0/feedback"]:
        before = len(server.heard())
        with checks.that(f"each line is taken by {path}"):
            for line in lines:
                status, _, body = web.ask(server.url + path, line.encode(), content_type="application/json")
                assert status == 200, (status, body[:300], line[:300])
        with checks.that(f"the model hears features, reward and truth of each by {path}"):
            heard = server.heard()[before:]
            wanted = [wanted for _, _, _, wanted in JUDGED if wanted is not None]
            # NaN is equal to nothing; its text is.
            same([repr(one) for one in heard], [repr(one) for one in wanted])
    with checks.that("rewards are counted"):
        page = web.ask(server.metrics)[2].decode()
        holds("seldon_api_model_feedback_reward", page)


def main():
    stop_on_signals()
    checks = Checks("seldon")
    with Seldon() as server, Workbench(server.url) as mds:
        protocol(checks, server)
        feedback(checks, server)
        through(checks, mds)
        connecting(checks, server.url, "seldon-v1", "2")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
