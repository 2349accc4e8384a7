"""Drafts: somebody's article in, a checked sentence for each of its sentences out. Run: `onrecord verify DRAFT.md`.

Each sentence that states something is held against given citations (`verify`), or against what the index
has on it (`verify_against`). A sentence with a quotation that is not found is unsupported, whatever else it says.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rag.citations import citation
from rag.crediting import QUOTATION, SPEAKS, credited
from rag.evidence import searched_for, spoken
from rag.holding import shared
from rag.judges import Judges, installed
from rag.markdown import Written, sentences
from rag.models import EntailmentModel, RelevanceModel
from rag.nearest import nearest
from rag.objections import STITCHED
from rag.people import people
from rag.periods import Period
from rag.questions import Inquiry
from rag.quotechecks import CheckedQuote, Named, Text, check_quote, quotations
from rag.relevance import Once
from rag.retrieval import Searcher
from rag.sentences import sentence_spans
from rag.types import Citation, Evidence, Filter, Hit, Passage, Utterance
from rag.verification import MIN_SHARED, Verdict, verify_sentence
from rag.words import stems

HITS = 8
READ_FOR_A_CLAIM = 8  # utterances
TRIED = 5  # utterances tried one by one, then with their neighbours, then the best of them together
MIN_LACKING = 2
AROUND = 600  # characters beside a quotation that go with it
MOSTLY = 0.34  # of a claim's words: it is then not put together from several places
# How near evidence is to a claim: relevance logit plus so much for all its words. What lies further below the nearest
# counts for nothing; an utterance that contradicts the claim counts when it is as near. Chosen on the dev pairs.
SHARED_WEIGHT = 8.0
WITHIN = 3.0
WITHIN_FOR_MODELS = 2.0
TRIED_BY_MODELS = 3  # the nearest; each takes the entailment model twice
AS_NEAR = 1.0
QUOTE_PASSAGES = 20
QUOTE_DOCUMENTS = 12
HE_SAYS = re.compile(rf"\b(?:[Hh]e|[Ss]he)(?=\s(?:\w+ly\s|also\s|has\s|had\s)?(?:{SPEAKS})\b)|(?<=said\s)(?:he|she)\b")


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence as written in the draft, its verdict and reason, its quotations, and what it rests on."""

    text: str
    verdict: Literal["verbatim", "supported", "unsupported"]
    reason: str
    quotes: tuple[CheckedQuote, ...]
    citations: tuple[Citation, ...]

    @property
    def holds(self) -> bool:
        return self.verdict != "unsupported"


@dataclass(frozen=True, slots=True)
class Material:
    """What a sentence is held against: runs of evidence to try in turn, and texts to search quotations in."""

    tries: tuple[tuple[Evidence, ...], ...]
    texts: tuple[Text, ...]
    background: str


def verify(
    text: str,
    citations: Sequence[Citation],
    *,
    judges: Judges | None = None,
    background: str = "",
) -> list[CheckedSentence]:
    """Checks each sentence of a text against these citations alone.

    `judges` are the models that have a say (default: those installed; `Judges()`: the rules alone); `background` is
    more text of the documents, which tells whose country "we" is and who holds which office. Raises ModelError where a
    model cannot be loaded.
    """
    material = material_of(citations, background)
    publishers = {cited.source.metadata.publisher for cited in citations} - {""}
    return _checked(text, lambda claim: material, publishers, judges or installed())


def verify_against(
    text: str, searcher: Searcher, relevance: RelevanceModel, entailment: EntailmentModel | None = None
) -> list[CheckedSentence]:
    """Checks each sentence of a text against what the index has on it."""
    publishers = set(searcher.catalog.publishers())
    once = Once(relevance)
    return _checked(text, lambda claim: _found(claim, searcher, once), publishers, Judges(once, entailment))


def _checked(
    text: str,
    material_for: Callable[[str], Material],
    publishers: set[str],
    judges: Judges,
) -> list[CheckedSentence]:
    """Sentence by sentence; "he said" is whoever was named last."""
    written = sentences(text)
    known = people(" ".join(each.prose for each in written))
    last, made = "", []
    for each in written:
        claim = HE_SAYS.sub(last, each.prose) if last else each.prose
        outside = QUOTATION.sub(" ", claim)
        if each.is_claim:
            named = Named(frozenset(credited(claim)), frozenset(p for p in publishers if _names(outside, p)), outside)
            made.append(_sentence(each, claim, material_for(claim), named, judges))
        spoken = [*known.named_in(outside), *credited(claim)]
        last = spoken[-1].split()[-1] if spoken else last
    return made


