"""Stand-ins for the models, predictable by hand: they satisfy the protocols of rag/models.py."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models import Draft, Vectors

DIMENSIONS = 64


class WordEncoder:
    """A text's vector counts its words, each hashed to one of 64 dimensions; a token is a word."""

    name = "fake words"
    max_tokens = 256

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)

    def encode_question(self, question: str) -> Vectors:
        return self.encode([question])[0]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+", text)) for text in texts]


class SharedWords:
    """Relevance is twice the number of the question's words that a text shares, less five."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        asked = set(re.findall(r"\w{4,}", question.lower()))
        return [2.0 * len(asked & set(re.findall(r"\w+", text.lower()))) - 5 for text in texts]


class ScriptedModel:
    """Writes a given text line by line with a given probability of yes, or raises a given error."""

    def __init__(self, text: str, *, yes: float = 1.0, error: Exception | None = None) -> None:
        self.text = text
        self.yes = yes
        self.error = error
        self.prompts: list[tuple[str, str]] = []

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        self.prompts.append((system, user))
        if self.error:
            raise self.error
        written = ""
        for line in self.text.splitlines(keepends=True):
            if is_stopped():
                break
            written += line
            yield Draft(written, self.yes, done=False)
        yield Draft(written, self.yes, done=True)


class MissingModel:
    """Takes a second and is then found to be missing."""

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        time.sleep(1)
        raise ModelError("the local language model is missing")
        yield Draft("", None, done=True)


def use_fakes(patch: pytest.MonkeyPatch) -> None:
    """Puts the fake models where a record builds the real ones."""
    patch.setattr("rag.record.MiniLM", lambda threads, models: WordEncoder())
    patch.setattr("rag.record.CrossEncoder", lambda threads, **adapted: SharedWords())
    patch.setattr("rag.judges.Entailment.is_installed", lambda: False)
