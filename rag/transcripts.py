"""Transcripts: labelled turns. In: a Document and its paragraphs; out: for each paragraph whose turn it is in.

Labels are read in the usual forms: "Sergey Lavrov:", "Q:", "M.O.:" (initials of a name given before), "Mr Fall:"
(in full before), "Ms Carys Rhodd (Ostrey North) (Union):", "The Minister for Coasts (Dr Helen Astor):".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.furniture import is_furniture
from rag.people import BODIES, NAME, NO_NAMES, OFFICES, PERSONS, TITLES, people, person
from rag.saying import SAYING
from rag.sentences import Span
from rag.types import Document, Mode

QUESTIONER = "Questioner"
_TITLE = rf"(?:(?:{'|'.join(TITLES)})\.?\s)?"
LABEL = re.compile(
    rf"[*_]{{0,2}}(?P<label>{_TITLE}{NAME}|(?:[A-Z]\.\s?){{2,4}}|[A-Z][A-Z. ]+|Q|A|"
    rf"The\s[^:\n(]{{3,80}}(?=\s\({_TITLE}{NAME}\)))"
    r"(?P<notes>(?:\s\([^)\n]{1,60}\)){0,3})\s?:[*_]{0,2}\s"
)
QUESTION_LABELS = frozenset({"question", "q", "interviewer", "journalist", "reporter", "correspondent"})
MODERATOR_LABELS = frozenset({"moderator", "host", "presenter", "facilitator"})
ANSWER_LABELS = frozenset({"answer", "a", "interviewee"})
OTHER_LABELS = frozenset(
    {"photo", "source", "note", "video", "tags", "caption", "read more", "first", "second", "third", "finally"}
)
# "Finding", "Recommendation", "Update": what a report puts before its points
NOUN = re.compile(
    r"(?:ing|tion|sion|ment|ness|ity|ance|ence|ism|ings|tions|ments)$|^(?:results?|background|summary|examples?|tasks?|"
    r"steps?|updates?|problems?|risks?|motion|status|date|time|place|address|phone|email|price|cost|total|name|title|"
    r"author|subject|from|to|key|fact|facts|myth|goal|goals|aim|aims|advice|tip|tips|why|how|when|where|who|what)$"
)
TITLE_SPEAKER = re.compile(
    rf"(?P<name>{NAME})[’']s?\s(?:\w+\s){{0,2}}?"
    r"(?:(?P<speech>remarks|speech|statement|address)|answers|interview|comments)"
)
# "Statement by Ms. Anna Berg, Minister for Foreign Affairs of Norway", "Full text: Remarks by Senator John Hale"
SPEECH_BY = re.compile(
    r"^(?:[^:]{1,40}:\s)?(?i:(?:opening\s|closing\s)?(?:remarks|speech|statement|address)\sby)\s"
    rf"(?:[Tt]he\s)?(?:H\.\s?E\.\s)?"
    # "Minister of Health", "Secretary for the Interior"
    rf"(?:(?:[A-Z][\w-]+\s){{0,3}}?(?i:{OFFICES})\s(?:of|for)\s(?:the\s)?(?:[A-Z]\w+\s(?:and\s)?){{1,4}}?)?"
    rf"(?P<title>{_TITLE})(?P<name>{NAME})(?=,|$|\s(?:at|to|in|on|before|and|with)\b)"
)
# what may follow "Anna Berg’s speech" where it announces one: "… moved me" does not
AT_ITS_PLACE = re.compile(r"$|[,:.]|\s(?:at|to|in|on|before|during|and)\b")
BYLINE = re.compile(rf"\b(?:[Ww]ords|[Ii]nterview(?:ed)?|[Tt]ext|^By)(?:\sby)?\s(?P<name>{NAME})", re.MULTILINE)
# what happens between turns: "[Interruption.]", "Question put and agreed to.", "He stands up, takes a pipe …"
STAGE = re.compile(
    r"^[\[(].*[\])]$|^Question (?:again )?(?:proposed|put|accordingly)\b|^(?:Several|Some) (?:hon\. )?Members rose\b|"
    r"^The (?:House|Assembly|Senate|Committee|sitting|session|meeting) (?:\w+ )?(?:divided|adjourned|rose|resumed|"
    r"suspended|proceeded)\b"
)
GESTURE = re.compile(
    r"(?:stands|sits|gets|takes|looks|laughs|smiles|nods|pauses|shrugs|points|leans|pours|shows|sighs|turns|walks|opens|"
    r"reaches|thinks|hesitates|picks|puts|holds|waves|shakes|lights|drinks)\b"
)
IN_PERSON = re.compile(r"\b(?:I|we|my|our|me|us|you|your)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur)\b")
FIRST_PERSONS = 3
QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»|‘[^’\n]*’(?!\w)")
NO_PERSON = re.compile(
    rf"\b(?:(?i:{PERSONS}|{BODIES})|Support|Principles?|Intent|Facts?|Why|How|On|At|To|In|For|Before|Of|And)\b"
)
ASKS = re.compile(r"\?[”’»\"')\]]*$")
MOSTLY = 2 / 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph, less its label, of whose turn it is; `voice` is "" and the mode narration between turns."""

    start: int
    end: int
    voice: str
    mode: Mode


