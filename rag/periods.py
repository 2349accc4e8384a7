"""Periods: the stretch of time that a question names. In: its words; out: a Period, open where it names no bound.

Years alone are read elsewhere ("in 2019 and in 2023" are sides of a comparison); here "since 2020", "before May 2021",
"between 2014 and 2019", "in March 2023", "on 3 March 2023" or 2023-03-03, and "latest".
"""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

FULL_MONTH = {name[:3]: name for name in month_name if name}
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
DATE = (
    r"(?:(?:(?P<day{0}>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month{0}>" + "|".join(MONTHS) + r"),? "
    r"(?:(?P<late{0}>\d{{1,2}})(?:st|nd|rd|th)?,? )?)?(?P<year{0}>(?:19|20)\d\d)"
)
ONE = DATE.format("")
# a day without a year, as texts tell it: "28 February", "February 28"
DAY = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[A-Z][a-z]{2,8})|(?P<month2>[A-Z][a-z]{2,8}) (?P<day2>\d{1,2})\b)"
)
SINCE = re.compile(
    rf"\b(?:since|from|not before|no earlier than) (?:the (?:start|beginning) of )?{ONE}(?! (?:to|until|and)\b)|"
    rf"\b(?:in|from|since) {DATE.format('3')} (?:or later|and later|onwards?|and after)\b",
    re.IGNORECASE,
)
AFTER = re.compile(rf"\b(?:after|later than) {ONE}", re.IGNORECASE)
BEFORE = re.compile(rf"(?<!not )(?<!no )\b(?:before|earlier than|prior to) {ONE}", re.IGNORECASE)
UNTIL = re.compile(rf"\b(?:until|till|up to|by) (?:the end of )?{ONE}", re.IGNORECASE)
BETWEEN = re.compile(rf"\b(?:between|from) {DATE.format('')} (?:and|to|until|till) {DATE.format('2')}", re.IGNORECASE)
WITHIN = re.compile(rf"\b(?:in|on|during|of) {ONE}", re.IGNORECASE)
RULES = (BETWEEN, SINCE, AFTER, BEFORE, UNTIL, WITHIN)
LATEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest)\b|\b(?:his|her|their|last) last (?:statement|remark|comment|word)s?\b",
    re.IGNORECASE,
)
# "the latest that she said", "the latest on trade": a noun, which needs one in its place
LATEST_NOUN = re.compile(
    r"(?<=\bthe )(?:latest|newest)"
    r"(?= (?:that|which|on|about|from|by|of|in|he|she|they|[A-Z]\w+ (?:has|said|says|had))\b|\s*[?.]|$)"
)
SPOKEN = (
    r"\b(?:says?|said|state[ds]?|declared?|announced?|remark(?:ed)?|comment(?:ed)?|speak|spoken?|talk(?:ed)?|tell|told)"
    r"\b"
)
# "said in 2015", "say in Bishkek in 2015"
JUST_SPOKEN = re.compile(rf"{SPOKEN}(?: (?:any|some)thing| publicly)?(?: (?:in|at|to)(?: [A-Z][\w’'-]+)+)? $")
HAS_SPOKEN = re.compile(rf"\b(?:has|have)\b.*{SPOKEN}", re.IGNORECASE)


