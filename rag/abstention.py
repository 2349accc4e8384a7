"""Abstention: decides whether the evidence, and the model if there is one, can answer at all.

A logistic regression on a few plain signals for each look at the evidence, fitted on the questions of dev and elsewhere
by `evals/calibrate.py`; the fits and their figures are in evals/LOG.md.
"""

import math
from dataclasses import dataclass

from rag.evidence import Findings

NOTHING_FOUND = "no passage matches the question"
NOTHING_THEN = "no document that shows its date is of the time asked for"
UNHEARD = "no document gives or tells any words of {name}"
OFF_TOPIC = "nothing found in the documents is about what is asked"
TOO_WEAK = "the passages found touch on the question but do not state an answer"


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision rests on: see Findings; `yes` is the logit of the model's opinion, None without one."""

    relevance: float
    gap: float
    lacks_kind: float
    yes: float | None
    lack: float = 0.0
    is_second_look: bool = False
    is_untimely: bool = False
    unheard: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of the regression, one a signal, and the probability from which an answer is due.

    Evidence of a relevance below `far` is about something else than what is asked.
    """

    bias: float
    relevance: float
    gap: float
    lacks_kind: float
    yes: float
    threshold: float
    far: float


FIRST_LOOK = Weights(-1.68, relevance=0.52, gap=0.0, lacks_kind=0.0, yes=0.0, threshold=0.5, far=-2.5)
SECOND_LOOK = Weights(-0.66, relevance=0.32, gap=-1.39, lacks_kind=-1.08, yes=0.0, threshold=0.25, far=-4.0)
WITH_MODEL = Weights(-0.66, relevance=0.32, gap=-1.39, lacks_kind=-1.08, yes=0.45, threshold=0.35, far=-4.0)
HOPELESS = 0.05  # after a first look: a second finds no answer either
# Evidence that lacks more of the question than this share is about something else: see evals/LOG.md
FAR_LACK = 0.8
# Beyond these a relevance tells nothing more
RELEVANCE_RANGE = (-15.0, 15.0)


def signals(findings: Findings, yes: float | None) -> Signals:
    """The signals of what was found; the relevance of nothing is minus infinity."""
    return Signals(
        relevance=_clipped(findings.evidence[0].relevance) if findings.evidence else -math.inf,
        gap=findings.gap,
        lacks_kind=float(findings.lacks_kind),
        yes=None if yes is None else _logit(yes),
        lack=findings.lack,
        is_second_look=findings.is_second_look,
        is_untimely=findings.is_untimely,
        unheard=findings.unheard,
    )


def answerable(seen: Signals) -> float:
    """The probability, 0 to 1, that the corpus answers the question."""
    if seen.relevance == -math.inf:
        return 0.0
    weights = _weights(seen)
    total = (
        weights.bias
        + weights.relevance * seen.relevance
        + weights.gap * seen.gap
        + weights.lacks_kind * seen.lacks_kind
        + weights.yes * (seen.yes or 0.0)
    )
    return 1 / (1 + math.exp(-total))


def is_settled(seen: Signals) -> bool:
    """Whether a second look would hardly change what is decided: an answer is due, or there is none."""
    return not HOPELESS <= answerable(seen) < _weights(seen).threshold


def reason_to_abstain(seen: Signals) -> str:
    """Why not to answer, "" where an answer is due."""
    if seen.relevance == -math.inf:
        return UNHEARD.format(name=seen.unheard) if seen.unheard else NOTHING_FOUND
    if seen.is_untimely:
        return NOTHING_THEN
    if answerable(seen) >= _weights(seen).threshold:
        return ""
    return OFF_TOPIC if seen.relevance < _weights(seen).far or seen.lack > FAR_LACK else TOO_WEAK


def _weights(seen: Signals) -> Weights:
    if seen.yes is not None:
        return WITH_MODEL
    return SECOND_LOOK if seen.is_second_look else FIRST_LOOK


def _clipped(relevance: float) -> float:
    low, high = RELEVANCE_RANGE
    return min(max(relevance, low), high)


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
