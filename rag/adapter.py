"""Adapters: what was learnt for the relevance model, added to that model's weights.

The model's file holds its matrices as int8 with a scale and a zero point, an adapter a low-rank addition to some of
them. Their sums, quantised again, make a file of its own in the models folder. `adapter.npz` (`evals/adapting.py`)
tells what states an answer; the judge of the evals has an adapter of its own (`evals/following.py`).
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from rag.errors import ModelError

ADAPTER = Path(__file__).with_name("adapter.npz")
LAYERS = range(4, 12)  # those that are adapted: the upper ones decide, and cost less to train
PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
MATRICES = tuple(f"bert.encoder.layer.{layer}.{part}" for layer in LAYERS for part in PARTS)
VERSION = b"1"  # of how they are put together
LARGEST = 127  # of a quantised weight


def adapted_model(base: Path, models: Path, adapter: Path | None = None) -> Path:
    """The file of the adapted model in the models folder, made if it is not there yet.

    `base` is the model's own file, `adapter` another than that of this module. The name tells what it was made of, so
    that another adapter makes another file.
    Raises OSError where base or adapter cannot be read, ModelError where they do not fit or the file cannot be stored.
    """
    adapter = adapter or ADAPTER
    key = hashlib.sha256(VERSION + adapter.read_bytes() + base.read_bytes()).hexdigest()[:12]
    file = models / f"relevance-{key}.onnx"
    if file.is_file():
        return file
    content = _merged(base, adapter)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / "relevance.lock"), NamedTemporaryFile(dir=models, delete=False) as partial:
            partial.write(content)
            partial.flush()
            os.fsync(partial.fileno())
            Path(partial.name).replace(file)
    except OSError as error:
        raise ModelError(f"{models}: the relevance model cannot be stored ({error}); set ONRECORD_MODELS") from None
    return file


def base_weights(base: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of the model's file as float32, shapes (outputs, inputs), by their names in transformers."""
    stored, named = _stored(_loaded(base))
    weights: dict[str, Any] = {
        name: array
        for name, array in stored.items()
        if name.startswith(("bert.", "classifier.")) and array.dtype == np.float32 and not name.endswith("_scale")
    }
    for name, key in named.items():
        matrix = _dequantised(stored, key)
        # ONNX multiplies from the right
        weights[name] = np.ascontiguousarray(matrix if "embeddings" in name else matrix.T)
    return weights


def _merged(base: Path, adapter: Path) -> bytes:
    """The model's file with the additions of the adapter."""
    try:
        return _with_additions(_loaded(base), adapter)
    except (BadZipFile, EOFError, KeyError, ValueError) as error:
        raise ModelError(f"{adapter.name} does not fit the relevance model ({error}); run `make setup`") from None


def _with_additions(model: Any, adapter: Path) -> bytes:
    from onnx import numpy_helper

    stored, named = _stored(model)
    replaced: dict[str, NDArray[Any]] = {}
    with np.load(adapter) as additions:
        for name in MATRICES:
            key = named[f"{name}.weight"]
            up, down = (additions[f"{name}.{side}"].astype(np.float32) for side in ("up", "down"))
            matrix = _dequantised(stored, key) + (up @ down).T
            scale = (np.abs(matrix).max(axis=0) / LARGEST).astype(np.float32)
            replaced[f"{key}_quantized"] = np.rint(matrix / scale).astype(np.int8)
            replaced[f"{key}_scale"] = scale
            replaced[f"{key}_zero_point"] = np.zeros(len(scale), np.int8)
    for each in model.graph.initializer:
        if each.name in replaced:
            each.CopyFrom(numpy_helper.from_array(replaced[each.name], each.name))
    content: bytes = model.SerializeToString()
    return content


def _loaded(base: Path) -> Any:
    try:
        import onnx
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

        return onnx.load(str(base))
    except (ImportError, DecodeError) as error:
        raise ModelError(f"the relevance model cannot be adapted ({error}); run `make setup`") from None


def _stored(model: Any) -> tuple[dict[str, NDArray[Any]], Mapping[str, str]]:
    """The arrays of the graph, and of each quantised matrix its name in transformers with its name there."""
    from onnx import numpy_helper

    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    named: dict[str, str] = {}
    for node in model.graph.node:
        for source in node.input if node.op_type in ("MatMulInteger", "Gather") else ():
            if source in stored and source.endswith("_quantized"):
                key = source.removesuffix("_quantized")
                owner = ".".join(node.name.strip("/").split("/")[:-1])
                named[key if key.endswith(".weight") else f"{owner}.weight"] = key
    return stored, named


def _dequantised(stored: Mapping[str, NDArray[Any]], key: str) -> NDArray[np.float32]:
    whole = stored[f"{key}_quantized"].astype(np.float32) - stored[f"{key}_zero_point"]
    made: NDArray[np.float32] = whole * stored[f"{key}_scale"]
    return made
