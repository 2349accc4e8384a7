"""Export: hits and answers in, plain dictionaries out, in the one JSON form of CLI, page and API.

`start` and `end` are character offsets of the passage `text` in the document's extracted text: those of the file for
plain text and Markdown, not for HTML, PDF and Word (`Catalog.text` gives that text). `quote` is a verbatim part of
`text`; `document` is a document id and `path` its file.
"""

from collections.abc import Mapping
from typing import Any

from rag.drafts import CheckedSentence
from rag.notes import nested_words, notes
from rag.occasions import Occasion, occasions
from rag.types import Answer, Citation, Hit, Nested, Place, Source


def answer_record(answer: Answer, identity: str | None = None) -> dict[str, Any]:
    """An answer as a line of `onrecord answer`."""
    return {
        "id": identity,
        "question": answer.question,
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "sentences": [
            {"text": each.text, "citations": list(each.citations), "verdict": each.verdict} for each in answer.sentences
        ],
        "citations": [citation_record(cited) for cited in answer.citations],
        "occasions": [_occasion(each) for each in occasions(answer.citations)],
        "engine": answer.engine,
        "seconds": round(answer.seconds, 3),
    }


def checked_record(checked: CheckedSentence) -> dict[str, Any]:
    """A checked sentence as an element of the list of `onrecord verify --json`."""
    return {
        "text": checked.text,
        "verdict": checked.verdict,
        "reason": checked.reason,
        "quotes": [{"text": quote.text, "verdict": quote.verdict} for quote in checked.quotes],
        "citations": [citation_record(cited) for cited in checked.citations],
    }


def citation_record(cited: Citation) -> dict[str, Any]:
    return {
        "id": cited.id,
        **_source(cited.source),
        "speaker": cited.speaker,
        "mode": str(cited.mode),
        "start": cited.start,
        "end": cited.end,
        "text": cited.text,
        "quote": cited.quote,
        "also_in": [_place(place) for place in cited.also_in],
        "nested": [_nested(cited, each) for each in cited.nested],
        "notes": list(notes(cited)),
    }


def _occasion(occasion: Occasion) -> dict[str, Any]:
    return {
        "date": occasion.date,
        "place": occasion.place,
        "citations": list(occasion.citations),
        "first_hand": list(occasion.first_hand),
        "sources": list(occasion.sources),
        "accounts": occasion.accounts,
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit as an element of `hits` in a line of `onrecord search --json`."""
    return {
        "id": hit.passage.id,
        **_source(hit.source),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": hit.score,
        "also_in": [_place(place) for place in hit.also_in],
    }


def search_record(question: str, hits: list[Hit], seconds: float, identity: str | None = None) -> dict[str, Any]:
    """The hits of one question as a line of `onrecord search --batch`."""
    found = [hit_record(hit) for hit in hits]
    return {"id": identity, "question": question, "hits": found, "seconds": round(seconds, 3)}


def _nested(cited: Citation, nested: Nested) -> dict[str, Any]:
    return {
        "text": nested_words(cited, nested),
        "start": nested.start,
        "end": nested.end,
        "words_of": nested.words_of,
        "told_by": cited.speaker,
    }


def _place(place: Place) -> dict[str, Any]:
    return {**_source(place.source), "start": place.start, "end": place.end}


def _source(source: Source) -> Mapping[str, str]:
    metadata = source.metadata
    return {
        "document": source.id,
        "path": source.path,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "date": metadata.date,
    }