def _names(text: str, publisher: str) -> bool:
    return re.search(rf"\b{re.escape(publisher)}\b", text) is not None


def _sentence(written: Written, claim: str, material: Material, named: Named, judges: Judges) -> CheckedSentence:
    quotes = tuple(check_quote(quote, material.texts, named) for quote in quotations(claim))
    quoted = tuple(_evidence(text, run) for quote in quotes for text, run in quote.places)
    together = (tuple(item for run in quoted for item in run),) if len(quotes) > 1 else ()
    bad = next((quote for quote in quotes if quote.verdict != "found"), None)
    tries = (*quoted, *together, *material.tries)
    verdict, evidence = _best(claim, tries, judges, material.background)
    if bad:
        verdict = Verdict("unsupported", f"the quotation “{bad.text}”: {bad.verdict}; {bad.reason}")
        evidence = next((_evidence(*place) for place in bad.places), evidence)
    return CheckedSentence(written.text, verdict.label, verdict.reason, quotes, _cited(evidence))


def _best(
    claim: str, tries: Sequence[tuple[Evidence, ...]], judges: Judges, background: str
) -> tuple[Verdict, tuple[Evidence, ...]]:
    """The nearest evidence on which a claim holds, else the nearest of all with the reason why it does not.

    Evidence that speaks less of the claim does not save it from what the nearest utterance says otherwise.
    """
    ranked = _by_nearness(claim, tries, judges.relevance)
    verified = partial(
        verify_sentence, claim, relevance=judges.relevance, entailment=judges.entailment, background=background
    )
    if not ranked:
        return Verdict("unsupported", "no document speaks of it"), ()
    by_rules = judges.entailment is None
    within, most = (WITHIN, len(ranked)) if by_rules else (WITHIN_FOR_MODELS, TRIED_BY_MODELS)
    first: Verdict | None = None
    alone = next((each for each in ranked if len(each.evidence) == 1), ranked[0])
    against = verified(alone.evidence)
    for near in (*ranked[:most], *([] if alone in ranked[:most] else [alone])):
        if near.nearness < ranked[0].nearness - within:
            break
        verdict = against
        if near is not alone:
            verdict = verified(near.evidence)
        first = first or verdict
        if not verdict.holds:
            continue
        is_as_near = alone.nearness >= near.nearness - AS_NEAR and alone.shared >= MIN_SHARED
        if verdict.label != "verbatim" and against.contradicts and is_as_near:
            return against, alone.evidence
        # a quotation that was found tells where the claim comes from, and the models see what is put together
        is_whole = bool(quotations(claim)) or near.shared >= MOSTLY or not by_rules
        joined = () if is_whole else _completed(claim, near.evidence, tries)
        if joined and STITCHED in (whole := verify_sentence(claim, joined, background=background)).reason:
            return whole, joined
        return verdict, near.evidence
    return first or against, ranked[0].evidence


@dataclass(frozen=True, slots=True)
class _Near:
    """Evidence with the share of a claim's words that it holds, and how near it is to the claim in all."""

    evidence: tuple[Evidence, ...]
    shared: float
    nearness: float


def _by_nearness(claim: str, tries: Sequence[tuple[Evidence, ...]], relevance: RelevanceModel | None) -> list[_Near]:
    """The evidence, nearest first: by its words, and by what the relevance model finds of its best utterance."""
    known = {_place(run[0]): run[0] for run in tries if len(run) == 1}
    logits = relevance.score(claim, [spoken(item.utterance) for item in known.values()]) if relevance else []
    scores = dict(zip(known, logits, strict=False))
    ranked = []
    for run in tries:
        share = shared(claim, " ".join(item.utterance.text for item in run))
        logit = max((scores[_place(item)] for item in run if _place(item) in scores), default=0.0)
        ranked.append(_Near(run, share, logit + SHARED_WEIGHT * share))
    return sorted(ranked, key=lambda each: -each.nearness)


def _place(item: Evidence) -> tuple[str, int]:
    return item.hit.source.id, item.utterance.start


