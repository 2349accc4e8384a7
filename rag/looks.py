"""Looks: a Search in, Findings out: which utterances of what was found state an answer, and how surely.

A model that was adapted to tell what states an answer from what touches on the question (rag/adapter.py) reads them. A
first look reads the few utterances that share most words with the question. A second one, before "the corpus does not
say", for a question with several sides and for a language model, reads the passages found and all utterances of the
best of them, and so finds what says the same in other words; see evals/LOG.md for what it finds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.evidence import Candidate, Findings, Search, SearchedFacet, candidates, judged, penalty, spoken
from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.retrieval import Searcher
from rag.types import Evidence, Hit

UTTERANCES_READ = 6  # at first: below 0.1 s on two cores
LEAST_READ = 4  # of each facet
RANK_WEIGHT = 10.0  # of the retrieval score, beside the share of the question's words, in choosing what is read
PASSAGES_OF = 2  # of the best evidence
PASSAGES_READ = 16  # of each facet, at the second look
READ_WHOLE = 6  # passages of each facet, of which all utterances are read
FACETS_READ_FULLY = 2  # more of them share what two are given
# Combination of the signals with the logit of an utterance, chosen on the dev questions: see evals/LOG.md
PASSAGE_WEIGHT = 0.5
COVERAGE_WEIGHT = 5.0
RETRIEVAL_WEIGHT = 40.0
LOGIT_RANGE = (-10.0, 10.0)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a facet: its evidence, best first, and the logits of passages by their ids."""

    evidence: tuple[Evidence, ...]
    passages: Mapping[str, float]


def first_look(search: Search, searcher: Searcher, stating: RelevanceModel) -> Findings:
    """The findings after a quick reading."""
    share = max(LEAST_READ, UTTERANCES_READ // len(search.facets))
    return _found([_quickly(searched, stating, share) for searched in search.facets], search, searcher)


def second_look(search: Search, first: Findings, searcher: Searcher, stating: RelevanceModel) -> Findings:
    """The findings after a thorough reading; the best of the first look is read again among the others."""
    share = min(1.0, FACETS_READ_FULLY / len(search.facets))
    before = zip(search.facets, first.facets, strict=True)
    read = [_thoroughly(searched, known, stating, share) for searched, known in before]
    return replace(_found(read, search, searcher), is_second_look=True)


def _found(read: Sequence[_Read], search: Search, searcher: Searcher) -> Findings:
    passages = [_clipped(logit) for each in read for logit in each.passages.values()]
    findings = judged(search, [each.evidence for each in read], searcher)
    return replace(findings, passage_stated=max(passages, default=0.0))


def _quickly(searched: SearchedFacet, stating: RelevanceModel, utterances: int) -> _Read:
    able = sorted(candidates(searched), key=lambda each: -(each.overlap + RANK_WEIGHT * each.hit.score))
    evidence = _scored(able[:utterances], searched, stating, {})
    passages = _passages([item.hit for item in evidence], searched, stating, PASSAGES_OF)
    return _Read(evidence, passages)


def _thoroughly(searched: SearchedFacet, before: Sequence[Evidence], stating: RelevanceModel, share: float) -> _Read:
    able = candidates(searched)
    hits = [*(item.hit for item in before[:1]), *(each.hit for each in able)]
    passages = _passages(hits, searched, stating, math.ceil(PASSAGES_READ * share))
    scores = {hit.passage.id: hit.score for hit in hits}
    best = sorted(passages, key=lambda each: -(passages[each] + RETRIEVAL_WEIGHT * scores[each]))
    kept = {*(item.hit.passage.id for item in before[:1]), *best[: math.ceil(READ_WHOLE * share)]}
    read = [each for each in able if each.hit.passage.id in kept]
    return _Read(_scored(read, searched, stating, passages), passages)


def _passages(hits: Sequence[Hit], searched: SearchedFacet, stating: RelevanceModel, most: int) -> dict[str, float]:
    """The logits of the first passages, by id."""
    read = dict(list({hit.passage.id: hit for hit in hits}.items())[:most])
    texts = [embedded_text(hit.passage) for hit in read.values()]
    return dict(zip(read, stating.score(searched.question.topic, texts), strict=True))


def _scored(
    read: Sequence[Candidate], searched: SearchedFacet, stating: RelevanceModel, passages: Mapping[str, float]
) -> tuple[Evidence, ...]:
    """What was read as evidence, best first."""
    logits = stating.score(searched.question.topic, [spoken(each.utterance) for each in read])
    evidence = [
        Evidence(
            each.utterance,
            each.hit,
            logit
            + PASSAGE_WEIGHT * passages.get(each.hit.passage.id, 0.0)
            + COVERAGE_WEIGHT * each.overlap
            + RETRIEVAL_WEIGHT * each.hit.score
            - penalty(each.utterance, searched.facet),
        )
        for each, logit in zip(read, logits, strict=True)
    ]
    return tuple(sorted(evidence, key=lambda item: -item.relevance))


def _clipped(logit: float) -> float:
    low, high = LOGIT_RANGE
    return min(max(logit, low), high)
