"""What mds makes of models behind Envoy, as Seldon Core 2 routes to them. Run by run.sh."""

import collections
import concurrent.futures
import json
import sys

from Peers.envoy.server import MLSERVER, PATHLESS, Envoy
from Peers.mlserver.server import MLServer, records
from Peers.scheduler.server import Scheduler
from Peers.support import web
from Peers.support.checks import Checks, holds, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals
from Peers.support.workbench import Workbench
from Peers.triton.server import Triton

FLOWER_PARTS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
CATALOGUE = f"""
[models.shy.inputs.features]
datatype = "FP32"
shape = [-1, 4]
features = {json.dumps(FLOWER_PARTS)}
"""
FLOWER = {f"features[{index}]": value for index, value in enumerate([5.1, 3.5, 1.4, .2])}


def tensors(name, *row):
    return {"inputs": [{"name": name, "datatype": "FP32", "shape": [1, len(row)], "data": row}]}


def routing(checks, envoy):
    """That the proxy does what Seldon's does, without mds."""
    iris = tensors("features", 5.1, 3.5, 1.4, .2)

    def infer(path, body=iris, **headers):
        status, answered, text = web.ask(f"{envoy.url}/v2/{path}/infer", body, **headers)
        return status, answered.get("x-seldon-route"), text.decode()

    with checks.that("Envoy: a model is found by its path, and by the header before it"):
        same(infer("models/iris")[:2], (200, ":iris_2:"))
        same(infer("models/anything", seldon_model="iris")[:2], (200, ":iris_2:"))
    with checks.that("Envoy: an experiment is split, and a route that is sent back is kept"):
        seen = collections.Counter(infer("models/iris-ab.experiment")[1] for _ in range(40))
        same(set(seen), {":iris_1:", ":iris_2:"})
        kept = {infer("models/x", seldon_model="iris-ab.experiment", x_seldon_route=":iris_2:")[1] for _ in range(5)}
        same(kept, {":iris_2:"})
    with checks.that("Envoy: a route sent to what is no experiment is not found"):
        same(infer("models/iris", x_seldon_route=":iris_2:"), (404, None, ""))
    with checks.that("Envoy: a pipeline says who took part"):
        same(infer("pipelines/flowers", tensors("raw_mm", 51, 35, 14, 2))[:2],
             (200, ":iris_scale_1::iris_2::flowers.pipeline:"))
    with checks.that("Envoy: who asks too much at a time is refused"):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answered = list(pool.map(lambda _: infer("models/slow", tensors("seconds", .4)), range(8)))
        statuses = collections.Counter(status for status, _, _ in answered)
        assert statuses[200] and statuses[503], statuses
        assert any("overflow" in text for _, _, text in answered), answered
    with checks.that("Envoy: what fails is told in plain text"):
        same(infer("models/nosuch"), (404, None, ""))
        same(infer("models/slow", tensors("seconds", 3))[::2], (504, "upstream request timeout"))
        status, _, text = infer("models/gone")
        same(status, 503)
        holds("remote connection failure", text)
        same(infer("models/iris", x_envoy_fault_abort_request="429")[::2], (429, "fault filter abort"))
        same(web.ask(envoy.url + "/v2/models/shy")[::2], (400, PATHLESS.encode()))


def unlisted(checks, envoy):
    with Workbench(envoy.url) as mds, checks.that("that nothing lists the models is told with what helps"):
        holds("scheduler", mds.run("models").err)


def importing(checks, envoy, scheduler):
    with Workbench() as mds, checks.that("a profile of the seldon command line is taken over"):
        profile, profiles = mds.home / "lab.json", mds.home / "configs.json"
        profile.write_text(json.dumps({"dataplane": {"inferHost": envoy.url.removeprefix("http://"), "tls": False},
                                       "controlplane": {"schedulerHost": scheduler.url.removeprefix("http://")}}))
        profiles.write_text(json.dumps({"configs": {"lab": str(profile)}, "active": "lab"}))
        mds.done("config", "import", "seldon", profiles)
        holds("iris-ab", mds.models())
        same(len(mds.infer("iris", [FLOWER])[0]), 1)


def lab(mds, envoy, scheduler, more=""):
    mds.configure(f"""
[contexts.lab]
kind = "seldon-core-2"
service = "{envoy.url}"
scheduler = "{scheduler.url}"
{more}
""")


def refused(checks, mds, envoy, scheduler):
    """2.10 answers 400 to every question for metadata."""
    with checks.that("that metadata is refused is told with what helps"):
        holds("catalogue", mds.score("shy", [FLOWER]).err)
    with checks.that("a model whose metadata is refused is scored by the catalogue's fields"):
        file = mds.home / "catalogue.toml"
        file.write_text(CATALOGUE)
        lab(mds, envoy, scheduler, f'catalogue = "{file}"')
        answers, _ = mds.infer("shy", [dict(zip(FLOWER_PARTS, FLOWER.values()))])
        same((answers[0]["label"], answers[0]["route"]), ("setosa", ":shy_1:"))


def through(checks, mds):
    wine = records("wine")
    with checks.that("a table is scored through the proxy, and its route is kept"):
        answers, _ = mds.infer("wine", wine["rows"])
        same([answer["label"] for answer in answers], wine["labels"])
        same({answer["route"] for answer in answers}, {":wine_2:"})
    with checks.that("a model of Triton is scored through the proxy"):
        same(len(mds.infer("iris", [FLOWER])[0]), 1)
    with checks.that("an experiment is asked, and who answered is kept"):
        answers, _ = mds.infer("iris-ab", [FLOWER] * 8, "--batch", "1")
        assert {answer["route"] for answer in answers} <= {":iris_1:", ":iris_2:"}, answers
    with checks.that("a pipeline is asked, and who took part is kept"):
        answers, _ = mds.infer("flowers", [{f"raw_mm[{index}]": value for index, value in enumerate([51, 35, 14, 2])}])
        same(answers[0]["route"], ":iris_scale_1::iris_2::flowers.pipeline:")
    with checks.that("a model is explained and watched through the proxy"):
        mds.done("models", "allow", "wine-outlier")
        case = mds.explain("wine", wine["rows"][:1])[0]
        same([one["explainer"] for one in case["explanations"]], ["wine-kernelshap"])
        same(case["outlier"]["detector"], "wine-outlier")
    with checks.that("a file is scored with less at a time where the service is too busy"):
        same(len(mds.infer("slow", [{"seconds": .2}] * 8, "--batch", "1", "--parallel", "8")[0]), 8)
    # Triton works on after the proxy gave up, so this comes last of what is slow.
    with checks.that("the proxy's own time limit is told"):
        _, rejected = mds.infer("slow", [{"seconds": 3}], status=5)
        holds("504, not retried.: upstream request timeout", rejected[0]["reason"])
    with checks.that("a model that failed is told as that"):
        holds("FileNotFoundError", mds.score("gone", [FLOWER]).err)


def main():
    stop_on_signals()
    checks = Checks("envoy")
    with (MLServer(MLSERVER) as mlserver, Triton() as triton, Envoy(mlserver.url, triton.url) as envoy,
          Scheduler() as scheduler, Workbench() as mds):
        routing(checks, envoy)
        connecting(checks, envoy.url, "seldon-core-2", "")
        unlisted(checks, envoy)
        importing(checks, envoy, scheduler)
        lab(mds, envoy, scheduler)
        through(checks, mds)
        refused(checks, mds, envoy, scheduler)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
