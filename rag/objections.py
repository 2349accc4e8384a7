"""Objections: the rules by which a draft may not follow from its evidence, each a function that gives a reason or "".

They look at what journalists are sued for: numbers, dates, names, quotations, negation, hedges, strong words, who did
what to whom, and who is said to have said it.
"""

import re
from collections.abc import Callable, Sequence

from rag.clauses import Clause
from rag.crediting import QUOTATION, from_question, third_party, told_by_others, wrong_speaker
from rag.holding import OMISSION, Held, plain
from rag.naming import FIRST_PERSON, missing_name
from rag.quantities import missing_numbers, moments, moved_number, readable
from rag.roles import swapped, turned
from rag.types import Evidence, Mode
from rag.wording import changed_negation, dropped_aside, dropped_hedge, invented_cause, opposite, overreach
from rag.words import stems

# characters between two utterances of one place: a line break, or the label of a turn
NEIGHBOURS = 60
RUN = 4  # words
# each sentence of a quotation, which may be interrupted where it was said: “One,” she said. “Two.”
PARTS = re.compile(rf"{OMISSION.pattern}|(?<=[.!?])\s+")
STITCHED = "it makes one claim of words from different places"


def first_refusal(held: Held) -> str:
    """The first reason of a rule that hardly ever refuses what is true."""
    return next(filter(None, (rule(held) for rule in REFUSALS)), "")


def objections(held: Held) -> dict[str, str]:
    """The reasons, by name, of the rules that refuse some of what is true, too; models may outweigh them."""
    return {name: reason for name, rule in OBJECTIONS.items() if (reason := rule(held))}


def _moved_number(held: Held) -> str:
    moved = moved_number(held.draft, held.words)
    return "" if moved is None else f"the number {readable(moved)} counts something else in its evidence"


def _missing_moment(draft: str, evidence: str) -> str:
    missing = moments(draft) - moments(evidence)
    return "its evidence gives another time, or none" if missing else ""


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


def _turned(held: Held) -> str:
    is_turned = turned(held.own, held.theirs, held.countries)
    return "its names stand in another order than in its evidence" if is_turned else ""


def _swapped_roles(held: Held) -> str:
    verb = swapped(held.core, held.words, held.countries)
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


def missing_of(held: Held, more: str = "") -> tuple[str, str]:
    """Why a number and a name are not those of the evidence, or of that and more text; "" where they are."""
    countries = held.countries if FIRST_PERSON.search(held.words) else frozenset[str]()
    known = f"{held.words} {more}"
    name = missing_name(held.draft, f"{known} {held.around}", countries, held.background)
    numbers = missing_numbers(held.draft, known, held.around)
    return (
        f"the number {readable(numbers[0])} is not in its evidence" if numbers else "",
        f"the name {name} is not in its evidence" if name else "",
    )


# Rules that hardly ever refuse what is true: whatever they refuse is refused
REFUSALS: tuple[Callable[[Held], str], ...] = (
    lambda held: _missing_quotation(held.draft, held.evidence),
    lambda held: third_party(held.draft, held.evidence),
    lambda held: told_by_others(held.draft, held.evidence),
    lambda held: _garbled(held.draft, held.words),
    lambda held: from_question(held.draft, held.evidence),
    lambda held: opposite(held.own, held.theirs),
    _turned,
    lambda held: dropped_aside(held.draft, held.words) if len(held.evidence) == 1 else "",
    lambda held: invented_cause(held.core, held.words),
    lambda held: _stitched(held.own, held.evidence),
)
# Rules that refuse some of what is true, too: each an objection, which models may outweigh
OBJECTIONS: dict[str, Callable[[Held], str]] = {
    "number": lambda held: missing_of(held)[0],
    "moved": _moved_number,
    "moment": lambda held: _missing_moment(held.core, held.words),
    "name": lambda held: missing_of(held)[1],
    "speaker": lambda held: wrong_speaker(held.draft, held.evidence, held.countries, held.background),
    "negation": lambda held: changed_negation(held.own, held.theirs),
    "roles": _swapped_roles,
    "hedge": lambda held: dropped_hedge(held.draft, held.own, held.theirs),
    "overreach": lambda held: overreach(held.draft, held.theirs),
}
