"""Duplicates: whether two texts are the same words but for small changes, as agency reports are when copied."""

import re

SHINGLE_WORDS = 5
MIN_WORDS = 8
# Share of the shorter text's shingles that stand in the longer one (Broder 1997: containment)
MIN_CONTAINMENT = 0.6


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of five words, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def are_near_duplicates(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> bool:
    """Whether the shorter text stands, nearly word for word, in the longer one."""
    shorter = min(len(first), len(second))
    return shorter >= MIN_WORDS - SHINGLE_WORDS + 1 and len(first & second) >= MIN_CONTAINMENT * shorter
