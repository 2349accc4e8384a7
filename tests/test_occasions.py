"""Occasions: which citations tell of one event, and how many accounts of it there are."""

from dataclasses import replace
from itertools import permutations

import pytest

from rag.citations import is_first_hand
from rag.occasions import occasions, told
from rag.speakers import QUESTIONER
from rag.types import Citation, Nested
from tests.builders import citation

CRANES = "The harbour will get two new cranes before the winter."
ALIKE = "Before the winter the harbour is to have two cranes."
BRIDGE = "Nobody is going to pay for the bridge."


def cited(name: str, quote: str = CRANES, speaker: str = "Ann Lee", **metadata: str) -> Citation:
    made = citation(quote, speaker=speaker, **metadata)
    return replace(made, id=name, source=replace(made.source, id=f"d-{name}"))


def groups(*citations: Citation) -> list[tuple[str, ...]]:
    return [tuple(occasion.citations) for occasion in occasions(citations)]


def test_two_publishers_who_word_a_remark_alike_on_one_day_are_two_accounts_of_one_occasion() -> None:
    one = cited("a", publisher="Gazette", date="2021-05-04")
    two = cited("b", "Two new cranes will stand in the harbour, she said.", publisher="Courier", event_date="--05-04")
    (occasion,) = occasions([one, two])
    assert (occasion.citations, occasion.sources) == (("a", "b"), ("d-a", "d-b"))
    assert (occasion.date, occasion.place, occasion.accounts) == ("--05-04", "", 2)


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        ({"date": "2021-05-05"}, True),
        ({"date": "2021-05"}, True),
        ({"date": "2020-05-04"}, True),
        ({"date": ""}, True),
        ({"date": "2021-05-04"}, False),
        ({"date": "2021-06-01", "event_date": "2021-05-04"}, False),
        ({"date": "2021-05-04", "event_date": "2021-05-03"}, True),
    ],
)
def test_the_day_of_the_event_decides(other: dict[str, str], apart: bool) -> None:
    found = groups(cited("a", date="2021-05-04"), cited("b", ALIKE, publisher="Courier", **other))
    assert (len(found) == 2) is apart


def test_what_was_published_on_one_day_and_is_worded_otherwise_are_two_occasions() -> None:
    assert groups(cited("a", date="2021-05-04"), cited("b", BRIDGE, date="2021-05-04")) == [("a",), ("b",)]


def test_known_days_of_an_event_join_whatever_its_speaker_said_but_not_at_two_places() -> None:
    one = cited("a", event_date="2021-05-04", event_place="Oslo")
    assert groups(one, cited("b", BRIDGE, event_date="--05-04")) == [("a", "b")]
    assert groups(one, cited("b", BRIDGE, event_date="--05-04", event_place="Turku")) == [("a",), ("b",)]
    assert groups(one, cited("b", BRIDGE, speaker="Bo Vik", event_date="--05-04")) == [("a",), ("b",)]
    assert groups(one, cited("b", BRIDGE, speaker="Bo Vik", event_date="--05-04", event_place="Oslo")) == [("a", "b")]


@pytest.mark.parametrize("nobody", ["", QUESTIONER])
def test_nobody_in_particular_is_no_speaker_in_common(nobody: str) -> None:
    one = cited("a", speaker=nobody, event_date="2021-05-04")
    assert groups(one, cited("b", BRIDGE, speaker=nobody, event_date="2021-05-04")) == [("a",), ("b",)]


def test_the_same_words_at_two_places_on_two_days_or_by_two_speakers_are_no_copy() -> None:
    one = cited("a", event_date="2019-05-04", event_place="Oslo")
    assert groups(one, cited("b", event_date="2020-06-04")) == [("a",), ("b",)]
    assert groups(one, cited("b", event_place="Turku")) == [("a",), ("b",)]
    assert groups(one, cited("b", speaker="Bo Vik")) == [("a",), ("b",)]
    assert groups(one, cited("b")) == [("a", "b")]


def test_a_source_that_shows_less_does_not_join_two_that_contradict_each_other() -> None:
    found = groups(
        cited("a", event_date="2019-05-04"),
        cited("b", BRIDGE, event_date="--05-04"),
        cited("c", ALIKE, event_date="2020-05-04"),
    )
    assert found == [("a", "b"), ("c",)]


def test_the_day_is_that_of_the_event_and_of_publication_only_where_no_source_shows_it_and_all_agree() -> None:
    (occasion,) = occasions([cited("a", event_date="2021-05-03"), cited("b", date="2021-05-10")])
    assert occasion.date == "2021-05-03"
    (occasion,) = occasions([cited("a", date="2021-05-03"), cited("b", date="2021-05-10")])
    assert occasion.date == ""
    (occasion,) = occasions([cited("a", date="--05-03", event_date="--05-03"), cited("b", date="2021-05-03")])
    assert occasion.date == "--05-03"


def test_accounts_are_counted_alike_in_every_order() -> None:
    shared = {"event_date": "2021-05-04"}
    copies = [
        cited("a", publisher="Gazette", **shared),
        cited("b", f"{CRANES} {BRIDGE}", publisher="Courier", **shared),
        cited("c", BRIDGE, publisher="Herald", **shared),
        cited("d", "It will be a cold year for all who live by the sea.", publisher="Gazette", **shared),
        cited("e", "The mayor has not been asked about any of this yet.", **shared),
    ]
    assert {tuple(each.accounts for each in occasions(order)) for order in permutations(copies)} == {(2,)}


def test_the_line_names_the_occasion_and_who_gives_the_words_themselves() -> None:
    report = cited("a", f"“{CRANES[:-1]},” Lee said.", publisher="Gazette", date="2021-05-04", event_place="Oslo")
    transcript = cited("b", "We get two new cranes for the harbour.", date="2021-05-04")
    (occasion,) = occasions([report, transcript])
    assert told(occasion, {"a": 2, "b": 1}) == "One occasion, Oslo, 4 May 2021: [1], [2]; 2 accounts; [1] first-hand"
    (alone,) = occasions([report])
    assert told(alone, {"a": 1}) == ""
    (copied,) = occasions([replace(report, id="c"), replace(report, source=replace(report.source, id="d-c"))])
    assert told(copied, {"a": 1, "c": 2}) == "One occasion, Oslo, 4 May 2021: [1], [2]; one account"


@pytest.mark.parametrize(
    ("text", "first_hand"),
    [
        ("We will not accept it. That is final.", True),
        ("We will not accept it. That is final,” Lee said.", False),
        ("“We will not accept it. That is final,” Lee said.", False),
        ("«We will not accept it. That is final», Lee said.", False),
        ("‘We will not accept it. That is final,’ Lee said.", False),
    ],
)
def test_what_stands_between_a_reporters_marks_is_not_first_hand(text: str, first_hand: bool) -> None:
    made = replace(citation(text), quote="We will not accept it.", quote_start=text.index("We"))
    assert is_first_hand(made) is first_hand


def test_marks_around_a_third_partys_words_are_the_speakers_own() -> None:
    text = "They said “never” to us."
    made = replace(citation(text), nested=(Nested(11, 16, "the council"),))
    assert is_first_hand(made)
