"""Parts: what a question asks one after the other. In: an Inquiry; out: Inquiries, each searched on its own.

"How many work there, how many study, and what did she say of both?" has three parts. "What in 2019, and what in 2023?"
has one with two sides (rag/facets.py), since no part of it has a topic of its own.
"""

import re
from collections.abc import Collection

from rag.questions import Inquiry, reading, standalone
from rag.saying import SAYING
from rag.types import Turn
from rag.words import terms

MAX_PARTS = 3
LEAST_WORDS = 2  # of its own that make a part
ASKING = r"(?:how|what|who|whom|whose|when|where|why|which|did|does|do|is|are|was|were|has|have)\b"
SPLIT = re.compile(
    rf"\s*[,;]?\s+(?:and|but|while|whereas)\s+(?={ASKING})|\s*[,;]\s+(?=(?:how (?:many|much)|what)\b)|"
    rf"[?]\s+(?:and\s+|but\s+)?(?={ASKING})|"
    r"\s+(?:compare[sd]?|versus|vs\.?|as opposed to)\s(?:(?:with|to)\s)?(?=what\b)",
    re.IGNORECASE,
)
QUANTITY = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
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

    `names` are those of speakers and publishers, which are no topic.
    """
    ends = [0, *(end for match in SPLIT.finditer(question.standalone) for end in (match.start(), match.end()))]
    told = [question.standalone[a:b] for a, b in zip(ends[::2], [*ends[1::2], None], strict=True)]
    known = {word for name in names for word in terms(name)}
    if not 1 < len(told) <= MAX_PARTS or not all(_has_topic(part, known) for part in told):
        return (question,)
    first, *later = (f"{part[0].upper()}{part[1:].rstrip(' ?')}?" for part in told)
    whole = (first, *(standalone(part, [Turn("user", first)]) for part in later))
    return tuple(reading(question.asked, part) for part in whole)


def _has_topic(part: str, names: Collection[str]) -> bool:
    own = {word for word in terms(part) if word not in names and not NO_TOPIC.fullmatch(word)}
    return len(own) >= (1 if QUANTITY.match(part) else LEAST_WORDS)
