"""The protocols through which models come in; anything that satisfies them can stand in, fakes included."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, and counts what it reads."""

    @property
    def name(self) -> str:
        """Identifies model and revision; an index made with another name is foreign."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens it reads of a text; the rest would be ignored."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), rows of length 1."""
        ...

    def encode_question(self, question: str) -> Vectors:
        """Shape (dimensions,), of length 1, comparable with what `encode` gives."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the special ones."""
        ...


class RelevanceModel(Protocol):
    """Judges how well texts answer a question."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit a text; above 0 is more likely relevant than not."""
        ...


class EntailmentModel(Protocol):
    """Judges whether a claim follows from a text."""

    def margin(self, text: str, claim: str) -> float | None:
        """Difference of two logits: low where the text contradicts the claim, around -0.6 where it entails it, high
        where it does neither; None for what is too long to be read."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What a language model has written so far; `yes` is its probability of the answer's being stated, once known."""

    text: str
    yes: float | None
    done: bool


class LanguageModel(Protocol):
    """Writes from a system and a user message, under a GBNF grammar unless that is empty."""

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        """Drafts, each longer than the last; raises ModelError when the model fails."""
        ...
