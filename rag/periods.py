"""Periods: the stretch of time that a question names. In: its words; out: a Period, open where it names no bound.

Years alone are read elsewhere ("in 2019 and in 2023" are sides of a comparison); here "since 2020", "before May 2021",
"between 2014 and 2019", "in March 2023", "on 3 March 2023", and "latest".
"""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
DATE = (
    r"(?:(?:(?P<day{0}>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month{0}>" + "|".join(MONTHS) + r"),? "
    r"(?:(?P<late{0}>\d{{1,2}})(?:st|nd|rd|th)?,? )?)?(?P<year{0}>(?:19|20)\d\d)"
)
ONE = DATE.format("")
SINCE = re.compile(rf"\b(?:since|from) (?:the (?:start|beginning) of )?{ONE}(?! (?:to|until|and)\b)", re.IGNORECASE)
AFTER = re.compile(rf"\b(?:after|later than) {ONE}", re.IGNORECASE)
BEFORE = re.compile(rf"\b(?:before|earlier than|prior to) {ONE}", re.IGNORECASE)
UNTIL = re.compile(rf"\b(?:until|till|up to|by) (?:the end of )?{ONE}", re.IGNORECASE)
BETWEEN = re.compile(rf"\b(?:between|from) {DATE.format('')} (?:and|to|until|till) {DATE.format('2')}", re.IGNORECASE)
WITHIN = re.compile(rf"\b(?:in|on|during|of) {ONE}", re.IGNORECASE)
LATEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest)\b|\b(?:his|her|their|last) last (?:statement|remark|comment|word)s?\b",
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


def period(question: str) -> Period:
    """The period that a question names; a lone year "in 2019" is none, nor is a day that no calendar has."""
    is_latest = LATEST.search(question) is not None
    try:
        start, end = _bounds(question)
    except ValueError:
        start, end = None, None
    return Period(start.isoformat() if start else "", end.isoformat() if end else "", is_latest)


def without_period(question: str) -> str:
    """The question without the words that name its period, for what is compared with texts."""
    for rule in (BETWEEN, SINCE, AFTER, BEFORE, UNTIL, LATEST):
        question = rule.sub(" ", question)
    return re.sub(r"\s+([,?.])", r"\1", " ".join(question.split()))


def _bounds(question: str) -> tuple[date | None, date | None]:
    if match := BETWEEN.search(question):
        return _first(match), _last(match, "2")
    if match := SINCE.search(question):
        return _first(match), None
    if match := AFTER.search(question):
        return _last(match) + timedelta(days=1), None
    if match := BEFORE.search(question):
        return None, _first(match) - timedelta(days=1)
    if match := UNTIL.search(question):
        return None, _last(match)
    match = WITHIN.search(question)
    return (_first(match), _last(match)) if match and match["month"] else (None, None)


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
