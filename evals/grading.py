"""Grading: a case and an answer in, a grade out. Pure functions on texts, ids and spans.

correct / incorrect / not attempted as in simple-evals, so that refusing is neither free nor fatal; an answer
to an unanswerable question is incorrect, abstaining from one is correct.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from evals.questions import Case, Span
from rag.types import Answer, Citation

Verdict = Literal["correct", "incorrect", "not attempted"]
SENTENCE_END = re.compile(r"[.!?][”\"’)]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Grade:
    """How an answer did; `cited` is None where citations are not asked for (unanswerable or abstained)."""

    verdict: Verdict
    cited: bool | None
    verbatim: bool
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]
    length: int


def grade(case: Case, answer: Answer) -> Grade:
    """Grades one answer."""
    text = normalised(answer.text)
    missing = tuple(group[0] for group in case.facts if not any(_matches(pattern, text) for pattern in group))
    forbidden = tuple(pattern for pattern in case.must_not if _matches(pattern, text))
    verdict: Verdict
    if answer.abstained:
        verdict = "not attempted" if case.answerable else "correct"
    elif not case.answerable:
        verdict = "incorrect"
    else:
        verdict = "incorrect" if missing or forbidden else "correct"
    asked = case.answerable and not answer.abstained
    return Grade(
        verdict=verdict,
        cited=is_rightly_cited(case, answer.citations) if asked else None,
        verbatim=all(cited.quote and cited.quote in cited.text for cited in answer.citations),
        missing=missing if asked else (),
        forbidden=forbidden if not answer.abstained else (),
        length=sum(len(SENTENCE_END.findall(sentence.text)) for sentence in answer.sentences),
    )


def is_rightly_cited(case: Case, citations: Sequence[Citation]) -> bool:
    """Whether of every evidence group at least one place is within a cited passage, or where its words also stand."""
    places = [span for cited in citations for span in cited_spans(cited)]
    return all(any(gold.overlaps(place) for gold in group for place in places) for group in case.evidence)


def cited_spans(cited: Citation) -> list[Span]:
    """The passage of a citation and its near-duplicates."""
    own = Span(PurePath(cited.source.path).name, cited.start, cited.end)
    return [own, *(Span(PurePath(p.source.path).name, p.start, p.end) for p in cited.also_in)]


def normalised(text: str) -> str:
    """Straight quotation marks and apostrophes, single spaces."""
    for curly, straight in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'"), ("\u00a0", " ")):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
