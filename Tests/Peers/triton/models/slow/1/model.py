"""Answers after as many seconds as it is told."""

import time

import numpy as np
import triton_python_backend_utils as backend


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        wanted = backend.get_input_tensor_by_name(request, "seconds").as_numpy()
        begin = time.monotonic()
        while time.monotonic() < begin + float(wanted.sum()) and not request.is_cancelled():
            time.sleep(.01)
        slept = np.full_like(wanted, time.monotonic() - begin)
        return backend.InferenceResponse([backend.Tensor("slept", slept)])
