"""Verification: a drafted sentence and its evidence in, a verdict with a reason out. It fails closed.

The rules look at what journalists are sued for: numbers, dates, names, quotations, negation, hedges, strong
words, who did what to whom, and who is said to have said it. A sentence that passes them all and shares
enough of its words, or of its sense, with its evidence is supported; one that fails is not shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.clauses import SAYING_STEMS
from rag.crediting import QUOTATION, credited
from rag.holding import Held, lacking, plain, shared
from rag.models import EntailmentModel, RelevanceModel
from rag.objections import first_refusal, objections
from rag.support import likelihood, measured, told
from rag.types import Evidence
from rag.words import stems

# Share of a draft's content words (stems) that its evidence, and what is known of it, must contain
MIN_SUPPORT = 0.8
# The same of the evidence alone, names of speakers left out, however the relevance model finds the two to speak of one
# thing; chosen on the dev pairs
MIN_SHARED = 0.15
MIN_RELEVANCE = -6.0
# How likely a draft must be to follow, though something tells against it, and where its evidence stands in different
# places; see evals/LOG.md
LIKELY = 0.55
LIKELY_THOUGH = 0.75
LIKELY_APART = 0.8
LIKELY_QUOTED = 0.3  # where a quotation, which is checked apart, makes up half of the draft
# margin above which a text speaks of something else, unless it shares so much of a draft's words
UNSPOKEN, MUCH_SHARED = 1.0, 0.3
TELLING = frozenset({"hedge", "overreach"})  # objections to what the models hardly see
APART = 2500  # characters
CONTRADICTED = -2.5  # margin of the entailment model below which a text says otherwise
PROPER = re.compile(r"\b[A-Z][\w’'-]+")
LACKING = "its evidence says too little of it"
SUPPORTED = "numbers, names, negation, hedges and wording agree with its evidence"
SAYS_OTHERWISE = "its evidence says otherwise"


@dataclass(frozen=True, slots=True)
class Verdict:
    """ "verbatim": the evidence's own words; "supported": worded from it; "unsupported": with the reason why."""

    label: Literal["verbatim", "supported", "unsupported"]
    reason: str
    contradicts: bool = False  # whether the evidence says otherwise, and not just too little

    @property
    def holds(self) -> bool:
        return self.label != "unsupported"


def verify_sentence(
    draft: str,
    evidence: Sequence[Evidence],
    *,
    relevance: RelevanceModel | None = None,
    entailment: EntailmentModel | None = None,
    background: str = "",
) -> Verdict:
    """Whether a sentence says no more and nothing else than its evidence does.

    With both models, how likely it is to follow decides wherever no rule refuses it outright. `relevance` alone lets in
    paraphrases in other words, `entailment` alone refuses what it finds contradicted. `background` is more text of the
    documents, which tells whose country "we" is and what acronyms mean.
    """
    if not evidence:
        return Verdict("unsupported", "it names no evidence")
    if _is_verbatim(draft, evidence):
        return Verdict("verbatim", "word for word")
    held = Held.against(draft, evidence, background)
    if refusal := first_refusal(held):
        return Verdict("unsupported", refusal, contradicts=True)
    return _by_models(held, relevance, entailment) or _by_rules(held, relevance, entailment)


def _is_verbatim(draft: str, evidence: Sequence[Evidence]) -> bool:
    said = plain(draft)
    return bool(said) and any(said == plain(item.utterance.text) for item in evidence)


def _by_models(held: Held, relevance: RelevanceModel | None, entailment: EntailmentModel | None) -> Verdict | None:
    """By how likely it is to follow; None without both models, or for what is too long for them."""
    if relevance is None or entailment is None:
        return None
    margin = entailment.margin(told(held.evidence), held.draft)
    if margin is None:
        return None
    found = objections(held)
    least = LIKELY_APART if _is_apart(held.evidence) else LIKELY_THOUGH if TELLING & set(found) else LIKELY
    if 2 * sum(len(match.group()) for match in QUOTATION.finditer(held.draft)) >= len(held.draft):
        least = LIKELY_QUOTED
    measures = measured(held, found, margin, relevance, entailment)
    is_near = measures["relevance"] >= MIN_RELEVANCE and (margin <= UNSPOKEN or measures["shared"] >= MUCH_SHARED)
    if is_near and likelihood(measures) >= least:
        return Verdict("supported", SUPPORTED)
    otherwise = SAYS_OTHERWISE if margin < CONTRADICTED else f"{LACKING}: it does not follow"
    is_otherwise = margin < CONTRADICTED or "speaker" in found
    return Verdict("unsupported", next(iter(found.values()), otherwise), contradicts=is_otherwise)


def _by_rules(held: Held, relevance: RelevanceModel | None, entailment: EntailmentModel | None) -> Verdict:
    """Every objection counts, and so does a contradiction that the entailment model finds."""
    reason = next(iter(objections(held).values()), "") or _too_little_support(held, relevance)
    if reason:
        return Verdict("unsupported", reason, contradicts=not reason.startswith(LACKING))
    margin = entailment.margin(told(held.evidence), held.draft) if entailment else None
    if margin is not None and margin < CONTRADICTED:
        return Verdict("unsupported", SAYS_OTHERWISE, contradicts=True)
    return Verdict("supported", SUPPORTED)


def _is_apart(evidence: Sequence[Evidence]) -> bool:
    """Whether it stands in different documents, or far from each other in one."""
    first, last = min(item.utterance.start for item in evidence), max(item.utterance.end for item in evidence)
    return len({item.hit.source.id for item in evidence}) > 1 or last - first > APART


def _too_little_support(held: Held, relevance: RelevanceModel | None) -> str:
    own = [word for word in stems(held.draft) if word not in SAYING_STEMS]
    missing = lacking(held.draft, f"{held.words} {held.around}")
    is_near = shared(held.draft, held.words) >= MIN_SHARED and not _shares_names_alone(held.draft, held.words)
    if is_near and len(missing) <= (1 - MIN_SUPPORT) * len(own):
        # beside a relevance model, drafts are people's, who word more freely
        apart = "" if relevance else _clause_from_elsewhere(held, set(missing))
        return f"{LACKING}: nothing of “{apart}” is there" if apart else ""
    if relevance is None or not is_near:
        return f"{LACKING}: {len(missing)} of its {len(own)} content words are not there"
    if relevance.score(held.draft, [held.words])[0] < MIN_RELEVANCE:
        return "its evidence speaks of something else"
    return ""


def _clause_from_elsewhere(held: Held, missing: set[str]) -> str:
    """A clause of the draft of which its evidence has no word but names: models join what they read in two places.

    A single word between commas ("however", one of a list) is no such clause.
    """
    names = {stem for name in PROPER.findall(held.draft) for stem in stems(name)}
    speakers = {stem for name in credited(held.draft) for stem in stems(name)}
    for clause in held.own:
        own = clause.words - speakers
        if len(own) > 1 and own - names and own - names <= missing:
            return clause.text
    return ""


def _shares_names_alone(draft: str, words: str) -> bool:
    """Whether a draft has none of its words from its evidence but names: they tell about whom, and not what."""
    names = {stem for name in PROPER.findall(draft) for stem in stems(name)}
    told = {word for word in stems(draft) if word not in SAYING_STEMS} - names
    return bool(told) and not told & set(stems(words))
