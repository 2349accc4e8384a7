"""Reranking: the first hits of a search in, the same hits out, as the relevance model ranks them.

It reads each passage with its headline and date; see evals/LOG.md for what that gains and costs.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.types import Hit


def reranked(hits: Sequence[Hit], question: str, relevance: RelevanceModel, *, depth: int) -> list[Hit]:
    """All hits, the first `depth` of them by relevance.

    The score of what was read is 1 plus the model's probability, so that scores still fall with rank: those of
    fusion lie far below 1.
    """
    logits = relevance.score(question, [embedded_text(hit.passage) for hit in hits[:depth]])
    read = sorted(zip(logits, hits, strict=False), key=lambda item: -item[0])
    return [*(replace(hit, score=1 + _probability(logit)) for logit, hit in read), *hits[depth:]]


def _probability(logit: float) -> float:
    return (1 + math.tanh(logit / 2)) / 2  # the logistic function, for logits of any size
