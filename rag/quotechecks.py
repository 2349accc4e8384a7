"""Quote checks: a quotation of a draft and the documents in, where it really stands out.

A quotation is searched word for word, quotation marks, white space and case apart; "…" and "[…]" stand for
words left out, in one place. Its verdict: found; misattributed (found, but another's words, or elsewhere than
the sentence says); stitched (its parts stand in different places); not found.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.citations import readable_date, source_label
from rag.crediting import DISTANCE, INNER_QUOTATION, QUOTATION, credited
from rag.holding import OMISSION
from rag.naming import FIRST_PERSON
from rag.periods import YEAR, days_told
from rag.sentences import Span, sentence_spans
from rag.speakers import QUESTIONER
from rag.types import Mode, Source, Utterance
from rag.words import stems

WORDS = re.compile(r"\w+(?:[’'.,-]\w+)*|%")
MIN_PART_WORDS = 3
MAX_PARTS = 4
REACH = 1500  # characters over which one quotation may leave words out
ANYTHING = re.compile(r".*", re.DOTALL)
# “One,” she said. “Two.” is quoted as “One. Two.”
INTERRUPTED = re.compile(r"\W*|[^\w“”\"]*[”\"]\s[^“”\"\n]{1,80}[“\"]\W*")


@dataclass(frozen=True, slots=True)
class Text:
    """A source with words of it: `start` is where `text` begins in the document; its utterances."""

    source: Source
    start: int
    text: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What a sentence says of its quotations: who (surnames), which publisher, which dates."""

    people: frozenset[str]
    publishers: frozenset[str]
    outside: str  # the sentence without its quotations


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quotation with its verdict, the reason, and the runs of utterances in which it stands."""

    text: str
    verdict: Literal["found", "misattributed", "stitched", "not found"]
    reason: str
    places: tuple[tuple[Text, tuple[Utterance, ...]], ...] = ()


def quotations(text: str) -> list[str]:
    """What stands in quotation marks of any usual kind, outermost, without them."""
    return ["".join(found).strip() for found in QUOTATION.findall(text)]


def check_quote(quote: str, texts: Sequence[Text], named: Named) -> CheckedQuote:
    """Where a quotation stands, and whether it is as the sentence says."""
    parts = [part for part in OMISSION.split(quote) if WORDS.search(part)]
    places = [(text, place) for text in texts for place in _in_order(parts, text)]
    if not places and len(parts) == 1:
        spans = sentence_spans(quote, 0, len(quote))
        said = [quote[start:end] for start, end in spans]
        places = [(text, place) for text in texts for place in _in_order(said, text, between=INTERRUPTED)]
    if places:
        wrong = [_misattributed(text, place, named) for text, place in places]
        right = [place for place, reason in zip(places, wrong, strict=True) if not reason]
        if right:
            return CheckedQuote(quote, "found", "", _runs(right))
        return CheckedQuote(quote, "misattributed", wrong[0], _runs(places))
    pieces = _pieces(parts, texts)
    if pieces:
        where = "” and “".join(pieces)
        return CheckedQuote(quote, "stitched", f"its parts “{where}” stand in different places")
    return CheckedQuote(quote, "not found", "no document has these words")


def _runs(places: Iterable[tuple[Text, Span]]) -> tuple[tuple[Text, tuple[Utterance, ...]], ...]:
    found = ((text, _utterances(text, place)) for text, place in places)
    return tuple((text, run) for text, run in found if run)


def _pattern(part: str) -> re.Pattern[str]:
    """The words of a part, whatever stands between them that is no word."""
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, _plain_words(part))) + r"(?!\w)", re.IGNORECASE)


def _plain_words(part: str) -> list[str]:
    # apostrophes and hyphens part words, so that their kinds need not agree
    return [piece for word in WORDS.findall(part) for piece in re.split(r"[’'-]", word) if piece]


def _in_order(parts: Sequence[str], text: Text, between: re.Pattern[str] = ANYTHING) -> list[Span]:
    """Where (in the text) each run of all parts, in order and near each other, stands; what may stand between them."""
    if not parts:
        return []
    spans = []
    for first in _pattern(parts[0]).finditer(text.text):
        end, limit = first.end(), first.start() + REACH
        for part in parts[1:]:
            found = _pattern(part).search(text.text, end, limit)
            if not found or not between.fullmatch(text.text, end, found.start()):
                break
            end = found.end()
        else:
            spans.append((first.start(), end))
    return spans


def _pieces(parts: Sequence[str], texts: Sequence[Text]) -> list[str]:
    """The quotation as few runs of words, each of which some text has; [] where it is not made of such."""
    pieces: list[str] = []
    for part in parts:
        words = WORDS.findall(part)
        while words:
            length = next(
                (n for n in range(len(words), MIN_PART_WORDS - 1, -1) if _stands(" ".join(words[:n]), texts)), 0
            )
            if not length or len(pieces) == MAX_PARTS:
                return []
            pieces.append(" ".join(words[:length]))
            words = words[length:]
    return pieces if len(pieces) > 1 else []


def _stands(words: str, texts: Sequence[Text]) -> bool:
    pattern = _pattern(words)
    # "we know that" stands anywhere
    return bool(stems(words)) and any(pattern.search(text.text) for text in texts)


def _utterances(text: Text, place: Span) -> tuple[Utterance, ...]:
    """The utterances in which words of a text stand, () for page furniture."""
    start, end = text.start + place[0], text.start + place[1]
    return tuple(each for each in text.utterances if each.start < end and start < each.end)


def _misattributed(text: Text, place: Span, named: Named) -> str:
    """Why the words at a place are not as the sentence says: another's, of another publisher, of another day."""
    at = text.start + place[0]
    reasons = [_not_so(text, each, max(at, each.start), named) for each in _utterances(text, place)]
    return next(filter(None, reasons), "") if reasons else _not_so(text, None, at, named)


