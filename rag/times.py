"""Times: what "last year", "tomorrow" or "on Wednesday" meant on the day of a document. In: a citation; out: notes.

The quote stays as it is; the note says what its words point to, counted from the day of the event where the document
tells it, else from the day it was published. Where neither is known in full, there is no note.
"""

import re
from calendar import day_name, month_name
from datetime import date, timedelta

from rag.citations import readable_date
from rag.types import Citation

UNITS = "year|month|week"
RELATIVE = re.compile(
    rf"\b(?:(?P<which>last|this|next|coming|current|past) (?P<unit>{UNITS})|"
    rf"(?P<count>a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}}) (?P<units>(?:{UNITS}))s? ago|"
    r"(?P<day>today|yesterday|tomorrow)|on (?P<weekday>" + "|".join(day_name) + r"))\b",
    re.IGNORECASE,
)
STEPS = {"last": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
TO_COME = re.compile(
    r"\b(?:will|shall|would|(?:is|are|was|were) (?:to|due|going|set|expected|scheduled|planned)|plans?|until|by|before)"
    r"\b[^,;:]*$"
)
GONE = re.compile(
    r"\b(?:\w{2,}ed|was|were|had|said|told|met|took|came|began|went|gave|made|saw|put|held|spoke|won|lost|left|wrote|"
    r"became|got|rose|fell|found|knew|thought|brought|sent|led|ran|set|cut|hit)\b"
)
DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
COUNTS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}


def time_notes(cited: Citation) -> tuple[str, ...]:
    """For example ("“last year”: 2018",), each expression once."""
    metadata = cited.source.metadata
    day = _day(metadata.event_date) or _day(metadata.date)
    if day is None:
        return ()
    found = {match.group().lower(): match for match in RELATIVE.finditer(cited.quote)}
    notes = [(match.group(), _meaning(match, day, cited.quote)) for match in found.values()]
    return tuple(f"“{words}”: {meaning}" for words, meaning in notes if meaning)


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if re.fullmatch(r"\d{4}-\d\d-\d\d", iso) else None


def _meaning(match: re.Match[str], day: date, quote: str) -> str:
    if match["which"]:
        return _stepped(match["unit"].lower(), STEPS[match["which"].lower()], day)
    if match["units"]:
        count = match["count"].lower()
        number = 1 if count in ("a", "an") else COUNTS.get(count) or int(count)
        return _stepped(match["units"].lower(), -number, day)
    if match["day"]:
        return readable_date((day + timedelta(days=DAYS[match["day"].lower()])).isoformat())
    weekday = list(day_name).index(match["weekday"].capitalize())
    sentence = slice(quote.rfind(".", 0, match.start()) + 1, quote.find(".", match.end()) % (len(quote) + 1))
    # a report of a day names the last such weekday, itself included, or the next where it tells what will be
    if TO_COME.search(quote[sentence.start : match.start()]):
        return readable_date((day + timedelta(days=(weekday - day.weekday()) % 7)).isoformat())
    if not GONE.search(quote[sentence]):
        return ""
    return readable_date((day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat())


def _stepped(unit: str, steps: int, day: date) -> str:
    """A year, a month of a year, or a week by its Monday; "" beyond the calendar."""
    try:
        if unit == "year":
            return str(day.replace(year=day.year + steps, day=1).year)
        if unit == "month":
            months = day.year * 12 + day.month - 1 + steps
            return f"{month_name[months % 12 + 1]} {months // 12}"
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        return f"the week of {readable_date(monday.isoformat())}"
    except (ValueError, OverflowError):
        return ""
