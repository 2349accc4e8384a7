"""Occasions: citations in, the events that they tell of out, so that two reports of one speech are not two proofs.

Sources tell of one event where its day and speaker (or place) agree; where they show only when they were published,
they must also word a remark alike. Sources of one publisher, and copies, are one account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.citations import readable_date
from rag.duplicates import are_near_duplicates, shingles
from rag.quotes import ALIKE, MARK
from rag.types import Citation, Metadata, Mode
from rag.words import stems

LEAST_SHARED = 3  # content words, of two remarks that are worded alike


@dataclass(frozen=True, slots=True)
class Occasion:
    """What was said on one occasion: its day ("" unknown, "--11-27" without year), place, and who tells of it.

    `citations` are ids in the order given; `first_hand` are those that give the words themselves, as a transcript does;
    `sources` are ids of documents, and `accounts` is the number of them that do not copy each other.
    """

    date: str
    place: str
    citations: Sequence[str]
    first_hand: Sequence[str]
    sources: Sequence[str]
    accounts: int


def occasions(citations: Sequence[Citation]) -> list[Occasion]:
    """Each citation in exactly one event, in the order of their first citations."""
    groups: list[list[Citation]] = []
    for cited in citations:
        joined = [group for group in groups if any(_is_one_event(cited, other) for other in group)]
        merged = [*(each for group in joined for each in group), cited]
        groups = [group for group in groups if group not in joined]
        groups.append(merged)
    order = {cited.id: place for place, cited in enumerate(citations)}
    made = [_occasion(sorted(group, key=lambda each: order[each.id])) for group in groups]
    return sorted(made, key=lambda each: order[each.citations[0]])


def told(occasion: Occasion, numbers: Mapping[str, int]) -> str:
    """One line on an event of which several sources tell, with the printed numbers of its citations; "" of one source.

    For example "One event, Bishkek, 27 November 2019: [1], [3]; 2 accounts; [3] first-hand".
    """
    if len(occasion.sources) < 2:
        return ""
    when = ", ".join(filter(None, ("One event", occasion.place, readable_date(occasion.date))))
    whose = f"{occasion.accounts} accounts" if occasion.accounts > 1 else "one account, and its copies"
    at_hand = f"; {_listed(occasion.first_hand, numbers)} first-hand" if occasion.first_hand else ""
    return f"{when}: {_listed(occasion.citations, numbers)}; {whose}{at_hand}"


def _listed(identities: Sequence[str], numbers: Mapping[str, int]) -> str:
    return ", ".join(f"[{number}]" for number in sorted(numbers[each] for each in identities))


def _occasion(group: Sequence[Citation]) -> Occasion:
    days = [_day(cited.source.metadata) for cited in group]
    return Occasion(
        date=max(days, key=lambda day: (len(day), day)),
        place=next((cited.source.metadata.event_place for cited in group if cited.source.metadata.event_place), ""),
        citations=tuple(cited.id for cited in group),
        first_hand=tuple(cited.id for cited in group if is_first_hand(cited)),
        sources=tuple(dict.fromkeys(cited.source.id for cited in group)),
        accounts=len({_account(cited, group) for cited in group}),
    )


def _is_one_event(first: Citation, second: Citation) -> bool:
    one, two = first.source.metadata, second.source.metadata
    if first.source.id == second.source.id or _is_copied(first, second):
        return True
    if not _is_one_day(_day(one), _day(two)) or (
        one.event_place and two.event_place and one.event_place != two.event_place
    ):
        return False
    if first.speaker != second.speaker and not (one.event_place and one.event_place == two.event_place):
        return False
    return bool(one.event_date and two.event_date) or _is_worded_alike(first.quote, second.quote)


def _day(metadata: Metadata) -> str:
    """The day of the event, with the year of publication where that was the same day; else that of publication."""
    day, published = metadata.event_date, metadata.date
    return published if not day or (day.startswith("--") and published[-6:] == day[-6:]) else day


def _is_one_day(first: str, second: str) -> bool:
    """Whether two dates may be of one day: "--11-27" is that of any year; a month or a year is no day."""
    days = [day for day in (first, second) if len(day) == 10 or day.startswith("--")]
    years = {day[:4] for day in days if not day.startswith("--")}
    return len(days) == 2 and first[-6:] == second[-6:] and len(years) < 2


def _is_worded_alike(first: str, second: str) -> bool:
    one, two = set(stems(first)), set(stems(second))
    return len(one & two) >= max(LEAST_SHARED, ALIKE * min(len(one), len(two)))


def _is_copied(first: Citation, second: Citation) -> bool:
    return are_near_duplicates(shingles(first.quote), shingles(second.quote))


def _account(cited: Citation, group: Sequence[Citation]) -> str:
    """Whose account it is: the publisher's, else that of the first source with these words."""
    first = next(other for other in group if other.source.id == cited.source.id or _is_copied(other, cited))
    return first.source.metadata.publisher or first.source.id


def is_first_hand(cited: Citation) -> bool:
    """Whether a quote stands in its source as speech, and not between a reporter's quotation marks."""
    before = cited.text[: cited.quote_start - cited.start]
    return cited.mode is Mode.QUOTE and len(MARK.findall(before)) % 2 == 0 and not MARK.match(cited.quote)
