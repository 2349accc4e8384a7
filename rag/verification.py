"""Verification: a drafted sentence and its evidence in, a verdict with a reason out. It fails closed.

The rules look at what journalists are sued for: numbers, dates, names, quotations, negation, hedges, strong
words, who did what to whom, and who is said to have said it. A sentence that passes them all and shares
enough of its words, or of its sense, with its evidence is supported; one that fails is not shown.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.citations import source_label
from rag.clauses import SAYING_STEMS, Clause, clauses
from rag.crediting import QUOTATION, credited, from_question, statements, third_party, told_by_others, wrong_speaker
from rag.models import RelevanceModel
from rag.naming import FIRST_PERSON, homes, missing_name
from rag.quantities import missing_numbers, moments, moved_number, readable
from rag.roles import swapped, turned
from rag.types import Evidence, Mode
from rag.wording import changed_negation, dropped_aside, dropped_hedge, invented_cause, opposite, overreach
from rag.words import stems

# Share of a draft's content words (stems) that its evidence, and what is known of it, must contain
MIN_SUPPORT = 0.8
# The same of the evidence alone, names of speakers left out, however the relevance model finds the two to speak of one
# thing; chosen on the dev pairs
MIN_SHARED = 0.15
# characters between two utterances of one place: a line break, or the label of a turn
NEIGHBOURS = 60
MIN_RELEVANCE = -6.0
RUN = 4  # words
PROPER = re.compile(r"\b[A-Z][\w’'-]+")
OMISSION = re.compile(r"\s*(?:\[[^\]]{0,80}\]|\(?(?:\.\s?\.\s?\.|…)\)?)\s*")
LACKING = "its evidence says too little of it"
# each sentence of a quotation, which may be interrupted where it was said: “One,” she said. “Two.”
PARTS = re.compile(rf"{OMISSION.pattern}|(?<=[.!?])\s+")
STITCHED = "it makes one claim of words from different places"
ATTRIBUTION = re.compile(
    r"^(?:According to [^,]+, )?(?:[A-Z][\w’'-]+\s){1,3}(?:has |had |also )?"
    r"(?!deni|deny|disput|reject|refus|doubt|dismiss|conceal|hide)\w+ that |"
    r",? (?:according to|in the words of) (?:[A-Z][\w’'-]+\s?){1,3}(?=[.,]|$)|"
    r", (?:(?:[A-Z][\w’'-]+\s?){1,3}|he |she |the (?:[\w-]+\s){1,4})(?:said|says|added|noted|stated|claimed)(?=[.,]|$)"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """ "verbatim": the evidence's own words; "supported": worded from it; "unsupported": with the reason why."""

    label: Literal["verbatim", "supported", "unsupported"]
    reason: str

    @property
    def holds(self) -> bool:
        return self.label != "unsupported"

    @property
    def contradicts(self) -> bool:
        """Whether the evidence says otherwise, and not just too little."""
        return not self.holds and not self.reason.startswith(LACKING)


def verify_sentence(
    draft: str, evidence: Sequence[Evidence], *, relevance: RelevanceModel | None = None, background: str = ""
) -> Verdict:
    """Whether a sentence says no more and nothing else than its evidence does.

    `relevance` lets in paraphrases in other words; `background` is more text of the documents, which tells
    whose country "we" is and what acronyms mean.
    """
    if not evidence:
        return Verdict("unsupported", "it names no evidence")
    if _is_verbatim(draft, evidence):
        return Verdict("verbatim", "word for word")
    reason = _contradiction(draft, evidence, background) or _too_little_support(draft, evidence, relevance)
    if reason:
        return Verdict("unsupported", reason)
    return Verdict("supported", "numbers, names, negation, hedges and wording agree with its evidence")


def _is_verbatim(draft: str, evidence: Sequence[Evidence]) -> bool:
    said = plain(draft)
    return bool(said) and any(said == plain(item.utterance.text) for item in evidence)


def _contradiction(draft: str, evidence: Sequence[Evidence], background: str) -> str:
    """The first reason, of those that need no model, why a draft does not follow from its evidence."""
    words = " ".join(item.utterance.text for item in evidence)
    around = " ".join(map(_around, evidence))
    core = ATTRIBUTION.sub(" ", draft).strip()
    own, theirs = clauses(OMISSION.sub(" ", core)), clauses(statements(evidence) or words)
    countries = _homes(evidence, background)
    checks: tuple[Callable[[], str], ...] = (
        lambda: _missing_number(draft, words, around),
        lambda: _missing_moment(core, words),
        lambda: _missing_name(
            draft, f"{words} {around}", countries if FIRST_PERSON.search(words) else frozenset(), background
        ),
        lambda: _missing_quotation(draft, evidence),
        lambda: third_party(draft, evidence),
        lambda: told_by_others(draft, evidence),
        lambda: _garbled(draft, words),
        lambda: wrong_speaker(draft, evidence, countries, background),
        lambda: from_question(draft, evidence),
        lambda: changed_negation(own, theirs),
        lambda: opposite(own, theirs),
        lambda: _swapped_roles(core, words, own, theirs, countries),
        lambda: dropped_hedge(draft, own, theirs),
        lambda: dropped_aside(draft, words) if len(evidence) == 1 else "",
        lambda: overreach(draft, theirs),
        lambda: invented_cause(core, words),
        lambda: _stitched(own, evidence),
    )
    return next(filter(None, (check() for check in checks)), "")


def _homes(evidence: Sequence[Evidence], background: str) -> frozenset[str]:
    """The countries for which the speakers of the evidence say "we"."""
    return frozenset(
        country
        for item in evidence
        for country in homes(
            item.utterance.speaker,
            (item.hit.passage.context, item.hit.passage.text, item.hit.source.metadata.title, background),
        )
    )


