"""Small changes that turn a true sentence false, and rewordings that do not, one rule a table."""

from collections.abc import Sequence

import pytest

from rag.naming import homes, missing_name
from rag.quantities import missing_numbers, moments, moved_number, numbers
from rag.roles import swapped
from rag.types import Mode
from rag.verification import verify_sentence
from tests.builders import evidence


class SaysYes:
    """Finds everything relevant, so that the rules alone decide."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        return [1.0 for _ in texts]


def holds(draft: str, *texts: str, **about: object) -> bool:
    return verify_sentence(draft, evidence(*texts, **about), relevance=SaysYes()).holds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("four million, 4,000,000 and 4 million", {4e6}),
        ("$20 billion", {2e10}),
        ("twenty-five of two hundred and fifty", {25, 250}),
        ("half of a dozen", {12}),
        ("the 6+1 format", {6, 1}),
        ("one of them", set()),
    ],
)
def test_numbers_have_one_form(text: str, values: set[float]) -> None:
    assert numbers(text) == values


@pytest.mark.parametrize(
    ("draft", "text", "missing"),
    [
        ("Five boats left.", "Three boats left.", [5]),
        ("The two firms merged.", "Acme and Bell merged.", []),
        ("The two firms merged.", "Three firms merged.", [2]),
        ("It rose by 1.5 million.", "It rose by 1,500,000.", []),
    ],
)
def test_a_number_must_be_in_the_evidence(draft: str, text: str, missing: list[float]) -> None:
    assert missing_numbers(draft, text, "") == missing


def test_a_number_must_count_the_same() -> None:
    text = "About 170 pupils from Chile learn here, and some 60 teachers came from Norway last autumn."
    assert moved_number("About 60 pupils from Chile learn here.", text) == 60
    assert moved_number("About 170 pupils from Chile learn here.", text) is None


def test_relative_times_have_one_form() -> None:
    assert moments("They meet tomorrow.") == moments("They met the day after.") == {"day+1"}
    assert moments("a month before") == moments("just a month ago") == {"month-1"}
    assert moments("last year") != moments("this year")


@pytest.mark.parametrize(
    ("draft", "text", "missing"),
    [
        ("Trade with Beijing grows.", "Trade with the Chinese grows.", ""),
        ("The OAU met.", "The Organisation of African Unity met.", ""),
        ("It was decided in Oslo.", "It was decided in Rome.", "Oslo"),
        ("In short, Nazis lost.", "Nazism lost.", ""),
        ("Canada has built it.", "We have built it.", "Canada"),
    ],
)
def test_a_name_must_be_in_the_evidence_in_some_form(draft: str, text: str, missing: str) -> None:
    assert missing_name(draft, text, ()) == missing


def test_we_is_the_country_for_which_the_speaker_holds_an_office() -> None:
    text = "Canadian Foreign Minister Anna Lee spoke. Later Lee left for Rome."
    assert homes("Anna Lee", (text,)) == {"canada"}
    assert homes("Bo Carr", (text,)) == frozenset()
    assert missing_name("Canada has built it.", "We have built it.", {"canada"}) == ""


@pytest.mark.parametrize(
    ("draft", "text", "verb"),
    [
        ("Norway invited Chile to a summit.", "Chile invited Norway to a summit.", "invited"),
        ("Norway was invited by Chile.", "Chile invited Norway to a summit.", ""),
        ("Chile has invited Norway.", "Chile invited Norway to a summit.", ""),
    ],
)
def test_who_does_it_to_whom(draft: str, text: str, verb: str) -> None:
    assert swapped(draft, text, ()) == verb


@pytest.mark.parametrize(
    ("draft", "text", "expected"),
    [
        ("Anna Lee said that the dam has always been safe.", "The dam has never been safe.", False),
        ("Anna Lee said that they hide the losses of the bank.", "They do not hide the losses of the bank.", False),
        ("Anna Lee said that the dam was not deemed unsafe.", "The dam was not deemed unsafe.", True),
        ("Anna Lee said that nobody opposed the dam in the valley.", "We never opposed the dam in the valley.", True),
        ("Anna Lee said that exports of grain fell.", "Exports of grain rose.", False),
        ("Anna Lee said that the harbour will be closed by winter.", "We hope the harbour closes by winter.", False),
        ("Anna Lee said that the harbour might be closed by winter.", "Perhaps the harbour closes by winter.", True),
        ("Anna Lee said that the harbour was closed by rebels.", "The harbour was allegedly closed by rebels.", False),
        ("Anna Lee said that all farmers got seed.", "Farmers got seed.", False),
        ("Anna Lee said that only farmers got seed.", "Farmers got seed.", False),
        ("Anna Lee said that every farmer got seed.", "All farmers got seed.", True),
        ("Anna Lee said that all farmers got seed.", "Almost all farmers got seed.", False),
        ("Anna Lee guaranteed that farmers get seed.", "Farmers get seed.", False),
        ("Anna Lee said that farmers got seed because banks failed.", "Farmers got seed. Banks failed.", False),
        ("A teacher said that farmers got seed.", "Farmers got seed.", False),
        ("Anna Lee said that farmers got seed last week.", "Farmers got seed yesterday.", False),
    ],
)
def test_small_words_decide(draft: str, text: str, expected: bool) -> None:
    assert holds(draft, text, speaker="Anna Lee") is expected


def test_parties_in_reverse_order_changed_places() -> None:
    text = "Chile keeps sending grain trucks to Norway."
    assert not holds("Norway keeps sending grain trucks to Chile.", text)
    assert holds("Chile keeps sending trucks with grain to Norway.", text)


def test_words_of_two_places_make_no_claim() -> None:
    first, second = evidence(
        "The bank lost money in Chile.", "x" * 80, "The mayor opened a bridge.", speaker="Anna Lee"
    )[::2]
    draft = "Anna Lee said that the bank opened a bridge in Chile."
    assert "different places" in verify_sentence(draft, [first, second], relevance=SaysYes()).reason


def test_a_question_is_no_statement() -> None:
    asked = evidence("Will the harbour close?", speaker="Questioner", mode=Mode.QUESTION)
    assert not verify_sentence("Anna Lee said that the harbour will close.", asked).holds
    assert not verify_sentence("The harbour will close.", asked, relevance=SaysYes()).holds
