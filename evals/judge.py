"""What a judge of support is, and how it is measured: a sentence and its evidence in, a verdict out.

It is not the check that the answerer itself uses, and is itself tested on the labelled pairs of `pairs.jsonl`:
balanced accuracy over all, and by kind of pair the share judged right.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from evals.estimates import Estimate, balanced_accuracy, proportion
from evals.questions import FOLDER, bundled_texts
from rag.words import stems

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|nobody|none|without|cannot|nothing|\w+n[’']t)\b", re.IGNORECASE)
NAME = re.compile(r"(?<![.!?:“\"]\s)(?<![“\"])(?<!^)\b[A-Z][\w’'-]+")
FIRST_NAME = re.compile(r"^[A-Z][\w’'-]+(?= (?:said|told|[A-Z]))")


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
class LexicalJudge:
    """Supported where enough content words stand in the evidence, and its numbers, names and negation agree."""

    threshold: float = 0.5

    @property
    def name(self) -> str:
        return f"lexical {self.threshold}"

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        text = " ".join(evidence)
        around = f"{speaker} {text}"
        words, held = set(stems(sentence)), set(stems(around))
        agrees = (
            len(words & held) >= self.threshold * len(words)
            and set(NUMBER.findall(sentence)) <= set(NUMBER.findall(text))
            and all(set(stems(name)) <= held for name in (*FIRST_NAME.findall(sentence), *NAME.findall(sentence)))
            and bool(NEGATION.search(sentence)) == bool(NEGATION.search(text))
        )
        return Verdict.SUPPORTED if agrees and text else Verdict.UNSUPPORTED


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