def _completed(
    claim: str, evidence: tuple[Evidence, ...], tries: Sequence[tuple[Evidence, ...]]
) -> tuple[Evidence, ...]:
    """The evidence with an utterance that has two words or more of the claim which it lacks; () where none has."""
    lacking = set(stems(claim)) - set(stems(" ".join(item.utterance.text for item in evidence)))
    singles = [run[0] for run in tries if len(run) == 1]
    best = max(singles, key=lambda item: len(lacking & set(stems(item.utterance.text))), default=None)
    if best is None or len(lacking & set(stems(best.utterance.text))) < MIN_LACKING:
        return ()
    return (*evidence, best)


def _cited(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """A citation for each utterance, each once."""
    return tuple({made.id: made for made in (citation([item]) for item in evidence)}.values())


def _found(claim: str, searcher: Searcher, relevance: RelevanceModel) -> Material:
    """What the index has on a claim: its best utterances, with neighbours, and the documents around them."""
    asked = Inquiry(claim, claim, claim, (), Period(), compares=False, asks_whose=True, said_in=Period())
    search = searched_for(asked, searcher, hits=HITS, restriction=Filter())
    findings = nearest(search, searcher, relevance, utterances=READ_FOR_A_CLAIM)
    documents = [hit.source.id for hit in findings.hits]
    for quote in quotations(claim):
        passages = searcher.catalog.passages(list(searcher.catalog.lexical(quote, limit=QUOTE_PASSAGES)))
        documents += [passage.document_id for passage in passages.values()]
    documents = list(dict.fromkeys(documents))[:QUOTE_DOCUMENTS]
    sources = searcher.catalog.sources(documents) if documents else {}
    texts = tuple(
        Text(sources[each], 0, searcher.catalog.text(each), searcher.catalog.utterances(each)) for each in documents
    )
    return Material(_tries(findings.evidence[:TRIED]), texts, "\n".join(text.text for text in texts))


def _tries(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Each item alone, then with the one before and after it, then the best two and three together."""
    near = [run for item in evidence for run in _with_neighbours(item)]
    together = [tuple(evidence[:count]) for count in (2, 3) if len(evidence) >= count]
    return (*((item,) for item in evidence), *near, *together)


def _with_neighbours(item: Evidence) -> list[tuple[Evidence, ...]]:
    spoken = item.hit.passage.utterances
    place = next(number for number, each in enumerate(spoken) if each.start == item.utterance.start)
    runs = (spoken[max(place - 1, 0) : place + 1], spoken[place : place + 2], spoken[max(place - 1, 0) : place + 2])
    return [tuple(Evidence(each, item.hit, item.relevance) for each in run) for run in runs if len(run) > 1]


def _evidence(text: Text, run: Sequence[Utterance]) -> tuple[Evidence, ...]:
    """Utterances found by their words, as evidence."""
    start, end = run[0].start - AROUND, run[-1].end + AROUND
    held = tuple(each for each in text.utterances if start < each.start and each.end < end)
    first, last = held[0].start, held[-1].end
    around = text.text[first - text.start : last - text.start]
    passage = Passage(
        f"{text.source.id}:{first}", text.source.id, first, last, around, text.source.metadata.title, held
    )
    hit = Hit(passage, text.source, 0.0)
    return tuple(Evidence(each, hit, 0.0) for each in run)


def material_of(citations: Sequence[Citation], background: str) -> Material:
    """The sentences of each citation's quote, alone and together, then those of all citations."""
    texts, runs = [], []
    for cited in citations:
        spans = sentence_spans(cited.quote, 0, len(cited.quote))
        spoken = tuple(
            Utterance(
                cited.quote_start + begin, cited.quote_start + end, cited.quote[begin:end], cited.speaker, cited.mode
            )
            for begin, end in spans
        )
        passage = Passage(
            cited.id, cited.source.id, cited.start, cited.end, cited.text, cited.source.metadata.title, spoken
        )
        hit = Hit(passage, cited.source, 0.0, cited.also_in)
        runs.append(tuple(Evidence(each, hit, 0.0) for each in spoken))
        texts.append(Text(cited.source, cited.quote_start, cited.quote, spoken))
    alone = [(item,) for run in runs for item in run]
    longer = [run for run in runs if len(run) > 1]
    whole = [tuple(item for run in runs for item in run)] if len(runs) > 1 else []
    return Material((*alone, *longer, *whole), tuple(texts), background)
