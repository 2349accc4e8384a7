"""Nearest: the Search for a claim in, Findings out: what speaks most of the same, as the relevance model ranks it."""

from rag.evidence import Findings, Search, SearchedFacet, candidates, judged, penalty, spoken
from rag.models import RelevanceModel
from rag.retrieval import Searcher
from rag.types import Evidence

# Combination of the signals, chosen on the dev questions: see evals/LOG.md
COVERAGE_WEIGHT = 3.0
RANK_WEIGHT = 10.0
RETRIEVAL_WEIGHT = 40.0


def nearest(search: Search, searcher: Searcher, relevance: RelevanceModel, *, utterances: int) -> Findings:
    """What is nearest to a claim: so many utterances that share most words with it, ranked by the relevance model."""
    return judged(search, [_ranked(each, relevance, utterances) for each in search.facets], searcher)


def _ranked(searched: SearchedFacet, relevance: RelevanceModel, utterances: int) -> tuple[Evidence, ...]:
    """The utterances of the hits that count for the facet: a cheap score picks which the model reads."""
    found = sorted(candidates(searched), key=lambda each: -(each.overlap + RANK_WEIGHT * each.hit.score))
    read = found[:utterances]
    logits = relevance.score(searched.question.topic, [spoken(each.utterance) for each in read])
    evidence = [
        Evidence(
            each.utterance,
            each.hit,
            logit
            + COVERAGE_WEIGHT * each.overlap
            + RETRIEVAL_WEIGHT * each.hit.score
            - penalty(each.utterance, searched.facet),
        )
        for each, logit in zip(read, logits, strict=True)
    ]
    return tuple(sorted(evidence, key=lambda item: -item.relevance))
