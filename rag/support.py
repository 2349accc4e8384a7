"""Support: how likely a draft follows from its evidence, from what the rules object and what the models find.

A logistic regression on plain measures, fitted on labelled claims by `evals/supporting.py`; the fit and its figures are
in evals/LOG.md.
"""

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rag.clauses import SAYING_STEMS
from rag.holding import Held, lacking, shared
from rag.models import EntailmentModel, RelevanceModel
from rag.objections import OBJECTIONS, missing_of
from rag.types import Evidence
from rag.words import stems

WEIGHTS = Path(__file__).with_suffix(".json")
LEAST_RELEVANCE = -8.0
# where the slope of a margin's weight changes: contradicted, entailed, not spoken of
KNOTS = (-2.5, -1.2, -0.6, 0.3)
ENTAILED = (-2.0, 0.3)
NUMBERED = re.compile(r"^\d{1,3}\.\s")  # paragraphs of a record
CONTEXT_WORDS = 45  # before the evidence, as much as the model can read beside it


def likelihood(measures: Mapping[str, float]) -> float:
    """The probability, 0 to 1, that a draft with these measures follows from its evidence."""
    weights = _weights()
    total = weights["bias"] + sum(weights[name] * value for name, value in measures.items())
    return 1 / (1 + math.exp(-total))


def measured(
    held: Held,
    objections: Mapping[str, str],
    margin: float,
    relevance: RelevanceModel,
    entailment: EntailmentModel,
) -> dict[str, float]:
    """The measures by name; `margin` is that of the evidence alone, see EntailmentModel."""
    own = [word for word in stems(held.draft) if word not in SAYING_STEMS]
    within = entailment.margin(in_context(held), held.draft)
    number_near, name_near = missing_of(held, held.near)
    number_anywhere, name_anywhere = missing_of(held, held.background)
    both = (margin, margin if within is None else within)
    return {
        "no objection": float(not objections),
        "objections": float(len(objections)),
        "entailed without objection": float(not objections and ENTAILED[0] < margin < ENTAILED[1]),
        "less of both margins": max(0.0, min(both) - KNOTS[0]),
        "more of both margins": max(0.0, max(both) - KNOTS[-1]),
        **{name: float(name in objections) for name in OBJECTIONS},
        "number near": float(bool(number_near)),
        "number anywhere": float(bool(number_anywhere)),
        "name near": float(bool(name_near)),
        "name anywhere": float(bool(name_anywhere)),
        "lacking": len(lacking(held.draft, f"{held.words} {held.around}")) / max(1, len(own)),
        "shared": shared(held.draft, held.words),
        "relevance": max(LEAST_RELEVANCE, relevance.score(held.draft, [held.words])[0]),
        **_bent("margin", both[0]),
        **_bent("margin in context", both[1]),
    }


def told(evidence: tuple[Evidence, ...]) -> str:
    """Evidence as one text that tells who says what."""
    voices = (f"{item.utterance.speaker} said: " if item.utterance.speaker else "" for item in evidence)
    words = (NUMBERED.sub("", " ".join(item.utterance.text.split())) for item in evidence)
    return " ".join(f"{voice}{each}" for voice, each in zip(voices, words, strict=True))


def in_context(held: Held) -> str:
    """The evidence after its source's date and the words before it, which tell what "the region" or "it" is."""
    first = held.evidence[0]
    passage, source = first.hit.passage, first.hit.source
    before = passage.text[: max(0, first.utterance.start - passage.start)].split()[-CONTEXT_WORDS:]
    date = source.metadata.date or source.metadata.event_date
    return " ".join(filter(None, (source.metadata.publisher, f"{date}:" if date else "", *before, told(held.evidence))))


def _bent(name: str, margin: float) -> dict[str, float]:
    """A margin as a line with knots, so that what lies in the middle can weigh most."""
    return {f"{name} above {knot}": max(0.0, margin - knot) for knot in KNOTS}


@cache
def _weights() -> dict[str, float]:
    return dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))
