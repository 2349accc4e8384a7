"""Passages: a Document and its Utterances in, runs of utterances fit for the embedder out.

A passage keeps to one turn of a transcript, leaves page furniture out, ends at a paragraph where it can
and never exceeds the token limit. Its context (headline, date, the question answered) is embedded with
it but is no part of its text: `document.text[start:end] == passage.text` always holds.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.models import Encoder
from rag.speakers import utterances
from rag.types import Document, Metadata, Mode, Passage, Utterance

VERSION = 7  # raise it whenever a document would be cut differently: older indexes are then recognised
TITLE_CHARACTERS = 100
QUESTION_CHARACTERS = 200
FULL_ENOUGH = 0.6  # of the limit: from here on a passage ends with its paragraph


def passages(document: Document, encoder: Encoder, *, limit: int) -> list[Passage]:
    """The passages of a document in order, each of at most `limit` of the encoder's tokens."""
    spoken = [
        piece
        for utterance in utterances(document)
        if utterance.mode is not Mode.FURNITURE
        for piece in _pieces(utterance, encoder, limit)
    ]
    counts = encoder.count_tokens([utterance.text for utterance in spoken])
    question = ""
    asked_from = 0
    made: list[Passage] = []
    for run in _runs(document.text, spoken, counts, limit):
        if run[0].mode is Mode.QUESTION:
            # a question too long for one passage goes on in the next
            goes_on = made and made[-1].utterances[-1].mode is Mode.QUESTION
            if not goes_on or document.text[made[-1].end : run[0].start].strip():
                asked_from = run[0].start
            question = document.text[asked_from : run[-1].end]
        made.append(_passage(document, run, "" if run[0].mode is Mode.QUESTION else question))
    return made


def embedded_text(passage: Passage) -> str:
    """What the encoder reads for a passage."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def _runs(text: str, spoken: Sequence[Utterance], counts: Sequence[int], limit: int) -> Iterator[tuple[Utterance, ...]]:
    """Utterances grouped so that no group crosses a turn or exceeds the limit."""
    run: list[Utterance] = []
    size = 0
    for utterance, count in zip(spoken, counts, strict=True):
        if run:
            new_paragraph = "\n" in text[run[-1].end : utterance.start]
            ends = new_paragraph and size >= FULL_ENOUGH * limit
            if ends or size + count > limit or _is_new_turn(text, run[-1], utterance):
                yield tuple(run)
                run, size = [], 0
        run.append(utterance)
        size += count
    if run:
        yield tuple(run)


def _is_new_turn(text: str, before: Utterance, after: Utterance) -> bool:
    """Whether someone else speaks, or furniture (two line ends and words) lies between."""
    asks = Mode.QUESTION in (before.mode, after.mode) and before.mode is not after.mode
    changes = before.mode is after.mode is Mode.QUOTE and before.speaker != after.speaker
    return asks or changes or bool(text[before.end : after.start].strip())


def _passage(document: Document, run: tuple[Utterance, ...], question: str) -> Passage:
    start, end = run[0].start, run[-1].end
    key = hashlib.sha256(f"{document.id}:{start}:{end}".encode()).hexdigest()[:16]
    context = _context(document.metadata, question)
    return Passage(key, document.id, start, end, document.text[start:end], context, run)


def _context(metadata: Metadata, question: str) -> str:
    parts = (metadata.title[:TITLE_CHARACTERS], metadata.date.lstrip("-"), question[:QUESTION_CHARACTERS])
    return " | ".join(" ".join(part.split()) for part in parts if part)


def _pieces(utterance: Utterance, encoder: Encoder, limit: int) -> list[Utterance]:
    """The utterance itself, or where it exceeds the limit its halves, cut at white space if there is any."""
    if len(utterance.text) <= limit or encoder.count_tokens([utterance.text])[0] <= limit:
        return [utterance]
    middle = len(utterance.text) // 2
    cut = utterance.text.rfind(" ", 1, middle)
    cut = cut if cut > middle // 2 else middle
    first, second = utterance.text[:cut].rstrip(), utterance.text[cut:].lstrip()
    halves = (
        replace(utterance, end=utterance.start + len(first), text=first),
        replace(utterance, start=utterance.end - len(second), text=second),
    )
    return [piece for half in halves if half.text for piece in _pieces(_fitting(half), encoder, limit)]


def _fitting(utterance: Utterance) -> Utterance:
    """The utterance with those of its nested quotations that it holds whole."""
    within = (each for each in utterance.nested if utterance.start <= each.start and each.end <= utterance.end)
    return replace(utterance, nested=tuple(within))
