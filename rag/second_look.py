"""Second look: what a first look did not find, sought once more in the same hits before "the corpus does not say".

The first look reads the few utterances that share most words with the question, and so misses what says the same in
other words. Here the model that was adapted to tell what states an answer (rag/adapter.py) reads the passages found,
and with the one that ranks all utterances of the best of them. It is taken where the first look would end in a
refusal, where sides are compared, and for a language model, which takes longer yet; see evals/LOG.md for what it finds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.evidence import Candidate, Findings, Search, SearchedFacet, candidates, judged, penalty, spoken
from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.retrieval import Searcher
from rag.types import Evidence

PASSAGES_READ = 16  # of each facet
READ_WHOLE = 6  # passages of each facet, of which all utterances are read
FACETS_READ_FULLY = 2  # more of them share what two are given
# Combination of the signals with the logit of the adapted model, chosen on the dev questions: see evals/LOG.md
RANKING_WEIGHT = 0.5
PASSAGE_WEIGHT = 1.0
COVERAGE_WEIGHT = 1.5
RETRIEVAL_WEIGHT = 20.0


def second_look(
    search: Search, first: Findings, searcher: Searcher, relevance: RelevanceModel, stating: RelevanceModel
) -> Findings:
    """The findings of a search after a thorough reading, `stated` aside; `first` are those of the first look."""
    share = min(1.0, FACETS_READ_FULLY / len(search.facets))
    read = zip(search.facets, first.facets, strict=True)
    found = [_read(searched, before, relevance, stating, share) for searched, before in read]
    return replace(judged(search, found, searcher), is_second_look=True)


def _read(
    searched: SearchedFacet,
    before: Sequence[Evidence],
    relevance: RelevanceModel,
    stating: RelevanceModel,
    share: float,
) -> tuple[Evidence, ...]:
    asked = searched.question.topic
    able = candidates(searched)
    passages = _passages(asked, able, before, stating, share)
    read = [each for each in able if each.hit.passage.id in passages]
    texts = [spoken(each.utterance) for each in read]
    evidence = [
        Evidence(
            each.utterance,
            each.hit,
            stated
            + RANKING_WEIGHT * ranked
            + PASSAGE_WEIGHT * passages[each.hit.passage.id]
            + COVERAGE_WEIGHT * each.overlap
            + RETRIEVAL_WEIGHT * each.hit.score
            - penalty(each.utterance, searched.facet),
        )
        for each, stated, ranked in zip(read, stating.score(asked, texts), relevance.score(asked, texts), strict=True)
    ]
    return tuple(sorted(evidence, key=lambda item: -item.relevance))


def _passages(
    asked: str, able: Sequence[Candidate], before: Sequence[Evidence], stating: RelevanceModel, share: float
) -> Mapping[str, float]:
    """The logits of the best passages that hold a candidate, by id; that of the best evidence before is among them."""
    kept = {item.hit.passage.id: item.hit for item in before[:1]}
    hits = {each.hit.passage.id: each.hit for each in able}
    read = {**kept, **dict(list(hits.items())[: math.ceil(PASSAGES_READ * share)])}
    logits = dict(zip(read, stating.score(asked, [embedded_text(hit.passage) for hit in read.values()]), strict=True))
    best = sorted(read, key=lambda each: -(logits[each] + RETRIEVAL_WEIGHT * read[each].score))
    return {each: logits[each] for each in dict.fromkeys((*kept, *best[: math.ceil(READ_WHOLE * share)]))}
