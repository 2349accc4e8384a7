"""Reports: who says each sentence of a text that tells what was said. In: a Document; out: its Utterances.

A sentence that is mostly quoted, or is direct speech and who speaks, is a quote; one with a verb of saying and
its subject is reported speech; all else is narration. Where the text does not tell who speaks, nobody does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.attribution import Attribution, attributions, points_elsewhere
from rag.furniture import ends_sentence, is_furniture
from rag.people import People
from rag.quotations import Paragraph, paragraphs
from rag.scene import Scene
from rag.sentences import Span, sentence_spans
from rag.types import Document, Mode, Utterance

# what ends a quotation that is speech: “No,” he said — and not “Good Friday” is a holiday
SPEECH_END = re.compile(r"[.,!?…—]\s?[”’»\"'“]|[”’»\"'“],")


def report(document: Document, spans: list[Span], known: People) -> Iterator[Utterance]:
    """The utterances of some paragraphs of a document, read as a report, of whom the document names."""
    text, title = document.text, document.metadata.title
    # whom a headline names, a lead may call "the minister"
    scene = Scene(known, next((name for name in known.named_in(title) if name in known.offices), ""))
    read = paragraphs(text, spans)
    leads = True
    for number, paragraph in enumerate(read):
        if is_furniture(paragraph.text, title, leads=leads and not attributions(paragraph.outside)):
            yield Utterance(*paragraph.span, paragraph.text, "", Mode.FURNITURE)
            continue
        leads = False
        found = _attributed(read, number)
        if not found and points_elsewhere(paragraph.outside, known, scene.speaker):
            scene.speaker = ""
        yield from _sentences(text, paragraph, found, scene)


@dataclass(frozen=True, slots=True)
class _Credit:
    """The mode of a sentence and the attribution that tells its speaker, if any does."""

    mode: Mode
    attribution: Attribution | None = None


def _sentences(text: str, paragraph: Paragraph, found: list[Attribution], scene: Scene) -> Iterator[Utterance]:
    scene.paragraph = []
    outside, start = paragraph.outside, paragraph.span[0]
    whose: dict[int, str] = {}  # by the place of the attribution: a pronoun means the same throughout
    for begin, stop in sentence_spans(text, *paragraph.span):
        words = outside[begin - start : stop - start]
        credit = _credit(text, found, (begin, stop), paragraph.quoted)
        mode, speaker = credit.mode, ""
        if credit.attribution:
            at = credit.attribution.position
            before = words[: at - begin] if begin <= at < stop else ""
            if at not in whose:
                whose[at] = scene.resolve(credit.attribution, before)
            speaker = whose[at]
            if at < begin and scene.actor not in ("", speaker):  # somebody else came in between
                speaker = ""
            scene.speaker = speaker
        elif mode is Mode.QUOTE and scene.actor in ("", scene.speaker):
            speaker = scene.speaker
        if mode is Mode.NARRATION and begin > start and is_furniture(words, ""):  # a heading that ran in
            mode = Mode.FURNITURE
        mode = Mode.NARRATION if mode is Mode.REPORTED and not speaker else mode
        scene.hear(words, speaker)
        yield Utterance(begin, stop, text[begin:stop], speaker, mode)


def _attributed(read: list[Paragraph], number: int) -> list[Attribution]:
    """The attributions of a paragraph; a quotation that runs on into the next one is attributed where it ends."""
    while True:
        paragraph = read[number]
        start = paragraph.span[0]
        found = attributions(paragraph.outside)
        if found or not paragraph.is_open or number + 1 == len(read):
            return [replace(attribution, position=start + attribution.position) for attribution in found]
        number += 1
        following = read[number]
        if not following.quoted or following.quoted[0][0] > following.span[0]:
            return []


def _credit(text: str, found: list[Attribution], sentence: Span, quoted: tuple[Span, ...]) -> _Credit:
    """The mode of a sentence and whom it is credited to."""
    begin, stop = sentence
    here = [each for each in found if begin <= each.position < stop]
    reporting = [each for each in here if each.reports and not each.within]
    if _is_quote(text, begin, stop, quoted):
        start = next(span[0] for span in quoted if span[0] < stop and span[1] > begin)
        told = [each for each in here if each.position < start]
        # "X recalled that Y stated that “…”" gives no words of X
        if not (told and told[-1].within):
            direct = [each for each in found if not each.within]
            return _Credit(Mode.QUOTE, speaking(text, direct, sentence, quoted))
    names = {each.subject for each in reporting} - {"he", "she", "He", "She"}
    if not reporting or len(names) > 1:
        return _Credit(Mode.NARRATION)
    return _Credit(Mode.REPORTED, reporting[0])


def _is_quote(text: str, begin: int, stop: int, quoted: tuple[Span, ...]) -> bool:
    """Whether a sentence is mostly quoted, or is direct speech and who speaks: “No,” the minister said."""
    inside = sum(min(stop, b) - max(begin, a) for a, b in quoted if a < stop and b > begin)
    opens = any(a <= begin < b and SPEECH_END.search(text, a, min(b + 1, stop)) for a, b in quoted)
    # she replied: “That is not a question for today.”
    ends = any(
        begin < a < stop <= b and text[:a].rstrip().endswith(":") and ends_sentence(text[a:b]) for a, b in quoted
    )
    return opens or ends or inside * 2 > stop - begin


def speaking(text: str, found: list[Attribution], sentence: Span, quoted: tuple[Span, ...]) -> Attribution | None:
    """The attribution of a quotation: “…,” X said; else X said: “…”; else the next one of the paragraph.

    All sentences of one quotation share it.
    """
    begin, stop = sentence
    start, end = next((span for span in quoted if span[0] < stop and span[1] > begin), sentence)
    after = next((each for each in found if each.position >= end), None)
    if after and text[max(end - 2, 0) : end + 1].strip("”»\"’'“ \n").endswith((",", "?", "!", "–", "—")):
        between = text[end : after.position]
        if not re.search(r"[.!?“«\"‘]", between):
            return after
    before = [each for each in found if each.position < max(start, begin + 1)]
    return before[-1] if before else after or (found[0] if found else None)
