"""Retrieval: the fusion of both rankings, near-duplicates as one hit, filters."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Filter, Record, retrieval
from rag.retrieval import collapsed, fused
from rag.types import Hit, Metadata, Passage, Place, Source

REPORT = "The minister said on Wednesday that helicopters without markings were seen over the northern mountains again"
COPY = f"BISHKEK, November 27. {REPORT}, an agency wrote."
OTHER = "Trade between both neighbours has grown by a third within one single year, the ambassador told reporters"


@pytest.fixture
def _round_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "RANK_CONSTANT", 9)
    monkeypatch.setattr(retrieval, "DENSE_WEIGHT", 0.6)
    monkeypatch.setattr(retrieval, "LEXICAL_WEIGHT", 0.4)


@pytest.mark.usefixtures("_round_weights")
@pytest.mark.parametrize(
    ("dense", "lexical", "expected"),
    [
        ([], [], []),
        (["a"], [], [("a", 0.06)]),
        ([], ["a"], [("a", 0.04)]),
        # a: .6/10 + .4/11, c: .6/12 + .4/10, b: .6/11
        (["a", "b", "c"], ["c", "a"], [("a", 0.0963636), ("c", 0.09), ("b", 0.0545455)]),
        (["a"], ["b"], [("a", 0.06), ("b", 0.04)]),
    ],
)
def test_fusion_adds_weights_by_rank(dense: list[str], lexical: list[str], expected: list[tuple[str, float]]) -> None:
    scores = fused(dense, lexical)
    assert list(scores) == [identity for identity, _ in expected]
    assert list(scores.values()) == pytest.approx([score for _, score in expected], abs=1e-7)


def test_fusion_of_equal_ranks_is_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "DENSE_WEIGHT", retrieval.LEXICAL_WEIGHT)
    assert list(fused(["b", "z"], ["a", "y"])) == list(fused(["a", "y"], ["b", "z"])) == ["a", "b", "y", "z"]


def hit(document: str, text: str, start: int = 0, score: float = 1.0) -> Hit:
    passage = Passage(f"{document}-{start}", document, start, start + len(text), text, "", ())
    return Hit(passage, Source(document, f"/docs/{document}", Metadata()), score)


def place(found: Hit) -> Place:
    return Place(found.source, found.passage.start, found.passage.end, found.passage.text)


def test_near_duplicates_of_other_documents_join_the_better_hit() -> None:
    first, other, copy, third = hit("a", REPORT), hit("b", OTHER), hit("c", COPY, start=20), hit("d", REPORT.upper())
    kept = collapsed([first, other, copy, third], 10)
    assert [each.passage.id for each in kept] == ["a-0", "b-0"]
    assert kept[0].also_in == (place(copy), place(third))
    assert kept[1].also_in == ()
    assert kept[0].passage == first.passage


def test_near_duplicates_of_the_same_document_stay_apart() -> None:
    hits = [hit("a", REPORT), hit("a", REPORT, start=500)]
    assert collapsed(hits, 10) == hits


def test_short_texts_are_no_duplicates() -> None:
    hits = [hit("a", "He said so."), hit("b", "He said so.")]
    assert collapsed(hits, 10) == hits


def test_a_duplicate_below_the_limit_still_joins() -> None:
    first, other, copy = hit("a", REPORT), hit("b", OTHER), hit("c", COPY)
    kept = collapsed([first, other, copy], 1)
    assert [each.passage.id for each in kept] == ["a-0"]
    assert kept[0].also_in == (place(copy),)


@pytest.fixture
def record(folder: Path, fake_record: Callable[..., Record]) -> Record:
    """A report, its copy, another text, and one that has no date."""
    for name, text in {"a": REPORT, "b": COPY, "c": OTHER, "d": f"{OTHER}, he noted"}.items():
        (folder / f"{name}.txt").write_text(f"{text}.")
    (folder / "manifest.json").write_text(
        '[{"path": "a.txt", "publisher": "TASS", "date": "2019-11-27"}, {"path": "b.txt", "date": "2019-11-28"},'
        ' {"path": "c.txt", "publisher": "BelTA", "date": "2023-03-03"}]'
    )
    made = fake_record()
    made.index([folder])
    return made


def names(hits: list[Hit]) -> list[str]:
    return [Path(found.source.path).stem for found in hits]


def test_a_search_gives_copies_as_one_hit_with_their_places(record: Record) -> None:
    best = record.search("helicopters without markings over the northern mountains")[0]
    assert [Path(each.source.path).stem for each in best.also_in] == ["b" if names([best]) == ["a"] else "a"]
    copy = best.also_in[0]
    assert REPORT in record.catalog.text(copy.source.id)[copy.start : copy.end]


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        (Filter(publishers=("tass", "belta")), {"a", "c"}),
        (Filter(date_to="2019-11-27"), {"a"}),
        (Filter(date_from="2019-11-28"), {"b", "c"}),
    ],
)
def test_a_search_keeps_to_its_filter(record: Record, restriction: Filter, expected: set[str]) -> None:
    hits = record.search("helicopters and trade, the ambassador and the minister", restriction=restriction)
    assert {*names(hits)} | {Path(each.source.path).stem for hit in hits for each in hit.also_in} == expected


@pytest.mark.parametrize(
    "restriction",
    [
        Filter(date_to="1900-01-01"),
        Filter(publishers=("TASS",), date_from="2030-01-01"),
        Filter(date_from="2030-01-01"),
    ],
)
def test_a_filter_that_nothing_passes_gives_no_hits(record: Record, restriction: Filter) -> None:
    assert record.search("helicopters", restriction=restriction) == []


@pytest.mark.parametrize("restriction", [Filter(publishers=("TASS",)), Filter(date_to="2020-12-31")])
def test_a_filter_applied_after_the_search_finds_the_same_as_one_within_it(
    record: Record, restriction: Filter, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for margin in (0.01, 0.1, 1.5, 100.0):  # too shallow, so that it is searched again within; and never too deep
        monkeypatch.setattr(retrieval, "MARGIN", margin)
        found.append(record.search("trade and helicopters", restriction=restriction))
    assert found[0]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("limit", [1, 2])
def test_a_search_gives_at_most_the_limit_best_first(record: Record, limit: int) -> None:
    everything = record.search("helicopters and trade", limit=10)
    hits = record.search("helicopters and trade", limit=limit)
    assert names(hits) == names(everything)[:limit]
    assert [hit.score for hit in everything] == sorted((hit.score for hit in everything), reverse=True)
    assert len({hit.passage.id for hit in everything}) == len(everything) == 2


def test_vectors_without_a_document_are_ignored(record: Record) -> None:
    with record.catalog.transaction():
        record.catalog.remove_documents_of(list(record.catalog.lexical("trade", limit=9)))
    assert set(names(record.search("trade between both neighbours"))) <= {"a", "b"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("choppers with nothing painted on them", "Helicopters"),  # by meaning: none of these words stands there
        ("Sooronbay Jeenbekov", "Jeenbekov"),  # by words: a name that the embedder hardly knows
    ],
)
def test_the_real_index_finds_by_meaning_and_by_words(corpus_record: Record, question: str, words: str) -> None:
    hits = corpus_record.search(question, limit=3)
    assert any(words.lower() in hit.passage.text.lower() for hit in hits)
    assert all(
        corpus_record.catalog.text(hit.source.id)[hit.passage.start : hit.passage.end] == hit.passage.text
        for hit in hits
    )
