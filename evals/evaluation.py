"""The evaluation: what `onrecord eval` does. Settings and options in; results, report and a table out.

`OUTPUT/ENGINE.jsonl` holds a line for each question, `OUTPUT/SET-ENGINE.html` the report, `OUTPUT/index` the index of
the bundled documents. The sets elsewhere and feedback have results, and elsewhere an index, of their own.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath

from evals.feedback import Feedback, load_feedback, told
from evals.judging import measured_accuracy
from evals.questions import ELSEWHERE, FEEDBACK, RESULTS, documents_of, texts_of
from evals.report import page
from evals.run import cases_of, record_of, run
from evals.scores import load_baseline, table
from evals.second import EndpointJudge, second_opinion
from rag.endpoint import EndpointModel
from rag.errors import OnRecordError
from rag.progress import progress_bar
from rag.record import Record


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is printed at the end, and where the rest lies."""

    table: str
    results: Path
    report: Path


def evaluate(
    record: Record,
    *,
    engine: str,
    part: str = "all",
    sample: int | None = None,
    folder: Path = RESULTS,
    is_fresh: bool = False,
    has_second_judge: bool = False,
) -> Evaluation:
    """Runs, measures and reports; raises OnRecordError. Without `is_fresh` goes on where an equal run ended.

    The questions are asked of the documents that they were written for; those of the part "feedback" of this record,
    whose home keeps it.
    With a second judge the endpoint, too, is asked whether the sentences are supported.
    """
    settings = record.settings
    second = EndpointJudge(EndpointModel(settings), settings.endpoint_model) if has_second_judge else None
    is_feedback = part == FEEDBACK
    is_apart = part in (FEEDBACK, ELSEWHERE)
    results = folder / (f"{part}-{engine}.jsonl" if is_apart else f"{engine}.jsonl")
    report = folder / f"{part}-{engine}.html"
    documents, home = documents_of(part), folder / (f"index-{part}" if is_apart else "index")
    texts = _texts(record) if is_feedback else texts_of(documents)
    said = load_feedback(settings.home, texts) if is_feedback else Feedback((), (), ())
    cases = list(said.cases)[:sample] if is_feedback else cases_of(part, sample)
    if is_feedback and not cases:
        raise OnRecordError("\n".join(("no answer was called good yet; there is nothing to run", *told(said))))
    try:
        with (
            nullcontext(record) if is_feedback else record_of(documents, settings, home) as asked,
            progress_bar(f"eval {engine}") as on_progress,
        ):
            made = run(asked, cases, engine, file=results, is_fresh=is_fresh, texts=texts, on_progress=on_progress)
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
        *told(said),
        *([str(second_opinion(made.outcomes, second))] if second else []),
    ]
    return Evaluation("\n".join(lines), results, report)


def _texts(record: Record) -> dict[str, str]:
    return {PurePath(each.path).name: record.catalog.text(each.id) for each in record.sources()}
