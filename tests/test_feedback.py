"""Feedback: what was called good on the page is run as a case, what was called bad is told."""

import json
from pathlib import Path

import pytest

from evals.evaluation import evaluate
from evals.feedback import load_feedback
from rag import Record
from rag.errors import OnRecordError
from tests.pages import QUESTION, REPORT, asked
from ui.desk import Desk
from ui.filters import filter_of

TEXTS = {"a.txt": REPORT}
FAR = "What is the boiling point of ethanol?"


def test_an_answer_called_good_is_asked_again(desk: Desk, tmp_path: Path) -> None:
    rated = {}
    for question, verdict in ((QUESTION, "up"), (FAR, "up"), ("Who noted that trade has grown?", "down")):
        identity, exchange = asked(desk, question)
        desk.rate(identity, exchange.key, verdict=verdict)
        rated[question] = exchange
        if verdict == "down":
            desk.rate(identity, exchange.key, verdict=verdict, remark="not he")
    made = evaluate(desk.record, engine="quotes", part="feedback", folder=tmp_path / "out")
    lines = [json.loads(line) for line in made.results.read_text(encoding="utf-8").splitlines()]
    assert {each["question"]: each["verdict"] for each in lines} == {QUESTION: "correct", FAR: "correct"}
    assert lines[0]["marks"]["rightly_cited"] == [1.0]
    assert "called bad: 'Who noted that trade has grown?'" in made.table
    assert made.table.count("not he") == 1


def test_the_last_verdict_counts_and_what_is_no_case_is_told(desk: Desk) -> None:
    home = desk.record.settings.home
    identity, exchange = asked(desk)
    desk.rate(identity, exchange.key, verdict="down")
    desk.rate(identity, exchange.key, verdict="up")
    (case,) = load_feedback(home, TEXTS).cases
    assert (case.question, case.answerable, case.evidence[0][0].document) == (QUESTION, True, "a.txt")
    assert load_feedback(home, {"a.txt": "changed"}).unusable
    *_, last = desk.converse("", QUESTION, engine="quotes", restriction=filter_of(date_to="2030-01-01"))
    desk.rate(last.identity, last.exchange.key, verdict="up")
    (line,) = load_feedback(home, TEXTS).unusable
    assert "asked of to 2030-01-01 only" in line


def test_no_feedback_and_a_damaged_line_are_one_line(record: Record) -> None:
    with pytest.raises(OnRecordError, match="no feedback yet"):
        load_feedback(record.settings.home, {})
    (record.settings.home / "feedback.jsonl").write_text("{]")
    with pytest.raises(OnRecordError, match="cannot be read"):
        load_feedback(record.settings.home, {})
