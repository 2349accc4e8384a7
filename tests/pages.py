"""What the tests of the page ask, and of what: a report, a question about it, and the answer of a desk."""

from ui.desk import Desk
from ui.exchanges import Exchange
from ui.filters import filter_of

REPORT = (
    "“Helicopters without markings were seen over the northern mountains,” Anna Petrova said on Wednesday.\n\n"
    "“Trade with both neighbours has grown by a third,” Petrova noted."
)
QUESTION = "Which helicopters without markings were seen over northern mountains?"


def asked(desk: Desk, question: str = QUESTION) -> tuple[str, Exchange]:
    """The id of a new conversation, and the exchange in it."""
    *_, last = desk.converse("", question, engine="quotes", restriction=filter_of())
    return last.identity, last.exchange