def labels_of(text: str, spans: list[Span]) -> frozenset[str]:
    """The labels of a transcript: somebody's begins at least two paragraphs, or one is a question's; else none."""
    asking = QUESTION_LABELS | MODERATOR_LABELS
    named_in_text = people(text).names
    found: Counter[str] = Counter()
    voices: Counter[str] = Counter()
    for start, end in spans:
        match = LABEL.match(text, start, end)
        # "Coastal Erosion: Compensation" is a heading
        heading = match and match["label"].lower() not in asking | ANSWER_LABELS and is_furniture(text[start:end], "")
        is_noun = match and _is_noun(match["label"], text, named_in_text)
        if match and match["label"].lower() not in OTHER_LABELS and not heading and not is_noun:
            found[match["label"]] += 1
            voices[_in_full(match).rsplit(maxsplit=1)[-1]] += match["label"].lower() not in ANSWER_LABELS
    asked = any(label.lower() in asking for label in found)
    named = {label for label in found if label.lower() not in ANSWER_LABELS}
    # who speaks once in a transcript must not be lost in the turn of another
    sure = {
        label
        for label, count in found.items()
        if count > 1 or len(label.split()) > 1 or label.isupper() or label.lower() in asking | ANSWER_LABELS
    }
    return frozenset(sure if asked else named if max(voices.values(), default=0) > 1 else ())


def _is_noun(label: str, text: str, names: Mapping[str, str]) -> bool:
    """Whether a label is a word like "Finding", and no name: the text names nobody so, and it looks like a noun."""
    bare = label.lower()
    if " " in label or "." in label or bare in QUESTION_LABELS | MODERATOR_LABELS | ANSWER_LABELS or label in names:
        return False
    return NOUN.search(bare) is not None or re.search(rf"\b{re.escape(bare)}s?\b", text) is not None


def announcement(title: str) -> re.Match[str] | None:
    """What announces somebody's speech in a title, with the group `name`, which is that of a person."""
    match = SPEECH_BY.search(title)
    owner = TITLE_SPEAKER.search(title)
    if match is None and owner and owner["speech"] and AT_ITS_PLACE.match(title, owner.end()):
        match = owner
    if match is None:
        return None
    name = person(match["name"])
    is_person = " " in name or (match.re is SPEECH_BY and match["title"])
    return match if is_person and not NO_PERSON.search(name) else None


def orator(document: Document) -> str:
    """Who speaks in a speech without labels: the title announces it, and the text is in the first person; else ""."""
    match = announcement(document.metadata.title)
    if match is None:
        return ""
    speaker = person(match["name"])
    outside = QUOTED.sub(" ", document.text)
    tellers = rf"[Hh]e|[Ss]he|{re.escape(speaker.split()[-1])}"
    told = re.findall(rf"\b(?:{tellers})\s(?:has\s|also\s)?(?:{SAYING})\b", outside)
    return speaker if len(FIRST_PERSON.findall(outside)) >= FIRST_PERSONS * (1 + len(told)) else ""


def turns(document: Document, spans: list[Span], labels: frozenset[str]) -> list[Turn]:
    """Every paragraph of a transcript with its speaker and mode; what stands before the first label, too."""
    text = document.text
    announced = announcement(document.metadata.title)
    titled = announced or TITLE_SPEAKER.search(document.metadata.title)
    host = person(titled["name"]) if titled else ""
    voices = _voices(text, spans, labels, host)
    # before the first label stands the speech that the title names, else an editor's introduction
    voice, mode = (host, Mode.QUOTE) if announced else ("", Mode.NARRATION)
    made: list[Turn] = []
    for start, end in spans:
        match = LABEL.match(text, start, end)
        if match and match["label"] in labels:
            voice = voices[match.group()]
            mode = Mode.QUESTION if match["label"].lower() in QUESTION_LABELS else Mode.QUOTE
            start = match.end()
        if mode is not Mode.NARRATION and _is_stage(text[start:end], voice):
            made.append(Turn(start, end, "", Mode.NARRATION))
        else:
            made.append(Turn(start, end, voice, mode))
    return _asked(made, text, _interviewer(made, text))


