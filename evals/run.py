"""Runs a part of the questions through an engine and prints a table. `python -m evals.run --engine quotes --set dev`.

One JSON line an answer goes to evals/results/; failures are listed with question, answer and what was missing.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from time import perf_counter

from tqdm import tqdm

from evals.grading import Grade, grade, share
from evals.questions import KINDS, PARTS, Case, load_cases
from rag import Finished, Found, Record, open_record
from rag.types import Answer

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """One graded answer and the seconds to its first evidence."""

    case: Case
    answer: Answer
    grade: Grade
    first_evidence: float


def run(record: Record, cases: Sequence[Case], engine: str) -> list[Result]:
    """Answers and grades the cases in order."""
    # models load before the clock starts
    record.ask("warm up: what was said about helicopters?", engine=engine)
    return [_result(record, case, engine) for case in tqdm(cases, desc=engine, unit="question", disable=None)]


def _result(record: Record, case: Case, engine: str) -> Result:
    begun = perf_counter()
    first = 0.0
    for event in record.stream(case.question, history=case.history, engine=engine):
        if isinstance(event, Found):
            first = perf_counter() - begun
        if isinstance(event, Finished):
            return Result(case, event.answer, grade(case, event.answer), first)
    raise AssertionError("a stream ends with Finished")


def table(results: Sequence[Result]) -> str:
    """Scores by kind and over all, one line each, with n and standard error."""
    answerable = [r for r in results if r.case.answerable]
    unanswerable = [r for r in results if not r.case.answerable]
    answered = [r for r in answerable if not r.answer.abstained]
    seconds = sorted(r.answer.seconds for r in results)
    lines = [
        f"{kind:20} correct {share([r.grade.verdict == 'correct' for r in results if r.case.kind == kind])}"
        for kind in KINDS
    ]
    lines += [
        f"{'all':20} correct {share([r.grade.verdict == 'correct' for r in results])}",
        f"{'answerable':20} correct {share([r.grade.verdict == 'correct' for r in answerable])}",
        f"{'answers':20} rightly cited {share([bool(r.grade.cited) for r in answered])}",
        f"{'unanswerable':20} refused {share([r.answer.abstained for r in unanswerable])}",
        f"{'answerable':20} wrongly refused {share([r.answer.abstained for r in answerable])}",
        f"{'quotes':20} verbatim {share([r.grade.verbatim for r in results])}",
        f"{'answers':20} length {statistics.mean([r.grade.length for r in answered] or [0]):.1f} sentences on average, "
        f"{max([r.grade.length for r in answered] or [0])} at most",
        f"{'seconds':20} median {statistics.median(seconds):.3f}, p95 {seconds[int(0.95 * (len(seconds) - 1))]:.3f}, "
        f"first evidence median {statistics.median(r.first_evidence for r in results):.3f}",
    ]
    return "\n".join(lines)


def as_json(result: Result) -> str:
    answer = result.answer
    return json.dumps(
        {
            "id": result.case.id,
            "kind": result.case.kind,
            "question": result.case.question,
            "standalone": answer.standalone,
            "answer": answer.text,
            "abstained": answer.abstained,
            "reason": answer.reason,
            "engine": answer.engine,
            "seconds": round(answer.seconds, 3),
            **asdict(result.grade),
        },
        ensure_ascii=False,
    )


def main() -> None:
    """Prints the table; exits 0 whatever it says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="quotes")
    parser.add_argument("--set", default="dev", choices=PARTS)
    parser.add_argument("--home", default=None)
    parser.add_argument("--failures", action="store_true", help="list what was not correct")
    options = parser.parse_args()
    with open_record(options.home) as record:
        record.index()
        texts = {PurePath(source.path).name: record.catalog.text(source.id) for source in record.sources()}
        results = run(record, load_cases(options.set, texts), options.engine)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{options.set}-{options.engine}.jsonl"
    file.write_text("".join(as_json(result) + "\n" for result in results), encoding="utf-8")
    print(table(results))
    if options.failures:
        for result in results:
            if result.grade.verdict != "correct" or result.grade.cited is False:
                print(f"\n{result.case.id} {result.case.kind} {result.grade.verdict} cited={result.grade.cited}")
                print(f"  Q {result.case.question}\n  A {result.answer.text}")
                print(f"  missing {result.grade.missing} forbidden {result.grade.forbidden}")


if __name__ == "__main__":
    main()
