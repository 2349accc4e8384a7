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
# How much deeper than its share of the documents asks for, where a filter is applied after the search
MARGIN = 1.5
# What each leg spends on a passage that may be found, in units of what it spends on a passage that is
DENSE_WITHIN = 1.0
LEXICAL_WITHIN = 0.025


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
        dense = self._within(documents, depth, partial(self.vectors.nearest, vector), DENSE_WITHIN)
        lexical = self._within(documents, depth, partial(self.catalog.lexical, question), LEXICAL_WITHIN)
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

    def _within(self, documents: Sequence[str] | None, depth: int, search: Leg, cost: float) -> list[str]:
        """The first `depth` passages of these documents (None: all).

        A search within them costs by how many passages they have, `cost` each; one of everything that goes deeper and
        leaves the rest out afterwards, by how deep. The cheaper is taken.
        """
        if documents is None:
            return list(search(limit=depth, documents=None))
        counts = self.catalog.counts()
        share = len(documents) / counts.documents
        deeper = math.ceil(MARGIN * depth / share)
        if deeper <= cost * share * counts.passages:
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
