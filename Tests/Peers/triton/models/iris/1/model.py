"""Logistic regressions of scikit-learn on its iris data: version 1 with C=1, version 2 with C=0.05."""

import numpy as np
import triton_python_backend_utils as backend

NAMES = np.array(["setosa", "versicolor", "virginica"], dtype=object)
# A class a row: four coefficients and the intercept.
WEIGHTS = {
    "1": [[-.42, .967, -2.519, -1.085, 9.841], [.532, -.315, -.204, -.943, 2.224],
          [-.112, -.652, 2.723, 2.027, -12.065]],
    "2": [[-.246, .242, -.893, -.362, 4.139], [.014, -.267, .106, -.115, 1.151], [.232, .025, .787, .478, -5.29]],
}


class TritonPythonModel:
    def initialize(self, args):
        self.weights = np.array(WEIGHTS[args["model_version"]], dtype="f4")

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        rows = backend.get_input_tensor_by_name(request, "features").as_numpy()
        scores = rows @ self.weights[:, :4].T + self.weights[:, 4]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        return backend.InferenceResponse([
            backend.Tensor("probabilities", likely.astype("f4")),
            backend.Tensor("label", NAMES[likely.argmax(axis=1)].reshape(-1, 1))])
