"""Occasions: citations in, the events that they tell of out, so that two reports of one speech are not two proofs.

Sources tell of one occasion where its day and speaker (or place) agree and, where one shows only when it was
published, a remark is worded alike; or where one copies the other. What contradicts in day or place is never one.
A document counts as telling of one occasion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.citations import is_first_hand, readable_date
from rag.duplicates import are_near_duplicates, shingles
from rag.quotes import are_worded_alike
from rag.speakers import QUESTIONER
from rag.types import Citation, Metadata


@dataclass(frozen=True, slots=True)
class Occasion:
    """What was said on one occasion: its day ("" unknown, "--11-27" without year), place, and who tells of it.

    Where no source shows the day of the event, `date` is that of publication, if all agree. `citations` are ids in the
    order given; `first_hand` are those that give the words themselves, as a transcript does; `sources` are ids of
    documents, and `accounts` is the number of them that neither copy each other nor have one publisher.
    """

    date: str
    place: str
    citations: Sequence[str]
    first_hand: Sequence[str]
    sources: Sequence[str]
    accounts: int


@dataclass(frozen=True, slots=True)
class _Account:
    """What is cited of one source."""

    metadata: Metadata
    citations: Sequence[Citation]

    @property
    def day(self) -> str:
        """The day of the event, with the year of publication where that was the same day; "" where none is shown."""
        day, published = self.metadata.event_date, self.metadata.date
        return published if day.startswith("--") and published[-6:] == day[-6:] else day

    @property
    def speakers(self) -> set[str]:
        return {each.speaker for each in self.citations} - {"", QUESTIONER}


def occasions(citations: Sequence[Citation]) -> list[Occasion]:
    """Each citation in exactly one occasion, in the order of their first citations."""
    cited: dict[str, list[Citation]] = {}
    for each in citations:
        cited.setdefault(each.source.id, []).append(each)
    groups: list[list[_Account]] = []
    for account in (_Account(each[0].source.metadata, each) for each in cited.values()):
        fitting = (
            group
            for group in groups
            if not any(_contradict(account, other) for other in group)
            and any(_is_copied(account, other) or _tell_of_one(account, other) for other in group)
        )
        group = next(fitting, None)
        if group is None:
            groups.append([account])
        else:
            group.append(account)
    order = {each.id: place for place, each in enumerate(citations)}
    return [_occasion(group, order) for group in groups]


def told(occasion: Occasion, numbers: Mapping[str, int]) -> str:
    """One line on an occasion of which several sources tell, with the printed numbers of its citations; "" of one.

    For example "One occasion, Bishkek, 27 November 2019: [1], [3]; 2 accounts; [3] first-hand".
    """
    if len(occasion.sources) < 2:
        return ""
    when = ", ".join(filter(None, ("One occasion", occasion.place, readable_date(occasion.date))))
    whose = f"{occasion.accounts} accounts" if occasion.accounts > 1 else "one account"
    at_hand = f"; {_listed(occasion.first_hand, numbers)} first-hand" if occasion.first_hand else ""
    return f"{when}: {_listed(occasion.citations, numbers)}; {whose}{at_hand}"


def _listed(identities: Sequence[str], numbers: Mapping[str, int]) -> str:
    return ", ".join(f"[{number}]" for number in sorted(numbers[each] for each in identities))


def _occasion(group: Sequence[_Account], order: Mapping[str, int]) -> Occasion:
    cited = sorted((each for account in group for each in account.citations), key=lambda each: order[each.id])
    published = {account.metadata.date for account in group}
    day = max((account.day for account in group), key=lambda day: (len(day), day))
    return Occasion(
        date=day or (published.pop() if len(published) == 1 else ""),
        place=next((account.metadata.event_place for account in group if account.metadata.event_place), ""),
        citations=tuple(each.id for each in cited),
        first_hand=tuple(each.id for each in cited if is_first_hand(each)),
        sources=tuple(dict.fromkeys(each.source.id for each in cited)),
        accounts=_independent(group),
    )


def _independent(group: Sequence[_Account]) -> int:
    """How many accounts are left where those that copy each other, or have one publisher, are one."""
    joined: list[list[_Account]] = []
    for account in group:
        same = [each for each in joined if any(_is_dependent(account, other) for other in each)]
        joined = [each for each in joined if each not in same] + [[account, *(one for each in same for one in each)]]
    return len(joined)


def _is_dependent(one: _Account, two: _Account) -> bool:
    return (one.metadata.publisher or id(one)) == (two.metadata.publisher or id(two)) or _is_copied(one, two)


def _contradict(one: _Account, two: _Account) -> bool:
    """Whether the days or the places that two sources show of the event differ."""
    if one.metadata.event_place and two.metadata.event_place and one.metadata.event_place != two.metadata.event_place:
        return True
    return bool(one.day and two.day) and not _is_one_day(one.day, two.day)


def _tell_of_one(one: _Account, two: _Account) -> bool:
    place = one.metadata.event_place
    if not (one.speakers & two.speakers or (place and place == two.metadata.event_place)):
        return False
    if not _is_one_day(one.day or one.metadata.date, two.day or two.metadata.date):
        return False
    return bool(one.day and two.day) or any(
        are_worded_alike(first.quote, second.quote) for first in one.citations for second in two.citations
    )


def _is_one_day(first: str, second: str) -> bool:
    """Whether two dates may be of one day: "--11-27" is that of any year; a month or a year is no day."""
    days = [day for day in (first, second) if len(day) == len("2019-11-27") or day.startswith("--")]
    years = {day[:4] for day in days if not day.startswith("--")}
    return len(days) == 2 and first[-6:] == second[-6:] and len(years) < 2


def _is_copied(one: _Account, two: _Account) -> bool:
    return any(
        first.speaker == second.speaker and are_near_duplicates(shingles(first.quote), shingles(second.quote))
        for first in one.citations
        for second in two.citations
    )
