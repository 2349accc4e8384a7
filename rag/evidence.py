"""Evidence: an Inquiry in, the utterances that may answer it out, each with its relevance.

Where the question names years, publishers or speakers that the index knows, evidence is sought for each of
them (a facet), so that a comparison hears every side and nobody's words answer for somebody else.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.models import RelevanceModel
from rag.questions import Inquiry
from rag.retrieval import Searcher
from rag.types import Evidence, Filter, Hit, Mode, Utterance
from rag.words import stems

# Combination of the signals, chosen on the dev questions: see evals/LOG.md
COVERAGE_WEIGHT = 3.0
PASSAGE_WEIGHT = 0.5
RANK_WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of what was retrieved the relevance model reads."""

    utterances: int
    passages: int


QUICK = Effort(utterances=10, passages=0)  # below 0.1 s on two cores
THOROUGH = Effort(utterances=20, passages=5)


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a question: where to look, and whose words count ("" for anyone's)."""

    restriction: Filter
    speaker: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the hits, best first, and for each facet its evidence, best first.

    `coverage` is the share (0 to 1, weighted by inverse document frequency) of the question's content words
    that the best evidence and its surroundings contain; `unknown` counts those that no passage contains.
    """

    hits: tuple[Hit, ...]
    facets: tuple[tuple[Evidence, ...], ...]
    coverage: float
    unknown: int

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, best first, each utterance once."""
        best: dict[tuple[str, int], Evidence] = {}
        for item in sorted((item for facet in self.facets for item in facet), key=lambda item: -item.relevance):
            best.setdefault((item.hit.source.id, item.utterance.start), item)
        return tuple(best.values())


def find_evidence(
    question: Inquiry, searcher: Searcher, relevance: RelevanceModel, *, hits: int, restriction: Filter, effort: Effort
) -> Findings:
    """Searches every facet of the question and ranks the utterances found."""
    weights = _weights(question.standalone, searcher)
    speakers = searcher.catalog.speakers()
    found: list[tuple[Evidence, ...]] = []
    all_hits: dict[str, Hit] = {}
    facets = _facets(question, searcher, speakers, restriction)
    for facet in facets:
        facet_hits = searcher.search(question.standalone, limit=hits, restriction=facet.restriction)
        all_hits.update({hit.passage.id: hit for hit in facet_hits if hit.passage.id not in all_hits})
        share = Effort(max(4, effort.utterances // len(facets)), -(-effort.passages // len(facets)))
        found.append(_ranked(question, facet_hits, facet, weights, relevance, share))
    ordered = tuple(sorted(all_hits.values(), key=lambda hit: -hit.score))
    findings = Findings(ordered, tuple(found), 0.0, 0)
    return replace(findings, coverage=_coverage(findings.evidence[:3], weights), unknown=_unknown(weights, searcher))


def _ranked(
    question: Inquiry,
    hits: Sequence[Hit],
    facet: Facet,
    weights: dict[str, float],
    relevance: RelevanceModel,
    effort: Effort,
) -> tuple[Evidence, ...]:
    """The utterances of the hits that count for the facet: a cheap score picks which the model reads."""
    candidates = [
        (hit, utterance, _overlap(utterance.text, weights))
        for hit in hits
        for utterance in hit.passage.utterances
        if _counts(utterance, hit, facet, question)
    ]
    candidates.sort(key=lambda item: -(item[2] + RANK_WEIGHT * item[0].score))
    read = candidates[: effort.utterances]
    logits = relevance.score(question.standalone, [_spoken(utterance) for _, utterance, _ in read])
    passages = list(dict.fromkeys(hit.passage.id for hit, _, _ in read))[: effort.passages]
    texts = {hit.passage.id: hit.passage.text for hit, _, _ in read}
    contexts = dict(zip(passages, relevance.score(question.standalone, [texts[i] for i in passages]), strict=True))
    floor = min(contexts.values(), default=0.0)
    evidence = [
        Evidence(
            utterance,
            hit,
            logit + COVERAGE_WEIGHT * overlap + PASSAGE_WEIGHT * contexts.get(hit.passage.id, floor),
        )
        for (hit, utterance, overlap), logit in zip(read, logits, strict=True)
    ]
    return tuple(sorted(evidence, key=lambda item: -item.relevance))


def _counts(utterance: Utterance, hit: Hit, facet: Facet, question: Inquiry) -> bool:
    """Whether an utterance may answer: a questioner's words only where it is asked whose words they are."""
    if utterance.mode is Mode.FURNITURE or (utterance.mode is Mode.QUESTION and not question.asks_whose):
        return False
    if not facet.speaker or utterance.speaker == facet.speaker or utterance.mode is Mode.QUESTION:
        return True
    surname = facet.speaker.split()[-1]
    return utterance.mode is Mode.NARRATION and surname in hit.passage.text


def _facets(
    question: Inquiry, searcher: Searcher, speakers: Sequence[str], restriction: Filter
) -> list[Facet]:
    """The sides of a question: its years, publishers or speakers, the first kind of which it names several."""
    text = question.standalone
    sources = searcher.catalog.sources().values()
    years = [year for year in question.years if any(source.metadata.date.startswith(year) for source in sources)]
    by_year = [replace(restriction, date_from=f"{year}-01-01", date_to=f"{year}-12-31") for year in years]
    known = {source.metadata.publisher for source in sources if source.metadata.publisher}
    named = [publisher for publisher in sorted(known) if re.search(rf"\b{re.escape(publisher)}\b", text, re.IGNORECASE)]
    by_publisher = [replace(restriction, publishers=(publisher,)) for publisher in named]
    if question.compares and len(named) == 1 and len(years) < 2:
        rest = tuple(source.id for source in sources if source.metadata.publisher != named[0])
        by_publisher.append(replace(restriction, documents=rest))
    people = [name for name in speakers if re.search(rf"\b{re.escape(name.split()[-1])}\b", text)]
    alone = people[0] if len(people) == 1 and not question.asks_whose else ""
    if len(by_year) > 1 or (by_year and not restriction.date_from and len(by_publisher) < 2):
        return [Facet(each, alone) for each in by_year]
    if by_publisher and not restriction.publishers:
        return [Facet(each, alone) for each in by_publisher]
    if question.compares and len(people) > 1:
        return [Facet(restriction, person) for person in people]
    return [Facet(restriction, alone)]


def _weights(text: str, searcher: Searcher) -> dict[str, float]:
    """The inverse document frequency of each content word (stem) of a text; of one that nothing holds, the highest."""
    words = list(dict.fromkeys(stems(text)))
    total = searcher.catalog.counts().passages
    frequencies = searcher.catalog.document_frequencies(words)
    return {word: math.log(1 + total / (1 + frequencies[word])) for word in words}


def _overlap(text: str, weights: dict[str, float]) -> float:
    """Share of the question's weight that the words of a text carry, from 0 to 1."""
    held = set(stems(text))
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in held) / total if total else 0.0


def _coverage(evidence: Sequence[Evidence], weights: dict[str, float]) -> float:
    texts = [f"{item.hit.passage.context} {item.hit.passage.text} {item.utterance.speaker}" for item in evidence]
    return _overlap(" ".join(texts), weights)


def _unknown(weights: dict[str, float], searcher: Searcher) -> int:
    frequencies = searcher.catalog.document_frequencies(list(weights))
    return sum(1 for word in weights if not frequencies[word])


def _spoken(utterance: Utterance) -> str:
    return f"{utterance.speaker}: {utterance.text}" if utterance.speaker else utterance.text
