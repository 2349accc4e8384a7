"""Looks: a Search in, Findings out: which utterances of what was found state an answer, and how surely.

A model that was adapted to tell what states an answer from what touches on the question (rag/adapter.py) reads them. A
first look reads the few utterances that share most words with the question. A second one, where that settles nothing,
for a question with several sides and for a language model, reads many more, and the passages of the best, and so finds
what says the same in other words; see evals/LOG.md for what it finds and what it takes.
"""

from collections.abc import Iterable
from dataclasses import replace

from rag.evidence import Findings, Search, SearchedFacet, candidates, judged, penalty, spoken
from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.retrieval import Searcher
from rag.types import Evidence

FIRST_READ = 6  # utterances of a facet: 0.05 seconds on two cores
SECOND_READ = 36
PASSAGES_READ = 2  # of the best evidence of a facet, at the second look
FACETS_READ_FULLY = 2  # more of them share what two are given
LEAST_READ = 4  # of each
RANK_WEIGHT = 10.0  # of the retrieval score, beside the share of the question's words, in choosing what is read
# Combination of the signals with the logit of an utterance, chosen on the dev questions: see evals/LOG.md
PASSAGE_WEIGHT = 0.5
COVERAGE_WEIGHT = 5.0
RETRIEVAL_WEIGHT = 40.0


def first_look(search: Search, searcher: Searcher, stating: RelevanceModel) -> Findings:
    """The findings after a quick reading."""
    most = _share(FIRST_READ, search)
    return judged(search, [ranked(each, stating, most) for each in search.facets], searcher)


def second_look(search: Search, searcher: Searcher, stating: RelevanceModel) -> Findings:
    """The findings after a thorough reading, which takes in what the first look read."""
    most = _share(SECOND_READ, search)
    found = [_within_passages(ranked(each, stating, most), each, stating) for each in search.facets]
    return replace(judged(search, found, searcher), is_second_look=True)


def ranked(
    searched: SearchedFacet, model: RelevanceModel, utterances: int, *, coverage: float = COVERAGE_WEIGHT
) -> tuple[Evidence, ...]:
    """The utterances of a facet's hits as evidence, best first: a cheap score picks so many for the model to read.

    `coverage` is the weight, in logits of the model, of the share of the question's words that an utterance holds.
    """
    able = sorted(candidates(searched), key=lambda each: -(each.overlap + RANK_WEIGHT * each.hit.score))
    read = able[:utterances]
    logits = model.score(searched.question.topic, [spoken(each.utterance) for each in read])
    return _best_first(
        Evidence(
            each.utterance,
            each.hit,
            logit
            + coverage * each.overlap
            + RETRIEVAL_WEIGHT * each.hit.score
            - penalty(each.utterance, searched.facet),
        )
        for each, logit in zip(read, logits, strict=True)
    )


def _share(utterances: int, search: Search) -> int:
    """How many utterances of each facet are read."""
    return max(LEAST_READ, utterances * min(FACETS_READ_FULLY, len(search.facets)) // max(1, len(search.facets)))


def _within_passages(
    evidence: tuple[Evidence, ...], searched: SearchedFacet, stating: RelevanceModel
) -> tuple[Evidence, ...]:
    """The evidence ranked anew by what the model says of the best passages; the others count as the worse of these."""
    passages = {item.hit.passage.id: item.hit.passage for item in evidence}
    read = list(passages)[:PASSAGES_READ]
    logits = stating.score(searched.question.topic, [embedded_text(passages[each]) for each in read])
    known = dict(zip(read, logits, strict=True))
    least = min(logits, default=0.0)
    return _best_first(
        replace(item, relevance=item.relevance + PASSAGE_WEIGHT * known.get(item.hit.passage.id, least))
        for item in evidence
    )


def _best_first(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda item: -item.relevance))
