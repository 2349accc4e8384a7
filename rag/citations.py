"""Citations: evidence in, citations out, pinned by offsets; and the label that says who, where and when."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from rag.attribution import attributions
from rag.speakers import QUESTIONER
from rag.types import Citation, Evidence, Mode, Place, Sentence, Source

TITLE_CHARACTERS = 60
MARK = re.compile(r"[“”„«»\"‘]")
LEAD = re.compile(r"[^“”„«»\"]*\w[^“”„«»\"]*(?:^|[\s(\[:])(?=[“„«\"])")
PRONOUNS = ("he", "she")


@dataclass(frozen=True, slots=True)
class Statement:
    """A finished sentence of an answer with the citations it rests on."""

    sentence: Sentence
    citations: tuple[Citation, ...]


def citation(evidence: Sequence[Evidence]) -> Citation:
    """The citation of neighbouring utterances of one hit: the quote runs from the first to the last of them."""
    first, last, hit = evidence[0].utterance, evidence[-1].utterance, evidence[0].hit
    passage = hit.passage
    quote = passage.text[first.start - passage.start : last.end - passage.start]
    key = hashlib.sha256(f"{hit.source.id}:{first.start}:{last.end}".encode()).hexdigest()[:12]
    return Citation(
        id=key,
        source=hit.source,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        quote=quote,
        quote_start=first.start,
        speaker=first.speaker,
        mode=first.mode,
        also_in=tuple(filter(None, (_narrowed(place, quote) for place in hit.also_in))),
        nested=tuple(nested for item in evidence for nested in item.utterance.nested),
    )


def _narrowed(place: Place, quote: str) -> Place | None:
    """The stretch of a near-duplicate where the quote itself stands, white space apart; None where it does not."""
    start = re.sub(r"\s", " ", place.text).find(re.sub(r"\s", " ", quote))
    if start < 0:
        return None
    end = start + len(quote)
    return Place(place.source, place.start + start, place.start + end, place.text[start:end])


def is_first_hand(cited: Citation) -> bool:
    """Whether a quote stands in its source as speech.

    Quotation marks in its passage may be a reporter's, unless they are around what the speaker quotes of somebody.
    """
    text = cited.text
    for nested in cited.nested:
        # with its marks, and as long as before
        start, end = max(nested.start - cited.start - 1, 0), nested.end - cited.start + 1
        text = text[:start] + " " * len(text[start:end]) + text[end:]
    return cited.mode is Mode.QUOTE and not MARK.search(text)


def is_framed(cited: Citation) -> bool:
    """Whether a reporter's words lead up to the speech: Ann Lee stressed that “it is safe”."""
    lead = LEAD.match(cited.quote) if cited.mode is Mode.QUOTE else None
    if lead is None or any(each.start - cited.quote_start <= lead.end() + 1 <= each.end for each in cited.nested):
        return False
    surname = cited.speaker.rsplit(maxsplit=1)[-1:]
    subjects = (each.subject for each in attributions(" ".join(lead.group().split())))
    return any(each.lower() in PRONOUNS or set(surname) & set(each.split()) for each in subjects)


def statement(
    text: str, citations: Sequence[Citation], verdict: Literal["verbatim", "supported"] = "supported"
) -> Statement:
    """A sentence on its citations, each counted once."""
    unique = tuple({item.id: item for item in citations}.values())
    return Statement(Sentence(text, tuple(item.id for item in unique), verdict), unique)


def who_and_when(cited: Citation) -> str:
    """For example "Sergey Lavrov (TASS, 27 November 2019)"; the parts that are not known are left out.

    What a reporter words, all or in part, is reported: "Sergey Lavrov, as reported by TASS, 27 November 2019".
    """
    who = {"": "", QUESTIONER: "A questioner"}.get(cited.speaker, cited.speaker)
    where = source_label(cited.source)
    if cited.mode is Mode.NARRATION or not who:
        return where
    if cited.mode is Mode.REPORTED or is_framed(cited):
        return f"{who}, as reported {'by' if cited.source.metadata.publisher else 'in'} {where}"
    return f"{who} ({where})"


def source_label(source: Source) -> str:
    """Publisher or title, and date, of a source; the file's name where the document shows neither."""
    metadata = source.metadata
    when = readable_date(metadata.date)
    title = _short(metadata.title)
    name = metadata.publisher or (f"“{title}”" if title else PurePath(source.path).name)
    return f"{name}, {when}" if when else f"{name}, undated"


def readable_date(iso: str) -> str:
    """27 November 2019 for 2019-11-27, November 2019 for 2019-11, 2019 for 2019, 27 November for --11-27, "" for ""."""
    if len(iso) in (0, 4):
        return iso
    if len(iso) == 7 and iso[0] != "-":
        return f"{date.fromisoformat(f'{iso}-01'):%B %Y}"
    partial = iso.startswith("--")
    # a leap year stands in for the year that is not known
    moment = date.fromisoformat(f"2000{iso[1:]}" if partial else iso)
    return f"{moment.day} {moment:%B}" if partial else f"{moment.day} {moment:%B} {moment.year}"


def _short(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= TITLE_CHARACTERS else title[:TITLE_CHARACTERS].rsplit(" ", 1)[0] + " …"
