"""Duplicates: copies with small changes are found, other texts on the same matter are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.duplicates import MIN_WORDS, are_near_duplicates, shingles
from rag.record import BUNDLED_CORPUS

REPORT = (
    "Washington has been trying to persuade the Central Asian countries to refrain from any further development "
    "of relations with Moscow, the minister told an audience of students on Wednesday."
)
WORDS = st.lists(st.sampled_from("alpha beta gamma delta epsilon zeta eta theta iota kappa".split()), max_size=40)


def are_copies(first: str, second: str) -> bool:
    return are_near_duplicates(shingles(first), shingles(second))


def test_shingles_are_all_runs_of_five_words_in_lower_case() -> None:
    assert shingles("One, two – THREE four; five six.") == {
        ("one", "two", "three", "four", "five"),
        ("two", "three", "four", "five", "six"),
    }
    assert shingles("only four words here") == frozenset()


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        REPORT.upper(),
        REPORT.replace(",", " –"),
        REPORT.replace("Washington", "The United States"),
        f"BISHKEK, November 27. {REPORT} He was speaking at the Diplomatic Academy of the Foreign Ministry.",
        REPORT.partition(",")[0],
    ],
    ids=["itself", "capitals", "punctuation", "a word changed", "within more", "its beginning"],
)
def test_a_copy_with_small_changes_is_found(copy: str) -> None:
    assert are_copies(REPORT, copy)


@pytest.mark.parametrize(
    "other",
    [
        "We know that they are directly dissuading the Central Asian countries from developing relations with Russia.",
        " ".join(reversed(REPORT.split())),
        "the Central Asian countries to refrain",
        "",
    ],
    ids=["in other words", "reversed", "too short", "empty"],
)
def test_another_text_on_the_same_matter_is_none(other: str) -> None:
    assert not are_copies(REPORT, other)


@pytest.mark.parametrize("words", range(1, MIN_WORDS + 3))
def test_texts_under_eight_words_are_never_copies(words: int) -> None:
    text = " ".join(REPORT.split()[:words])
    assert are_copies(text, text) == (words >= MIN_WORDS)


@given(WORDS, WORDS)
def test_the_order_of_two_texts_does_not_matter(first: list[str], second: list[str]) -> None:
    assert are_copies(" ".join(first), " ".join(second)) == are_copies(" ".join(second), " ".join(first))


@given(WORDS)
def test_a_text_is_a_copy_of_itself_within_another(words: list[str]) -> None:
    text = " ".join(words)
    assert are_copies(text, f"before {text} after") == (len(shingles(text)) > MIN_WORDS - 5)


def test_of_the_corpus_only_the_two_tass_reports_are_copies() -> None:
    files = sorted(BUNDLED_CORPUS.glob("*.txt"))
    found = {file.name: shingles(file.read_text(encoding="utf-8")) for file in files}
    pairs = [(a, b) for a in found for b in found if a < b and are_near_duplicates(found[a], found[b])]
    assert pairs == [
        ("tass-2019-us-urges-central-asia-copy.txt", "tass-2019-us-urges-central-asia-to-avoid-russia.txt")
    ]
