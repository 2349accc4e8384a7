"""Metrics: texts, ids and spans in, numbers out. Pure functions; what each means is told where it is defined.

Evidence comes in groups of places that will do alike: a group is found when any of its places is overlapped.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from evals.questions import GoldUtterance, Span
from rag.speakers import QUESTIONER

Item = TypeVar("Item")
Places = Sequence[Span]  # one hit: its own place and those of its near-duplicates
Group = Sequence[Span]
# How a sentence of an answer names its speaker: "Sergey Lavrov (TASS, …): “…”", "Sergey Lavrov, as reported by TASS:
# “…”", "Sergey Lavrov said that …"
OPENING = re.compile(
    r"^(?P<name>A questioner|[A-Z][\w’'.-]*(?: (?:[A-Z][\w’'.-]*|al|bin|de|der|of|the|van|von))*)"
    r"(?: \(|, as reported (?:by|in) | (?:said|says|asked|stated|told|noted)\b|:)"
)
# Fewer characters in common than this are a matter of where quotation marks and stops are counted to
TOUCHING = 4


def recall_at(ranked: Sequence[Places], groups: Sequence[Group], k: int) -> float:
    """Share of the evidence groups that the first k hits find."""
    return sum(rank <= k for rank in _first_ranks(ranked, groups)) / len(groups)


def reciprocal_rank(ranked: Sequence[Places], groups: Sequence[Group], k: int = 10) -> float:
    """One over the rank of the first hit with evidence, 0 where that is beyond k."""
    first = min(_first_ranks(ranked, groups))
    return 1 / first if first <= k else 0.0


def ndcg(ranked: Sequence[Places], groups: Sequence[Group], k: int = 10) -> float:
    """Discounted gain of each group's first hit, over that of one group a rank (Järvelin and Kekäläinen 2002).

    A group gains once, 1 / log2(1 + rank); hits that hold several groups could exceed the ideal: 1 is the most.
    """
    gained = sum(1 / math.log2(1 + rank) for rank in _first_ranks(ranked, groups) if rank <= k)
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(len(groups), k) + 1))
    return min(1.0, gained / ideal)


def _first_ranks(ranked: Sequence[Places], groups: Sequence[Group]) -> list[float]:
    """For each group the rank, from 1, of the first hit that overlaps one of its places; infinity where none does."""
    return [
        next(
            (
                rank
                for rank, places in enumerate(ranked, start=1)
                if any(gold.overlaps(place) for gold in group for place in places)
            ),
            math.inf,
        )
        for group in groups
    ]


def citation_recall(sentence: str, evidence: Sequence[Item], supports: Callable[[str, Sequence[Item]], bool]) -> bool:
    """ALCE (Gao et al. 2023): whether a sentence is supported by all its citations taken together."""
    return bool(evidence) and supports(sentence, evidence)


def citation_precision(
    sentence: str, evidence: Sequence[Item], supports: Callable[[str, Sequence[Item]], bool]
) -> list[bool]:
    """ALCE (Gao et al. 2023): for each citation of a sentence whether it is precise.

    It is where the sentence is supported, unless it is irrelevant: alone it does not support the sentence, and the
    others do without it.
    """
    if not citation_recall(sentence, evidence, supports):
        return [False] * len(evidence)
    precise = []
    for number, own in enumerate(evidence):
        rest = [*evidence[:number], *evidence[number + 1 :]]
        irrelevant = bool(rest) and not supports(sentence, [own]) and supports(sentence, rest)
        precise.append(not irrelevant)
    return precise


def stands_at(document: str, start: int, words: str) -> bool:
    """Whether these words, which are not none, stand in the text of a document from this character on."""
    return bool(words) and start >= 0 and document[start : start + len(words)] == words


def named_speaker(sentence: str) -> str:
    """Who a sentence of an answer says is speaking; "" where it names a source alone."""
    match = OPENING.match(sentence)
    if not match:
        return ""
    return QUESTIONER if match["name"] == "A questioner" else match["name"]


def is_rightly_attributed(named: str, cited: Span, gold: Sequence[GoldUtterance]) -> bool | None:
    """Whether who is named is who speaks the cited words, None where the gold does not tell of that place.

    Nobody may be left unnamed whose own words they are; a reporter's account of a speech may name its speaker or not.
    """
    spoken = [
        each
        for each in gold
        if each.document == cited.document and min(each.end, cited.end) - max(each.start, cited.start) >= TOUCHING
    ]
    if not spoken:
        return None
    return all(named == each.speaker or (not named and each.mode in ("reported", "furniture")) for each in spoken)


def claim(sentence: str, labels: Sequence[str]) -> str:
    """A sentence of an answer without the labels of its sources: what it says, to be held against the evidence."""
    for label in labels:
        sentence = sentence.replace(f" ({label})", "").removeprefix(f"{label}: ")
        for word in ("by", "in"):
            sentence = sentence.replace(f", as reported {word} {label}", "")
    return sentence
