"""Parts: what a question asks one after the other. In: an Inquiry; out: Inquiries, each searched on its own.

"How many work there, how many study, and what did she say of both?" has three parts. "What in 2019, and what in 2023?"
has one with two sides (rag/facets.py), since no part of it has a topic of its own.
"""

import re
from collections.abc import Collection

from rag.periods import YEAR
from rag.questions import Inquiry, reading, standalone
from rag.saying import SAYING
from rag.types import Turn
from rag.words import terms

MAX_PARTS = 3
LEAST_WORDS = 2  # of its own that make a part
WH = r"(?:how|what|who|whom|whose|when|where|why|which)\b"
AUXILIARY = r"(?:did|does|do|is|are|was|were|has|have)\b"
SPLIT = re.compile(
    # an auxiliary after a bare "and" may go on with the same subject: "who built it and has promised more"
    rf"\s*[,;]\s+(?:and|but|while|whereas)\s+(?={WH}|{AUXILIARY})|\s+(?:and|but|while|whereas)\s+(?={WH})|"
    rf"\s*[,;]\s+(?=(?:how (?:many|much)|what)\b)|[?]\s+(?:and\s+|but\s+)?(?={WH}|{AUXILIARY})|"
    r"\s+(?:compare[sd]?|versus|vs\.?|as opposed to)\s(?:(?:with|to)\s)?(?=what\b)",
    re.IGNORECASE,
)
# two things asked of one: "what revenue and how much profit did they report"
NOUNS = r"(?:what|which|how (?:many|much))(?:\s(?!\w+ed\b)\w+)"
SHARED = re.compile(
    rf"(?P<first>{NOUNS}{{1,2}}),?\s+and\s+(?P<second>{NOUNS}{{1,3}}?)\s+(?P<rest>{AUXILIARY}.+)", re.IGNORECASE
)
# one thing asked of two: "how large was it according to her in May, and how large according to him?"
BY_SOURCE = re.compile(
    rf"(?P<asked>.+?),?\s+(?P<first>according to [^,?]+?),?\s+and\s+(?P<again>{WH}(?:\s\w+){{0,2}}?\s+)?"
    r"(?P<second>according to [^,?]+)\??",
    re.IGNORECASE,
)
PREFIX = re.compile(r"according to [^,?]+,\s+", re.IGNORECASE)
ASKING = re.compile(rf"(?:{WH}(?! asked)|{AUXILIARY})", re.IGNORECASE)
NUMBER_ASKED = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
# what is said, not asked: "what did she say about how it is sold and how it is shipped"
REPORTED = re.compile(rf"\b(?:about|of|on|explain\w*|describe\w*|tell|told|know\w*) {WH}", re.IGNORECASE)
SAID = re.compile(rf"\b(?:{SAYING}|say|says|tell|tells)\b", re.IGNORECASE)
WHO_IS_MEANT = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey|it|his|her|their|its)\b|(?<!^)\b[A-Z]")
# of a side or an act of speech, not of a topic
NO_TOPIC = re.compile(
    rf"(?:{SAYING}|say|tell|answer\w*|reply|replies|respond\w*|react\w*|mean\w*|explain\w*|add\w*|put|word\w*|"
    r"transcripts?|reports?|interviews?|articles?|stor(?:y|ies)|pieces?|papers?|speech(?:es)?|versions?|accounts?|"
    r"hearings?|program(?:me)?s?|statements?|remarks?|texts?|sources?|documents?|year|date|time|day|other|others|else|"
    r"same|first|second|later|earlier|latest|(?:19|20)\d\d)",
    re.IGNORECASE,
)


def parts(question: Inquiry, names: Collection[str]) -> tuple[Inquiry, ...]:
    """The parts of a question that have a topic of their own, at most three; the question itself where it is one.

    `names` are those of speakers and publishers, which are no topic. A question that goes back to an earlier one, which
    stands behind it in brackets, is left whole, and so is one whose later part may be of the speaker or year that only
    the first one names.
    """
    asked = question.standalone
    if asked.endswith(")"):
        return (question,)
    whole = _of_two_sources(asked) or _one_by_one(asked, {word for name in names for word in terms(name)})
    whole = whole or _of_two_things(asked)
    return tuple(reading(question.asked, part) for part in whole) or (question,)


def _of_two_sources(asked: str) -> tuple[str, ...]:
    """The two questions in one that asks one thing of two sources; () for another, also where it goes on to a second
    thing."""
    match = BY_SOURCE.fullmatch(asked)
    if not match or not asked.lower().startswith((match["again"] or "").strip().lower()):
        return ()
    return tuple(f"{match['asked']} {match[side].strip()}?" for side in ("first", "second"))


def _of_two_things(asked: str) -> tuple[str, ...]:
    """The two questions in one that asks two things of one predicate; () for another."""
    match = SHARED.fullmatch(asked)
    return tuple(_sentence(f"{match[side]} {match['rest']}") for side in ("first", "second")) if match else ()


def _one_by_one(asked: str, names: Collection[str]) -> tuple[str, ...]:
    """The questions asked one after the other; () for a single one."""
    prefix = PREFIX.match(asked)
    of = prefix.group() if prefix else ""
    ends = [len(of), *(end for match in SPLIT.finditer(asked, len(of)) for end in (match.start(), match.end()))]
    told = [asked[a:b] for a, b in zip(ends[::2], [*ends[1::2], None], strict=True)]
    if not 1 < len(told) <= MAX_PARTS or not ASKING.match(told[0]) or not all(_has_topic(part, names) for part in told):
        return ()
    if REPORTED.search(told[0]) or any(_goes_on(part, told[0]) for part in told[1:]):
        return ()
    first, *later = (_sentence(of + part) for part in told)
    return (first, *(standalone(part, [Turn("user", first)]) for part in later))


def _sentence(asked: str) -> str:
    return f"{asked[0].upper()}{asked[1:].rstrip(' ?')}?"


def _has_topic(part: str, names: Collection[str]) -> bool:
    own = {word for word in terms(part) if word not in names and not NO_TOPIC.fullmatch(word)}
    return len(own) >= (1 if NUMBER_ASKED.match(part) else LEAST_WORDS)


def _goes_on(later: str, first: str) -> bool:
    """Whether a later part may be of the speaker, or the year, that only the first one names."""
    is_of_speaker = SAID.search(first) is not None and not WHO_IS_MEANT.search(later)
    return is_of_speaker or bool(YEAR.search(first) and not YEAR.search(later))
