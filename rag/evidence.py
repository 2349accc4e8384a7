"""Evidence: an Inquiry in, the utterances that may answer it out, each with its relevance.

Where the question names years, publishers or speakers that the index knows, evidence is sought for each of
them (a facet), so that a comparison hears every side and nobody's words answer for somebody else.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.facets import Facet, facets, is_of_another_time, is_of_telling
from rag.parts import parts
from rag.periods import YEAR
from rag.questions import Inquiry
from rag.retrieval import Searcher
from rag.saying import SAYING
from rag.themes import is_chosen, themes, without_words
from rag.types import Evidence, Filter, Hit, Mode, Utterance
from rag.words import stems

# What a reporter narrates or rewords answers less often than what is said, when somebody's words are asked for
PENALTIES = {Mode.NARRATION: 1.5, Mode.REPORTED: 1.5}
READ_FOR_GAP = 3
QUANTITY = re.compile(
    r"\bhow (?:many|much|large|big|long|old|far)\b|\bwhat (?:number|share|percentage)\b", re.IGNORECASE
)
NUMERAL = re.compile(
    r"\b(?!(?:19|20)\d\d\b)\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
    r"thousands?|millions?|billions?|half|third|quarter|several|majority)\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\bname of\b|\bwhat (?:is|was|are|were) .+ called\b|\bby name\b|^who (?:is|was) the\b", re.IGNORECASE
)
WORD = re.compile(r"\w+")
CAPITALISED = re.compile(r"(?<=[\w,;:’“\"(] )[A-Z][\w’-]+")


@dataclass(frozen=True, slots=True)
class SearchedFacet:
    """A facet that was searched: the question as it is asked there, the hits, and the weight of each word searched.

    `asked` are the weights of the words asked for, also where a topic that all hits have was not searched for.
    """

    question: Inquiry
    facet: Facet
    hits: tuple[Hit, ...]
    weights: Mapping[str, float]
    asked: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Search:
    """A question as it was asked of the index, the weight of each of its words, and what each facet found."""

    question: Inquiry
    weights: Mapping[str, float]
    restriction: Filter
    facets: tuple[SearchedFacet, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An utterance that may answer, and the share (0 to 1) of the question's weight that its words carry."""

    hit: Hit
    utterance: Utterance
    overlap: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the hits, best first, and for each facet its evidence, best first.

    `gap` is the share (0 to 1, by inverse document frequency) that the weightiest content word which the best
    evidence and its surroundings lack has in the question; `lack` is the share of all the words that they lack.
    `lacks_kind`: it asks for a number or a name, and they give none; `is_untimely`: it asks what was said in a time
    that no document is of; `unheard` is whose words it asks for, where no document gives any; `is_second_look`:
    more was read than at first (rag/looks.py); `compares`: several sources or sides are asked for.
    """

    hits: tuple[Hit, ...]
    facets: tuple[tuple[Evidence, ...], ...]
    gap: float = 0.0
    lacks_kind: bool = False
    lack: float = 0.0
    is_untimely: bool = False
    unheard: str = ""
    is_second_look: bool = False
    compares: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence, best first, each utterance once."""
        best: dict[tuple[str, int], Evidence] = {}
        for item in sorted((item for facet in self.facets for item in facet), key=lambda item: -item.relevance):
            best.setdefault((item.hit.source.id, item.utterance.start), item)
        return tuple(best.values())


def searched_for(question: Inquiry, searcher: Searcher, *, hits: int, restriction: Filter) -> Search:
    """Each facet of each part of the question with its hits; none for what asks nothing."""
    if question.asks_nothing:
        return Search(question, {}, restriction, ())
    asked = parts(question, (*searcher.catalog.speakers(), *searcher.catalog.publishers()))
    found = [each for part in asked for each in _part_searched(part, searcher, hits, restriction)]
    weights = {word: weight for each in found for word, weight in each.asked.items()}
    return Search(question, weights, restriction, tuple(found))


def _part_searched(question: Inquiry, searcher: Searcher, hits: int, restriction: Filter) -> Iterator[SearchedFacet]:
    known = facets(question, searcher, restriction)
    if not is_of_telling(question):
        question = replace(question, topic=question.standalone)  # with the time, of which the texts tell
    weights = _weights(question, known, searcher)
    for facet in known:
        asked, own = question, weights
        own_hits = searcher.search(asked.topic, limit=hits, restriction=facet.restriction)
        if _is_all_on_topic(own_hits, facet, weights, searcher):
            asked = replace(question, topic=without_words(question.topic, weights))
            own = _weights(asked, [facet], searcher)
            own_hits = searcher.search(asked.topic, limit=hits, restriction=facet.restriction)
        yield SearchedFacet(asked, facet, tuple(own_hits), own, weights)


def judged(search: Search, found: Sequence[tuple[Evidence, ...]], searcher: Searcher) -> Findings:
    """The findings of what was ranked for each facet, with all but `is_second_look`."""
    question, weights = search.question, search.weights
    hits: dict[str, Hit] = {}
    for searched in search.facets:
        hits.update({hit.passage.id: hit for hit in searched.hits if hit.passage.id not in hits})
    findings = Findings(tuple(sorted(hits.values(), key=lambda hit: -hit.score)), tuple(found))
    best = findings.evidence[:READ_FOR_GAP]
    held = set(stems(" ".join(_surroundings(item) for item in best)))
    if all(is_chosen(searched.facet.restriction) for searched in search.facets):
        held |= themes(set(weights) - held, [item.hit.source.id for item in best], searcher.catalog)
    total = sum(weights.values()) or 1.0
    lacking = [weight for word, weight in weights.items() if word not in held]
    # a document that does not show its date may show it in its words
    undated = any(not item.hit.source.metadata.date for item in best)
    is_of_other = is_of_another_time(question, searcher, search.restriction)
    untimely = is_of_other and not (undated and held & set(question.years))
    return replace(
        findings,
        gap=max(lacking, default=0.0) / total,
        lack=sum(lacking) / total,
        is_untimely=untimely,
        unheard=next((searched.facet.speaker for searched in search.facets if searched.facet.is_unheard), ""),
        lacks_kind=bool(best) and _lacks_kind(question, best, weights),
        compares=question.compares,
    )


