import triton_python_backend_utils as backend


class TritonPythonModel:
    def execute(self, requests):
        return [backend.InferenceResponse([backend.Tensor("O_" + tensor.name()[2:], tensor.as_numpy())
                                           for tensor in request.inputs()]) for request in requests]
