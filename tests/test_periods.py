"""Tests of rag/periods.py: the bounds that questions name."""

import pytest

from rag.periods import Period, period, time_of_saying, without_period


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What has she said since 2020?", Period("2020-01-01")),
        ("What was said after May 2021?", Period("2021-06-01")),
        ("What was said before 3 March 2023?", Period("", "2023-03-02")),
        ("What had they signed by February 2020?", Period("", "2020-02-29")),
        ("What changed between 2014 and 2019?", Period("2014-01-01", "2019-12-31")),
        ("From March 2019 to 5 April 2019, who spoke?", Period("2019-03-01", "2019-04-05")),
        ("What did he say in November 2019?", Period("2019-11-01", "2019-11-30")),
        ("What did he say on November 27, 2019?", Period("2019-11-27", "2019-11-27")),
        ("What did he say on 31 June 2019?", Period()),
        ("What did he say in 2019?", Period()),
        ("What is her latest remark on trade?", Period(is_latest=True)),
        ("Who spoke?", Period()),
        ("What did he say from 2019-2021?", Period("2019-01-01", "2021-12-31")),
        ("What did he say not before 2020?", Period("2020-01-01")),
        ("What did he say in 2020 or later?", Period("2020-01-01")),
        ("What did he say since Nov 2019?", Period("2019-11-01")),
        ("What did he say on 2019-11-27?", Period("2019-11-27", "2019-11-27")),
        ("What did he say on 27.11.2019?", Period("2019-11-27", "2019-11-27")),
        ("Who spoke between March and May 2021?", Period("2021-03-01", "2021-05-31")),
        ("Who spoke between 3 and 9 May 2020?", Period("2020-05-03", "2020-05-09")),
    ],
)
def test_a_question_names_a_period(question: str, expected: Period) -> None:
    assert period(question) == expected


def test_the_words_of_the_period_are_left_out_of_what_is_searched() -> None:
    assert without_period("What has Petrova said about trade since 2020?") == "What has Petrova said about trade?"
    assert without_period("What was her latest remark?") == "What was her remark?"
    assert without_period("What is the latest that she said?") == "What is the thing that she said?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Petrova say in 2015?", Period("2015-01-01", "2015-12-31")),
        ("What did Petrova say in Oslo before 2015?", Period("", "2014-12-31")),
        ("What has Petrova said about the dam since 2025?", Period("2025-01-01")),
        ("In May 2015, what did Petrova say about the dam?", Period("2015-05-01", "2015-05-31")),
        ("What did Petrova say about the talks before 2015?", Period()),
        ("What did Petrova say about the floods of 2015?", Period()),
        ("Which dams were built after 2015?", Period()),
    ],
)
def test_a_question_may_tell_when_something_was_said(question: str, expected: Period) -> None:
    assert time_of_saying(question) == expected
