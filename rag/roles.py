"""Roles: who does what to whom. In: a draft and its evidence; out: the verb whose subject and object changed places.

Names before and after a verb that both texts share stand for its subject and object; "was … by" turns them round.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile

from rag.clauses import Clause, pairs
from rag.naming import named
from rag.words import STOP_WORDS, UNITED_STATES, stem

REACH = 7  # words from a verb to its subject or object
WORD = re.compile(r"[\w’'-]+|[,;:.!?“”\"()]")
PREPOSED = re.compile(r"\b(?:by|between|with|both)\b", re.IGNORECASE)
SPEAKING = re.compile(r"we|us|I|me", re.IGNORECASE)
# what stands before a verb that has no ending of its own
BEFORE_VERB = frozenset("to will would can could must should who not never they he she it we i".split())
PASSIVE = frozenset({"was", "were", "been", "being", "be", "is", "are"})
NEVER_VERBS = frozenset({"countri", "state", "govern", "minist", "republ", "region", "foreign", "central", "member"})


def swapped(draft: str, evidence: str, homes: Iterable[str]) -> str:
    """The verb (as in the draft) whose subject in the draft is only its object in the evidence, or the reverse."""
    home = next(iter(homes), "")
    own, theirs = _relations(draft, home), _relations(evidence, home)
    for verb, (word, subjects, objects) in own.items():
        if verb not in theirs:
            continue
        _, other_subjects, other_objects = theirs[verb]
        moved_up = subjects & (other_objects - other_subjects)
        moved_down = objects & (other_subjects - other_objects)
        if moved_up and (moved_down or not subjects & other_subjects):
            return word
        if moved_down and not objects & other_objects and subjects - other_subjects and other_subjects:
            return word
    return ""


def turned(draft: Sequence[Clause], evidence: Sequence[Clause], homes: Iterable[str]) -> bool:
    """Whether a clause names two parties in the reverse order of its counterpart, with no "by" that explains it."""
    home = next(iter(homes), "")
    for one, two in pairs(draft, evidence):
        own, theirs = _parties(one.text, home), _parties(two.text, home)
        places = [theirs.index(party) for party in own if theirs.count(party) == 1 and own.count(party) == 1]
        is_explained = PREPOSED.search(one.text) or PREPOSED.search(two.text)
        if len(places) > 1 and places != sorted(places) and not is_explained and _shares_verb(one, two):
            return True
    return False


def _parties(text: str, home: str) -> list[str]:
    """The countries and people of a clause in order; "we" is a country where it is known."""
    forms = dict(named(text))
    words = WORD.findall(UNITED_STATES.sub("US", text))
    found = [forms.get(word, "") or (home if home and SPEAKING.fullmatch(word) else "") for word in words]
    return [name for name, _ in groupby(filter(None, found))]


def _shares_verb(one: Clause, two: Clause) -> bool:
    """Whether both clauses share a word that is no name."""
    names = {form for clause in (one, two) for _, form in named(clause.text)}
    return len((one.words & two.words) - names) > 1


def _relations(text: str, home: str) -> dict[str, tuple[str, set[str], set[str]]]:
    """By stem: a word with the nearest names before and after it, in one form."""
    words = WORD.findall(UNITED_STATES.sub("US", text))
    forms = dict(named(text))
    names = [forms.get(word, "") or (home if home and SPEAKING.fullmatch(word) else "") for word in words]
    found: dict[str, tuple[str, set[str], set[str]]] = {}
    for place, word in enumerate(words):
        key = stem(word)
        if names[place] or not word[0].islower() or word in STOP_WORDS or len(word) < 4 or key in NEVER_VERBS:
            continue
        previous = words[place - 1].lower() if place else ""
        if not (word.endswith(("ed", "ing")) or previous in BEFORE_VERB or (place and names[place - 1])):
            continue
        before = _nearest(list(reversed(names[max(place - REACH, 0) : place])))
        after = _nearest(names[place + 1 : place + 1 + REACH])
        if set(words[max(place - 2, 0) : place]) & PASSIVE and "by" in words[place + 1 : place + 3]:
            before, after = after, before
        _, subjects, objects = found.setdefault(key, (word, set(), set()))
        subjects |= before
        objects |= after
    return found


def _nearest(names: list[str]) -> set[str]:
    """The first run of names: "Central Asian" is two words."""
    first = next((place for place, name in enumerate(names) if name), len(names))
    return set(takewhile(bool, names[first:]))
