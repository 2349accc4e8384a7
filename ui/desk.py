"""The desk: a question in, views of the conversation out as the answer comes. Shared by page and API.

Many ask at once. The evidence comes at once to all; for the language model, which answers one at a time,
they stand in line and are told their place.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from rag import Answer, Filter, Finished, Found, Record, Turn
from rag.answering import Event
from rag.errors import QuestionError
from ui.exchanges import Exchange, begun, stopped, turns, with_event
from ui.line import Line, Turns
from ui.store import Store

LOOK_AGAIN_SECONDS = 0.25
MAX_EXCHANGES = 50
MAX_TURNS = 2 * MAX_EXCHANGES


@dataclass(frozen=True, slots=True)
class Waiting:
    """For the language model, so many being ahead."""

    ahead: int


@dataclass(frozen=True, slots=True)
class View:
    """What there is to show: the exchange at work, those before it, and what is being done ("" when done)."""

    identity: str
    before: tuple[Exchange, ...]
    exchange: Exchange
    doing: str


class Desk:
    """Owns the line and the store of one record, and knows which conversations wait for an answer."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.store = Store(record.settings.home)
        self._line = Line()
        # one search after the other takes less time in all than ten that share the processor's few cores
        self._searching = Turns()
        self._at_work: dict[str, threading.Event] = {}  # set: to be stopped

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        engine: str = "",
        restriction: Filter = Filter(),
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Generator[Event | Waiting]:
        """As Record.stream, with a Waiting while others are ahead; ends without Finished if stopped meanwhile."""
        engine = engine or self.record.settings.engine
        events = self.record.stream(
            question, history=history, engine=engine, restriction=restriction, is_stopped=is_stopped
        )
        reads_on = True
        while reads_on:
            with self._searching.turn():
                found = next(events)
            yield found
            if isinstance(found, Finished):  # stopped meanwhile
                return
            reads_on = isinstance(found, Found) and found.reads_on
        if engine == "quotes":
            yield from events
            return
        with self._line.place() as ahead:
            while count := ahead():
                yield Waiting(count)
                time.sleep(LOOK_AGAIN_SECONDS)
                if is_stopped():
                    return
            yield Waiting(0)
            yield from events

    def answer(self, question: str, *, history: Sequence[Turn], engine: str, restriction: Filter) -> Answer:
        """The answer, after waiting in line; raises QuestionError, FilterError or IndexingError."""
        if len(history) > MAX_TURNS:
            raise QuestionError(f"the history has {len(history)} turns, more than {MAX_TURNS}; shorten it")
        for event in self.stream(question, history=history, engine=engine, restriction=restriction):
            if isinstance(event, Finished):
                return event.answer
        raise AssertionError("a stream that nobody stops ends with Finished")

    def converse(
        self, identity: str, question: str, *, engine: str, restriction: Filter, replaces: str = ""
    ) -> Iterator[View]:
        """Views as the answer comes; `replaces` is the key of the last exchange where the new one takes its place.

        An empty or unknown id begins a conversation. Whoever asks and goes away finds the question, with what was
        said so far. Raises QuestionError, also while another answer of the conversation is coming or where the
        exchange to be replaced is no longer the last; FilterError and IndexingError.
        """
        known = self.store.load(identity)
        identity = identity if known else self.store.new_identity()
        with self._working(identity) as stop:
            before = self._before(identity, replaces)
            exchange = begun(question, restriction)
            events = self.stream(
                question, history=turns(before), engine=engine, restriction=restriction, is_stopped=stop.is_set
            )
            yield View(identity, before, exchange, "Searching the documents …")
            is_kept = False
            try:
                for event in events:
                    doing = "Reading what was found …"
                    if isinstance(event, Waiting):
                        doing = waiting_words(event.ahead)
                    else:
                        exchange = with_event(exchange, event, is_stopped=stop.is_set())
                        doing = doing if isinstance(event, Found) else "" if exchange.is_finished else "Writing …"
                    if not is_kept:  # a question that cannot be asked is not
                        self.store.keep(identity, stopped(exchange), in_place_of=replaces)
                        is_kept = True
                    if not exchange.is_finished:
                        yield View(identity, before, exchange, doing)
            finally:
                events.close()
                exchange = exchange if exchange.is_finished else stopped(exchange)
                if is_kept:
                    self.store.keep(identity, exchange)
        yield View(identity, before, exchange, "")

    def stop(self, identity: str) -> None:
        """Ends the answer that a conversation is waiting for, if any, with what was said so far."""
        event = self._at_work.get(identity)
        if event:
            event.set()

    def rate(self, identity: str, key: str, *, verdict: str, remark: str = "") -> list[Exchange]:
        """Keeps a verdict, "up" or "down", on an exchange; returns the conversation with it.

        Raises QuestionError where there is no such finished exchange, IndexingError where it cannot be kept.
        """
        exchanges = self.store.load(identity)
        number = next((n for n, each in enumerate(exchanges) if each.key == key and each.is_finished), None)
        if verdict not in ("up", "down") or number is None:
            raise QuestionError("there is no such answer to rate; reload the page")
        self.store.rate(exchanges, number, verdict=verdict, remark=remark)
        return self.store.keep(identity, replace(exchanges[number], verdict=verdict))

    @contextmanager
    def _working(self, identity: str) -> Iterator[threading.Event]:
        """Marks a conversation as waiting for an answer: one at a time."""
        stop = threading.Event()
        if self._at_work.setdefault(identity, stop) is not stop:
            raise QuestionError("an answer is still coming in this conversation; wait for it or stop it first")
        try:
            yield stop
        finally:
            self._at_work.pop(identity, None)

    def _before(self, identity: str, replaces: str) -> tuple[Exchange, ...]:
        """The exchanges before a new one."""
        known = self.store.load(identity)
        if replaces and (not known or known[-1].key != replaces):
            raise QuestionError("this conversation went on meanwhile; reload the page")
        before = tuple(known[:-1] if replaces else known)
        if len(before) >= MAX_EXCHANGES:
            raise QuestionError(f"this conversation has {MAX_EXCHANGES} questions already; begin a new one")
        return before


def waiting_words(ahead: int) -> str:
    """What somebody in line is told."""
    if not ahead:
        return "The language model is reading …"
    others = "1 question" if ahead == 1 else f"{ahead} questions"
    return f"Waiting for the language model: {others} ahead of yours …"
