"""Tests of rag/times.py: relative times, resolved against the day of the document."""

import pytest

from rag.times import time_notes
from rag.types import Citation, Metadata, Mode, Source


def cited(quote: str, date: str = "2019-11-27", event_date: str = "") -> Citation:
    metadata = Metadata(title="", publisher="", date=date, event_date=event_date, event_place="", language="")
    source = Source("d", "d.txt", metadata)
    return Citation(
        id="c",
        source=source,
        start=0,
        end=len(quote),
        text=quote,
        quote=quote,
        quote_start=0,
        speaker="",
        mode=Mode.QUOTE,
        also_in=(),
    )


@pytest.mark.parametrize(
    ("quote", "notes"),
    [
        ("Trade grew last year and will grow next year.", ("“last year”: 2018", "“next year”: 2020")),
        ("We meet tomorrow.", ("“tomorrow”: 28 November 2019",)),
        ("She spoke on Wednesday.", ("“on Wednesday”: 27 November 2019",)),
        ("She spoke on Friday.", ("“on Friday”: 22 November 2019",)),
        ("It began two months ago.", ("“two months ago”: September 2019",)),
        ("It ended a year ago, last month.", ("“a year ago”: 2018", "“last month”: October 2019")),
        ("This week we sign.", ("“This week”: the week of 25 November 2019",)),
        ("It was 999 years ago.", ("“999 years ago”: 1020",)),
        ("The years ahead are long.", ()),
    ],
)
def test_relative_times_are_resolved_in_notes(quote: str, notes: tuple[str, ...]) -> None:
    assert time_notes(cited(quote)) == notes


def test_the_day_of_the_event_comes_before_the_day_of_publication() -> None:
    assert time_notes(cited("today", date="2019-11-28", event_date="2019-11-27")) == ("“today”: 27 November 2019",)


@pytest.mark.parametrize("date", ["", "--11-27"])
def test_without_a_full_date_there_is_no_note(date: str) -> None:
    assert time_notes(cited("tomorrow", date=date)) == ()
