"""Quantities: the numbers and the relative times of a text, each in one form whatever its wording.

In: a text; out: sets that can be compared. "4,000,000", "four million" and "4 million" are one number;
"the day after" and "tomorrow" are one time.
"""

import re

from rag.periods import YEAR
from rag.words import stems

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
VALUES: dict[str, float] = {
    **{word: value for value, word in enumerate(SMALL)},
    **{word: 10 * value for value, word in enumerate(TENS, 2)},
    "half": 0.5,
    "dozen": 12,
    "both": 2,
    "twice": 2,
    "double": 2,
    "triple": 3,
}
MULTIPLIERS = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mln": 1e6, "bn": 1e9}
TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[A-Za-z]+|\S")
# says no number: "one of them", "one another"
UNCOUNTED = frozenset({"one", "half"})
# a small count may sum up what is listed one by one, where the list itself counts nothing
COUNTABLE = range(2, 21)

COUNTED = re.compile(
    rf"(?:\d[\d,.]*|\b(?:{'|'.join(VALUES)})\b)(?:[\s-](?:{'|'.join((*MULTIPLIERS, *VALUES))})\b)*", re.IGNORECASE
)
REACH = 4  # words after a number that tell what it counts
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b(?:\d{{1,2}} (?:{MONTHS})|(?:{MONTHS}) \d{{1,2}})\b")
# "about 300", "just over 300": what may be a rounder number than that of the source
ROUNDED = re.compile(
    rf"\b(?:about|almost|around|approximately|fewer than|just over|just under|less than|more than|nearly|over|roughly|"
    rf"some|under|up to)\s[^\w]?({COUNTED.pattern})",
    re.IGNORECASE,
)
WIDEST_ROUNDING = 0.05
UNITS = "day|week|month|year|decade|century"
SPOKEN_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
NEAR = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "following": 1, "coming": 1}
PARTS_OF_DAY = "morning|afternoon|evening|night"
MOMENT = re.compile(
    rf"\b(?P<spoken>{'|'.join(SPOKEN_DAYS)})\b"
    rf"|\b(?P<near>{'|'.join(NEAR)})\s(?P<unit>{UNITS}|{PARTS_OF_DAY})s?\b"
    rf"|\b(?P<count>an?|one|{'|'.join(SMALL[2:])}|\d+)\s(?P<units>{UNITS})s?\s(?P<side>ago|earlier|before|later|after)\b"
    rf"|\bthe\s(?P<only>{UNITS}|{PARTS_OF_DAY})\s(?P<beside>before|after)\b",
    re.IGNORECASE,
)
SAID_IN = re.compile(r"^In ((?:19|20)\d\d),")  # "In 2019, he said": when it was said


def numbers(text: str) -> frozenset[float]:
    """The numbers of a text, in figures or words; "one" is none."""
    found: set[float] = set()
    value: float | None = None
    for token in (*TOKEN.findall(text.lower().replace("-", " ")), "."):
        word = token.removesuffix("s") if token.removesuffix("s") in MULTIPLIERS else token
        if word in MULTIPLIERS:
            value = (1 if value is None else value) * MULTIPLIERS[word]
        elif token[0].isdigit() or (token in VALUES and token not in UNCOUNTED):
            given = float(token.replace(",", "")) if token[0].isdigit() else VALUES[token]
            if value is not None and token.isalpha() and _joins(value, given):
                value += given
                continue
            found |= set() if value is None else {value}
            value = given
        elif token != "and" or value is None or value % 100:
            found |= set() if value is None else {value}
            value = None
    return frozenset(found)


def _joins(value: float, given: float) -> bool:
    """Whether two numbers in words are one: twenty-five, two hundred and fifty."""
    return (value >= 20 and value % 10 == 0 and 0 < given < 10) or (value >= 100 and value % 100 == 0 and given < 100)


def missing_numbers(draft: str, evidence: str, around: str) -> list[float]:
    """The numbers of a draft that neither its evidence nor what is told around it holds, smallest first."""
    held = numbers(evidence)
    dates = {" ".join(match.group().split()) for match in DATE.finditer(around)}
    for date in sorted(dates, key=len, reverse=True):  # the document's own date may be told
        draft = re.sub(rf"\b{re.escape(date)}\b", " ", draft)
    own, theirs = set(YEAR.findall(SAID_IN.sub(" ", draft))), set(YEAR.findall(evidence))
    # the year of what is told is not that of the telling
    told = set() if own and theirs and not own & theirs else {float(year) for year in YEAR.findall(around)}
    said_in = {float(year) for year in SAID_IN.findall(draft) if year in YEAR.findall(around)}
    missing = numbers(draft) - held - told - said_in
    rounded = map(_largest, ROUNDED.findall(draft))
    missing -= {given for given in rounded if any(_rounds(given, exact) for exact in held)}
    if not any(number in COUNTABLE for number in held):
        missing -= {2.0}  # the two that the evidence names
    return sorted(missing)


def _largest(words: str) -> float:
    """The largest number of some words."""
    return max(numbers(words), default=0.0)


def _rounds(given: float, exact: float) -> bool:
    """Whether a number is another one in fewer figures: 300 for 304, 804 for 803.7."""
    return 0 < abs(given - exact) <= WIDEST_ROUNDING * exact and len(f"{given:g}".rstrip("0")) < len(f"{exact:.12g}")


def moments(text: str) -> frozenset[str]:
    """The relative times of a text, for example "day+1" for tomorrow and for the morning after."""
    found = set()
    for match in MOMENT.finditer(text):
        if match["spoken"]:
            found.add(_moment("day", SPOKEN_DAYS[match["spoken"].lower()]))
        elif match["near"]:
            found.add(_moment(match["unit"], NEAR[match["near"].lower()]))
        elif match["count"]:
            count = sum(numbers(match["count"])) or 1
            later = match["side"].lower() in ("later", "after")
            found.add(_moment(match["units"], int(count if later else -count)))
        else:
            found.add(_moment(match["only"], 1 if match["beside"].lower() == "after" else -1))
    return frozenset(found)


def moved_number(draft: str, evidence: str) -> float | None:
    """A number that the evidence gives of something else: near the same words it has another one, not in the draft."""
    own, theirs = _beside(draft), _beside(evidence)
    for number, words in own.items():
        others = [near for value, near in theirs.items() if value not in own]
        if number in theirs and words and not words & theirs[number] and any(len(words & near) > 1 for near in others):
            return number
    return None


def _beside(text: str) -> dict[float, set[str]]:
    """The content words (stems) after each number of a text."""
    found: dict[float, set[str]] = {}
    for match in COUNTED.finditer(text):
        after = text[match.end() :].split()[:REACH]
        for value in numbers(match.group()):
            found.setdefault(value, set()).update(stems(" ".join(after)))
    return found


def _moment(unit: str, steps: int) -> str:
    return f"{'day' if re.fullmatch(PARTS_OF_DAY, unit.lower()) else unit.lower()}{steps:+d}"


def readable(number: float) -> str:
    """5 for 5.0, 2.5 for 2.5, 240 million for 240000000.0."""
    for word in ("trillion", "billion", "million"):
        if number >= MULTIPLIERS[word] and number / MULTIPLIERS[word] < 1000:
            return f"{number / MULTIPLIERS[word]:g} {word}"
    return f"{number:,.10g}" if number >= 10_000 else f"{number:.10g}"
