"""What a judge of support is, and how it is measured: a sentence and its evidence in, a verdict out.

It is not the check that the answerer itself uses, and is itself tested on the labelled pairs of `pairs.jsonl`:
balanced accuracy over all, and by kind of pair the share judged right.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from evals.estimates import Estimate, balanced_accuracy, proportion
from evals.questions import FOLDER, bundled_texts


class Verdict(StrEnum):
    """What a judge says of a sentence; unparseable, where its answer cannot be read, counts as an outcome."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNPARSEABLE = "unparseable"


class Judge(Protocol):
    """Says whether evidence supports a sentence."""

    @property
    def name(self) -> str:
        """Identifies the judge, its model and its thresholds: verdicts of another name are not compared."""
        ...

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        """Whether all that the sentence says follows from the evidence as spoken by the speaker ("" for nobody;
        several are parted by "; ")."""
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, the evidence it is held against, and a reader's word on whether that supports it."""

    id: str
    sentence: str
    speaker: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How a judge did on pairs; an unparseable verdict is a wrong one."""

    judge: str
    balanced: Estimate
    by_kind: Mapping[str, Estimate]
    unparseable: int


def load_pairs(part: str) -> list[Pair]:
    """The labelled pairs of a part."""
    texts = bundled_texts()
    lines = (FOLDER / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Pair(
            id=raw["id"],
            sentence=raw["sentence"],
            speaker=raw["speaker"],
            evidence=tuple(texts[each["document"]][each["start"] : each["end"]] for each in raw["evidence"]),
            supported=raw["supported"],
            kind=raw["kind"],
        )
        for raw in map(json.loads, lines)
        if raw["part"] == part
    ]


def accuracy(judge: Judge, pairs: Iterable[Pair]) -> Accuracy:
    """Judges the pairs and counts."""
    judged = [(pair, judge.supports(pair.sentence, pair.speaker, pair.evidence)) for pair in pairs]
    right = [(pair, float(verdict is _expected(pair))) for pair, verdict in judged]
    kinds = dict.fromkeys(pair.kind for pair, _ in judged)
    return Accuracy(
        judge=judge.name,
        balanced=balanced_accuracy(
            [value for pair, value in right if pair.supported], [value for pair, value in right if not pair.supported]
        ),
        by_kind={kind: proportion([value for pair, value in right if pair.kind == kind]) for kind in kinds},
        unparseable=sum(verdict is Verdict.UNPARSEABLE for _, verdict in judged),
    )


def _expected(pair: Pair) -> Verdict:
    return Verdict.SUPPORTED if pair.supported else Verdict.UNSUPPORTED