def _voices(text: str, spans: list[Span], labels: frozenset[str], host: str) -> dict[str, str]:
    """The name that each label, as it stands, means; short forms mean the name that was given in full."""
    matches = [LABEL.match(text, start, end) for start, end in spans]
    found = {match.group(): match for match in matches if match and match["label"] in labels}
    full = {label: _in_full(match) for label, match in found.items()}
    names = [name for name in full.values() if " " in name]
    named = people(text).names
    voices: dict[str, str] = {}
    for label, match in found.items():
        bare = match["label"].lower()
        if bare in QUESTION_LABELS:
            voices[label] = QUESTIONER
        elif bare in ANSWER_LABELS:
            voices[label] = host
        elif re.fullmatch(r"(?:[A-Z]\.\s?)+", match["label"]):
            voices[label] = _by_initials(match["label"], [*names, *named.values()])
        else:
            voices[label] = _by_surname(full[label], names, named)
    return voices


def _in_full(match: re.Match[str]) -> str:
    """The name in a label, without title; the holder in brackets after an office."""
    label = match["label"]
    holder = re.search(rf"\(({_TITLE}{NAME})\)", match["notes"]) if label.startswith("The ") else None
    if holder:
        return person(holder[1])
    label = label.title() if label.isupper() and "." not in label else label
    words = label.replace(".", "").split()
    bare = person(label)
    # "Finance Minister Daniel Moyo", "Mr Fall", but "Madam Deputy Speaker", "Hon. Members", "Foreign Ministry"
    office = re.search(rf"\b(?:{PERSONS}|{BODIES})$", bare, re.IGNORECASE)
    titled = any(word in NO_NAMES for word in words[:-1]) and bare and not office and bare not in ("Members", "Speaker")
    return bare if titled and (" " in bare or words[0] in TITLES) else label


def _by_initials(label: str, names: Iterable[str]) -> str:
    """The first name with these initials, the label itself if there is none."""
    initials = re.sub(r"[^A-Z]", "", label)
    return next((name for name in names if "".join(word[0] for word in name.split()) == initials), label.strip())


def _by_surname(name: str, names: list[str], named: Mapping[str, str]) -> str:
    if " " in name:
        return name
    return next((each for each in names if each.split()[-1] == name), named.get(name, name))


def _is_stage(paragraph: str, voice: str) -> bool:
    """Whether a paragraph tells what happens: between brackets, of procedure, or what the speaker does."""
    if STAGE.search(paragraph):
        return True
    names = "|".join(map(re.escape, ["He", "She", voice, *voice.split()[-1:]]))
    doer = re.match(rf"(?:{names})\s", paragraph) if voice else None
    return doer is not None and GESTURE.match(paragraph, doer.end()) is not None and not IN_PERSON.search(paragraph)


def _interviewer(made: list[Turn], text: str) -> str:
    """Of two who speak the one who mostly asks, or who signs the interview; "" where there is no such."""
    spoken = [turn for turn in made if turn.mode is Mode.QUOTE and turn.voice]
    voices = list(dict.fromkeys(turn.voice for turn in spoken))
    signed = {person(match["name"]) for match in BYLINE.finditer(text)}
    for voice in voices:
        if voice in signed:
            return voice
    share = {
        voice: sum(bool(ASKS.search(text[turn.start : turn.end])) for turn in own) / len(own)
        for voice in voices
        if (own := [turn for turn in spoken if turn.voice == voice])
    }
    if len(voices) != 2 or min(share.values()) > 1 - MOSTLY or max(share.values()) < MOSTLY:
        return ""
    return max(share, key=lambda voice: share[voice])


def _asked(made: list[Turn], text: str, interviewer: str) -> list[Turn]:
    """The turns with those of the interviewer, and of a moderator where he asks, as questions."""
    return [
        Turn(turn.start, turn.end, turn.voice, Mode.QUESTION)
        if turn.mode is Mode.QUOTE
        and turn.voice
        and (
            turn.voice == interviewer
            or (turn.voice.lower() in MODERATOR_LABELS and ASKS.search(text[turn.start : turn.end]))
        )
        else turn
        for turn in made
    ]
