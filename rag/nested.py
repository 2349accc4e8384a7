"""Nested quotations: a third party's words, told by a speaker. In: utterances; out: with those.

Only what the text credits to somebody counts: words in quotation marks of which nobody is said to have said them
("a so-called “format”") are the speaker's own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from rag.attribution import attributions
from rag.people import DETERMINERS, People, people, person, uncapped
from rag.quotations import paragraphs
from rag.reports import speaking
from rag.sentences import Span
from rag.types import Mode, Nested, Utterance

ADJACENT = 6  # characters between a quotation and its subject: " as "
SPEECH_END = re.compile(r"[,?!][”’»\"'“]$")


def with_nested(text: str, spans: list[Span], spoken: list[Utterance], *, is_transcript: bool) -> list[Utterance]:
    """The utterances of a document of these paragraphs, in order, each with the quotations within it."""
    outer = [quoted for paragraph in paragraphs(text, spans) for quoted in paragraph.quoted]
    inner = [nested for quoted in outer for nested in _within(text, quoted)]
    known: People | None = None
    found: list[Utterance] = []
    for utterance in spoken:
        own = inner if utterance.mode is Mode.QUOTE and not is_transcript else outer
        within = [span for span in own if utterance.start <= span[0] < utterance.end]
        if within and utterance.speaker and utterance.mode is not Mode.FURNITURE:
            known = known or people(text)
            utterance = replace(utterance, nested=tuple(_nested(utterance, within, known)))
        found.append(utterance)
    return found


def _within(text: str, quoted: Span) -> tuple[Span, ...]:
    """The quoted stretches inside a quotation."""
    start, end = quoted
    end -= text[end - 1] in "”»\"’'“"
    return paragraphs(text, [(start + 1, end)])[0].quoted if end > start + 1 else ()


def _nested(utterance: Utterance, inner: list[Span], known: People) -> Iterator[Nested]:
    offset = utterance.start
    words = utterance.text
    for start, end in inner:
        words = words[: start - offset] + "\x00" * (end - start) + words[end - offset :]
    found = attributions(words)
    if utterance.mode is Mode.REPORTED:  # "X recalled that Y stated that “…”"
        found = [each for each in found if each.within]
    for start, end in inner:
        span = (start - offset, end - offset)
        text = utterance.text[slice(*span)]
        whose = speaking(utterance.text, found, span, (span,))
        # “…” as X said; “…,” said X; X said “…”
        if whose and (whose.position - span[1] < ADJACENT or SPEECH_END.search(text)):
            yield Nested(start, end, _named(whose.subject, known))


def _named(subject: str, known: People) -> str:
    if subject.lower() in ("he", "she", "they"):
        return ""
    if re.match(rf"(?:{DETERMINERS})\s", subject):
        return uncapped(subject)
    return known.full(person(subject)) or subject
