"""The document pane: a stretch of a document in, HTML out: the whole document with those words marked."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from rag import Record, Source
from rag.citations import readable_date, source_label
from rag.errors import IndexingError
from ui.exchanges import Exchange
from ui.markup import shown

# Of a longer document this much is shown around the words; a browser would choke on megabytes
MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a document to be marked, within the passage that is shaded, and where else they stand."""

    document: str
    start: int
    end: int
    passage_start: int
    passage_end: int
    elsewhere: tuple[Mapping[str, Any], ...] = ()


def stretch_of(data: Mapping[str, Any], exchanges: Sequence[Exchange]) -> Stretch:
    """What a press in the browser asks for: a citation of an exchange, or characters of a document.

    Raises IndexingError for what there is not: the browser can send anything.
    """
    try:
        if "citation" in data:
            asked = next(each for each in exchanges if each.key == data["exchange"])
            return cited_stretch(asked, str(data["citation"]))
        start, end = int(data.get("start", 0)), int(data.get("end", 0))
        return Stretch(str(data["document"]), start, end, start, end)
    except (KeyError, ValueError, TypeError, StopIteration):
        raise IndexingError("there is no such citation in this conversation; reload the page") from None


def cited_stretch(exchange: Exchange, identity: str) -> Stretch:
    """The quote of a citation; raises KeyError where the exchange has none of that id."""
    cited, start = exchange.citations[identity], exchange.starts[identity]
    return Stretch(
        document=cited["document"],
        start=start,
        end=start + len(cited["quote"]),
        passage_start=cited["start"],
        passage_end=cited["end"],
        elsewhere=tuple(cited["also_in"]),
    )


def pane(record: Record, stretch: Stretch) -> str:
    """The document with the stretch marked; a line instead where the index no longer holds it."""
    source = record.catalog.sources([stretch.document]).get(stretch.document)
    if source is None:
        return framed("", '<p class="note">This document is no longer in the index.</p>')
    text = record.catalog.text(stretch.document)
    if not 0 <= stretch.start <= stretch.end <= len(text):
        return framed(_head(source), '<p class="note">The document has no such words.</p>')
    body = f'<div class="text" dir="auto">{_marked(text, stretch)}</div>'
    return framed(_head(source) + _elsewhere(stretch), body)


def framed(head: str, body: str) -> str:
    """The pane with a way to close it. No two are alike, so that the browser sees each come."""
    return (
        f'<section class="document" role="complementary" aria-label="Document" data-opened="{secrets.token_hex(4)}">'
        '<div class="bar"><button type="button" class="close" data-do="close" aria-label="Close the document">'
        f"Close ✕</button></div><header>{head}</header>{body}</section>"
    )


def _head(source: Source) -> str:
    metadata = source.metadata
    about = [metadata.publisher or "Publisher not shown", readable_date(metadata.date) or "undated"]
    if metadata.date_source:
        about.append("year taken from a copy of the report")
    if metadata.event_place:
        about.append(metadata.event_place)
    return (
        f'<h2 dir="auto">{shown(metadata.title or PurePath(source.path).name)}</h2>'
        f'<p class="about">{shown(" · ".join(about))}</p><p class="file">{shown(PurePath(source.path).name)}</p>'
    )


def _elsewhere(stretch: Stretch) -> str:
    """Where else the same words stand, each place a button that opens it."""
    rows = "".join(
        f'<li><button type="button" class="reference" data-do="open" data-document="{shown(place["document"])}" '
        f'data-start="{int(place["start"])}" data-end="{int(place["end"])}">{shown(_place_label(place))}</button></li>'
        for place in stretch.elsewhere
    )
    return f'<div class="also"><p>The same words also stand in</p><ul>{rows}</ul></div>' if rows else ""


def _place_label(place: Mapping[str, Any]) -> str:
    name = place["title"] or PurePath(place["path"]).name
    return ", ".join(filter(None, (place["publisher"], name, readable_date(place["date"]))))


def _marked(text: str, stretch: Stretch) -> str:
    """The text with the passage shaded and the quoted words marked, cut at both ends where it is very long."""
    first = max(0, stretch.start - MAX_CHARACTERS // 2)
    last = min(len(text), max(stretch.end, first + MAX_CHARACTERS))
    begin = min(stretch.start, max(first, stretch.passage_start))
    finish = max(stretch.end, min(last, stretch.passage_end))
    cut = '<p class="note">[The document goes on; this much of it is shown.]</p>'
    return "".join(
        (
            cut if first else "",
            shown(text[first:begin]),
            f'<span class="passage">{shown(text[begin : stretch.start])}',
            f'<mark tabindex="-1">{shown(text[stretch.start : stretch.end])}</mark>' if stretch.end else "",
            f"{shown(text[stretch.end : finish])}</span>{shown(text[finish:last])}",
            cut if last < len(text) else "",
        )
    )


def source_name(source: Source) -> str:
    """A document as it is called in lists: headline or file name, with publisher and date."""
    title = source.metadata.title or PurePath(source.path).name
    return f"{title} ({source_label(source)})" if source.metadata.title else source_label(source)
