"""Says the words of a text in capitals: one answer a word when it is to stream, else one."""

import time

import numpy as np
import triton_python_backend_utils as backend


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            text = self.value(request, "text_input", b"").decode()
            words = [word.upper() for word in text.split()[:int(self.value(request, "max_tokens", 16))]]
            streams = bool(self.value(request, "stream", False))
            for part in words if streams else [" ".join(words)]:
                if request.is_cancelled():
                    break
                time.sleep(.02 if streams else 0)
                sender.send(backend.InferenceResponse([backend.Tensor("text_output", np.array([part], dtype=object))]))
            sender.send(flags=backend.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    @staticmethod
    def value(request, name, default):
        tensor = backend.get_input_tensor_by_name(request, name)
        return tensor.as_numpy().ravel()[0] if tensor else default
