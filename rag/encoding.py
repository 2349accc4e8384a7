"""Encoding: many texts in, their sentence embeddings out, by OpenVINO, which reads them several times as fast as torch.

It computes in bfloat16 where the processor does, and runs one stream a core, each with texts of like length together.
The model's file is exported once, with torch, into the models folder.
"""

import os
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from filelock import FileLock

from rag.models import Vectors

BATCH = 8  # texts: more are no faster
VERSION = b"1"  # of what is exported


class BatchEncoder:
    """Owns the compiled model; safe to share, calls wait for each other. `tokenizer` cuts texts to what it reads."""

    def __init__(self, file: Path, tokenizer: Any, threads: int) -> None:
        """Raises ImportError without OpenVINO, OSError for a file that it cannot use."""
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # nothing phones home
        import openvino

        streams = {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "THROUGHPUT"}
        try:
            model = openvino.Core().compile_model(str(file), "CPU", streams)
        except RuntimeError as error:
            raise OSError(" ".join(str(error).split())) from None
        self._requests = openvino.AsyncInferQueue(model, threads)
        self._tokenizer = tokenizer
        self._lock = Lock()

    def encode(self, texts: Sequence[str], dimensions: int) -> Vectors:
        """Shape (len(texts), dimensions), rows of length 1."""
        vectors = np.zeros((len(texts), dimensions), dtype=np.float32)

        def keep(request: Any, rows: Sequence[int]) -> None:
            vectors[rows] = request.get_output_tensor().data

        read = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(read)), key=lambda row: len(read[row]))
        with self._lock:
            self._requests.set_callback(keep)
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                self._requests.start_async(_padded([read[row] for row in rows]), rows)
            self._requests.wait_all()
        return vectors


def _padded(read: Sequence[Sequence[int]]) -> dict[str, Any]:
    longest = max(map(len, read))
    tokens = np.zeros((len(read), longest), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, ids in enumerate(read):
        tokens[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    return {"input_ids": tokens, "attention_mask": mask}


def exported(name: str, models: Path, load: Callable[[], Any]) -> Path:
    """The ONNX file of a sentence-transformers model with mean pooling, made if it is not there yet; `load` gives it.

    Raises OSError where it cannot be exported or stored, ImportError without torch.
    """
    file = models / f"embedder-{sha256(VERSION + name.encode()).hexdigest()[:12]}.onnx"
    if file.is_file():
        return file
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / "embedder.lock"), TemporaryDirectory(dir=models) as folder:
        if not file.is_file():  # another process may have made it meanwhile
            partial = Path(folder) / "embedder.onnx"
            try:
                _export(load().to("cpu"), str(partial))
            except RuntimeError as error:
                raise OSError(" ".join(str(error).split())) from None
            with partial.open("rb") as written:
                os.fsync(written.fileno())
            partial.replace(file)
    return file


def _export(model: Any, file: str) -> None:
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        """Tokens to unit vectors: the mean of the last layer over the tokens that are no padding."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = model[0].auto_model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            read = self.inner(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=torch.zeros_like(input_ids)
            ).last_hidden_state
            kept = attention_mask.unsqueeze(-1).to(read.dtype)
            return torch.nn.functional.normalize((read * kept).sum(1) / kept.sum(1), dim=1)

    example = torch.ones((2, 16), dtype=torch.long)
    sizes = {0: "texts", 1: "tokens"}
    with catch_warnings():
        simplefilter("ignore")  # that another exporter is the default
        torch.onnx.export(
            Pooled().eval(),
            (example, torch.ones_like(example)),
            file,
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": sizes, "attention_mask": sizes, "vectors": {0: "texts"}},
            dynamo=False,  # the newer exporter needs packages that nothing else here does
        )
