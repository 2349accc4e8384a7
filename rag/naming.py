"""Naming: the proper names of a draft against those of its evidence, in one form for a country however it is called.

"Moscow", "Russian" and "Russia" are one, so are "SCO" and "Shanghai Cooperation Organisation", and "we" in the
mouth of somebody whose office the documents show ("Russian Foreign Minister Anna Lee").
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.people import OFFICES
from rag.words import NATIONALITIES, STOP_WORDS, UNITED_STATES, stem

NAME_WORD = re.compile(r"\b[A-Z][\w’']*")
# a seat of government stands for its government
CAPITALS = dict(
    pair.split("=")
    for pair in (
        "washington=us moscow=russia kremlin=russia beijing=china london=britain uk=britain kiev=ukraine kyiv=ukraine "
        "berlin=germany paris=france brussels=europe eu=europe tehran=iran jerusalem=israel ankara=turkey tokyo=japan "
        "astana=kazakhstan bishkek=kyrgyzstan tashkent=uzbekistan "
        "dushanbe=tajikistan ashgabat=turkmenistan "
        "delhi=india islamabad=pakistan kabul=afghanistan damascus=syria baghdad=iraq cairo=egypt warsaw=poland "
        "belgrade=serbia oslo=norway minsk=belarus tbilisi=georgia yerevan=armenia seoul=korea ottawa=canada "
        "rome=italy madrid=spain norwegians=norway western=west kyrgyzstani=kyrgyzstan usa=us "
        "danish=denmark swedish=sweden "
        "finnish=finland dutch=netherlands greek=greece irish=ireland scottish=scotland welsh=wales swiss=switzerland "
        "austrian=austria hungarian=hungary czech=czechia romanian=romania bulgarian=bulgaria australian=australia "
        "cuban=cuba saudi=arabia lebanese=lebanon jordanian=jordan yemeni=yemen soviet=ussr"
    ).split()
)
COUNTRIES = frozenset({*NATIONALITIES.values(), *CAPITALS.values()} - {"west"})
FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us|ourselves|I|my|me)\b", re.IGNORECASE)
# capitalised wherever they stand, and no name
CALENDAR = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
RUN = re.compile(r"\b[A-Z][\w’']*(?:[\s-](?:(?:of|for|and|the|on|in)\s)?[A-Z][\w’']*)+")
ACRONYM = re.compile(r"[A-Z]{2,6}s?")


def canonical(word: str) -> str:
    """One form for a name word: a country for its people, adjective and capital, else the stem."""
    bare = re.sub(r"[’']s?$", "", word)
    lower = bare.lower()
    country = "us" if bare == "US" else CAPITALS.get(lower, NATIONALITIES.get(lower, lower))
    return country if country in COUNTRIES else stem(country)


def named(text: str, background: str = "") -> list[tuple[str, str]]:
    """The name words of a text in order, each with its one form.

    At the start of a sentence only countries are, and words that the background has in capitals alone.
    """
    plain = UNITED_STATES.sub("US", text)
    found = []
    for match in NAME_WORD.finditer(plain):
        word, form = match.group(), canonical(match.group())
        before = plain[: match.start()].rstrip()
        begins = not before or before[-1] in '.!?:“"'
        is_common = word.lower() in STOP_WORDS or word in ("I", "A")
        is_known = word in background and not re.search(rf"\b{word.lower()}\b", background)
        if form in COUNTRIES or not (is_common or (begins and not is_known)):
            found.append((word, form))
    return found


def missing_name(draft: str, evidence: str, homes: Iterable[str], background: str = "") -> str:
    """The first name of a draft that its evidence does not hold, "" where there is none.

    `homes` are the countries that "we" in the evidence stands for; `background` may tell what is a name.
    """
    held = {canonical(word) for word in re.findall(r"\w+", UNITED_STATES.sub("US", evidence))} | set(homes)
    runs = [match.group() for match in RUN.finditer(evidence)]
    for word, form in named(draft, background):
        if form in held or word.lower() in CALENDAR & held:
            continue
        bare = re.sub(r"[’']s?$", "", word)
        if ACRONYM.fullmatch(bare) and any(_abbreviates(bare.rstrip("s"), run) for run in runs):
            continue
        if not any(_kin(form, other) for other in held):
            return bare
    return ""


def _kin(one: str, two: str) -> bool:
    """Whether two names differ in their ending only, as Nazi and Nazism do."""
    shorter, longer = sorted((one, two), key=len)
    return len(shorter) >= 4 and len(longer) - len(shorter) <= 3 and longer.startswith(shorter)


def _abbreviates(acronym: str, run: str) -> bool:
    """Whether an acronym takes the first letter of each of some words of a name in order, and further ones of them."""
    words = [word.lower() for word in re.findall(r"\w+", run) if word[0].isupper()]
    letters = acronym.lower()
    spans = ((first, last) for first in range(len(words)) for last in range(first + 2, len(words) + 1))
    return any(
        re.fullmatch("".join(f"{word[0]}[{word}]*" for word in words[first:last]), letters) for first, last in spans
    )


def homes(speaker: str, texts: tuple[str, ...]) -> frozenset[str]:
    """The country for which somebody speaks, by the office that these texts give: "Russian Foreign Minister …"."""
    surname = re.escape(speaker.rsplit(maxsplit=1)[-1]) if speaker else ""
    found = [country for text in texts for country in _homes_in(text, surname)] if surname else []
    return frozenset({max(set(found), key=found.count)} if found else ())


@lru_cache(maxsize=256)
def _homes_in(text: str, surname: str) -> tuple[str, ...]:
    """The countries by which a text calls the office of somebody of that surname, each as often as it does."""
    office = re.compile(
        rf"\b(?P<whose>[A-Z]\w+)(?:\s\w+){{0,3}}?\s(?:{OFFICES})(?:\s[A-Z]\w+){{0,2}}?\s{surname}\b"
        rf"|\b{surname},\s(?:the\s|an?\s)?(?P<other>[A-Z]\w+)(?:\s\w+){{0,3}}?\s(?:{OFFICES})\b",
        re.IGNORECASE,
    )
    named = (canonical(match["whose"] or match["other"]) for match in office.finditer(UNITED_STATES.sub("US", text)))
    return tuple(country for country in named if country in COUNTRIES)
