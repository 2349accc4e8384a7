"""People: whom a text names, with the offices and the gender that it shows. In: a text; out: its People.

A surname, "he" and "the Russian foreign minister" stand for a person whom the text has named; where
they fit nobody, or more than one, the answer is "", not a guess.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

PARTICLES = ("de", "del", "della", "der", "den", "di", "da", "dos", "al", "el", "von", "van", "bin", "ibn", "ter")
UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x530) if chr(code).isupper())  # É, Ø, Ş, Greek, Cyrillic
NAME = rf"[{UPPER}][\w’'-]+(?:\s(?:(?:{'|'.join(PARTICLES)})(?=\s)|[{UPPER}]\.|[{UPPER}][\w’'-]+)){{0,6}}"
MALE, FEMALE = "male", "female"
TITLES = {
    **dict.fromkeys(("Mr", "Sir", "Lord"), MALE),
    **dict.fromkeys(("Mrs", "Ms", "Miss", "Lady", "Dame", "Madam"), FEMALE),
    **dict.fromkeys(("Dr", "Prof", "Hon"), ""),
}
# what people are called by who are not named, or were named before
OFFICES = (
    "minister|president|spokes(?:man|woman|person)|secretary|chancellor|ambassador|mayor|governor|chairman|chairwoman|"
    "chair|director|leader|envoy|senator|premier|chief|coach|councillor|commissioner"
)
PERSONS = (
    rf"{OFFICES}|diplomat|officials?|head|chief|officers?|commander|general|lawyers?|attorney|judge|prosecutors?|"
    r"inspectors?|investigators?|witness(?:es)?|farmers?|teachers?|doctors?|professor|engineers?|scientists?|"
    r"researchers?|experts?|analysts?|economists?|historian|authors?|writer|editor|journalists?|reporters?|lawmakers?|"
    r"deputy|members?|campaigners?|activists?|critics?|residents?|villagers?|islanders?|students?|\w*workers?|managers?|"
    r"advis[eo]rs?|aides?|sources?|people|(?:\w+-?)?(?:wo)?m[ae]n|mother|father|widow|survivors?|colleagues?|players?|"
    r"coach|bishop|pope|king|queen|prince"
)
BODIES = (
    "government|ministry|department|office|company|firm|bank|police|army|council|committee|commission|court|party|"
    "union|parliament|embassy|agency|authorit(?:y|ies)|administration|kremlin|white house|pentagon|association|"
    "organi[sz]ation|institute|university|foundation|delegation|opposition|campaign"
)
DETERMINERS = (
    r"[Tt]he|[Aa]n?|[Aa]nother|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Ss]ome|[Mm]any|[Mm]ost|[Bb]oth|"
    r"[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[A-Z]\w+[’']s"
)
NO_NAMES = frozenset(
    (
        "Russian American Chinese British French German European Kremlin Foreign Prime Vice Deputy Former Press Mr Mrs "
        "Ms Miss Dr Sir Lord Lady Dame Madam Prof Hon US UK EU UN The On In At Earlier Later A An And But When As For "
        "Its His Her State General Minister President Secretary Spokesman Spokeswoman Spokesperson Chancellor "
        "Ambassador Mayor Governor Chairman Chairwoman Director Leader Envoy Senator Premier Republic Federation "
        "Opposition We It They I You He She "
        "This That These Those There Who What Which Such All One Some Asked "
        "Yesterday Today Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    ).split()
)
# says nothing of whom the text may have called otherwise
ANYBODY = re.compile(
    r"officials?|diplomat|head|chief|people|members?|colleagues?|(?:wo)?m[ae]n|sources?", re.IGNORECASE
)
# capitalised in "the Foreign Minister", and no mark of whose minister it is
PLAIN_OFFICE = frozenset("foreign prime minister president secretary state general press deputy vice fm top".split())
APPOSITION = re.compile(r",\s(the|an?)\s[^.,;:!?“”\"\n]*")
PLACE_BEFORE = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Aa]cross|[Oo]f|[Oo]ver|[Tt]o|[Ff]or|[Tt]he)\s$")


@dataclass(frozen=True, slots=True)
class People:
    """Whom a text names: `names` by surname, the words with which it introduces the holders of `offices`,
    the `genders` that titles show, by name, and the names that are `things`: places rather than people."""

    names: Mapping[str, str]
    offices: Mapping[str, frozenset[str]]
    genders: Mapping[str, str]
    things: frozenset[str]

    def gender(self, name: str) -> str:
        """MALE, FEMALE, or "" where the text does not show it; of "a spokeswoman", too."""
        if self.genders.get(name):
            return self.genders[name]
        return FEMALE if re.search(r"woman\b", name) else MALE if re.search(r"(?<!wo)man\b", name) else ""

    def named_in(self, text: str) -> list[str]:
        """The people whom a stretch of the text names, in order, by full name or surname."""
        found = [self.full(person(match.group())) for match in re.finditer(NAME, text)]
        known = (name for name in found if " " in name or name in self.genders)
        return list(dict.fromkeys(name for name in known if name not in self.things))

    def full(self, name: str) -> str:
        """The full name for a surname; the name itself where the text gives none."""
        return name if " " in name else self.names.get(name, name)


def people(text: str) -> People:
    """The people whom a text names in full; of two with one surname that counts which is named more often."""
    counts: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    offices: defaultdict[str, set[str]] = defaultdict(set)
    genders: dict[str, str] = {}
    named_before = 0
    for match in re.finditer(NAME, text):
        name = person(match.group())
        if not name:
            continue
        start = match.start() + match.group().rfind(name)
        shown = _gender_before(text, start)
        if shown:
            genders[name.split()[-1]] = genders[name] = shown
        if " " not in name:
            continue
        counts[name] += 1
        placed[name] += PLACE_BEFORE.search(text, max(match.start() - 12, 0), match.start()) is not None
        before = re.split(r"[.;:!?“”\"\n]", text[max(start - 60, named_before) : start])[-1]
        named_before = match.end()
        after = APPOSITION.match(text, match.end())
        words = f"{before} {after.group() if after else ''}".replace(",", " ").lower().split()
        if any(re.fullmatch(PERSONS, word) for word in words):
            offices[name] |= set(words)
    names: dict[str, str] = {}
    for name, _ in counts.most_common():
        names.setdefault(name.split()[-1], name)
    return People(
        names,
        {name: frozenset(words) for name, words in offices.items()},
        {**genders, **{name: genders.get(name, genders.get(name.split()[-1], "")) for name in counts}},
        frozenset(name for name in counts if placed[name] == counts[name] and name not in offices),
    )


def person(name: str) -> str:
    """First name and surname, without the words of office before them; a surname alone stays alone."""
    words = re.sub(r"[’']s?$", "", name).split()
    while words and (words[0].rstrip(".") in NO_NAMES or words[0].lower() in PARTICLES):
        words = words[1:]
    first = len(words) - 2
    while first > 0 and (words[first] in PARTICLES or words[first].endswith(".")):
        first -= 1
    return " ".join(words[max(first, 0) :])


def holder(role: str, known: People, last: str) -> str:
    """Whom a definite description means: the last speaker, its one holder, or itself where it names another.

    "the Norwegian minister", where no Norwegian was named, is nobody else; "" where it fits several people.
    """
    words = re.sub(r"[’']s?$", "", role).split()
    whose = {word.lower() for word in words[1:] if word[0].isupper()} - PLAIN_OFFICE
    asked = whose | {
        word.lower() for word in words if re.fullmatch(PERSONS, word, re.IGNORECASE) and not ANYBODY.fullmatch(word)
    }
    holders = [name for name, held in known.offices.items() if asked <= held]
    if last and last in holders:
        return last
    if holders:
        return holders[0] if len(holders) == 1 else ""
    return uncapped(role) if whose or not last else last


def uncapped(text: str) -> str:
    """A description without the capital that begins a sentence: "the minister" for "The minister"."""
    return text[0].lower() + text[1:]


def _gender_before(text: str, start: int) -> str:
    before = text[max(start - 8, 0) : start].split()
    return TITLES.get(before[-1].rstrip("."), "") if before else ""
