"""What mds's requests leave in Prometheus, and what it makes of it. Run by run.sh."""

import re
import sys

from Peers.envoy.server import Envoy
from Peers.mlserver.server import MLServer, records
from Peers.prometheus.server import Prometheus
from Peers.support import web
from Peers.support.checks import Checks, same
from Peers.support.connecting import connecting
from Peers.support.processes import stop_on_signals
from Peers.support.workbench import Workbench
from Peers.triton.server import Triton


TRAFFIC = r"^traffic +[.\d]*[1-9][.\d]*/s +0% failed"
FLOWER = {f"features[{index}]": value for index, value in enumerate([5.1, 3.5, 1.4, .2])}


def total(prometheus, expression):
    return sum(value for _, value in prometheus.query(expression))


def scraping(checks, prometheus):
    with checks.that("Prometheus: every server is scraped, and one that is gone is known as that"):
        same(prometheus.targets(), {"mlserver": "up", "triton": "up", "envoy": "up", "gone": "down"})
    with checks.that("Prometheus: an alert fires for it"):
        prometheus.wait_until(lambda: any(
            alert["labels"]["job"] == "gone" and alert["state"] == "firing"
            for alert in web.get(prometheus.url + "/api/v1/alerts")["data"]["alerts"]), "the alert", 30)


def counting(checks, prometheus, mlserver, triton, mds):
    def grows(expression, count, what):
        prometheus.wait_until(lambda: total(prometheus, expression) >= count, what, 30)

    with checks.that("what mds asks of MLServer is counted by model"):
        mds.service = mlserver.url
        mds.infer("wine", records("wine")["rows"], "--batch", "8")
        grows('model_infer_request_success_total{model="wine"}', 6, "six requests of wine")
    with checks.that("what mds asks of Triton is counted by model and version"):
        mds.service = triton.url
        mds.infer("iris", [FLOWER] * 3, "--batch", "1")
        grows('nv_inference_request_success{model="iris"}', 3, "three requests of iris")


def reading(checks, prometheus, servers):
    for kind, model, rows, server in servers:
        with Workbench() as mds, checks.that(f"the traffic of a model of {kind} is read from Prometheus"):
            mds.configure(f'[contexts.lab]\nkind = "{kind}"\nservice = "{server.url}"\n'
                          f'prometheus = "{prometheus.url}"\n')

            def seen():
                # A rate needs a count that grows between two scrapes.
                mds.infer(model, rows)
                return re.search(TRAFFIC, mds.run("models", model).out, re.MULTILINE)
            prometheus.wait_until(seen, f"the traffic of {model}", 30)


def main():
    stop_on_signals()
    checks = Checks("prometheus")
    with (MLServer(["wine", "wine-drift"]) as mlserver, Triton(["iris"]) as triton,
          Envoy(mlserver.url, triton.url) as envoy,
          Prometheus({"mlserver": mlserver.metrics, "triton": triton.metrics, "envoy": envoy.metrics,
                      "gone": "http://127.0.0.1:9/metrics"}) as prometheus, Workbench() as mds):
        scraping(checks, prometheus)
        counting(checks, prometheus, mlserver, triton, mds)
        reading(checks, prometheus, (("mlserver", "wine", records("wine")["rows"], mlserver),
                                     ("triton", "iris", [FLOWER], triton)))
        connecting(checks, prometheus.url, "prometheus", "2.42.0+ds", added=True)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
