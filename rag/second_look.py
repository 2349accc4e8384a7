"""Second look: findings that would be refused in, the same hits read anew out, before "the corpus does not say".

The first look reads the few utterances that share most words with the question, and so misses what says the same
in other words. Here two models read every passage found and all utterances of the best: the one that ranks, and the
one that was adapted to tell what states an answer (rag/adapter.py). What that finds is in evals/LOG.md.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

from rag.evidence import Findings, Side, candidates, judged, penalty, spoken
from rag.models import RelevanceModel
from rag.passages import embedded_text
from rag.retrieval import Searcher
from rag.types import Evidence

PASSAGES = 16  # read of each side
READ_WHOLE = 6  # passages of each side, of which all utterances are read
SIDES = 2  # that are read so thoroughly; more of them share what two are given
# Combination of the signals with the logit of the adapted model, chosen on the dev questions: see evals/LOG.md
RANKING_WEIGHT = 0.5
PASSAGE_WEIGHT = 1.0
COVERAGE_WEIGHT = 1.5
RETRIEVAL_WEIGHT = 20.0


def second_look(findings: Findings, searcher: Searcher, relevance: RelevanceModel, stating: RelevanceModel) -> Findings:
    """The findings as they are after a thorough reading, `stated` aside."""
    assert findings.search is not None, "what was found was searched for"
    sides = findings.search.sides
    share = min(1.0, SIDES / len(sides))
    found = [_read(side, relevance, stating, share) for side in sides]
    return replace(judged(findings.search, found, searcher), is_second_look=True)


def _read(side: Side, relevance: RelevanceModel, stating: RelevanceModel, share: float) -> tuple[Evidence, ...]:
    asked = side.question.topic
    passages = _passages(side, stating, share)
    read = [each for each in candidates(side) if each.hit.passage.id in passages]
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
            - penalty(each.utterance, side.facet),
        )
        for each, stated, ranked in zip(read, stating.score(asked, texts), relevance.score(asked, texts), strict=True)
    ]
    return tuple(sorted(evidence, key=lambda item: -item.relevance))


def _passages(side: Side, stating: RelevanceModel, share: float) -> Mapping[str, float]:
    """The logits of the best passages, by id."""
    hits = side.hits[: math.ceil(PASSAGES * share)]
    logits = stating.score(side.question.topic, [embedded_text(hit.passage) for hit in hits])
    best = sorted(zip(hits, logits, strict=True), key=lambda item: -(item[1] + RETRIEVAL_WEIGHT * item[0].score))
    return {hit.passage.id: logit for hit, logit in best[: math.ceil(READ_WHOLE * share)]}
