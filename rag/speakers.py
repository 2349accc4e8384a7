"""Speakers: who says each sentence of a document, and in which mode. In: a Document; out: its Utterances.

Transcripts are read by their labels ("Question:", "Sergey Lavrov:"); what precedes the first label
belongs to the speaker whom the title names. Other texts are read by quotation marks, verbs of saying
and back references ("he", "the minister"). Where the text does not tell, the speaker is "".
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.attribution import NAME, Attribution, attributions, people, person, points_elsewhere, resolved
from rag.sentences import Span, paragraph_spans, sentence_spans
from rag.types import Document, Mode, Utterance

QUESTIONER = "Questioner"
LABEL = re.compile(rf"[*_]{{0,2}}(?P<label>{NAME}|[A-Z][A-Z. ]+|Q|A)(?:\s\([^)\n]{{1,60}}\))?\s?:[*_]{{0,2}}\s")
QUESTION_LABELS = frozenset({"question", "q", "interviewer", "journalist", "reporter", "correspondent", "moderator"})
ANSWER_LABELS = frozenset({"answer", "a", "interviewee"})
OTHER_LABELS = frozenset(
    {"photo", "source", "note", "video", "tags", "caption", "read more", "first", "second", "third", "finally"}
)
TITLE_SPEAKER = re.compile(
    rf"(?P<name>{NAME})[’']s?\s(?:\w+\s){{0,2}}"
    r"(?:(?P<speech>remarks|speech|statement|address)|answers|interview|comments)"
)
FURNITURE = re.compile(
    r"^(?:©|photos?(?:graph)?\s?(?::|by\b|credit)|source\s?:\s?(?:\S+\s?){1,5}$|"
    r".*/(?:POOL|AFP|AP|EPA|TASS|Reuters|Getty)\b[^.!?]*$|(?:share on|subscribe to)\b|"
    r"(?:•\s*)?(?:[a-z]{2}-[A-Z]{2}\d?\s*)+$)",
    re.IGNORECASE,
)
# rows of tables and points of lists have no full stop, and are text all the same
TABLE_ROW = re.compile(r"\t|^\|.*\|$")
LIST_POINT = re.compile(r"^(?:[-*•–]|\d{1,3}[.)])\s+(?:\S+\s+){3}")
ENDS_SENTENCE = re.compile(r"[.!?…:;,][”’»\"')\]]*$|[”»\"]$")
# what ends a quotation that is speech: “No,” he said — and not “Good Friday” is a holiday
SPEECH_END = re.compile(r"[.,!?…—]\s?[”»\"]|[”»\"],")
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
    """The labels of a transcript: one of them begins at least two paragraphs, or is a question's."""
    found: Counter[str] = Counter()
    for start, end in spans:
        match = LABEL.match(text, start, end)
        if match and match["label"].lower() not in OTHER_LABELS:
            found[match["label"]] += 1
    asked = any(label.lower() in QUESTION_LABELS for label in found)
    named = {label: count for label, count in found.items() if label.lower() not in ANSWER_LABELS}
    # who speaks once in a transcript must not be lost in the turn of another
    sure = {
        label
        for label, count in found.items()
        if count > 1 or len(label.split()) > 1 or label.isupper() or label.lower() in QUESTION_LABELS | ANSWER_LABELS
    }
    return frozenset(sure if asked else named if max(named.values(), default=0) > 1 else ())


def _transcript(document: Document, spans: list[Span], labels: frozenset[str]) -> Iterator[Utterance]:
    text = document.text
    titled = TITLE_SPEAKER.search(document.metadata.title)
    host = person(titled["name"]) if titled else ""
    # before the first label stands the speech that the title names, else an editor's introduction
    speaker, mode = (host, Mode.QUOTE) if titled and titled["speech"] else ("", Mode.NARRATION)
    for start, end in spans:
        match = LABEL.match(text, start, end)
        if match and match["label"] in labels:
            label = match["label"].lower()
            mode = Mode.QUESTION if label in QUESTION_LABELS else Mode.QUOTE
            if mode is Mode.QUESTION:
                speaker = QUESTIONER
            elif label in ANSWER_LABELS:
                speaker = host
            else:
                speaker = match["label"].title() if match["label"].isupper() else match["label"]
            start = match.end()
        furniture = _is_furniture(text[start:end], document.metadata.title)
        for begin, stop in sentence_spans(text, start, end):
            if furniture:
                yield Utterance(begin, stop, text[begin:stop], "", Mode.FURNITURE)
            else:
                yield Utterance(begin, stop, text[begin:stop], speaker, mode)


