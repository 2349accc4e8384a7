"""Clauses: a text in, its clauses out, and which clauses of two texts speak of the same.

Negation, hedges and the like count where they stand: a "not" in another clause of the evidence says
nothing about what a draft takes from this one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.saying import SAYING_WORDS
from rag.words import stem, stems

SPLIT = re.compile(
    r"[,;:.!?()]+(?=[\s”’\"]|$)|\s[–—-]\s|[–—]|\s(?=(?:but|although|though|while|whereas|because|since|which|who|when|if|"
    r"as well as|even though|so that|so as)\s)|\sand\s(?=(?:he|she|it|they|we|I|that|is|are|was|were|has|have|had|will|"
    r"would|can|cannot|could|not|do|does|did|said|says|there|must|should|never|no)\s)",
    re.IGNORECASE,
)
SAYING_STEMS = frozenset(map(stem, SAYING_WORDS))
MIN_SHARED = 2
# share of the shorter clause's content words that must be in both, where it has few
MIN_SHARE = 0.5
NEARLY_CLOSEST = 0.6


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its content words, as stems."""

    text: str
    words: frozenset[str]


def clauses(text: str) -> list[Clause]:
    """The clauses of a text that hold content words."""
    # an editor’s insertion is no part of what was said
    pieces = (piece.strip() for piece in SPLIT.split(re.sub(r"\[[^\]]*\]", " ", text)))
    made = (Clause(piece, frozenset(stems(piece)) - SAYING_STEMS) for piece in pieces if piece)
    return [clause for clause in made if clause.words]


def pairs(draft: Sequence[Clause], evidence: Sequence[Clause]) -> list[tuple[Clause, Clause]]:
    """Each clause of a draft with the clause of its evidence that shares most words, where it shares enough."""
    paired = []
    for clause in draft:
        best = max(evidence, key=lambda other: _closeness(clause, other), default=None)
        if best and _is_close(clause, best):
            paired.append((clause, best))
    return paired


def _closeness(one: Clause, two: Clause) -> float:
    shared = len(one.words & two.words)
    return shared + shared / max(len(two.words), 1)


def _is_close(one: Clause, two: Clause) -> bool:
    shared = len(one.words & two.words)
    return shared >= MIN_SHARED or (shared > 0 and shared >= MIN_SHARE * min(len(one.words), len(two.words)))


def counterparts(clause: Clause, evidence: Sequence[Clause]) -> list[Clause]:
    """The clauses of the evidence that share two words or more with a clause, nearly as many as the closest does."""
    shared = [len(clause.words & other.words) for other in evidence]
    enough = max(MIN_SHARED, NEARLY_CLOSEST * max(shared, default=0))
    return [other for other, count in zip(evidence, shared, strict=True) if count >= enough]


def relevant(draft: Sequence[Clause], evidence: Sequence[Clause]) -> list[Clause]:
    """The clauses of the evidence on which a draft draws, in the order of the evidence."""
    chosen = {id(two) for _, two in pairs(draft, evidence)}
    chosen |= {id(two) for two in evidence for one in draft if _is_close(one, two) and two.words <= one.words}
    return [clause for clause, _ in groupby(evidence) if id(clause) in chosen]
