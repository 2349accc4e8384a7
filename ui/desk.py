"""The desk: a question in, views of the conversation out as the answer comes. Shared by page and API.

Many ask at once. The evidence comes at once to all; for the language model, which answers one at a time,
they stand in line and are told their place.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
    """Owns the line and the store of one record, and knows which conversations are to stop."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.store = Store(record.settings.home)
        self._line = Line()
        # one search after the other takes less time in all than ten that share the processor's few cores
        self._searching = Turns()
        self._stops: dict[str, threading.Event] = {}

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        engine: str = "",
        restriction: Filter = Filter(),
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event | Waiting]:
        """As Record.stream, with a Waiting while others are ahead; ends without Finished if stopped meanwhile."""
        engine = engine or self.record.settings.engine
        events = self.record.stream(
            question, history=history, engine=engine, restriction=restriction, is_stopped=is_stopped
        )
        with self._searching.turn():
            found = next(events)
        yield found
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
        self, identity: str, question: str, *, engine: str, restriction: Filter, replaces: bool = False
    ) -> Iterator[View]:
        """Views as the answer comes, the last of which is kept; `replaces`: in place of the last exchange.

        An empty or unknown id begins a conversation. Raises QuestionError, FilterError or IndexingError.
        """
        known = self.store.load(identity)
        identity = identity if known else self.store.new_identity()
        before = tuple(known[:-1] if replaces else known)
        if len(before) >= MAX_EXCHANGES:
            raise QuestionError(f"this conversation has {MAX_EXCHANGES} questions already; begin a new one")
        stop = self._stops[identity] = threading.Event()
        exchange = begun(question)
        yield View(identity, before, exchange, "Searching the documents …")
        events = self.stream(
            question, history=turns(before), engine=engine, restriction=restriction, is_stopped=stop.is_set
        )
        try:
            for event in events:
                doing = "Reading what was found …"
                if isinstance(event, Waiting):
                    doing = waiting_words(event.ahead)
                else:
                    exchange = with_event(exchange, event, is_stopped=stop.is_set())
                    doing = doing if isinstance(event, Found) else "" if exchange.is_finished else "Writing …"
                if not exchange.is_finished:
                    yield View(identity, before, exchange, doing)
        finally:
            self._stops.pop(identity, None)
        exchange = exchange if exchange.is_finished else stopped(exchange)
        self.store.save(identity, (*before, exchange))
        yield View(identity, before, exchange, "")

    def stop(self, identity: str) -> None:
        """Ends the answer that a conversation is waiting for, if any, with what was said so far."""
        event = self._stops.get(identity)
        if event:
            event.set()


def waiting_words(ahead: int) -> str:
    """What somebody in line is told."""
    if not ahead:
        return "The language model is reading …"
    others = "1 question" if ahead == 1 else f"{ahead} questions"
    return f"Waiting for the language model: {others} ahead of yours …"
