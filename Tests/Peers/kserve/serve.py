"""KServe's model server with a table, a text, a model that fails and one that is not ready.

    serve.py PORT
"""

import sys
import uuid

import numpy as np
import uvicorn

PORT = int(sys.argv.pop())


def on_loopback(self, app, host=None, _begin=uvicorn.Config.__init__, **options):
    """The server itself listens on every address and has no setting for it."""
    _begin(self, app, host="127.0.0.1", **options)


uvicorn.Config.__init__ = on_loopback

from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

SPECIES = ["setosa", "versicolor", "virginica"]
# A class a row: four coefficients and the intercept of a logistic regression on scikit-learn's iris data.
WEIGHTS = np.array([[-.42, .967, -2.519, -1.085, 9.841], [.532, -.315, -.204, -.943, 2.224],
                    [-.112, -.652, 2.723, 2.027, -12.065]])
MOODS = ["calm", "urgent"]


def softmax(scores):
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


class Classifier(Model):
    """Answers with a label and the probabilities of all classes."""

    input, classes = None, None

    def load(self):
        self.ready = True
        return True

    async def get_input_types(self):
        return [self.input]

    async def get_output_types(self):
        return [{"name": "probabilities", "datatype": "FP64", "shape": [-1, len(self.classes)]},
                {"name": "label", "datatype": "BYTES", "shape": [-1, 1]}]

    def predict(self, request, headers=None, response_headers=None):
        assert isinstance(request, InferRequest), "only the Open Inference Protocol is spoken here"
        likely = softmax(self.scores(request.inputs[0]))
        labels = np.array([[self.classes[index]] for index in likely.argmax(axis=1)], dtype=object)
        outputs = [InferOutput("probabilities", list(likely.shape), "FP64"),
                   InferOutput("label", list(labels.shape), "BYTES")]
        for output, values in zip(outputs, (likely, labels)):
            output.set_data_from_numpy(values, binary_data=False)
        return InferResponse(response_id=request.id or str(uuid.uuid4()), model_name=self.name, infer_outputs=outputs)


class Iris(Classifier):
    input, classes = {"name": "features", "datatype": "FP64", "shape": [-1, 4]}, SPECIES

    def scores(self, tensor):
        return tensor.as_numpy().reshape(-1, 4) @ WEIGHTS[:, :4].T + WEIGHTS[:, 4]


class Mood(Classifier):
    input, classes = {"name": "text", "datatype": "BYTES", "shape": [-1, 1]}, MOODS

    def scores(self, tensor):
        texts = [text.decode() if isinstance(text, bytes) else text for text in tensor.as_numpy().ravel()]
        return np.array([[1.0, 2.0 * text.count("!")] for text in texts])


class Sick(Iris):
    def predict(self, request, headers=None, response_headers=None):
        raise RuntimeError("the feature store does not answer")


if __name__ == "__main__":
    models = [Iris("iris"), Mood("mood"), Sick("sick")]
    for model in models:
        model.load()
    # KServe takes no model for ready that was not loaded.
    ModelServer(http_port=PORT, enable_grpc=False, workers=1).start([*models, Iris("cold")])
