"""Speakers: who says each sentence of a document, and in which mode. In: a Document; out: its Utterances.

Transcripts are read by their labels ("Question:", "Sergey Lavrov:"); what precedes the first label
belongs to the speaker whom the title names. Other texts are read by quotation marks, verbs of saying
and back references ("he", "the minister"). Where the text does not tell, the speaker is "".
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rag.sentences import Span, paragraph_spans, sentence_spans
from rag.types import Document, Mode, Utterance

QUESTIONER = "Questioner"
NAME = r"[A-Z][\w’'-]+(?:\s(?:de|al|von|van|bin|ibn|[A-Z]\.|[A-Z][\w’'-]+)){0,6}"
LABEL = re.compile(rf"(?P<label>{NAME}|[A-Z][A-Z. ]+|Q|A)(?:\s\([^)\n]{{1,60}}\))?\s?:\s")
QUESTION_LABELS = frozenset({"question", "q", "interviewer", "journalist", "reporter", "correspondent", "moderator"})
OTHER_LABELS = frozenset({"photo", "source", "note", "video", "tags", "caption", "read more", "answer", "a"})
TITLE_SPEAKER = re.compile(
    rf"(?P<name>{NAME})[’']s?\s(?:\w+\s){{0,2}}(?:remarks|speech|statement|address|answers|interview|comments)"
)
SAYING = (
    "said|says|stated|noted|told|added|stressed|emphasi[sz]ed|explained|claimed|commented|concluded|continued|"
    "recalled|revealed|declared|announced|argued|warned|remarked|replied|answered|pointed out|underlined|observed"
)
ROLE = r"(?:the|The)\s(?:[\w-]+\s){0,6}?(?:minister|president|spokes\w+|secretary|diplomat|official|head[\w\s]{0,20})"
SUBJECT = rf"(?P<subject>{NAME}|[Hh]e|[Ss]he|{ROLE})"
SUBJECT_FIRST = re.compile(rf"{SUBJECT}(?:\s\w+ly|\salso|\sthen|\shas|\shad)?\s(?:{SAYING})\b")
VERB_FIRST = re.compile(rf"\b(?:{SAYING})\s{SUBJECT}")
NAMED_ROLE = re.compile(
    rf"(?:secretary|spokes\w+|minister|president)[\w\s]*?\s(?P<subject>[A-Z]\w+\s[A-Z]\w+)\s(?:{SAYING})\b"
)
ROLE_WORDS = frozenset(
    (
        "Russian American Chinese Kremlin Foreign Prime Minister President Secretary State Spokesman Spokeswoman Mr "
        "Mrs Ms Dr Sir US The On In At Earlier A An And But When As For"
    ).split()
)
FURNITURE = re.compile(
    r"^(?:©|photo\b|source\s?:|additional materials|advanced settings|related news|all news|\d+ min read|"
    r".*/(?:POOL|AFP|AP|EPA|TASS|Reuters|Getty)\b[^.!?]*$|share\b|subscribe\b|(?:•\s*)?(?:[a-z]{2}-[A-Z]{2}\d?\s*)+$)",
    re.IGNORECASE,
)
ENDS_SENTENCE = re.compile(r"[.!?…:;,][”’»\"')\]]*$|[”»\"]$")
MAX_FURNITURE = 60  # characters: longer lines without a full stop are rather sub-headlines
MAX_OPEN_PARAGRAPHS = 3  # a quotation left open longer than this was never closed


@dataclass(frozen=True, slots=True)
class _Paragraph:
    span: Span
    text: str
    quoted: tuple[Span, ...]  # stretches of the document inside quotation marks


def utterances(document: Document) -> list[Utterance]:
    """Every sentence of the document in order, with its speaker and mode."""
    spans = paragraph_spans(document.text)
    labels = _labels(document.text, spans)
    voices = _transcript(document, spans, labels) if labels else _report(document, spans)
    return list(voices)


def _labels(text: str, spans: list[Span]) -> frozenset[str]:
    """The labels of a transcript: they begin at least two paragraphs, or one beside a question's."""
    found: Counter[str] = Counter()
    for start, end in spans:
        match = LABEL.match(text, start, end)
        if match and match["label"].lower() not in OTHER_LABELS:
            found[match["label"]] += 1
    asked = any(label.lower() in QUESTION_LABELS for label in found)
    return frozenset(label for label, count in found.items() if count > 1 or asked)


def _transcript(document: Document, spans: list[Span], labels: frozenset[str]) -> Iterator[Utterance]:
    text = document.text
    titled = TITLE_SPEAKER.search(document.metadata.title)
    speaker = _person(titled["name"]) if titled else ""
    mode = Mode.QUOTE
    for start, end in spans:
        match = LABEL.match(text, start, end)
        if match and match["label"] in labels:
            asked = match["label"].lower() in QUESTION_LABELS
            speaker = QUESTIONER if asked else match["label"].title() if match["label"].isupper() else match["label"]
            mode = Mode.QUESTION if asked else Mode.QUOTE
            start = match.end()
        furniture = _is_furniture(text[start:end], document.metadata.title)
        for begin, stop in sentence_spans(text, start, end):
            if furniture:
                yield Utterance(begin, stop, text[begin:stop], "", Mode.FURNITURE)
            else:
                yield Utterance(begin, stop, text[begin:stop], speaker, mode)