def _missing_number(draft: str, evidence: str, around: str) -> str:
    missing = missing_numbers(draft, evidence, around)
    if missing:
        return f"the number {readable(missing[0])} is not in its evidence"
    moved = moved_number(draft, evidence)
    return "" if moved is None else f"the number {readable(moved)} counts something else in its evidence"


def _missing_moment(draft: str, evidence: str) -> str:
    missing = moments(draft) - moments(evidence)
    return "its evidence gives another time, or none" if missing else ""


def _missing_name(draft: str, evidence: str, countries: frozenset[str], background: str) -> str:
    name = missing_name(draft, evidence, countries, background)
    return f"the name {name} is not in its evidence" if name else ""


def _missing_quotation(draft: str, evidence: Sequence[Evidence]) -> str:
    """What stands in quotation marks must be in the evidence; of reported speech, in its quotation marks."""
    held = plain(" ".join(_quotable(item) for item in evidence))
    quotes = ["".join(found) for found in QUOTATION.findall(draft)]
    parts = ((quote, part) for quote in quotes for part in PARTS.split(quote) if part and re.search(r"\w", part))
    missing = [quote for quote, part in parts if plain(part).rstrip(",;:!?.") not in held]
    return f"the quotation “{missing[0]}” is not in its evidence" if missing else ""


def _quotable(item: Evidence) -> str:
    text = item.utterance.text
    if item.utterance.mode is not Mode.REPORTED:
        return text
    return " ".join("".join(found) for found in QUOTATION.findall(text))


def _swapped_roles(
    draft: str, evidence: str, own: Sequence[Clause], theirs: Sequence[Clause], countries: frozenset[str]
) -> str:
    if turned(own, theirs, countries):
        return "its names stand in another order than in its evidence"
    verb = swapped(draft, evidence, countries)
    return f"who does it and to whom (“{verb}”) changed places" if verb else ""


def _garbled(draft: str, evidence: str) -> str:
    """A run of words that a draft says twice, as weak models do, and its evidence does not."""
    words = re.findall(r"\w+", draft.lower())
    runs = [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
    told = " ".join(re.findall(r"\w+", evidence.lower()))
    twice = next((run for run in runs if runs.count(run) > 1 and told.count(run) < 2), "")
    return f"it says “{twice}” twice" if twice else ""


def _stitched(draft: Sequence[Clause], evidence: Sequence[Evidence]) -> str:
    """One clause that takes words from two places of the evidence, neither of which has the other's."""
    places = _places(evidence)
    if len(places) < 2:
        return ""
    for piece in (piece for clause in draft for piece in clause.text.split(" and ")):
        shared = [set(stems(piece)) & place for place in places]
        for number, one in enumerate(shared):
            for two in shared[number + 1 :]:
                if one - two and two - one:
                    return STITCHED
    return ""


def _places(evidence: Sequence[Evidence]) -> list[frozenset[str]]:
    """The content words of each run of neighbouring utterances."""
    runs: list[tuple[str, int, set[str]]] = []
    for item in sorted(evidence, key=lambda item: (item.hit.source.id, item.utterance.start)):
        words = set(stems(item.utterance.text))
        source, start = item.hit.source.id, item.utterance.start
        if runs and runs[-1][0] == source and start - runs[-1][1] <= NEIGHBOURS:
            runs[-1] = (source, item.utterance.end, runs[-1][2] | words)
        else:
            runs.append((source, item.utterance.end, words))
    return [frozenset(words) for _, _, words in runs]


def _around(item: Evidence) -> str:
    """What is known of a sentence beside its words; the question before an answer is not said by who answers."""
    source = item.hit.source
    return f"{item.utterance.speaker} {source_label(source)} {source.metadata.title}"


def _too_little_support(draft: str, evidence: Sequence[Evidence], relevance: RelevanceModel | None) -> str:
    words = " ".join(item.utterance.text for item in evidence)
    around = " ".join(map(_around, evidence))
    own = [word for word in stems(draft) if word not in SAYING_STEMS]
    held = set(stems(f"{words} {around}"))
    missing = [word for word in own if word not in held]
    is_near = shared(draft, words) >= MIN_SHARED and not _shares_names_alone(draft, words)
    if is_near and len(missing) <= (1 - MIN_SUPPORT) * len(own):
        return ""
    if relevance is None or not is_near:
        return f"{LACKING}: {len(missing)} of its {len(own)} content words are not there"
    if relevance.score(draft, [words])[0] < MIN_RELEVANCE:
        return "its evidence speaks of something else"
    return ""


def shared(draft: str, words: str) -> float:
    """Share of a draft's content words that some words hold, from 0 to 1; whom it lets speak does not count."""
    speakers = {stem for name in credited(draft) for stem in stems(name)}
    own = [word for word in stems(draft) if word not in SAYING_STEMS and word not in speakers]
    held = set(stems(words))
    return sum(word in held for word in own) / len(own) if own else 1.0


def _shares_names_alone(draft: str, words: str) -> bool:
    """Whether a draft has none of its words from its evidence but names: they tell about whom, and not what."""
    names = {stem for name in PROPER.findall(draft) for stem in stems(name)}
    told = {word for word in stems(draft) if word not in SAYING_STEMS} - names
    return bool(told) and not told & set(stems(words))


def plain(text: str) -> str:
    """Lower case, straight quotation marks, single spaces, no full stop at the end."""
    for curly, straight in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        text = text.replace(curly, straight)
    return " ".join(text.lower().split()).strip(' ".')
