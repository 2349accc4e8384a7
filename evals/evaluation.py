"""The evaluation: what `onrecord eval` does. Settings and options in; results, report and a table out.

`OUTPUT/ENGINE.jsonl` holds a line for each question, `OUTPUT/SET-ENGINE.html` the report, `OUTPUT/index` the index of
the bundled documents.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.judging import measured_accuracy
from evals.questions import RESULTS
from evals.report import page
from evals.run import bundled_record, cases_of, run
from evals.scores import load_baseline, table
from evals.second import EndpointJudge, second_opinion
from rag.endpoint import EndpointModel
from rag.errors import OnRecordError
from rag.progress import progress_bar
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is printed at the end, and where the rest lies."""

    table: str
    results: Path
    report: Path


def evaluate(
    settings: Settings,
    *,
    engine: str,
    part: str = "all",
    sample: int | None = None,
    folder: Path = RESULTS,
    is_fresh: bool = False,
    has_second_judge: bool = False,
) -> Evaluation:
    """Runs, measures and reports; raises OnRecordError. Without `is_fresh` goes on where an equal run ended.

    With a second judge the endpoint, too, is asked whether the sentences are supported.
    """
    second = EndpointJudge(EndpointModel(settings), settings.endpoint_model) if has_second_judge else None
    results, report = folder / f"{engine}.jsonl", folder / f"{part}-{engine}.html"
    cases = cases_of(part, sample)
    try:
        with bundled_record(settings, folder / "index") as record, progress_bar(f"eval {engine}") as on_progress:
            made = run(record, cases, engine, file=results, is_fresh=is_fresh, on_progress=on_progress)
        measured = measured_accuracy("test")
        baseline = load_baseline(engine)
        title = f"On Record: {part} questions, engine {engine}"
        date = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        report.write_text(
            page(made, title=title, date=date, accuracy=measured, baseline=baseline), encoding="utf-8", newline="\n"
        )
    except OSError as error:
        raise OnRecordError(f"{folder}: cannot be written ({error.strerror}); choose another --output") from None
    lines = [
        f"{title}; {len(made.outcomes)} questions, fingerprint {made.fingerprint.digest}",
        table(made.outcomes, baseline),
        f"* by the judge {measured.judge}: balanced accuracy {measured.balanced} on labelled pairs",
        *([str(second_opinion(made.outcomes, second))] if second else []),
    ]
    return Evaluation("\n".join(lines), results, report)
