"""Retrieval: a question in, hits out. Dense and lexical search, fused; near-duplicates collapsed into one hit.

Fusion is weighted reciprocal rank (Cormack, Clarke and Büttcher 2009); the weights were chosen on the dev
questions, see evals/LOG.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from rag.catalog import Catalog
from rag.duplicates import are_near_duplicates, shingles
from rag.models import Encoder
from rag.types import Filter, Hit, Passage, Place, Source
from rag.vectors import VectorIndex

RANK_CONSTANT = 10
DENSE_WEIGHT = 0.5
LEXICAL_WEIGHT = 0.5
# A filter is applied after the search, which then goes so much deeper, unless that is deeper than this
MARGIN = 1.5
DEEPEST = 3000


class Leg(Protocol):
    """One way to search: passage ids with their scores, best first."""

    def __call__(self, *, limit: int, documents: Sequence[str] | None) -> Mapping[str, float]: ...


@dataclass(frozen=True, slots=True)
class Searcher:
    """What retrieval needs: both indexes, the encoder, and how many candidates each leg gives."""

    catalog: Catalog
    vectors: VectorIndex
    encoder: Encoder
    candidates: int

    def search(self, question: str, *, limit: int, restriction: Filter = Filter()) -> list[Hit]:
        """At most `limit` hits, best first, each passage once; [] where nothing passes the filter."""
        documents = None if restriction.is_empty else self.catalog.matching_documents(restriction)
        if documents == []:
            return []
        depth = max(self.candidates, 3 * limit)
        vector = self.encoder.encode_question(question).tolist()
        dense = self._within(documents, depth, partial(self.vectors.nearest, vector))
        lexical = self._within(documents, depth, partial(self.catalog.lexical, question))
        scores = fused(dense, lexical)
        # vectors that a killed run left behind have no passage
        passages = self.catalog.passages(list(scores))
        sources = self.catalog.sources(list({passage.document_id for passage in passages.values()}))
        hits = [
            Hit(passages[identity], sources[passages[identity].document_id], score)
            for identity, score in scores.items()
            if identity in passages
        ]
        return collapsed(hits, limit)

    def _within(self, documents: Sequence[str] | None, depth: int, search: Leg) -> list[str]:
        """The first `depth` passages of these documents (None: all).

        Unless they are few, it is quicker to search everything further down and to leave the rest out.
        """
        if documents is None:
            return list(search(limit=depth, documents=None))
        deeper = math.ceil(MARGIN * depth * self.catalog.counts().documents / len(documents))
        if deeper <= DEEPEST:
            found = list(search(limit=deeper, documents=None))
            places, allowed = self.catalog.documents_of(found), set(documents)
            kept = [identity for identity in found if places.get(identity) in allowed]
            if len(kept) >= depth or len(found) < deeper:
                return kept[:depth]
        return list(search(limit=depth, documents=documents))


def fused(dense: list[str], lexical: list[str]) -> dict[str, float]:
    """Scores of the ids in either ranking, best first: the sum of weight / (constant + rank), ranks from 1."""
    scores: dict[str, float] = {}
    for ranking, weight in ((dense, DENSE_WEIGHT), (lexical, LEXICAL_WEIGHT)):
        for rank, identity in enumerate(ranking, start=1):
            scores[identity] = scores.get(identity, 0.0) + weight / (RANK_CONSTANT + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def collapsed(hits: list[Hit], limit: int) -> list[Hit]:
    """The first `limit` hits, near-duplicates of another document joined to the better one as `also_in`."""
    kept: list[Hit] = []
    words: list[frozenset[tuple[str, ...]]] = []
    for hit in hits:
        own = shingles(hit.passage.text)
        twin = next(
            (
                number
                for number, other in enumerate(kept)
                if other.source.id != hit.source.id and are_near_duplicates(own, words[number])
            ),
            None,
        )
        if twin is not None:
            place = _place(hit.passage, hit.source)
            kept[twin] = replace(kept[twin], also_in=(*kept[twin].also_in, place))
        elif len(kept) < limit:
            kept.append(hit)
            words.append(own)
    return kept


def _place(passage: Passage, source: Source) -> Place:
    return Place(source, passage.start, passage.end, passage.text)
