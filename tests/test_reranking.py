"""Tests of rag/reranking.py: which hits are read, and that scores fall with rank."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.record import Record
from rag.reranking import reranked
from rag.settings import Settings
from tests.builders import hit
from tests.fakes import WordEncoder


class ByLength:
    """The longer a text, the more relevant."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read += texts
        return [float(len(text)) for text in texts]


HITS = [hit(text, score=1 / (11 + rank)) for rank, text in enumerate(("a", "a b c", "a b", "a b c d e"))]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, ["a", "a b c", "a b", "a b c d e"]),
        (3, ["a b c", "a b", "a", "a b c d e"]),
        (10, ["a b c d e", "a b c", "a b", "a"]),
    ],
)
def test_the_first_hits_are_ranked_by_relevance_and_the_rest_stays(depth: int, expected: list[str]) -> None:
    ranked = reranked(HITS, "q", ByLength(), depth=depth)
    assert [each.passage.text for each in ranked] == expected
    scores = [each.score for each in ranked]
    assert scores == sorted(scores, reverse=True)
    assert [score > 1 for score in scores] == [number < depth for number in range(len(HITS))]


def test_the_headline_and_date_are_read_with_the_passage() -> None:
    model = ByLength()
    reranked([hit("Words.", context="Headline | 2019")], "q", model, depth=1)
    assert model.read == ["Headline | 2019\nWords."]


def test_relevance_beyond_all_measure_is_no_error() -> None:
    class Certain:
        def score(self, question: str, texts: Sequence[str]) -> list[float]:
            return [-1000.0, 1000.0]

    assert [each.passage.text for each in reranked(HITS[:2], "q", Certain(), depth=2)] == ["a b c", "a"]


def test_a_search_is_reranked_as_deep_as_the_setting_says(tmp_path: Path) -> None:
    for name, text in (("a", "The harbour."), ("b", "The harbour of Nord, built by many hands."), ("c", "The sea.")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    found = {}
    for depth in (0, 1, 10):
        settings = Settings(home=tmp_path / "home", reranked=depth)
        with Record(settings, encoder=WordEncoder(), relevance=ByLength()) as record:
            record.index([tmp_path])
            found[depth] = record.search("harbour", limit=2)
    assert found[10][0].passage.text == "The harbour of Nord, built by many hands."
    assert [[each.score > 1 for each in found[depth]] for depth in (0, 1, 10)] == [
        [False, False],
        [True, False],
        [True, True],
    ]
