"""The gate: green on the program as it is, red for each deliberate regression of the real pipeline with real models."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from evals import gate
from evals.gate import Check, checks, disagreement, verdict_table, write_baseline
from evals.outcomes import Marks
from evals.run import Run, cases_of, run
from evals.scores import BASELINE, Baseline, load_baseline
from rag import Citation, OnRecordError, Passage, Record, quotes, retrieval
from rag.catalog import Catalog
from rag.types import Evidence

SAMPLE = 45


def compared(made: Run) -> Baseline:
    return Baseline(asdict(made.fingerprint), {each.id: each.marks for each in made.outcomes})


@pytest.fixture(scope="module")
def unmodified(corpus_record: Record) -> Run:
    """The sample answered by the program as it is."""
    return run(corpus_record, cases_of("all", SAMPLE), "quotes")


@pytest.fixture
def judged(
    corpus_record: Record, unmodified: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[list[str]]:
    """Runs the gate on the sample: its exit code, then its lines."""

    @contextmanager
    def record(*_: object) -> Iterator[Record]:
        yield corpus_record

    monkeypatch.setattr(gate, "record_of", record)
    monkeypatch.setattr(gate, "load_baseline", lambda engine: compared(unmodified))
    code = gate.main(["--engine", "quotes", "--sample", str(SAMPLE)])
    return [str(code), *capsys.readouterr().out.splitlines()]


def red(lines: Sequence[str]) -> str:
    """The labels of the red measures."""
    return "\n".join(line for line in lines if re.search(r"  RED\b", line))


def test_the_program_as_it_is_passes(judged: list[str]) -> None:
    assert judged[0] == "0"
    assert "gate quotes: green" in judged[-1]
    assert not red(judged)


@pytest.fixture
def broken_fusion(monkeypatch: pytest.MonkeyPatch) -> None:
    fused = retrieval.fused
    monkeypatch.setattr(retrieval, "fused", lambda dense, lexical: fused(dense[::-1], []))


@pytest.mark.usefixtures("broken_fusion")
class TestBrokenFusion:
    def test_turns_it_red(self, judged: list[str]) -> None:
        assert judged[0] == "1"
        assert "evidence recall@10" in red(judged)
        assert "all questions right" in red(judged)


@pytest.fixture
def no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.answering.reason_to_abstain", lambda seen: "")


@pytest.mark.usefixtures("no_refusal")
class TestDroppedRefusal:
    def test_turns_it_red(self, judged: list[str]) -> None:
        assert judged[0] == "1"
        assert "unanswerable refused" in red(judged)


@pytest.fixture(params=["passage", "quote"])
def shifted_offsets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    made = quotes.citation

    def shifted(evidence: Sequence[Evidence]) -> Citation:
        cited = made(evidence)
        if request.param == "quote":
            return replace(cited, quote_start=cited.quote_start + 1)
        return replace(cited, start=cited.start + 1, end=cited.end + 1)

    monkeypatch.setattr(quotes, "citation", shifted)


@pytest.mark.usefixtures("shifted_offsets")
class TestOffsetsShiftedByOne:
    def test_turns_it_red(self, judged: list[str]) -> None:
        assert judged[0] == "1"
        assert re.search("citations at their offsets|quotes verbatim", red(judged))


@pytest.fixture
def swapped_speakers(monkeypatch: pytest.MonkeyPatch) -> None:
    passages = Catalog.passages
    other = {"Sergey Lavrov": "Dmitry Peskov", "Dmitry Peskov": "Sergey Lavrov"}

    def swapped(self: Catalog, ids: Sequence[str]) -> dict[str, Passage]:
        return {
            name: replace(
                each,
                utterances=tuple(replace(u, speaker=other.get(u.speaker, u.speaker)) for u in each.utterances),
            )
            for name, each in passages(self, ids).items()
        }

    monkeypatch.setattr(Catalog, "passages", swapped)


@pytest.mark.usefixtures("swapped_speakers")
class TestSwappedSpeakers:
    def test_turns_it_red(self, judged: list[str]) -> None:
        assert judged[0] == "1"
        assert "sentences naming the right speaker" in red(judged)


def answers(right: int, wrong: int) -> dict[str, Marks]:
    """So many questions right, so many wrong."""
    return {f"q{number}": {"correct": [float(number < right)]} for number in range(right + wrong)}


def of_correct(now: Mapping[str, Marks], before: Mapping[str, Marks]) -> Check:
    return next(check for check in checks(now, Baseline({}, before)) if check.metric.name == "correct")


@pytest.mark.parametrize(("lost", "is_red"), [(0, False), (2, False), (3, False), (4, True), (9, True)])
def test_a_loss_counts_once_it_exceeds_two_questions_and_two_standard_errors(lost: int, is_red: bool) -> None:
    # of 100, two standard errors are 2 · sqrt(100) · sd: 3.43 with three lost, 3.94 with four
    check = of_correct(answers(90 - lost, 10 + lost), answers(90, 10))
    assert check.loss == lost
    assert check.is_red is is_red


def test_gains_make_up_for_losses() -> None:
    now, before = answers(50, 50), answers(50, 50)
    for number in range(10):
        now[f"q{number}"], now[f"q{90 + number}"] = {"correct": [0.0]}, {"correct": [1.0]}
    check = of_correct(now, before)
    assert (check.loss, check.is_red, len(check.failing)) == (0, False, 10)


def test_one_failure_at_a_floor_is_red_whatever_the_baseline() -> None:
    marks: dict[str, Marks] = {"a": {"attribution": [1.0, 0.0]}, "b": {"attribution": [1.0]}}
    check = next(each for each in checks(marks, Baseline({}, marks)) if each.metric.name == "attribution")
    assert (check.is_red, check.failing) == (True, ["a"])
    assert "RED  a" in verdict_table([check])


def test_a_baseline_of_other_questions_or_another_judge_is_refused(unmodified: Run) -> None:
    same = compared(unmodified)
    assert disagreement(unmodified, same) == ""
    assert "no baseline of quotes" in disagreement(unmodified, None)
    other = Baseline({**same.fingerprint, "judge": "coin"}, same.marks)
    assert "other judge" in disagreement(unmodified, other)
    fewer = Baseline(same.fingerprint, {})
    assert f"lacks {SAMPLE} questions" in disagreement(unmodified, fewer)


def test_a_baseline_is_read_as_it_was_written_beside_those_of_other_engines(unmodified: Run, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    write_baseline(unmodified, file)
    write_baseline(replace(unmodified, fingerprint=replace(unmodified.fingerprint, engine="local")), file)
    read = load_baseline("quotes", file)
    assert read == compared(unmodified)
    assert load_baseline("local", file)
    assert load_baseline("endpoint", file) is None


def test_a_damaged_baseline_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text("{")
    with pytest.raises(OnRecordError, match="--write-baseline"):
        load_baseline("quotes", file)


def test_the_committed_baseline_covers_what_is_gated() -> None:
    assert BASELINE.is_file()
    for engine, part in (("quotes", "all"), ("local", "test")):
        baseline = load_baseline(engine)
        assert baseline and {case.id for case in cases_of(part)} == set(baseline.marks)