def _report(document: Document, spans: list[Span]) -> Iterator[Utterance]:
    text = document.text
    names = _full_names(text)
    titled = re.search(NAME, document.metadata.title)
    last = names.get(titled.group().split()[-1], "") if titled else ""
    paragraphs = _quotations(text, spans)
    for number, paragraph in enumerate(paragraphs):
        if _is_furniture(paragraph.text, document.metadata.title):
            yield Utterance(*paragraph.span, paragraph.text, "", Mode.FURNITURE)
            continue
        # a quotation that runs on into the next paragraph is attributed where it ends
        ahead = paragraph
        while ahead.quoted and ahead.quoted[-1][1] >= ahead.span[1] and number + 1 < len(paragraphs):
            following = paragraphs[number + 1]
            if not following.quoted or following.quoted[0][0] > following.span[0] or _attributions(text, ahead):
                break
            number, ahead = number + 1, following
        attributions = _attributions(text, paragraph) or _attributions(text, ahead)
        for begin, stop in sentence_spans(text, *paragraph.span):
            inside = sum(min(stop, b) - max(begin, a) for a, b in paragraph.quoted if a < stop and b > begin)
            if inside * 2 > stop - begin:
                subject = _nearest(attributions, begin, stop)
                last = _resolved(subject, names, last) if subject else last
                yield Utterance(begin, stop, text[begin:stop], last, Mode.QUOTE)
            else:
                yield Utterance(begin, stop, text[begin:stop], "", Mode.NARRATION)
        for _, subject in attributions:
            last = _resolved(subject, names, last)


def _quotations(text: str, spans: list[Span]) -> list[_Paragraph]:
    """The paragraphs with their quoted stretches; curly marks nest, and may stay open over a paragraph's end."""
    paragraphs: list[_Paragraph] = []
    depth, open_for = 0, 0
    for start, end in spans:
        begun = start if depth else -1
        quoted: list[Span] = []
        straight = False
        for position in range(start, end):
            mark = text[position]
            reopened = depth and position == start
            if mark == '"' and not depth:
                if straight:
                    quoted.append((begun, position + 1))
                else:
                    begun = position
                straight = not straight
            elif mark in "“«" and not reopened:
                depth += 1
                begun = position if depth == 1 else begun
            elif (mark in "”»" or (mark == '"' and depth)) and depth:
                depth -= 1
                if not depth:
                    quoted.append((begun, position + 1))
        if depth or straight:
            quoted.append((begun, end))
        open_for = open_for + 1 if depth else 0
        # an inner mark that was never closed must not swallow the rest of the document
        depth = 1 if depth and open_for < MAX_OPEN_PARAGRAPHS and _says_on(text, end) else 0
        paragraphs.append(_Paragraph((start, end), text[start:end], tuple(quoted)))
    return paragraphs


def _says_on(text: str, end: int) -> bool:
    """Whether the text after a paragraph closes a quotation before it opens another one."""
    following = re.search(r"[“«”»]", text[end:])
    return following is not None and following.group() in "”»"


def _attributions(text: str, paragraph: _Paragraph) -> list[tuple[int, str]]:
    """(position, subject) of the verbs of saying outside the quotation marks of a paragraph."""
    start, end = paragraph.span
    outside = list(text[start:end])
    for begin, stop in paragraph.quoted:
        outside[begin - start : stop - start] = "\x00" * (stop - begin)
    plain = "".join(outside)
    found = {
        match.start("subject"): match["subject"]
        for pattern in (VERB_FIRST, SUBJECT_FIRST, NAMED_ROLE)
        for match in pattern.finditer(plain)
        if not _is_subordinate(plain, match.start())
    }
    return [(start + position, subject) for position, subject in sorted(found.items())]


def _is_subordinate(text: str, position: int) -> bool:
    """Whether the words at a position are themselves reported: "Lavrov recalled that the minister stated"."""
    sentence = text[max(text.rfind(". ", 0, position), 0) : position]
    return re.search(rf"\b(?:{SAYING})\sthat\b", sentence) is not None


def _nearest(attributions: list[tuple[int, str]], begin: int, stop: int) -> str:
    """The subject that follows the sentence's start soonest, else the last one before it."""
    after = [subject for position, subject in attributions if position >= begin]
    return after[0] if after else attributions[-1][1] if attributions else ""


def _full_names(text: str) -> dict[str, str]:
    """Surname to the commonest first name and surname of the text: "Lavrov" to "Sergey Lavrov"."""
    counts: Counter[str] = Counter()
    for match in re.finditer(NAME, text):
        words = _person(match.group()).split()
        if len(words) > 1:
            counts[" ".join(words[-2:])] += 1
    full: dict[str, str] = {}
    for name, _ in counts.most_common():
        full.setdefault(name.split()[-1], name)
    return full


def _resolved(subject: str, names: dict[str, str], last: str) -> str:
    """The person a subject stands for: a name in full, or for "he" and "the minister" the last speaker."""
    if subject[0].islower() or subject.split(maxsplit=1)[0] in ("He", "She", "The"):
        return last
    name = _person(subject)
    return names.get(name.split()[-1], name) if name else last


def _person(name: str) -> str:
    """A name without the words of office before it."""
    words = name.split()
    while words and words[0] in ROLE_WORDS:
        words = words[1:]
    return " ".join(words).removesuffix("’s").removesuffix("'s")


def _is_furniture(paragraph: str, title: str) -> bool:
    """Whether a paragraph is no part of the text proper: menus, credits, headings, the title itself."""
    bare = " ".join(paragraph.split())
    if FURNITURE.search(bare) or (title and bare == " ".join(title.split())):
        return True
    return len(bare) <= MAX_FURNITURE and not ENDS_SENTENCE.search(bare)
