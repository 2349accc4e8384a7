"""The catalog: BM25 search, filters, removal without traces, transactions, frequencies."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.catalog import Catalog, Counts
from rag.errors import IndexingError
from rag.types import Document, Filter, Metadata, Mode, Passage, Source, Utterance
from rag.words import stem

EVERYTHING = Filter()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite")
    yield opened
    opened.close()


def add(catalog: Catalog, name: str, *texts: str, context: str = "", speaker: str = "", **metadata: str) -> Document:
    """A document at /docs/NAME with a passage for each text, its id NAME-NUMBER."""
    whole = "\n\n".join(texts)
    document = Document(name, f"/docs/{name}", whole, Metadata(**metadata))
    made = []
    for number, text in enumerate(texts):
        start = whole.index(text)
        end = start + len(text)
        said = Utterance(start, end, text, speaker, Mode.QUOTE if speaker else Mode.NARRATION)
        made.append(Passage(f"{name}-{number}", name, start, end, text, context, (said,)))
    with catalog.transaction():
        catalog.add_document(document, made)
    return document


def found(catalog: Catalog, query: str, restriction: Filter = EVERYTHING, limit: int = 10) -> list[str]:
    documents = None if restriction.is_empty else catalog.matching_documents(restriction)
    return list(catalog.lexical(query, limit=limit, documents=documents))


@pytest.mark.parametrize("query", ["helicopter", "Helicopters", "HELICOPTER", "the helicopter's", "helicopters?"])
def test_a_search_finds_inflected_forms(catalog: Catalog, query: str) -> None:
    add(catalog, "a", "Helicopters were seen.", "Nothing flew.")
    assert found(catalog, query) == ["a-0"]


def test_a_search_finds_a_word_whatever_its_accents(catalog: Catalog) -> None:
    add(catalog, "a", "The resume of Peron was read.", "The café is closed.")
    assert found(catalog, "Perón") == ["a-0"]
    assert found(catalog, "cafe") == ["a-1"]


@pytest.mark.parametrize(
    "query",
    [
        'helicopter"',
        '"helicopter',
        "helicopter*",
        "text:helicopter",
        "helicopter AND (",
        "NOT helicopter",
        "NEAR(helicopter, 2)",
        "helicopter; DROP TABLE passages --",
        "helicopter ' OR 1=1",
        "^helicopter - {} [] \\ \x00",
        "helicopter 10,000.5 3.14",
    ],
)
def test_punctuation_and_search_syntax_are_harmless(catalog: Catalog, query: str) -> None:
    add(catalog, "a", "A helicopter was seen.", "Nothing flew.")
    assert found(catalog, query)[0] == "a-0"
    assert catalog.counts() == Counts(1, 2)


@pytest.mark.parametrize("query", ["", "?!", "the of and", '""', "_"])
def test_a_query_without_content_words_finds_nothing(catalog: Catalog, query: str) -> None:
    add(catalog, "a", "The helicopter and the tank.")
    assert found(catalog, query) == []


def test_results_come_best_first_and_at_most_the_limit(catalog: Catalog) -> None:
    add(catalog, "a", "A tank stood near a river.", "A tank met a tank; the helicopter left.", "A river flows.")
    scores = catalog.lexical("helicopter tank", limit=10)
    assert list(scores) == ["a-1", "a-0"]
    assert scores["a-1"] > scores["a-0"]
    assert found(catalog, "helicopter tank", limit=1) == ["a-1"]


def test_a_match_in_the_words_counts_more_than_one_in_the_context(catalog: Catalog) -> None:
    add(catalog, "a", "It was seen over hills.", context="A helicopter over hills")
    add(catalog, "b", "A helicopter was seen.", context="It was seen over hills")
    assert found(catalog, "helicopter") == ["b-0", "a-0"]


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        (Filter(), {"a", "b", "c", "d", "e"}),
        (Filter(publishers=("tass",)), {"a", "b"}),
        (Filter(publishers=("TASS", "belta")), {"a", "b", "c"}),
        (Filter(publishers=("коммерсантъ",)), {"d"}),
        (Filter(publishers=("TAS%",)), set()),
        (Filter(documents=("c",)), {"c"}),
        (Filter(documents=("/docs/c", "a")), {"a", "c"}),
        (Filter(documents=("/docs/",)), set()),
        (Filter(date_from="2019-11-27"), {"a", "c"}),
        (Filter(date_to="2019-11-27"), {"a"}),
        (Filter(date_from="2019-11-28", date_to="2023-12-31"), {"c"}),
        (Filter(publishers=("tass",), date_from="2000-01-01"), {"a"}),
        (Filter(date_from="2024-01-01"), set()),
    ],
)
def test_a_filter_restricts_search_and_documents_alike(
    catalog: Catalog, restriction: Filter, expected: set[str]
) -> None:
    add(catalog, "a", "A helicopter was seen.", publisher="TASS", date="2019-11-27")
    add(catalog, "b", "A helicopter was seen.", publisher="Tass", date="--11-27")  # partial: in no range of dates
    add(catalog, "c", "A helicopter was seen.", publisher="BelTA", date="2023-03-03")
    add(catalog, "d", "A helicopter was seen.", publisher="Коммерсантъ")  # undated: in none either
    add(catalog, "e", "A helicopter was seen.")
    assert {identity[0] for identity in found(catalog, "helicopter", restriction)} == expected
    assert set(catalog.matching_documents(restriction)) == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"date_from": "1999-01-01"}, {"year", "month", "day"}),
        ({"date_from": "1999-05-31"}, {"year", "month", "day"}),
        ({"date_from": "1999-06-01"}, {"year", "day"}),
        ({"date_from": "2000-01-01"}, set()),
        ({"date_to": "1999-05-01"}, {"year", "month"}),
        ({"date_to": "1998-12-31"}, set()),
        ({"date_from": "1999-12-01", "date_to": "1999-12-31"}, {"year"}),
    ],
)
def test_a_year_or_month_passes_a_filter_that_one_of_its_days_passes(
    catalog: Catalog, bounds: dict[str, str], expected: set[str]
) -> None:
    for name, date in (("year", "1999"), ("month", "1999-05"), ("day", "1999-06-10")):
        add(catalog, name, "A helicopter was seen.", date=date)
    assert set(catalog.matching_documents(Filter(**bounds))) == expected


def test_in_a_large_index_only_passages_with_a_rarer_word_are_ranked_by_all_words(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.catalog.TOO_COMMON", 1.0)
    others = [f"The hills, part {number}." for number in range(9)]
    add(catalog, "a", "A helicopter flew over the hills.", "A helicopter flew over the town.", "A tank stood.", *others)
    query = "helicopter tank hills"
    scores = catalog.lexical(query, limit=20)
    assert len(scores) == 12
    monkeypatch.setattr("rag.catalog.MAX_MATCHES", 9)
    kept = catalog.lexical(query, limit=3)
    assert set(kept) == {"a-0", "a-1", "a-2"}
    assert kept == pytest.approx({name: scores[name] for name in kept})
    assert len(found(catalog, query, limit=20)) == 12  # the rarer words give fewer than are wanted
    assert len(found(catalog, "hills zeppelin", limit=9)) == 9  # nor does a word that stands nowhere empty the leg


def test_what_is_rare_in_all_documents_does_not_empty_a_filtered_search(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(catalog, "a", *(f"A helicopter, part {number}." for number in range(4)))
    add(catalog, "b", *(f"The hills, part {number}." for number in range(9)))
    monkeypatch.setattr("rag.catalog.MAX_MATCHES", 5)
    assert len(found(catalog, "helicopter hills", Filter(documents=("b",)), limit=4)) == 4


def test_removal_leaves_nothing_behind(catalog: Catalog) -> None:
    add(catalog, "a", "A helicopter was seen.", speaker="Ann Lee", context="Zeppelins")
    add(catalog, "b", "A tank was seen.", speaker="Bob Ray")
    with catalog.transaction():
        catalog.remove_path("/docs/a")
        assert catalog.remove_unreferenced() == ["a-0"]
    assert found(catalog, "helicopter zeppelins") == []
    assert found(catalog, "tank") == ["b-0"]
    assert catalog.document_frequencies(["helicopt", "zeppelin", "seen"]) == {"helicopt": 0, "zeppelin": 0, "seen": 1}
    assert catalog.speakers() == ["Bob Ray"]
    assert catalog.counts() == Counts(1, 1)
    assert catalog.paths() == {"/docs/b": "b"}


def test_a_document_stays_while_one_of_its_paths_does(catalog: Catalog) -> None:
    add(catalog, "a", "A helicopter was seen.")
    with catalog.transaction():
        catalog.set_path("/docs/copy", "a")
        catalog.remove_path("/docs/a")
        assert catalog.remove_unreferenced() == []
    assert catalog.sources() == {"a": Source("a", "/docs/copy", Metadata())}


def test_documents_can_be_forgotten_by_their_passages(catalog: Catalog) -> None:
    add(catalog, "a", "A helicopter was seen.", "A tank stood.", speaker="Ann Lee")
    add(catalog, "b", "A tank was seen.")
    with catalog.transaction():
        catalog.remove_documents_of(["a-0", "a-1", "unknown"])
    assert catalog.paths() == {"/docs/b": "b"}
    assert found(catalog, "helicopter tank") == ["b-0"]
    assert catalog.speakers() == []


def test_a_transaction_that_fails_leaves_nothing(catalog: Catalog) -> None:
    add(catalog, "a", "A helicopter was seen.")
    with pytest.raises(ZeroDivisionError), catalog.transaction():
        catalog.remove_path("/docs/a")
        catalog.remove_unreferenced()
        catalog.set_setting("made_with", "x")
        catalog.add_root("/docs")
        raise ZeroDivisionError
    assert found(catalog, "helicopter") == ["a-0"]
    assert (catalog.setting("made_with"), catalog.roots()) == ("", [])


def test_what_is_written_is_there_after_reopening(tmp_path: Path) -> None:
    first = Catalog(tmp_path / "catalog.sqlite")
    document = add(
        first, "a", "“A helicopter was seen,” she said.", "A tank.", speaker="Ann Lee", title="T", date="--01-02"
    )
    before = first.passages(["a-0", "a-1", "unknown"])
    first.close()
    second = Catalog(tmp_path / "catalog.sqlite")
    after = second.passages(["a-0", "a-1"])
    assert after == before
    assert len(after) == 2
    assert all(document.text[passage.start : passage.end] == passage.text for passage in after.values())
    assert [utterance.speaker for utterance in after["a-0"].utterances] == ["Ann Lee"]
    assert second.sources(["a"])["a"] == Source("a", "/docs/a", document.metadata)
    assert second.text("a") == document.text
    second.close()


def test_document_frequencies_count_passages_by_stem(catalog: Catalog) -> None:
    words = "Sergey will try 10,000 cafés daily: universities, uses, agreed, pleased, Norway"
    add(catalog, "a", words, f"{words}. {words}", "Nothing else.")
    sought = [stem(word) for word in "sergey try 10,000 café university use agree please norway absent 20,000".split()]
    assert list(catalog.document_frequencies(sought).values()) == [2] * 9 + [0, 0]


def test_threads_can_share_a_catalog_while_one_writes(catalog: Catalog) -> None:
    add(catalog, "first", "A helicopter was seen.")

    def read(_: int) -> int:
        hits = found(catalog, "helicopter", limit=100)
        assert len(catalog.passages(hits)) == len(hits)
        return min(len(hits), catalog.document_frequencies(["helicopt"])["helicopt"])

    with ThreadPoolExecutor(4) as readers:
        counts = readers.map(read, range(100))
        for number in range(20):
            add(catalog, f"n{number}", "Another helicopter was seen.")
        assert all(1 <= count <= 21 for count in counts)
    assert len(found(catalog, "helicopter", limit=100)) == 21


def test_an_unknown_document_is_an_error_with_a_remedy(catalog: Catalog) -> None:
    with pytest.raises(IndexingError, match=r"'nowhere'.*onrecord status"):
        catalog.text("nowhere")


def test_a_file_that_is_no_index_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_text("no database " * 1000)
    with pytest.raises(IndexingError, match="not a usable index"):
        Catalog(tmp_path / "catalog.sqlite")


def test_an_index_damaged_while_open_is_an_error_with_a_remedy(catalog: Catalog, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "catalog.sqlite")
    other.execute("DROP TABLE roots")
    other.close()
    with pytest.raises(IndexingError, match="index again"):
        catalog.roots()
    with pytest.raises(IndexingError, match="index again"), catalog.transaction():
        catalog.add_root("/docs")
