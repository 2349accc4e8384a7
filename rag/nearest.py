"""Nearest: the Search for a claim in, Findings out: what speaks most of the same, as the relevance model ranks it."""

from rag.evidence import Findings, Search, judged
from rag.looks import ranked
from rag.models import RelevanceModel
from rag.retrieval import Searcher

COVERAGE_WEIGHT = 3.0  # chosen on the dev questions: see evals/LOG.md


def nearest(search: Search, searcher: Searcher, relevance: RelevanceModel, *, utterances: int) -> Findings:
    """What is nearest to a claim: so many utterances that share most words with it, ranked by the relevance model."""
    found = [ranked(each, relevance, utterances, coverage=COVERAGE_WEIGHT) for each in search.facets]
    return judged(search, found, searcher)