def _is_all_on_topic(hits: Sequence[Hit], facet: Facet, weights: Mapping[str, float], searcher: Searcher) -> bool:
    """Whether the chosen documents are about what is asked, and the speaker never names it.

    The topic then parts nothing from nothing, and would only rank first what sounds like it.
    """
    if not facet.speaker or not is_chosen(facet.restriction):
        return False
    spoken = [each.text for hit in hits for each in hit.passage.utterances if each.is_by(facet.speaker)]
    if not spoken or any(_overlap(text, weights) for text in spoken):
        return False
    return themes(weights, [hit.source.id for hit in hits], searcher.catalog) == set(weights)


def candidates(searched: SearchedFacet) -> list[Candidate]:
    """The utterances of a facet's hits that may answer there."""
    return [
        Candidate(hit, utterance, _overlap(utterance.text, searched.weights))
        for hit in searched.hits
        for utterance in hit.passage.utterances
        if _counts(utterance, hit, searched.facet, searched.question)
    ]


def penalty(utterance: Utterance, facet: Facet) -> float:
    """By how much an utterance is less likely to answer for its mode, where somebody's words are asked for."""
    return PENALTIES.get(utterance.mode, 0.0) if facet.speaker else 0.0


def _counts(utterance: Utterance, hit: Hit, facet: Facet, question: Inquiry) -> bool:
    """Whether an utterance may answer: a questioner's words only where it is asked whose words they are."""
    if utterance.mode is Mode.FURNITURE or (utterance.mode is Mode.QUESTION and not question.asks_whose):
        return False
    if not facet.speaker or utterance.is_by(facet.speaker) or utterance.mode is Mode.QUESTION:
        return True
    surname = facet.speaker.split()[-1]
    if facet.is_unheard:
        return _tells_words_of(surname, utterance.text)
    if facet.is_of_person and set(facet.speaker.split()) & set(WORD.findall(utterance.text)):
        return True
    return utterance.mode is Mode.NARRATION and surname in hit.passage.text


def _tells_words_of(surname: str, text: str) -> bool:
    """Whether a text tells what somebody said: "as Lee said", "Lee has repeatedly warned", "according to Lee"."""
    name = re.escape(surname)
    said = rf"\b{name}\b[^.;:]{{0,40}}?\b(?:{SAYING})\b|\b[Aa]ccording to [^,.]{{0,40}}\b{name}\b"
    return re.search(said, text) is not None


def _weights(question: Inquiry, facets: Sequence[Facet], searcher: Searcher) -> dict[str, float]:
    """The inverse document frequency of each content word (stem) of the question, less what the facets see to.

    A word that no passage holds weighs most.
    """
    seen_to = " ".join(
        (
            *(question.years if is_of_telling(question) else ()),
            "latest recent newest since",
            *(f"{each.speaker} {' '.join(each.restriction.publishers)}" for each in facets),
        )
    )
    words = list(dict.fromkeys(stems(question.topic)))
    words = [word for word in words if word not in stems(seen_to)] or words
    total = searcher.catalog.counts().passages
    frequencies = searcher.catalog.document_frequencies(words)
    return {word: math.log(1 + total / (1 + frequencies[word])) for word in words}


def _overlap(text: str, weights: Mapping[str, float]) -> float:
    """Share of the question's weight that the words of a text carry, from 0 to 1."""
    held = set(stems(text))
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in held) / total if total else 0.0


def _lacks_kind(question: Inquiry, best: Sequence[Evidence], weights: Mapping[str, float]) -> bool:
    """Whether a number, a name or another year is asked for than the utterances that share a word with it give."""
    near = [item.utterance.text for item in best if _overlap(item.utterance.text, weights)]
    if question.years and near and not is_of_telling(question):
        told, asked_years = set(YEAR.findall(near[0])), set(question.years)
        if told and not told & asked_years and best[0].hit.source.metadata.date[:4] not in asked_years:
            return True
    if QUANTITY.search(question.standalone):
        return not any(NUMERAL.search(text) for text in near)
    asked = set(stems(question.standalone))
    return bool(NAMED.search(question.standalone)) and not any(
        set(stems(name)) - asked for text in near for name in CAPITALISED.findall(text)
    )


def _surroundings(item: Evidence) -> str:
    passage = item.hit.passage
    return f"{passage.context} {passage.text} {item.utterance.speaker} {item.hit.source.metadata.publisher}"


def spoken(utterance: Utterance) -> str:
    """An utterance as the relevance model reads it: with its speaker."""
    # reported speech names its speaker mostly itself
    named = utterance.mode is Mode.REPORTED and utterance.speaker.rsplit(maxsplit=1)[-1] in utterance.text
    return f"{utterance.speaker}: {utterance.text}" if utterance.speaker and not named else utterance.text
