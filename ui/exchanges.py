"""Exchanges: a question and what came of it, as the page shows, keeps and exports it. In: events; out: Exchanges."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from rag import Answer, Citation, Filter, Finished, Found, Hit, Said, Turn
from rag.answering import Event
from rag.citations import source_label, who_and_when
from rag.export import answer_record
from rag.occasions import Occasion, told
from rag.speakers import QUESTIONER
from rag.types import NOT_SAID, Evidence, Sentence

SHOWN_EVIDENCE = 4
SHOWN_NEAREST = 3
STOPPED = "Stopped before an answer."


@dataclass(frozen=True, slots=True)
class Card:
    """Words to be shown with who says them and where: characters `start` to `end` of a document."""

    speaker: str
    source: str
    text: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """`answer` is the answer as a line of `onrecord answer`, so far as it is known; `searched` the standalone question.

    `key` tells it from all others, `asked_of` the filter that was set, in words. `starts` tells for each citation's id
    where in the document its quote begins, `labels` who says it, where and when.
    """

    key: str
    question: str
    asked_at: str
    asked_of: str = ""
    searched: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Card, ...] = ()
    nearest: tuple[Card, ...] = ()
    starts: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    is_finished: bool = False
    is_stopped: bool = False
    verdict: str = ""

    @property
    def sentences(self) -> Sequence[Mapping[str, Any]]:
        return tuple(self.answer.get("sentences", ()))

    @property
    def citations(self) -> Mapping[str, Mapping[str, Any]]:
        """Citations by id."""
        return {each["id"]: each for each in self.answer.get("citations", ())}

    @property
    def numbers(self) -> dict[str, int]:
        """The printed number of each citation's id: the order in which the sentences name them."""
        named = (each for sentence in self.sentences for each in sentence["citations"])
        return {each: number for number, each in enumerate(dict.fromkeys(named), start=1)}

    @property
    def occasions(self) -> list[str]:
        """A line on each event of which several of the sources tell."""
        made = (Occasion(**each) for each in self.answer.get("occasions", ()))
        return [line for line in (told(each, self.numbers) for each in made) if line]

    @property
    def reason(self) -> str:
        return str(self.answer.get("reason", ""))

    @property
    def engine(self) -> str:
        return str(self.answer.get("engine", ""))

    @property
    def text(self) -> str:
        """What was answered; why there is nothing where it was stopped before."""
        said = " ".join(sentence["text"] for sentence in self.sentences)
        return said or (STOPPED if self.is_stopped or not self.is_finished else NOT_SAID)


def begun(question: str, restriction: Filter = Filter()) -> Exchange:
    """An exchange of which only the question, and what it was asked of, is known."""
    asked_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Exchange(secrets.token_urlsafe(8), " ".join(question.split()), asked_at, in_words(restriction))


def in_words(restriction: Filter) -> str:
    """A filter as it is told to those who read the answer; "" for none."""
    documents = ", ".join(PurePath(each).name for each in restriction.documents)
    parts = (
        ", ".join(restriction.publishers),
        f"words of {', '.join(restriction.speakers)}" if restriction.speakers else "",
        f"documents {documents}" if documents else "",
        f"from {restriction.date_from}" if restriction.date_from else "",
        f"to {restriction.date_to}" if restriction.date_to else "",
    )
    return "; ".join(filter(None, parts))


def with_event(exchange: Exchange, event: Event, *, is_stopped: bool = False) -> Exchange:
    """The exchange with what an event tells."""
    if isinstance(event, Found):
        cards = tuple(_evidence_card(each) for each in event.findings.evidence[:SHOWN_EVIDENCE])
        return replace(exchange, searched=event.question.standalone, evidence=cards)
    if isinstance(event, Said):
        return _with_statement(exchange, event.statement.sentence, event.statement.citations)
    assert isinstance(event, Finished)
    answer = event.answer
    return replace(
        _with_labels(exchange, answer.citations),
        answer=answer_record(answer),
        searched=answer.standalone,
        nearest=tuple(_hit_card(hit) for hit in answer.nearest[:SHOWN_NEAREST]),
        is_finished=True,
        is_stopped=is_stopped,
    )


def _with_statement(exchange: Exchange, sentence: Sentence, citations: Sequence[Citation]) -> Exchange:
    """The exchange with one more sentence, in the form that the finished answer will have."""
    said = answer_record(Answer("", "", False, "", (sentence,), tuple(citations), (), "", 0.0))
    known = exchange.citations
    fresh = [each for each in said["citations"] if each["id"] not in known]
    so_far = {"sentences": [*exchange.sentences, *said["sentences"]], "citations": [*known.values(), *fresh]}
    return replace(_with_labels(exchange, citations), answer={**exchange.answer, **so_far})


def _with_labels(exchange: Exchange, citations: Sequence[Citation]) -> Exchange:
    starts = {each.id: each.quote_start for each in citations}
    labels = {each.id: who_and_when(each) for each in citations}
    return replace(exchange, starts={**exchange.starts, **starts}, labels={**exchange.labels, **labels})


def stopped(exchange: Exchange) -> Exchange:
    """The exchange as it stands, ended by the person who asked."""
    return replace(exchange, is_finished=True, is_stopped=True)


def _evidence_card(item: Evidence) -> Card:
    said = item.utterance
    speaker = "A questioner" if said.speaker == QUESTIONER else said.speaker
    return Card(speaker, source_label(item.hit.source), said.text, item.hit.source.id, said.start, said.end)


def _hit_card(hit: Hit) -> Card:
    passage = hit.passage
    return Card("", source_label(hit.source), passage.text, hit.source.id, passage.start, passage.end)


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The conversation as the record takes it for history; a question that was stopped has no answer in it."""
    said: list[Turn] = []
    for each in exchanges:
        said.append(Turn("user", each.question))
        if each.text != STOPPED:
            said.append(Turn("assistant", each.text))
    return tuple(said)


def as_json(exchange: Exchange) -> dict[str, Any]:
    """The exchange as it is kept."""
    return asdict(exchange)


def from_json(raw: Mapping[str, Any]) -> Exchange:
    """The exchange that was kept."""
    cards = {name: tuple(Card(**each) for each in raw[name]) for name in ("evidence", "nearest")}
    return Exchange(**{**raw, **cards})
