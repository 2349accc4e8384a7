"""Words: terms, and stems as the lexical index has them."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.words import TOKENIZER, _Stemmer, stem, stems, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Helicopters were seen by the US", ["helicopters", "seen", "us"]),
        ("Tell us of 10,000 tonnes", ["10,000", "tonnes"]),
        ("What did he say about it?", []),
    ],
)
def test_terms_are_the_content_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("helicopters policies possibly apology", ["helicopt", "polici", "possibl", "apolog"]),
        ("Café in Perón's 10,000", ["cafe", "peron", "10,000"]),
        ("Russian Russia Afghans", ["russia", "russia", "afghanistan"]),
        ("U.S. United States Americans", ["us", "us", "us"]),
        ("UK, the United Kingdom, the British", ["britain", "britain", "britain"]),
        ("вертолёты", ["вертолёты"]),
    ],
)
def test_stems_are_without_inflection_accents_and_nationality(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_stems_are_those_of_the_lexical_index() -> None:
    words = ["markings", "insignia", "airlifted", "suspicion", "governors", "technologies", "relational", "skies"]
    with sqlite3.connect(":memory:") as database:
        database.execute(f"CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='{TOKENIZER}')")
        database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab('texts', 'row')")
        database.executemany("INSERT INTO texts VALUES (?)", [(word,) for word in words])
        indexed = {term for (term,) in database.execute("SELECT term FROM vocabulary")}
    assert {stem(word) for word in words} == indexed


def test_threads_get_the_same_stems() -> None:
    texts = [f"helicopters{number} policies{number % 7} flying" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stems, texts))
    assert together == [[f"helicopters{number}", f"policies{number % 7}", "fly"] for number in range(200)]


def test_a_stemmer_that_was_interrupted_goes_on() -> None:
    def interrupted() -> Iterator[str]:
        yield "helicopters"
        raise KeyboardInterrupt

    stemmer = _Stemmer()
    with pytest.raises(KeyboardInterrupt):
        stemmer._stemmed(interrupted())  # type: ignore[arg-type]
    assert stemmer(["helicopters"]) == ["helicopt"]
