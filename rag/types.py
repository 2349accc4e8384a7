"""What everything passes around: frozen records, no behaviour beyond plain properties, no import of ours.

Offsets are characters of a document's extracted text: `document.text[start:end]`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Mode(StrEnum):
    """How the words of an utterance stand in its document."""

    QUOTE = "quote"  # the speaker's own words: in quotation marks, or a turn of a transcript
    REPORTED = "reported"  # what the speaker said, in the reporter's words
    NARRATION = "narration"  # the reporter's own words
    QUESTION = "question"  # asked by an interviewer or the audience
    FURNITURE = "furniture"  # page furniture: menus, language bars, photo credits


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beside its text; "" wherever the document does not show it.

    `date` (of publication) and `event_date` are ISO 8601, as far as they are shown: 2019-11-27, 2019-11, 2019, --11-27.
    `date_source` is the id of the near-duplicate document from which the year of `date` was taken, else "".
    """

    title: str = ""
    publisher: str = ""
    date: str = ""
    event_date: str = ""
    event_place: str = ""
    language: str = ""
    date_source: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One source as read: `id` is a hash of its bytes and metadata, `path` where its file lies."""

    id: str
    path: str
    text: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Nested:
    """Somebody else's words within what is said: characters `start` to `end` of the document.

    `words_of` is "" where only a pronoun tells whose they are.
    """

    start: int
    end: int
    words_of: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence of a document with who says it; `speaker` is "" where the document does not tell."""

    start: int
    end: int
    text: str
    speaker: str
    mode: Mode
    nested: tuple[Nested, ...] = ()

    def is_by(self, speaker: str) -> bool:
        """Whether these are the words of a speaker, whom this document may name by surname alone."""
        return self.speaker in (speaker, speaker.rpartition(" ")[2])


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of utterances that is embedded as one; `context` (headline, date, question) goes with it.

    Invariant: `document.text[start:end] == text`.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    context: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document without its text: what a citation shows of it."""

    id: str
    path: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source, with its text: where else nearly the same words stand (of a citation: the same)."""

    source: Source
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Restricts retrieval; an empty field does not. Dates are ISO, inclusive; undated sources then drop out.

    With `speakers`, only what one of them says is evidence.
    """

    publishers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    date_from: str = ""
    date_to: str = ""
    speakers: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Filter()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; `score` falls with rank, and is above 1 where the relevance model has read the passage.

    `also_in` lists its near-duplicates elsewhere.
    """

    passage: Passage
    source: Source
    score: float
    also_in: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """An utterance of a hit and its relevance to what is asked (rag/looks.py, rag/nearest.py)."""

    utterance: Utterance
    hit: Hit
    relevance: float


@dataclass(frozen=True, slots=True)
class Citation:
    """The words an answer's sentence rests on: `quote` is a verbatim part of the passage `text`.

    `start` and `end` delimit `text`; `quote_start` is where `quote` begins; all in the document's
    extracted text, which for HTML, PDF and Word is not the file. `nested` are third parties' words within it.
    """

    id: str
    source: Source
    start: int
    end: int
    text: str
    quote: str
    quote_start: int
    speaker: str
    mode: Mode
    also_in: tuple[Place, ...]
    nested: tuple[Nested, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer with the ids of its citations, at least one.

    "verbatim": the citation's words in quotation marks; "supported": worded by a language model, and checked.
    """

    text: str
    citations: tuple[str, ...]
    verdict: Literal["verbatim", "supported"] = "supported"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or with `abstained` the finding that the corpus does not say; `reason` tells why.

    `standalone` is the question as searched (a follow-up completed from the conversation), `nearest`
    the passages retrieved, `engine` the engine that answered, `seconds` the wall time it took.
    """

    question: str
    standalone: str
    abstained: bool
    reason: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    engine: str
    seconds: float

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences) if self.sentences else NOT_SAID


NOT_SAID = "The corpus does not say."