SHORT_MONTH = re.compile(
    rf"\b({'|'.join(name[:3] for name in month_name if name)})\.?(?= (?:19|20)\d\d\b| \d{{1,2}}\b)"
)
NUMERIC = re.compile(
    r"\b(?:(?P<iso>(?:19|20)\d\d)-(?P<mm>\d\d)-(?P<dd>\d\d)|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d))\b"
)
RANGE = re.compile(r"(?:\b(?:in|during|from|between|of) )?\b((?:19|20)\d\d)\s?[-–—]\s?((?:19|20)\d\d)\b")
# "between March and May 2021", "from 3 to 9 May 2020": the first date has what it lacks from the second
SHARED_YEAR = re.compile(
    rf"\b(?P<how>between|from) (?P<first>(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})) (?P<to>and|to|until|till) "
    rf"(?P<second>(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) (?P<shared>(?:19|20)\d\d))",
    re.IGNORECASE,
)
SHARED_MONTH = re.compile(
    rf"\b(?P<how>between|from) (?P<first>\d{{1,2}}) (?P<to>and|to|until|till) "
    rf"(?P<second>\d{{1,2}} (?P<shared>(?:{'|'.join(MONTHS)}) (?:19|20)\d\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """ISO dates, inclusive, "" where open; `is_latest` asks for the newest there is."""

    start: str = ""
    end: str = ""
    is_latest: bool = False

    @property
    def is_open(self) -> bool:
        return not self.start and not self.end

    @property
    def is_half_open(self) -> bool:
        return bool(self.start) != bool(self.end)


def period(question: str) -> Period:
    """The period that a question names; a lone year "in 2019" is none, nor is a day that no calendar has."""
    match = _match(question)
    is_lone_year = match is not None and match.re is WITHIN and not match["month"]
    bounds = Period() if match is None or is_lone_year else _bounds(match)
    return replace(bounds, is_latest=LATEST.search(question) is not None)


def days_told(text: str) -> list[str]:
    """The days of the year that a text names ("28 February", "February 28"), in order, as "02-28"."""
    named = ((match["month"] or match["month2"], int(match["day"] or match["day2"])) for match in DAY.finditer(text))
    days = ((MONTHS.get(month.lower(), 0), day) for month, day in named)
    # a leap year stands in for the year that is not told
    return [f"{month:02}-{day:02}" for month, day in days if month and 0 < day <= monthrange(2000, month)[1]]


def time_of_saying(question: str) -> Period:
    """The period, a lone year too, in which by the question's own words something was said: "say in 2015".

    Open where it may as well be the time of what is spoken about: "say about the talks before 2015".
    """
    match = _match(question)
    if match is None:
        return Period()
    before, after = match.string[: match.start()], match.string[match.end() :]
    is_of_saying = (
        JUST_SPOKEN.search(before) is not None
        or (match.re in (SINCE, AFTER) and HAS_SPOKEN.search(before) is not None)
        or (not before.strip() and re.search(SPOKEN, after) is not None)
    )
    return _bounds(match) if is_of_saying else Period()


def without_period(question: str) -> str:
    """The question without the words that name its period, for what is compared with texts."""
    question = LATEST_NOUN.sub("thing", in_full(question))
    for rule in (BETWEEN, SINCE, AFTER, BEFORE, UNTIL, LATEST):
        question = rule.sub(" ", question)
    return re.sub(r"\s+([,?.])", r"\1", " ".join(question.split()))


def in_full(question: str) -> str:
    """The question with its dates in the one form that the rules read: "27 November 2019", "from 2019 to 2021"."""
    question = NUMERIC.sub(_day_in_full, question)
    question = SHORT_MONTH.sub(lambda match: FULL_MONTH[match[1]], question)
    question = RANGE.sub(r"from \1 to \2", question)
    for rule in (SHARED_MONTH, SHARED_YEAR):
        question = rule.sub(r"\g<how> \g<first> \g<shared> \g<to> \g<second>", question)
    return question


def _day_in_full(match: re.Match[str]) -> str:
    year, month, day = match["iso"] or match["y"], match["mm"] or match["m"], match["dd"] or match["d"]
    return f"{int(day)} {month_name[int(month)]} {year}" if 1 <= int(month) <= 12 else match.group()


def _match(question: str) -> re.Match[str] | None:
    """The words that name a period or a year."""
    question = in_full(question)
    return next((match for rule in RULES if (match := rule.search(question))), None)


def _bounds(match: re.Match[str]) -> Period:
    """The period that was matched; open where no calendar has its day."""
    try:
        start, end = _days(match)
    except ValueError:
        return Period()
    if start and end and start > end:
        start, end = end, start
    return Period(start.isoformat() if start else "", end.isoformat() if end else "")


def _days(match: re.Match[str]) -> tuple[date | None, date | None]:
    if match.re is BETWEEN:
        return _first(match), _last(match, "2")
    if match.re is SINCE:
        return _first(match, "" if match["year"] else "3"), None
    if match.re is AFTER:
        return _last(match) + timedelta(days=1), None
    if match.re is BEFORE:
        return None, _first(match) - timedelta(days=1)
    if match.re is UNTIL:
        return None, _last(match)
    return _first(match), _last(match)


def _first(match: re.Match[str], which: str = "") -> date:
    """The first day of the day, month or year that was matched."""
    month = MONTHS[match[f"month{which}"].lower()] if match[f"month{which}"] else 1
    return date(int(match[f"year{which}"]), month, _day(match, which) or 1)


def _last(match: re.Match[str], which: str = "") -> date:
    year = int(match[f"year{which}"])
    month = MONTHS[match[f"month{which}"].lower()] if match[f"month{which}"] else 12
    return date(year, month, _day(match, which) or monthrange(year, month)[1])


def _day(match: re.Match[str], which: str) -> int:
    return int(match[f"day{which}"] or match[f"late{which}"] or 0)
