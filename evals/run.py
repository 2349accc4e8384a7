"""Runs questions through an engine: results as JSONL, a report as HTML, a table at the end. `onrecord eval`.

The documents that the questions ask of are indexed in the folder of the results, whatever the user's index holds. A
run that was stopped goes on where it ended, as long as engine, settings, documents, questions, judge and code are the
same.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from evals.fingerprint import Fingerprint, fingerprint
from evals.judge import Judge
from evals.judging import default_judge
from evals.outcomes import Grounds, Outcome, outcome
from evals.questions import KINDS, PARTS, Case, bundled_texts, documents_of, load_cases, load_speakers, texts_of
from rag import Finished, Found, Record
from rag.errors import OnRecordError
from rag.settings import Settings

WARM_UP = "warm up: what was said about helicopters?"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to."""

    outcomes: Sequence[Outcome]
    fingerprint: Fingerprint
    judge: Judge


def cases_of(part: str, sample: int | None = None) -> list[Case]:
    """The cases of dev, test, all or elsewhere; with `sample` that many of them, evenly spaced over the kinds.

    Raises OnRecordError where the questions do not fit the documents.
    """
    texts = texts_of(documents_of(part))
    try:
        cases = [case for each in (PARTS if part == "all" else (part,)) for case in load_cases(each, texts)]
    except (ValueError, KeyError) as error:
        raise OnRecordError(f"the questions do not fit the documents ({error}); correct evals/*.jsonl") from None
    if sample is None or sample >= len(cases):
        return cases
    by_kind = sorted(cases, key=lambda case: KINDS.index(case.kind))
    taken = {by_kind[position * len(cases) // sample].id for position in range(sample)}
    return [case for case in cases if case.id in taken]


@contextmanager
def record_of(documents: Path, settings: Settings, home: Path) -> Iterator[Record]:
    """A record of a folder of documents alone, indexed in this home."""
    with Record(settings.model_copy(update={"home": home})) as record:
        record.index([documents])
        yield record


def run(
    record: Record,
    cases: Sequence[Case],
    engine: str,
    *,
    file: Path | None = None,
    is_fresh: bool = False,
    texts: Mapping[str, str] | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """Answers and measures the cases in order; those that `file` holds with the same fingerprint are taken from it.

    Each new outcome is added to the file at once. `texts` are the documents' by file name (the bundled ones').
    """
    judge = default_judge(record.settings)
    made_with = fingerprint(record, engine, judge)
    done = {} if is_fresh or not file else _read(file, made_with.digest)
    if file:
        _write(file, list(done.values()))
    grounds = Grounds(texts if texts is not None else bundled_texts(), load_speakers(), judge)
    if any(case.id not in done for case in cases):
        record.ask(WARM_UP, engine=engine)  # models load before the clock starts
    for number, case in enumerate(cases):
        on_progress(number, len(cases))
        if case.id not in done:
            done[case.id] = answered(record, case, engine, grounds, made_with.digest)
            if file:
                _write(file, [done[case.id]], mode="a")
    on_progress(len(cases), len(cases))
    return Run([done[case.id] for case in cases], made_with, judge)


def answered(record: Record, case: Case, engine: str, grounds: Grounds, digest: str) -> Outcome:
    """Asks one question and measures the answer."""
    begun = perf_counter()
    first = 0.0
    for event in record.stream(case.question, history=case.history, engine=engine):
        if isinstance(event, Found) and not first:
            first = perf_counter() - begun
        if isinstance(event, Finished):
            return outcome(case, event.answer, grounds, engine=engine, first_evidence=first, fingerprint=digest)
    raise AssertionError("a stream ends with Finished")


def _read(file: Path, digest: str) -> dict[str, Outcome]:
    """The outcomes of a results file that have this fingerprint, by id; a line torn by a kill is left out."""
    if not file.is_file():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            raw = json.loads(line)
        except ValueError:
            continue
        if raw.get("fingerprint") == digest:
            found[raw["id"]] = Outcome(**raw)
    return found


def _write(file: Path, outcomes: Sequence[Outcome], mode: str = "w") -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open(mode, encoding="utf-8") as lines:
            lines.writelines(json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in outcomes)
    except OSError as error:
        raise OnRecordError(f"{file}: cannot be written ({error.strerror}); choose another --output") from None
