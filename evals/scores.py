"""Scores: the marks of many questions in, each measure as an estimate out, beside its baseline; and the table.

`METRICS` is the one list of what is measured; `baseline.json` holds the marks of the committed state by engine.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evals.estimates import Estimate, mean, median, proportion
from evals.outcomes import Marks, Outcome
from rag.errors import OnRecordError

BASELINE = Path(__file__).parent / "baseline.json"
FORMS = {"proportion": proportion, "mean": mean, "seconds": median, "count": mean}


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure: `form` says how marks are summed up and shown, `aim` which way is better (0: neither).

    `gate`: "paired" is held against the baseline question by question, "floor" allows no mark but 1.
    """

    name: str
    label: str
    form: Literal["proportion", "mean", "seconds", "count"]
    aim: Literal[1, 0, -1]
    gate: Literal["paired", "floor", ""] = ""
    is_judged: bool = False


METRICS = (
    Metric("correct", "all questions right", "proportion", 1, "paired"),
    Metric("answerable_correct", "answerable right", "proportion", 1, "paired"),
    Metric("incorrect", "incorrect", "proportion", -1, "paired"),
    Metric("not_attempted", "not attempted", "proportion", 0),
    Metric("abstention_recall", "unanswerable refused (abstention recall)", "proportion", 1, "paired"),
    Metric("abstention_precision", "refusals that were due (abstention precision)", "proportion", 1),
    Metric("wrongly_refused", "answerable wrongly refused", "proportion", -1, "paired"),
    Metric("recall_5", "evidence recall@5", "mean", 1, "paired"),
    Metric("recall_10", "evidence recall@10", "mean", 1, "paired"),
    Metric("mrr_10", "MRR@10", "mean", 1, "paired"),
    Metric("ndcg_10", "nDCG@10", "mean", 1, "paired"),
    Metric("rightly_cited", "answers citing the gold evidence", "proportion", 1, "paired"),
    Metric("faithfulness", "sentences supported (faithfulness)", "proportion", 1, "paired", is_judged=True),
    Metric("citation_recall", "citation recall (ALCE)", "mean", 1, "paired", is_judged=True),
    Metric("citation_precision", "citation precision (ALCE)", "mean", 1, "paired", is_judged=True),
    Metric("unparseable", "verdicts that could not be read", "proportion", -1, "paired", is_judged=True),
    Metric("attribution", "sentences naming the right speaker", "proportion", 1, "floor"),
    Metric("verbatim", "quotes verbatim", "proportion", 1, "floor"),
    Metric("offsets", "citations at their offsets", "proportion", 1, "floor"),
    Metric("own_engine", "answered by the engine asked", "proportion", 1, "floor"),
    Metric("sentences", "sentences an answer", "count", 0),
    Metric("words", "words an answer", "count", 0),
    Metric("seconds_first", "seconds to first evidence, median", "seconds", -1),
    Metric("seconds", "seconds to the end, median", "seconds", -1),
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an engine came to when the baseline was written: marks by question, and what they were measured with."""

    fingerprint: Mapping[str, str]
    marks: Mapping[str, Marks]


@dataclass(frozen=True, slots=True)
class Score:
    """A measure, and what it was in the baseline over the same questions (None without)."""

    metric: Metric
    now: Estimate
    before: Estimate | None

    @property
    def difference(self) -> float:
        """Not a number where there is nothing to compare."""
        return self.now.value - self.before.value if self.before else math.nan


def load_baseline(engine: str, file: Path = BASELINE) -> Baseline | None:
    """The committed baseline of an engine, None where none has been written; raises OnRecordError if damaged."""
    if not file.is_file():
        return None
    try:
        raw: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        kept = raw.get(engine)
        return Baseline(kept["fingerprint"], kept["questions"]) if kept else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OnRecordError(f"{file}: damaged ({error}); write it anew with evals.gate --write-baseline") from None


def estimate(metric: Metric, marks: Iterable[Marks]) -> Estimate:
    """One measure over questions."""
    return FORMS[metric.form]([value for each in marks for value in each.get(metric.name, ())])


def scores(outcomes: Sequence[Outcome], baseline: Baseline | None) -> list[Score]:
    """All measures; the baseline's are taken over the questions that both have."""
    before = [baseline.marks[each.id] for each in outcomes if each.id in baseline.marks] if baseline else []
    return [
        Score(metric, estimate(metric, [each.marks for each in outcomes]), estimate(metric, before) if before else None)
        for metric in METRICS
    ]


def scores_by_kind(outcomes: Sequence[Outcome], baseline: Baseline | None) -> dict[str, Score]:
    """The share of right answers for each kind of question, in the order of the questions."""
    kinds = dict.fromkeys(each.kind for each in outcomes)
    return {kind: scores([each for each in outcomes if each.kind == kind], baseline)[0] for kind in kinds}


def value_shown(metric: Metric, value: float) -> str:
    """A value as it is printed: a proportion in per cent."""
    if math.isnan(value):
        return "–"
    return {"proportion": f"{100 * value:.1f} %", "mean": f"{value:.3f}", "seconds": f"{value:.2f} s"}.get(
        metric.form, f"{value:.1f}"
    )


def interval_shown(metric: Metric, shown: Estimate) -> str:
    """The 95 % interval as it is printed."""
    if not shown.n:
        return ""
    low, high = (value_shown(metric, value).removesuffix(" %").removesuffix(" s") for value in (shown.low, shown.high))
    return f"{low}–{high}"


def difference_shown(score: Score) -> str:
    """The difference to the baseline as it is printed, in points where the value is in per cent."""
    if math.isnan(score.difference):
        return "–"
    scale, digits = {"proportion": (100, 1), "mean": (1, 3), "seconds": (1, 2)}.get(score.metric.form, (1, 1))
    # a minus sign before a zero says nothing
    return f"{round(scale * score.difference, digits) + 0.0:+.{digits}f}"


def table(outcomes: Sequence[Outcome], baseline: Baseline | None) -> str:
    """Right answers by kind, then every measure: value, interval, n, baseline and difference."""
    rows = [(kind, score) for kind, score in scores_by_kind(outcomes, baseline).items()]
    rows += [(score.metric.label + "*" * score.metric.is_judged, score) for score in scores(outcomes, baseline)]
    lines = [f"{'':46} {'value':>8}  {'95 % interval':13} {'n':>4} {'baseline':>9} {'change':>7}"]
    for label, score in rows:
        before = value_shown(score.metric, score.before.value) if score.before else "–"
        lines.append(
            f"{label:46} {value_shown(score.metric, score.now.value):>8}  {interval_shown(score.metric, score.now):13} "
            f"{score.now.n:4} {before:>9} {difference_shown(score):>7}"
        )
    return "\n".join(lines)
