"""Stating: whether what was found states an answer, or merely touches on the question.

A model adapted to just that (rag/adapter.py) reads the passages of the best evidence and the quotes that would be said.
"""

from dataclasses import replace

from rag.evidence import Findings
from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.questions import Inquiry
from rag.quotes import quoted

PASSAGES_OF = 2  # of the best evidence
LOGIT_RANGE = (-10.0, 10.0)


def with_stated(findings: Findings, question: Inquiry, model: RelevanceModel) -> Findings:
    """The findings with `stated`: the surest of the passages plus the surest of the quotes, -20 to 20."""
    if not findings.evidence:
        return findings
    passages = {item.hit.passage.id: embedded_text(item.hit.passage) for item in findings.evidence[:PASSAGES_OF]}
    quotes = [each.citations[0].quote for each in quoted(findings, asks_whose=question.asks_whose)]
    asked = question.topic if question.compares else question.standalone  # no passage answers for all sides
    logits = [_clipped(each) for each in model.score(asked, [*passages.values(), *quotes])]
    return replace(findings, stated=max(logits[: len(passages)]) + max(logits[len(passages) :]))


def _clipped(logit: float) -> float:
    low, high = LOGIT_RANGE
    return min(max(logit, low), high)
