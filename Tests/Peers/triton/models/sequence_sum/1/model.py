"""The sum of the numbers of a sequence so far."""

import numpy as np
import triton_python_backend_utils as backend


class TritonPythonModel:
    def initialize(self, args):
        self.sums = {}

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        def given(name):
            return int(backend.get_input_tensor_by_name(request, name).as_numpy().ravel()[0])
        sequence = given("CORRID")
        self.sums[sequence] = (0 if given("START") else self.sums.get(sequence, 0)) + given("INPUT")
        output = backend.Tensor("OUTPUT", np.array([self.sums[sequence]], dtype="i4"))
        return backend.InferenceResponse([output])
