"""Seldon Core 1's own microservice around a model of iris flowers, that of the other peers.

    serve.py PORT METRICS_PORT

Its own command listens on every address; this starts the same applications on loopback.
"""

import json
import os
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
os.environ.setdefault("PREDICTIVE_UNIT_ID", "iris")

from seldon_core import wrapper
from seldon_core.gunicorn_utils import StandaloneApplication
from seldon_core.metrics import SeldonMetrics
from seldon_core.user_model import SeldonComponent

WEIGHTS = np.array([[-.42, .967, -2.519, -1.085, 9.841], [.532, -.315, -.204, -.943, 2.224],
                    [-.112, -.652, 2.723, 2.027, -12.065]])
CLASSES = ["setosa", "versicolor", "virginica"]
FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


class Iris(SeldonComponent):
    def predict(self, rows, names, meta=None):
        scores = np.asarray(rows, dtype=float) @ WEIGHTS[:, :4].T + WEIGHTS[:, 4]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return likely / likely.sum(axis=1, keepdims=True)

    def class_names(self):
        return CLASSES

    def tags(self):
        return {"model_version": "2"}

    def metrics(self):
        return [{"type": "COUNTER", "key": "predictions_total", "value": 1}]

    def send_feedback(self, features, feature_names, reward, truth, routing=None):
        heard = {"features": np.asarray(features).tolist(), "names": list(feature_names), "reward": reward,
                 "truth": np.asarray(truth).tolist()}
        print("feedback", json.dumps(heard), flush=True)
        return []

    def init_metadata(self):
        return {"name": "iris", "versions": ["2"], "platform": "sklearn",
                "inputs": [{"messagetype": "tensor", "schema": {"names": FEATURES, "shape": [4]}}],
                "outputs": [{"messagetype": "tensor", "schema": {"names": CLASSES, "shape": [3]}}]}


def serve(application, port, **options):
    options |= {"bind": f"127.0.0.1:{port}", "workers": 1, "loglevel": "warning"}
    StandaloneApplication(application, options).run()


if __name__ == "__main__":
    port, metrics_port = sys.argv[1:]
    metrics = SeldonMetrics(worker_id_func=os.getpid)
    if os.fork() == 0:
        serve(wrapper.get_metrics_microservice(metrics), metrics_port)
    else:
        serve(wrapper.get_rest_microservice(Iris(), metrics), port, threads=4)
