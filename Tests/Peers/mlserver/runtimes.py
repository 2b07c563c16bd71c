"""MLServer runtimes of this peer's own: text, pictures, models that stream or fail, and detectors kept by joblib."""

import asyncio
import os

import joblib
import mlserver
import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, NumpyRequestCodec, StringCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceResponse
from mlserver.utils import get_model_uri
from mlserver_alibi_detect import AlibiDetectRuntime


class Answering(MLModel):
    """Answers with the outputs that were asked for, else with all."""

    def answer(self, request, **outputs):
        names = [output.name for output in request.outputs or []] or [n for n in outputs if n != "label_index"]
        unknown = [name for name in names if name not in outputs]
        if unknown:
            raise InferenceError(f"unknown outputs {unknown}; known are {sorted(outputs)}")
        return InferenceResponse(
            model_name=self.name, model_version=self.version,
            outputs=[(StringCodec if isinstance(outputs[name], list) else NumpyCodec).encode_output(name, outputs[name])
                     for name in names])


class Kept(Answering):
    async def load(self):
        self.kept = joblib.load(await get_model_uri(self.settings, wellknown_filenames=["model.joblib"]))
        return True


class Text(Kept):
    """One text a row: its label, and a score for each class."""

    async def predict(self, request):
        if request.inputs[0].datatype != "BYTES":
            raise InferenceError(f"input '{request.inputs[0].name}' must be BYTES, got {request.inputs[0].datatype}")
        scores = self.kept.predict_proba(StringCodec.decode_input(request.inputs[0]))
        best = scores.argmax(axis=1)
        return self.answer(request, label=[str(self.kept.classes_[index]) for index in best], scores=scores,
                           label_index=best.astype(np.int64))


class Picture(Kept):
    """Pictures of 8x8 grey levels."""

    async def predict(self, request):
        pixels = np.asarray(self.decode_request(request, default_codec=NumpyRequestCodec), dtype=float)
        if pixels.size == 0 or pixels.size % 64:
            raise InferenceError(f"expected N x 64 values, got shape {list(pixels.shape)}")
        pixels = pixels.reshape(-1, 64)
        return self.answer(request, predict=self.kept.predict(pixels), predict_proba=self.kept.predict_proba(pixels))


class Fails(MLModel):
    """Loads, and cannot be used."""

    async def load(self):
        return True

    async def predict(self, request):
        raise RuntimeError("the feature store does not answer")


class Words(Answering):
    """Gives a text back, streamed word by word."""

    async def load(self):
        return True

    async def predict(self, request):
        return self.answer(request, text=StringCodec.decode_input(request.inputs[0]))

    async def predict_stream(self, requests):
        async for request in requests:
            for word in StringCodec.decode_input(request.inputs[0])[0].split():
                await asyncio.sleep(0.02)
                output = StringCodec.encode_output("text", [word], use_bytes=False)
                yield InferenceResponse(model_name=self.name, model_version=self.version, outputs=[output])


class Outlier(AlibiDetectRuntime):
    """The stock runtime on a detector that joblib kept: alibi-detect's own way needs TensorFlow for these."""

    async def load(self):
        uri = await get_model_uri(self._settings, wellknown_filenames=["detector.joblib"])
        self._model_uri = os.path.dirname(uri)
        self._model = joblib.load(uri)
        self._online = hasattr(self._model, "save_state")
        mlserver.register("seldon_model_drift", "Drift metrics")
        return True
