import numpy
import triton_python_backend_utils as backend


class TritonPythonModel:
    """Takes one record at a time: no extent of its tensors counts records."""

    def execute(self, requests):
        return [self.answer({tensor.name(): tensor.as_numpy() for tensor in request.inputs()}) for request in requests]

    def answer(self, inputs):
        words = b"|".join(inputs.get("words", numpy.array([], numpy.object_)))
        return backend.InferenceResponse([
            backend.Tensor("echo", inputs["ids"]),
            backend.Tensor("sum", inputs["vector"].sum(keepdims=True).astype(numpy.float32)),
            backend.Tensor("joined", numpy.array([words], numpy.object_))])
