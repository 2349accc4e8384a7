"""The gate: runs the questions and fails where a measure fell below the committed baseline by more than its noise.

`python -m evals.gate --engine quotes [--sample N]` exits 1 with a table where it is red; `--write-baseline` makes
what is measured now the baseline. Two rules:

paired   Over the questions that run and baseline both have, the changes of a measure are summed up. It is red where
         the loss is more than two questions and more than two standard errors of the paired difference.
floor    Quotes, offsets and speakers must be right and the engine's own model must answer: one failure is red.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.estimates import Difference, paired
from evals.outcomes import Marks
from evals.questions import SETS, documents_of
from evals.run import Run, cases_of, record_of, run
from evals.scores import BASELINE, METRICS, Baseline, Metric, estimate, load_baseline, value_shown
from rag.errors import OnRecordError
from rag.progress import progress_bar
from rag.settings import ENGINES, load_settings

QUESTIONS = 2.0
STANDARD_ERRORS = 2.0
# A baseline is of no use once one of these is another
MUST_AGREE = ("engine", "settings", "made_with", "corpus", "questions", "judge")


@dataclass(frozen=True, slots=True)
class Check:
    """A measure at the gate: `loss` in questions (or failures, at a floor), of which more than `allowed` is red."""

    metric: Metric
    before: float
    now: float
    loss: float
    allowed: float
    failing: Sequence[str]

    @property
    def is_red(self) -> bool:
        return self.loss > self.allowed


def checks(now: Mapping[str, Marks], baseline: Baseline) -> list[Check]:
    """Every gated measure of the outcomes, given as marks by question, against the baseline."""
    return [
        _floor(metric, now) if metric.gate == "floor" else _paired(metric, now, baseline.marks)
        for metric in METRICS
        if metric.gate
    ]


def _floor(metric: Metric, now: Mapping[str, Marks]) -> Check:
    failing = [name for name, marks in now.items() if any(value < 1 for value in marks.get(metric.name, ()))]
    return Check(metric, 1.0, estimate(metric, now.values()).value, len(failing), 0.0, failing)


def _paired(metric: Metric, now: Mapping[str, Marks], before: Mapping[str, Marks]) -> Check:
    current, former = _by_question(metric, now), _by_question(metric, before)
    change = paired(current, former)
    common = [name for name in current if name in former]
    return Check(
        metric=metric,
        before=estimate(metric, [before[name] for name in common]).value,
        now=estimate(metric, [now[name] for name in common]).value,
        loss=-metric.aim * change.total,
        allowed=allowed(change),
        failing=[name for name in common if metric.aim * (current[name] - former[name]) < -1e-3],
    )


def allowed(change: Difference) -> float:
    """The loss, in questions, that may still be noise."""
    return max(QUESTIONS, STANDARD_ERRORS * change.error)


def _by_question(metric: Metric, marks: Mapping[str, Marks]) -> dict[str, float]:
    """The mean of each question's marks, for those that have any."""
    found = {name: each.get(metric.name, ()) for name, each in marks.items()}
    return {name: sum(values) / len(values) for name, values in found.items() if values}


def disagreement(made: Run, baseline: Baseline | None) -> str:
    """Why a run cannot be held against the baseline, "" where it can."""
    if baseline is None:
        return f"there is no baseline of {made.fingerprint.engine}; write it with --write-baseline"
    now = asdict(made.fingerprint)
    other = [name for name in MUST_AGREE if now[name] != baseline.fingerprint.get(name)]
    if other:
        return f"the baseline was made with other {', '.join(other)}; write it anew with --write-baseline"
    missing = [each.id for each in made.outcomes if each.id not in baseline.marks]
    return f"the baseline lacks {len(missing)} questions ({missing[0]} …); write it anew" if missing else ""


def verdict_table(found: Sequence[Check]) -> str:
    """One line a measure, the red ones with the questions that fell."""
    lines = [f"{'':46} {'baseline':>8} {'now':>8} {'loss':>6} {'allowed':>7}"]
    for check in found:
        before, now = (value_shown(check.metric, value) for value in (check.before, check.now))
        state = "RED" if check.is_red else "ok"
        loss = round(check.loss, 1) + 0.0  # no minus sign before a zero
        lines.append(
            f"{check.metric.label:46} {before:>8} {now:>8} {loss:6.1f} {check.allowed:7.1f}  {state}"
            + (f"  {' '.join(check.failing[:12])}" if check.is_red else "")
        )
    return "\n".join(lines)


def write_baseline(made: Run, file: Path = BASELINE) -> None:
    """Puts a run in the place of its engine's baseline; the other engines' stay."""
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    engine = made.fingerprint.engine
    marks = [each.marks for each in made.outcomes]
    estimates = {metric.name: estimate(metric, marks) for metric in METRICS}
    kept[engine] = {
        "fingerprint": asdict(made.fingerprint),
        "measures": {name: {"value": round(each.value, 4), "n": each.n} for name, each in estimates.items() if each.n},
        "questions": {each.id: each.marks for each in made.outcomes},
    }
    file.write_text(_readable(kept), encoding="utf-8")


def _readable(kept: Mapping[str, Mapping[str, Mapping[str, object]]]) -> str:
    """JSON with a line for each question, so that changes can be read."""
    engines = []
    for engine in sorted(kept):
        parts = []
        for part, entries in kept[engine].items():
            lines = ",\n".join(f"   {json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items())
            parts.append(f"  {json.dumps(part)}: {{\n{lines}\n  }}")
        engines.append(f" {json.dumps(engine)}: {{\n" + ",\n".join(parts) + "\n }")
    return "{\n" + ",\n".join(engines) + "\n}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs, compares and prints; 0 green, 1 red."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="quotes")
    parser.add_argument("--set", choices=SETS, default="all")
    parser.add_argument("--sample", type=int, help="so many questions, evenly spaced (default: all)")
    parser.add_argument("--write-baseline", action="store_true", help="make what is measured now the baseline")
    options = parser.parse_args(arguments)
    try:
        return _gate(options)
    except OnRecordError as error:
        print(f"gate: {error}", file=sys.stderr)
        return 1


def _gate(options: argparse.Namespace) -> int:
    engine = options.engine
    with (
        tempfile.TemporaryDirectory() as home,
        record_of(documents_of(options.set), load_settings(), Path(home)) as record,
        progress_bar(f"gate {engine}") as on_progress,
    ):
        made = run(record, cases_of(options.set, options.sample), engine, on_progress=on_progress)
    if options.write_baseline:
        write_baseline(made)
        print(f"gate: {BASELINE} holds {len(made.outcomes)} questions of {engine}")
        return 0
    baseline = load_baseline(engine)
    reason = disagreement(made, baseline)
    if reason or baseline is None:
        raise OnRecordError(reason)
    found = checks({each.id: each.marks for each in made.outcomes}, baseline)
    red = [check for check in found if check.is_red]
    print(verdict_table(found))
    print(f"gate {engine}: {'RED' if red else 'green'} ({len(made.outcomes)} questions, {made.fingerprint.digest})")
    return int(bool(red))


if __name__ == "__main__":
    sys.exit(main())
