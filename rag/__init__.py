"""On Record: cited answers from a pile of documents, every sentence pinned to the words it rests on."""

from rag.answering import Finished, Found, Said
from rag.conversation import Conversation
from rag.drafts import CheckedSentence, verify
from rag.errors import OnRecordError
from rag.record import Record, open_record
from rag.types import Answer, Citation, Filter, Hit, Passage, Sentence, Source, Turn

__all__ = [
    "Answer",
    "CheckedSentence",
    "Citation",
    "Conversation",
    "Filter",
    "Finished",
    "Found",
    "Hit",
    "OnRecordError",
    "Passage",
    "Record",
    "Said",
    "Sentence",
    "Source",
    "Turn",
    "open_record",
    "verify",
]
