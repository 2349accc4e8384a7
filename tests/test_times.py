"""Tests of rag/times.py: relative times, resolved against the day of the document."""

import pytest

from rag.times import time_notes
from tests.builders import citation


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
        ("They will vote on Friday.", ("“on Friday”: 29 November 2019",)),
        ("The vote on Friday matters.", ()),
    ],
)
def test_relative_times_are_resolved_in_notes(quote: str, notes: tuple[str, ...]) -> None:
    assert time_notes(citation(quote, date="2019-11-27")) == notes


def test_the_day_of_the_event_comes_before_the_day_of_publication() -> None:
    assert time_notes(citation("today", date="2019-11-28", event_date="2019-11-27")) == ("“today”: 27 November 2019",)


@pytest.mark.parametrize("date", ["", "--11-27"])
def test_without_a_full_date_there_is_no_note(date: str) -> None:
    assert time_notes(citation("tomorrow", date=date)) == ()
