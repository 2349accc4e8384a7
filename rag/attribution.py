"""Attribution: whom a report credits with its quotations. In: its text; out: its people and the subjects of
its verbs of saying, resolved to names.

A surname, "he" and "the Russian foreign minister" stand for a person whom the text has named; where
they do not fit the last speaker and nobody else either, the answer is "", not a guess.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

PARTICLES = ("de", "del", "della", "der", "den", "di", "da", "dos", "al", "el", "von", "van", "bin", "ibn", "ter")
NAME = rf"[A-Z][\w’'-]+(?:\s(?:{'|'.join(PARTICLES)}|[A-Z]\.|[A-Z][\w’'-]+)){{0,6}}"
SAYING = (
    "said|says|stated|noted|told|added|stressed|emphasi[sz]ed|explained|claimed|commented|concluded|continued|"
    "recalled|revealed|declared|announced|argued|warned|remarked|replied|answered|pointed out|underlined|observed|"
    "wrote|insisted|admitted|acknowledged|reiterated|confirmed|asserted"
)
# offices that name their holder, and words that any official may be called by
OFFICES = (
    "minister|president|spokes(?:man|woman|person)|secretary|chancellor|ambassador|mayor|governor|chairman|chairwoman|"
    "director|leader|envoy|senator|premier"
)
ROLE = rf"[Tt]he\s(?:[\w-]+\s){{0,6}}?(?:(?i:{OFFICES})|diplomat|official|head)(?:\sof\s(?:the\s)?[\w\s]{{1,30}}?)?"
SUBJECT = rf"(?P<subject>{ROLE}|{NAME}|[Hh]e|[Ss]he)"
SUBJECT_FIRST = re.compile(
    rf"\b{SUBJECT}(?:,[^,.“”\"\x00]{{1,60}},|\s\w+ly|\salso|\sthen|\shas|\shad)?\s(?:{SAYING})\b"
)
VERB_FIRST = re.compile(rf"\b(?:{SAYING}|[Aa]ccording to)\s{SUBJECT}\b")
NAMED_ROLE = re.compile(
    rf"\b(?:{OFFICES})[\w\s]*?\s(?P<subject>[A-Z]\w+\s[A-Z]\w+)\s(?:{SAYING})\b"  # "secretary of … Dmitry Peskov said"
)
NO_NAMES = frozenset(
    (
        "Russian American Chinese British French German European Kremlin Foreign Prime Vice Deputy Former Press Mr Mrs "
        "Ms Dr Sir US UK EU UN The On In At Earlier A An And But When As For State General Minister President "
        "Secretary Spokesman Spokeswoman Spokesperson Chancellor Ambassador Mayor Governor Chairman Chairwoman "
        "Director Leader Envoy Senator Premier Republic Federation"
    ).split()
)
# capitalised in "the Foreign Minister", and no mark of whose minister it is
PLAIN_OFFICE = frozenset("foreign prime minister president secretary state general press deputy vice fm".split())
APPOSITION = re.compile(r",\s(the|an?)\s[^.,;:!?“”\"\n]*")


@dataclass(frozen=True, slots=True)
class People:
    """Who a text names: `names` by surname, and the words with which it introduces the holders of `offices`."""

    names: Mapping[str, str]
    offices: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Attribution:
    """The subject of a verb of saying ("Lavrov", "he", "the minister") and where it stands."""

    position: int
    subject: str


def people(text: str) -> People:
    """The people whom a text names in full; of two with one surname that counts which is named more often."""
    counts: Counter[str] = Counter()
    offices: defaultdict[str, set[str]] = defaultdict(set)
    named_before = 0
    for match in re.finditer(NAME, text):
        name = person(match.group())
        if " " not in name:
            continue
        counts[name] += 1
        start = match.start() + match.group().rfind(name)
        before = re.split(r"[.;:!?“”\"\n]", text[max(start - 60, named_before) : start])[-1]
        named_before = match.end()
        after = APPOSITION.match(text, match.end())
        words = f"{before} {after.group() if after else ''}".replace(",", " ").lower().split()
        if any(re.fullmatch(OFFICES, word) for word in words):
            offices[name] |= set(words)
    names: dict[str, str] = {}
    for name, _ in counts.most_common():
        names.setdefault(name.split()[-1], name)
    return People(names, {name: frozenset(words) for name, words in offices.items()})


def attributions(text: str) -> list[Attribution]:
    """The subjects of the verbs of saying in order; reported ones ("X recalled that Y stated") left out."""
    leading = [match for pattern in (SUBJECT_FIRST, NAMED_ROLE) for match in pattern.finditer(text)]
    # in "Lavrov told Blinken" and "Lavrov said Monday" the verb has its subject
    following = [
        match
        for match in VERB_FIRST.finditer(text)
        if not any(other.start() <= match.start() < other.end() for other in leading)
    ]
    found = {
        match.start("subject"): match["subject"]
        for match in (*following, *leading)
        if not _is_subordinate(text, match.start())
    }
    return [Attribution(position, subject) for position, subject in sorted(found.items())]


def resolved(subject: str, known: People, last: str) -> str:
    """The person a subject stands for, `last` being the last speaker; "" where the text does not tell."""
    if subject.lower() in ("he", "she"):
        return last
    named = next((name for name in known.names.values() if subject.endswith(name)), "")
    if named:
        return named
    name = person(subject)
    if subject.split(maxsplit=1)[0] in ("The", "the") or not name:
        return _holder(subject, known, last)
    return name if " " in name else known.names.get(name, name)


def person(name: str) -> str:
    """First name and surname, without the words of office before them; a surname alone stays alone."""
    words = re.sub(r"[’']s?$", "", name).split()
    while words and (words[0] in NO_NAMES or words[0].lower() in PARTICLES):
        words = words[1:]
    first = len(words) - 2
    while first > 0 and (words[first] in PARTICLES or words[first].endswith(".")):
        first -= 1
    return " ".join(words[max(first, 0) :])


def points_elsewhere(text: str, known: People, last: str) -> bool:
    """Whether words outside quotation marks, with no subject found, hint at a speaker who may not be the last."""
    if re.search(rf"\b(?:{SAYING}|according to)\b", text):
        return True
    role = re.match(ROLE, text)
    others = (name.split()[-1] for name in known.offices if name != last)
    return (role is not None and _holder(role.group(), known, last) != last) or any(
        re.search(rf"\b{re.escape(surname)}\b", text) for surname in others
    )


def _holder(role: str, known: People, last: str) -> str:
    """The last speaker if the text does not give the role to others alone, else its one known holder."""
    words = re.sub(r"[’']s?$", "", role).split()
    whose = {word.lower() for word in words if word[0].isupper()} - PLAIN_OFFICE - {"the"}
    asked = whose | {word.lower() for word in words if re.fullmatch(OFFICES, word, re.IGNORECASE)}
    holders = [name for name, held in known.offices.items() if asked <= held]
    if not asked or last in holders or (not holders and not whose):
        return last
    return holders[0] if len(holders) == 1 else ""


def _is_subordinate(text: str, position: int) -> bool:
    sentence = text[max(text.rfind(". ", 0, position), 0) : position]
    return re.search(rf"\b(?:{SAYING})\sthat\b", sentence) is not None
