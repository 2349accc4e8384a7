"""Reports: who says each sentence of a text that tells what was said. In: a Document; out: its Utterances.

A sentence that is mostly quoted, or is direct speech and who speaks, is a quote; one with a verb of saying and
its subject is reported speech; all else is narration. Where the text does not tell who speaks, nobody does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rag.attribution import PLURAL, Attribution, attributions, points_elsewhere
from rag.furniture import ends_sentence, is_furniture
from rag.people import BODIES, DETERMINERS, FEMALE, MALE, NAME, People, holder, people, person
from rag.quotations import Paragraph, paragraphs
from rag.sentences import Span, sentence_spans
from rag.types import Document, Mode, Utterance

# what ends a quotation that is speech: “No,” he said — and not “Good Friday” is a holiday
SPEECH_END = re.compile(r"[.,!?…—]\s?[”’»\"'“]|[”’»\"'“],")
# who does what in a sentence: "Mr Raikes, who retired in March, was"
ACTOR = re.compile(
    rf"(?P<name>{NAME})(?:,[^,.\x00]{{1,80}},)?\s(?:is|was|has|had|will|would|did|does|\w+ed|\w+s)\b(?!\sby\b)"
)
OF_NAME = re.compile(r"\b(?:of|for|from|in|at|by|with|to)\s$")
POSSESSIVES = {"his": "he", "her": "she"}
PRONOUNS = {"he": MALE, "she": FEMALE, "him": MALE, "her": FEMALE}


@dataclass(slots=True)
class _Scene:
    """Who is on: the last speaker, whom the latest sentence that names anybody names, and who was named before."""

    known: People
    speaker: str = ""
    named: list[str] = field(default_factory=list)
    actor: str = ""
    paragraph: list[str] = field(default_factory=list)

    def resolve(self, found: Attribution, before: str) -> str:
        """The speaker whom an attribution means; `before`: its sentence up to it."""
        subject = found.subject
        if subject.lower() in PRONOUNS:
            return self._pronoun(PRONOUNS[subject.lower()], found, before)
        if subject.lower() == "they":
            return ""
        # "the press secretary of the Russian president Dmitry Peskov"
        name = next((each for each in self.known.names.values() if subject.endswith(each)), "")
        if name and name not in self.known.things and not OF_NAME.search(subject.removesuffix(name)):
            return name
        if re.match(rf"(?:{DETERMINERS}|one)\s", subject):
            return self._described(subject, found)
        if re.fullmatch(PLURAL, subject):
            # "police", "analysts at Credo Bank", "Ukrainian officials"
            return (
                subject if re.match(rf"{NAME}\s(?!(?:at|of|in|from|for|with|who)\b)\w", subject) else _uncapped(subject)
            )
        name = person(re.split(r"\s(?:of|from)\s", subject)[0])
        return self.known.full(name) if name else subject

    def hear(self, outside: str, speaker: str) -> None:
        """Takes in a sentence (its words outside quotation marks) and whose words it gives."""
        named = self.known.named_in(outside)
        if speaker:
            self.speaker = self.actor = speaker
            named = [speaker, *(name for name in named if name != speaker)]
        elif named:
            acting = ACTOR.search(outside) or re.match(rf"(?P<name>{NAME})\s[a-z]", outside)
            self.actor = self.known.full(person(acting["name"])) if acting else ""
            self.actor = self.actor if self.actor in named else ""
        self.named = named or self.named
        self.paragraph = list(dict.fromkeys([*self.paragraph, *named]))

    def _pronoun(self, gender: str, found: Attribution, before: str) -> str:
        if found.replies and self._other():
            return self._other() if self._fits(self._other(), gender) else ""
        here = [name for name in self.known.named_in(before) if self._fits(name, gender)]
        earlier = [name for name in self.named or [self.speaker] if name and self._fits(name, gender)]
        first = self.actor if self.actor in earlier else ""
        fitting = list(dict.fromkeys([*earlier, *here]))
        shown = [name for name in fitting if self.known.gender(name)]
        if first and not here and (self.known.gender(first) or not shown):
            return first
        if not fitting and self.speaker and self._fits(self.speaker, gender):
            return self.speaker
        if not fitting:
            fitting = [name for name in self.paragraph if self.known.gender(name) == gender]
        return fitting[0] if len(fitting) == 1 else ""

    def _described(self, subject: str, found: Attribution) -> str:
        itself = _uncapped(subject)
        whose, _, rest = itself.partition(" ")
        if whose in ("his", "her"):
            owner = self._pronoun(PRONOUNS[POSSESSIVES[whose]], found, "")
            return f"{owner}'s {rest}" if owner else ""
        if whose in ("its", "their"):
            return ""
        if not re.match(r"[Tt]he\s", subject) or re.search(rf"\b(?i:{BODIES})\b", subject.split(" of ", maxsplit=1)[0]):
            return itself
        known = holder(subject, self.known, self.speaker)
        if known == self.speaker and found.replies and self._other():
            return self._other()
        return known

    def _other(self) -> str:
        """The one other person of this paragraph than who spoke last: who is left to reply."""
        others = [name for name in self.paragraph if name != self.speaker]
        return others[0] if len(others) == 1 and self.speaker in self.paragraph else ""

    def _fits(self, name: str, gender: str) -> bool:
        return self.known.gender(name) in (gender, "") and not re.match(rf"the\s.*\b(?:{BODIES})\b", name)


def _uncapped(text: str) -> str:
    return text[0].lower() + text[1:]


def report(document: Document, spans: list[Span]) -> Iterator[Utterance]:
    """The utterances of some paragraphs of a document, read as a report."""
    text, title = document.text, document.metadata.title
    known = people(text)
    # whom a headline names, a lead may call "the minister"
    scene = _Scene(known, next((name for name in known.named_in(title) if name in known.offices), ""))
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


def _sentences(text: str, paragraph: Paragraph, found: list[Attribution], scene: _Scene) -> Iterator[Utterance]:
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
            return _Credit(Mode.QUOTE, _speaking(text, direct, sentence, quoted))
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


def _speaking(text: str, found: list[Attribution], sentence: Span, quoted: tuple[Span, ...]) -> Attribution | None:
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
