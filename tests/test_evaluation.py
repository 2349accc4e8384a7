"""The evaluation: runs resume, results and report hold what was measured, and the page is safe and self-contained."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals import run as running
from evals.estimates import Estimate
from evals.judge import Accuracy
from evals.outcomes import Outcome
from evals.questions import TEXTS, documents_of, texts_of
from evals.report import failures, page
from evals.run import Run, cases_of, run
from evals.scores import Baseline, scores, table
from rag import Record
from rag.record import BUNDLED_CORPUS
from ui.cli import main

SAMPLE = 6
ACCURACY = Accuracy("a judge", Estimate(0.9, 214, 0.85, 0.94), {}, 0)


@pytest.fixture(scope="module")
def made(corpus_record: Record) -> Run:
    return run(corpus_record, cases_of("all", SAMPLE), "quotes")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the questions that a run really asks."""
    seen: list[str] = []
    answered = running.answered

    def watched(record: Record, case: running.Case, *rest: object) -> Outcome:
        seen.append(case.id)
        return answered(record, case, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "answered", watched)
    return seen


def test_a_stopped_run_goes_on_where_it_ended(corpus_record: Record, tmp_path: Path, asked: list[str]) -> None:
    file, cases = tmp_path / "deep" / "quotes.jsonl", cases_of("all", SAMPLE)
    run(corpus_record, cases[:3], "quotes", file=file)
    file.write_text(file.read_text(encoding="utf-8")[:-20], encoding="utf-8")  # the third line is torn
    first = run(corpus_record, cases, "quotes", file=file)
    assert asked == [case.id for case in (*cases[:3], *cases[2:])]
    again = run(corpus_record, cases, "quotes", file=file)
    assert len(asked) == SAMPLE + 1
    assert [each.as_json() for each in again.outcomes] == json.loads(
        json.dumps([each.as_json() for each in first.outcomes])
    )
    assert len(file.read_text(encoding="utf-8").splitlines()) == SAMPLE


def test_a_run_with_other_settings_or_on_demand_begins_anew(
    corpus_record: Record, tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, cases = tmp_path / "quotes.jsonl", cases_of("all", 2)
    before = run(corpus_record, cases, "quotes", file=file)
    run(corpus_record, cases, "quotes", file=file, is_fresh=True)
    assert len(asked) == 4
    monkeypatch.setattr(corpus_record, "settings", corpus_record.settings.model_copy(update={"hits": 12}))
    after = run(corpus_record, cases, "quotes", file=file)
    assert len(asked) == 6
    assert before.fingerprint.digest != after.fingerprint.digest
    assert {json.loads(line)["fingerprint"] for line in file.read_text().splitlines()} == {after.fingerprint.digest}


def test_a_sample_is_spread_over_the_questions() -> None:
    assert len({case.kind for case in cases_of("all", 16)}) >= 7
    assert [case.id for case in cases_of("dev", 172)] == [case.id for case in cases_of("dev")]


def test_the_questions_elsewhere_are_asked_of_other_documents() -> None:
    cases = cases_of("elsewhere", 12)
    assert len(cases) == 12
    assert {place.document for case in cases for group in case.evidence for place in group} <= set(texts_of(TEXTS))
    assert documents_of("elsewhere") == TEXTS
    assert documents_of("dev") == documents_of("all") == BUNDLED_CORPUS


def test_the_marks_of_an_outcome_fit_its_answer(made: Run) -> None:
    for each in made.outcomes:
        assert each.marks["verbatim" if each.sentences else "correct"]
        assert len(each.marks.get("faithfulness", [])) == len(each.answer["sentences"])
        assert len(each.marks.get("offsets", [])) == len(each.answer["citations"])


def test_scores_are_beside_the_baseline_of_the_same_questions(made: Run) -> None:
    marks = {each.id: each.marks for each in made.outcomes}
    worse = {name: {**each, "correct": [0.0]} for name, each in marks.items()}
    score = scores(made.outcomes, Baseline({}, {**worse, "another": {"correct": [1.0]}}))[0]
    assert score.before and (score.before.value, score.before.n) == (0, SAMPLE)
    assert score.difference == score.now.value
    assert f"{100 * score.now.value:.1f} %" in table(made.outcomes, Baseline({}, worse))


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def hostile(outcome: Outcome) -> Outcome:
    """The outcome with markup wherever a text of question, answer or document can be."""
    answer = json.loads(json.dumps(outcome.answer))
    answer["answer"] = answer["reason"] = HOSTILE
    for sentence in answer["sentences"]:
        sentence["text"] = HOSTILE
    for cited in answer["citations"]:
        cited.update(speaker=HOSTILE, label=HOSTILE, path=f"/x/{HOSTILE}", text=HOSTILE * 3, quote=HOSTILE)
        cited.update(start=0, quote_start=len(HOSTILE))
    return replace(
        outcome,
        verdict="incorrect",
        question=HOSTILE,
        standalone=HOSTILE * 2,
        kind=HOSTILE,
        missing=[HOSTILE],
        forbidden=[HOSTILE],
        gold=[[{"document": HOSTILE, "quote": HOSTILE}]],
        answer=answer,
    )


def test_the_report_shows_text_as_text_and_needs_nothing_else(made: Run) -> None:
    bad = replace(made, outcomes=[hostile(each) for each in made.outcomes])
    written = page(bad, title=HOSTILE, date="today", accuracy=replace(ACCURACY, judge=HOSTILE), baseline=None)
    tags = Tags()
    tags.feed(written)
    assert not tags.seen & {"script", "img", "link", "iframe"}
    assert not tags.attributes & {"src", "href", "onerror"}
    assert "url(" not in written
    assert "@import" not in written
    assert "<mark>&lt;script&gt;" in written  # the second of three is what is cited


def test_the_report_shows_each_failure_with_the_cited_words_marked(made: Run) -> None:
    written = page(made, title="t", date="today", accuracy=ACCURACY, baseline=None)
    quoted = [cited["quote"] for each in made.outcomes for cited in each.answer["citations"]]
    assert written.count("<mark>") == len(quoted) > 0
    assert written.count("<details>") == SAMPLE
    assert f"Failures ({len(failures(made.outcomes))})" in written
    assert "90.0 %" in written
    assert "prefers-color-scheme: dark" in written


def test_the_command_writes_results_and_report_and_prints_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    assert main(["eval", "--engine", "quotes", "--set", "test", "--sample", "3", "--output", str(out)]) == 0
    printed = capsys.readouterr()
    assert "all questions right" in printed.out
    assert "balanced accuracy" in printed.out
    lines = (out / "quotes.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"][:5] for line in lines] == ["test-"] * 3
    assert re.search(r"<title>On Record: test questions, engine quotes</title>", (out / "test-quotes.html").read_text())


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    (tmp_path / "file").write_text("")
    assert main(["eval", "--engine", "quotes", "--sample", "1", "--output", str(tmp_path / "file" / "x")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("onrecord: ")
