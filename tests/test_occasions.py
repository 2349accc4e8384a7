"""Occasions: which citations tell of one event, and how many accounts of it there are."""

from dataclasses import replace

import pytest

from rag.occasions import occasions, told
from rag.types import Citation
from tests.builders import citation

CRANES = "The harbour will get two new cranes before the winter."


def cited(name: str, quote: str = CRANES, speaker: str = "Ann Lee", **metadata: str) -> Citation:
    made = citation(quote, speaker=speaker, **metadata)
    return replace(made, id=name, source=replace(made.source, id=f"d-{name}"))


def groups(*citations: Citation) -> list[tuple[str, ...]]:
    return [occasion.citations for occasion in occasions(citations)]


def test_two_publishers_who_word_a_remark_alike_on_one_day_are_two_accounts_of_one_event() -> None:
    one = cited("a", publisher="Gazette", date="2021-05-04")
    two = cited("b", "Two new cranes will stand in the harbour, she said.", publisher="Courier", date="--05-04")
    (occasion,) = occasions([one, two])
    assert (occasion.citations, occasion.sources) == (("a", "b"), ("d-a", "d-b"))
    assert (occasion.date, occasion.place, occasion.accounts) == ("2021-05-04", "", 2)


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        ({"date": "2021-05-05"}, True),
        ({"date": "2021-05"}, True),
        ({"date": "2020-05-04"}, True),
        ({"date": "2021-05-04"}, False),
        ({"date": "2021-06-01", "event_date": "2021-05-04"}, False),
        ({"date": "2021-05-04", "event_date": "2021-05-03"}, True),
    ],
)
def test_the_day_of_the_event_decides(other: dict[str, str], apart: bool) -> None:
    wording = "Before the winter the harbour is to have two cranes."
    found = groups(cited("a", date="2021-05-04"), cited("b", wording, publisher="Courier", **other))
    assert (len(found) == 2) is apart


def test_what_was_published_on_one_day_and_is_worded_otherwise_are_two_events() -> None:
    other = cited("b", "Nobody is going to pay for the bridge.", date="2021-05-04")
    assert groups(cited("a", date="2021-05-04"), other) == [("a",), ("b",)]


def test_known_days_of_an_event_join_whatever_its_speaker_said_but_not_at_two_places() -> None:
    bridge = "Nobody is going to pay for the bridge."
    one = cited("a", event_date="2021-05-04", event_place="Oslo")
    assert groups(one, cited("b", bridge, event_date="--05-04")) == [("a", "b")]
    assert groups(one, cited("b", bridge, event_date="--05-04", event_place="Turku")) == [("a",), ("b",)]
    assert groups(one, cited("b", bridge, speaker="Bo Vik", event_date="--05-04")) == [("a",), ("b",)]
    assert groups(one, cited("b", bridge, speaker="Bo Vik", event_date="--05-04", event_place="Oslo")) == [("a", "b")]


def test_a_copy_is_no_account_of_its_own_whoever_carries_it() -> None:
    (occasion,) = occasions([cited("a", publisher="Gazette"), cited("b"), cited("c", publisher="Gazette")])
    assert occasion.accounts == 1
    assert told(occasion, {"a": 1, "b": 2, "c": 3}) == (
        "One event: [1], [2], [3]; one account, and its copies; [1], [2], [3] first-hand"
    )


def test_the_line_names_the_event_and_who_gives_the_words_themselves() -> None:
    report = cited("a", f"“{CRANES[:-1]},” Lee said.", publisher="Gazette", date="2021-05-04", event_place="Oslo")
    transcript = cited("b", "We get two new cranes for the harbour.", date="2021-05-04")
    (occasion,) = occasions([report, transcript])
    assert told(occasion, {"a": 2, "b": 1}) == "One event, Oslo, 4 May 2021: [1], [2]; 2 accounts; [1] first-hand"
    (alone,) = occasions([report])
    assert told(alone, {"a": 1}) == ""