def _not_so(text: Text, utterance: Utterance | None, at: int, named: Named) -> str:
    """Why the words at a place of the document, in an utterance if in any, are not as the sentence says."""
    publisher = text.source.metadata.publisher
    if named.publishers and publisher not in named.publishers:
        return f"the words stand in {source_label(text.source)}, not in {' or '.join(sorted(named.publishers))}"
    if wrong := _wrong_day(text.source, utterance, named.outside):
        return wrong
    if utterance is None or not named.people:
        is_asked = utterance is not None and utterance.mode is Mode.QUESTION
        return "" if not is_asked or re.search(r"\bask|question", named.outside) else "a questioner says it"
    surname = utterance.speaker.rsplit(maxsplit=1)[-1] if utterance.speaker else ""
    # "native shore", as Anna Lee said: the speaker names whom he quotes
    is_known = surname in named.people or bool(named.people & set(credited(utterance.text)))
    if not is_known and not _is_unlabelled(text):
        voice = {QUESTIONER: "a questioner", "": f"{source_label(text.source)} itself"}
        return f"the words are those of {voice.get(utterance.speaker, utterance.speaker)}"
    if surname not in named.people:
        return ""
    return _not_own(utterance, at - utterance.start, named)


def _is_unlabelled(text: Text) -> bool:
    """Whether it is a speech that does not tell whose."""
    return not any(each.speaker for each in text.utterances) and FIRST_PERSON.search(text.text) is not None


def _not_own(utterance: Utterance, at: int, named: Named) -> str:
    """Words that the reporter puts in the speaker's mouth, or that the speaker quotes from others."""
    if utterance.mode is Mode.REPORTED:
        inside = any(match.start() <= at < match.end() for match in QUOTATION.finditer(utterance.text))
        return "" if inside else "the words are the reporter's, not in quotation marks there"
    for inner in INNER_QUOTATION.finditer(utterance.text):
        is_within = inner.start(1) <= at < inner.end(1) and 2 * len(inner[1]) < len(utterance.text)
        # a turn of phrase in marks is the speaker's; a sentence in marks is somebody else's
        is_sentence = re.search(r"\b(?:will|is|are|must|should|shall)\b", inner[1]) is not None
        if is_within and is_sentence and not DISTANCE.search(named.outside):
            return f"{utterance.speaker} only quotes the words"
    return ""


def _wrong_day(source: Source, utterance: Utterance | None, outside: str) -> str:
    """A date in the sentence that is neither the document's nor told in the words themselves."""
    metadata = source.metadata
    told = utterance.text if utterance else ""
    dates = [each for each in (metadata.date, metadata.event_date) if each]
    known = {each[:4] for each in dates if not each.startswith("--")}
    for year in YEAR.findall(outside):
        if known and year not in known and year not in told:
            return f"the words are of {readable_date(metadata.date)}, not of {year}"
    days = {each[-5:] for each in dates if re.search(r"-\d\d-\d\d$", each)}
    for named in days_told(outside):
        if days and named not in days and readable_date(f"--{named}").split()[1] not in told:
            return f"the words are of {readable_date(metadata.date)}, not of {readable_date(f'--{named}')}"
    return ""
