"""Speakers: who says each sentence of a document, and in which mode. In: a Document; out: its Utterances.

Transcripts are read by their labels ("Question:", "Sergey Lavrov:"); what precedes the first label, and a speech
without labels, belongs to the speaker whom the title names. Other texts are read by quotation marks, verbs of saying
and back references ("he", "the minister"). Where the text does not tell, the speaker is "".
"""

from collections.abc import Iterator

from rag.furniture import is_furniture
from rag.nested import with_nested
from rag.people import people
from rag.reports import report
from rag.sentences import Span, paragraph_spans, sentence_spans
from rag.transcripts import QUESTIONER, Turn, labels_of, orator, turns
from rag.types import Document, Mode, Utterance

__all__ = ["QUESTIONER", "utterances"]


def utterances(document: Document) -> list[Utterance]:
    """Every sentence of the document in order, with its speaker and mode."""
    spans = paragraph_spans(document.text)
    labels = labels_of(document.text, spans)
    is_transcript = bool(labels)
    if labels:
        spoken = list(_transcript(document, spans, labels))
    elif speaker := orator(document):
        whole = (Turn(start, end, speaker, Mode.QUOTE) for start, end in spans)
        spoken = [said for turn in whole for said in _spoken(document, turn)]
        is_transcript = True
    else:
        spoken = list(report(document, spans, people(document.text)))
    return with_nested(document.text, spans, spoken, is_transcript=is_transcript)


def _transcript(document: Document, spans: list[Span], labels: frozenset[str]) -> Iterator[Utterance]:
    """The turns of a transcript; what stands before and between them is read as a report."""
    known = people(document.text)
    between: list[Span] = []
    for turn in turns(document, spans, labels):
        if turn.mode is Mode.NARRATION:
            between.append((turn.start, turn.end))
            continue
        yield from report(document, between, known)
        between = []
        yield from _spoken(document, turn)
    yield from report(document, between, known)


def _spoken(document: Document, turn: Turn) -> Iterator[Utterance]:
    text = document.text
    if is_furniture(text[turn.start : turn.end], document.metadata.title):
        turn = Turn(turn.start, turn.end, "", Mode.FURNITURE)
    for begin, stop in sentence_spans(text, turn.start, turn.end):
        yield Utterance(begin, stop, text[begin:stop], turn.voice, turn.mode)
