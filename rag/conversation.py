"""A conversation: questions that may refer back to earlier ones. Each has its own history and shares none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rag.answering import Event, Finished
from rag.record import Record, finished
from rag.types import Answer, Filter, Turn


@dataclass(slots=True)
class Conversation:
    """Asks a record, remembering what was asked and answered."""

    record: Record
    engine: str = ""
    restriction: Filter = field(default_factory=Filter)
    turns: list[Turn] = field(default_factory=list)

    def ask(self, question: str) -> Answer:
        """The answer to a question or follow-up; raises QuestionError, FilterError or IndexingError."""
        return finished(self.stream(question))

    def stream(self, question: str, *, is_stopped: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """As Record.stream; the turn is remembered once the answer is finished."""
        events = self.record.stream(
            question,
            history=tuple(self.turns),
            engine=self.engine,
            restriction=self.restriction,
            is_stopped=is_stopped,
        )
        for event in events:
            if isinstance(event, Finished):
                self.turns += [Turn("user", question), Turn("assistant", event.answer.text)]
            yield event