def _report(document: Document, spans: list[Span]) -> Iterator[Utterance]:
    text, title = document.text, document.metadata.title
    known = people(text)
    titled = re.search(NAME, title)
    last = known.names.get(titled.group().split()[-1], "") if titled else ""
    paragraphs = _quotations(text, spans)
    for number, paragraph in enumerate(paragraphs):
        if _is_furniture(paragraph.text, title):
            yield Utterance(*paragraph.span, paragraph.text, "", Mode.FURNITURE)
            continue
        found = _attributed(text, paragraphs, number)
        if not found and points_elsewhere(_outside(text, paragraph), known, last):
            last = ""
        for begin, stop in sentence_spans(text, *paragraph.span):
            if _is_quote(text, begin, stop, paragraph.quoted):
                subject = _credited(text, found, (begin, stop), paragraph.quoted)
                last = resolved(subject, known, last) if subject else last
                yield Utterance(begin, stop, text[begin:stop], last, Mode.QUOTE)
            else:
                yield Utterance(begin, stop, text[begin:stop], "", Mode.NARRATION)
        for attribution in found:
            last = resolved(attribution.subject, known, last)


def _attributed(text: str, paragraphs: list[_Paragraph], number: int) -> list[Attribution]:
    """The subjects of a paragraph; a quotation that runs on into the next one is attributed where it ends."""
    while True:
        paragraph = paragraphs[number]
        start = paragraph.span[0]
        found = attributions(_outside(text, paragraph))
        is_open = paragraph.quoted and paragraph.quoted[-1][1] >= paragraph.span[1] and paragraph.text[-1] not in '”»"'
        if found or not is_open or number + 1 == len(paragraphs):
            return [replace(attribution, position=start + attribution.position) for attribution in found]
        number += 1
        following = paragraphs[number]
        if not following.quoted or following.quoted[0][0] > following.span[0]:
            return []


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


def _outside(text: str, paragraph: _Paragraph) -> str:
    """The paragraph with its quoted stretches blanked out, of the same length."""
    start, end = paragraph.span
    outside = list(text[start:end])
    for begin, stop in paragraph.quoted:
        outside[begin - start : stop - start] = "\x00" * (stop - begin)
    return "".join(outside)


def _is_quote(text: str, begin: int, stop: int, quoted: tuple[Span, ...]) -> bool:
    """Whether a sentence is mostly quoted, or is direct speech and who speaks: “No,” the minister said."""
    inside = sum(min(stop, b) - max(begin, a) for a, b in quoted if a < stop and b > begin)
    opens = any(a <= begin < b and SPEECH_END.search(text, a, min(b + 1, stop)) for a, b in quoted)
    return opens or inside * 2 > stop - begin


def _credited(text: str, found: list[Attribution], sentence: Span, quoted: tuple[Span, ...]) -> str:
    """The subject credited with the quotation of a sentence: “…,” X said; else X said: “…”; else the next one named.

    All sentences of one quotation share their subject.
    """
    begin, stop = sentence
    start, end = next((span for span in quoted if span[0] < stop and span[1] > begin), sentence)
    after = next((each for each in found if each.position >= end), None)
    if after and text[max(end - 2, 0) : end + 1].strip('”»"’ \n').endswith((",", "?", "!", "–", "—")):
        between = text[end : after.position]
        if not re.search(r"[.!?“«\"]", between):
            return after.subject
    before = [each.subject for each in found if each.position < max(start, begin + 1)]
    return before[-1] if before else after.subject if after else found[0].subject if found else ""


def _is_furniture(paragraph: str, title: str) -> bool:
    """Whether a paragraph is no part of the text proper: menus, credits, headings, the title itself."""
    bare = " ".join(paragraph.split())
    if FURNITURE.search(bare) or (title and bare == " ".join(title.split())):
        return True
    if TABLE_ROW.search(paragraph) or LIST_POINT.search(bare):
        return False
    return len(bare) <= MAX_FURNITURE and not ENDS_SENTENCE.search(bare)
