"""The desk: conversations keep all that was asked in them, and whoever asks is served in turn."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rag import Finished, Found, Record, Turn
from rag.errors import FilterError, QuestionError
from rag.models import Draft
from tests.fakes import ScriptedModel
from tests.pages import QUESTION, REPORT, asked
from ui.desk import Desk, Waiting, waiting_words
from ui.exchanges import as_json, from_json, turns
from ui.filters import filter_of
from ui.line import Line
from ui.markup import exchange_markup
from ui.report import answer_text, conversation_json, markdown
from ui.store import Store

ANY = filter_of()


def test_the_evidence_comes_before_the_answer_and_the_last_view_is_kept(desk: Desk) -> None:
    views = list(desk.converse("", QUESTION, engine="quotes", restriction=ANY))
    assert [bool(view.exchange.evidence) for view in views] == [False] + [True] * (len(views) - 1)
    assert [view.doing for view in views][-1] == ""
    assert desk.store.load(views[-1].identity) == [views[-1].exchange]


def test_an_exchange_survives_being_kept(desk: Desk) -> None:
    _, exchange = asked(desk)
    assert from_json(json.loads(json.dumps(as_json(exchange)))) == exchange


def test_a_follow_up_is_asked_with_the_conversation_and_retry_takes_the_place(desk: Desk) -> None:
    identity, _ = asked(desk)
    *_, second = desk.converse(identity, "Who said so?", engine="quotes", restriction=ANY)
    assert second.exchange.searched != "Who said so?"
    *_, third = desk.converse(identity, QUESTION, engine="quotes", restriction=ANY, replaces=second.exchange.key)
    assert [each.question for each in desk.store.load(identity)] == [QUESTION, QUESTION]
    assert len(third.before) == 1


def test_a_conversation_that_is_too_long_is_ended(desk: Desk) -> None:
    identity, exchange = asked(desk)
    for number in range(49):
        desk.store.keep(identity, replace(exchange, key=str(number)))
    with pytest.raises(QuestionError, match="begin a new one"):
        list(desk.converse(identity, QUESTION, engine="quotes", restriction=ANY))


@pytest.mark.parametrize("identity", ["", "../../etc/passwd", "x" * 22, "a/b", "y" * 500])
def test_an_id_that_was_not_given_out_opens_nothing(tmp_path: Path, identity: str) -> None:
    assert Store(tmp_path).load(identity) == []


def test_a_stop_keeps_what_was_said(fake_record: Callable[..., Record], desk: Desk) -> None:
    events = desk.converse("", QUESTION, engine="local", restriction=ANY)
    identity = next(events).identity
    desk.stop(identity)
    *_, last = events
    assert last.exchange.is_stopped
    assert desk.store.load(identity) == [last.exchange]
    assert "corpus does not say" not in exchange_markup(last.exchange)


def test_a_verdict_becomes_a_line_that_holds_a_case(desk: Desk, tmp_path: Path) -> None:
    identity, exchange = asked(desk)
    (rated,) = desk.rate(identity, exchange.key, verdict="down", remark="wrong <person>")
    assert rated == replace(exchange, verdict="down")
    assert desk.store.load(identity) == [rated]
    file = tmp_path / "home" / "feedback.jsonl"
    (line,) = map(json.loads, file.read_text().splitlines())
    assert (line["verdict"], line["remark"], line["question"]) == ("down", "wrong <person>", QUESTION)
    assert identity not in file.read_text()  # the conversation's only key
    assert file.stat().st_mode & 0o077 == 0
    assert line["evidence"][0][0]["document"] == "a.txt"
    assert line["evidence"][0][0]["quote"] in REPORT


def test_who_waits_sees_their_place_and_leaving_moves_the_others_up() -> None:
    line = Line()
    with line.place() as first:
        with line.place() as second, line.place() as third:
            assert (first(), second(), third()) == (0, 1, 2)
        with line.place() as fourth:
            assert fourth() == 1
    assert waiting_words(1) == "Waiting for the language model: 1 question ahead of yours …"
    assert "3 questions" in waiting_words(Waiting(3).ahead)


def test_a_speaker_filter_lets_nobody_else_answer(desk: Desk, folder: Path) -> None:
    (folder / "b.txt").write_text(
        "“Helicopters without markings were seen over the northern mountains twice,” Ivan Sokolov said."
    )
    desk.record.index()
    for speaker in ("Ivan Sokolov", "anna petrova"):
        answer = desk.record.ask(QUESTION, engine="quotes", restriction=filter_of(speakers=[speaker]))
        assert {cited.speaker.casefold() for cited in answer.citations} == {speaker.casefold()}
    with pytest.raises(FilterError, match=r"no speaker 'Nobody' in the documents; the nearest are .*Anna Petrova"):
        list(desk.converse("", QUESTION, engine="quotes", restriction=filter_of(speakers=["Nobody"])))


def test_one_answer_at_a_time_in_a_conversation(desk: Desk) -> None:
    identity, _ = asked(desk)
    first = desk.converse(identity, QUESTION, engine="quotes", restriction=ANY)
    next(first)
    with pytest.raises(QuestionError, match="still coming"):
        next(desk.converse(identity, "Who said so?", engine="quotes", restriction=ANY))
    *_, last = first
    *_, after = desk.converse(identity, "Who said so?", engine="quotes", restriction=ANY)
    assert [each.key for each in desk.store.load(identity)] == [
        *(each.key for each in last.before),
        last.exchange.key,
        after.exchange.key,
    ]


def test_who_goes_away_finds_the_question_and_what_was_said(desk: Desk) -> None:
    events = desk.converse("", QUESTION, engine="quotes", restriction=ANY)
    views = [next(events), next(events)]
    events.close()  # as Gradio does when the browser is gone
    (kept,) = desk.store.load(views[-1].identity)
    assert (kept.question, kept.is_stopped, kept.evidence) == (QUESTION, True, views[-1].exchange.evidence)
    asked_again = desk.converse(views[-1].identity, QUESTION, engine="quotes", restriction=ANY, replaces=kept.key)
    *_, last = asked_again
    assert desk.store.load(views[-1].identity) == [last.exchange]


def test_an_edit_of_what_is_no_longer_last_destroys_nothing(desk: Desk) -> None:
    identity, first = asked(desk)
    *_, second = desk.converse(identity, "Who said so?", engine="quotes", restriction=ANY)
    with pytest.raises(QuestionError, match="went on meanwhile"):
        list(desk.converse(identity, QUESTION, engine="quotes", restriction=ANY, replaces=first.key))
    assert desk.store.load(identity) == [first, second.exchange]


def test_a_verdict_given_while_the_next_answer_comes_is_kept(desk: Desk) -> None:
    identity, first = asked(desk)
    events = desk.converse(identity, "Who said so?", engine="quotes", restriction=ANY)
    next(events), next(events)
    desk.rate(identity, first.key, verdict="up")
    *_, last = events
    assert [each.verdict for each in desk.store.load(identity)] == ["up", ""]
    assert desk.store.load(identity)[-1] == last.exchange


@pytest.mark.parametrize(("key", "verdict"), [("unknown", "up"), ("", "sideways")])
def test_what_cannot_be_rated_is_one_line(desk: Desk, key: str, verdict: str) -> None:
    identity, exchange = asked(desk)
    with pytest.raises(QuestionError, match="no such answer"):
        desk.rate(identity, key or exchange.key, verdict=verdict)


def test_the_filter_stands_beside_the_question_and_the_refusal(desk: Desk) -> None:
    late = filter_of(date_from="2030-01-01")
    *_, last = desk.converse("", QUESTION, engine="quotes", restriction=late)
    assert not last.exchange.sentences
    assert exchange_markup(last.exchange).count("from 2030-01-01") == 2
    assert "from 2030" in markdown([last.exchange], last.identity).replace("\\", "")
    assert json.loads(conversation_json([last.exchange], last.identity))["answers"][0]["asked_of"] == "from 2030-01-01"


def test_a_question_that_was_stopped_is_no_refusal(desk: Desk) -> None:
    events = desk.converse("", QUESTION, engine="local", restriction=ANY)
    identity = next(events).identity
    desk.stop(identity)
    *_, last = events
    (kept,) = json.loads(conversation_json([last.exchange], identity))["answers"]
    assert kept["question"] == QUESTION
    for text in (markdown([last.exchange], identity), answer_text(last.exchange), str(turns([last.exchange]))):
        assert "does not say" not in text


@pytest.mark.parametrize("characters", [20_001, 2_000_000])
def test_a_turn_of_the_history_has_a_limit(desk: Desk, characters: int) -> None:
    history = [{"role": "user", "content": "a" * characters}]
    with pytest.raises(QuestionError, match="a turn of the history"):
        desk.answer(QUESTION, history=[*map(_turn, history)], engine="quotes", restriction=ANY)


def _turn(raw: dict[str, str]) -> Turn:
    return Turn(raw["role"], raw["content"])


class Slow(ScriptedModel):
    """Takes a tenth of a second, one answer at a time, and counts how many it writes at once."""

    def __init__(self) -> None:
        super().__init__("ANSWER: yes", yes=1.0)
        self.lock = threading.Lock()

    def write(self, *args: object, **options: object) -> Iterator[Draft]:  # type: ignore[override]
        assert self.lock.acquire(blocking=False), "two at once"
        try:
            time.sleep(0.1)
            yield from super().write(*args, **options)  # type: ignore[arg-type]
        finally:
            self.lock.release()


def test_ten_who_ask_the_language_model_are_served_in_order_and_see_their_place(
    folder: Path, fake_record: Callable[..., Record]
) -> None:
    (folder / "a.txt").write_text(REPORT)
    record = fake_record(Slow(), engine="local")
    record.index([folder])
    desk = Desk(record)
    finished: list[int] = []
    places: dict[int, list[str]] = {}

    def visitor(number: int) -> None:
        views = []
        for view in desk.converse("", QUESTION, engine="local", restriction=ANY):
            views.append(view)
            if "ahead" in view.doing or "is reading" in view.doing:
                started[number].set()
        places[number] = list(dict.fromkeys(each.doing for each in views if "ahead" in each.doing))
        assert views[-1].exchange.sentences
        finished.append(number)

    started = [threading.Event() for _ in range(10)]
    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(10)]
    for number, thread in enumerate(threads):
        thread.start()
        assert started[number].wait(5)
    for thread in threads:
        thread.join(30)
    assert finished == list(range(10))
    assert places[0] == []
    for number in range(2, 10):
        assert places[number], number
        counts = [int(re.findall(r"\d+", line)[0]) for line in places[number]]
        assert counts == sorted(counts, reverse=True)


def test_a_second_look_waits_in_the_order_of_searching_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    turns_taken = []
    taken = desk._searching.turn

    @contextmanager
    def counted() -> Iterator[None]:
        with taken():
            turns_taken.append(len(looks))
            yield

    monkeypatch.setattr(desk._searching, "turn", counted)
    looks: list[Found] = []
    for event in desk.stream("Who painted the bridge of helicopters?", engine="quotes"):
        if isinstance(event, Found):
            looks.append(event)
    assert [look.reads_on for look in looks] == [True, False]
    assert turns_taken == [0, 1]


@pytest.mark.parametrize("engine", ["quotes", "local"])
def test_who_stops_between_two_looks_waits_for_nothing_more(desk: Desk, engine: str) -> None:
    stop = threading.Event()
    events = []
    for event in desk.stream("Who painted the bridge of helicopters?", engine=engine, is_stopped=stop.is_set):
        events.append(event)
        stop.set()
    assert [type(event) for event in events] == [Found, Finished]
