import numpy
import triton_python_backend_utils as backend


class TritonPythonModel:
    """numpy has no BF16: such a tensor goes back as it came."""

    def execute(self, requests):
        return [self.answer(request.inputs()) for request in requests]

    def answer(self, inputs):
        outputs = []
        for tensor in inputs:
            if tensor.name() == "upper":
                outputs.append(backend.Tensor.from_dlpack("upper_back", tensor.to_dlpack()))
            else:
                outputs.append(backend.Tensor("half", tensor.as_numpy().astype(numpy.float16)))
        return backend.InferenceResponse(outputs)
