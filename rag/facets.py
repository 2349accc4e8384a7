"""Facets: the sides of a question. In: an Inquiry; out: Facets, each of them where to look and whose words count.

A question may restrict itself to years, a period, publishers or a speaker that the index knows, or compare some.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from rag.people import NAME, person
from rag.people import people as people_of
from rag.periods import Period
from rag.questions import Inquiry
from rag.retrieval import Searcher
from rag.saying import REPORTING
from rag.types import Filter
from rag.words import STOP_WORDS

FIRST_DAY = "0001-01-01"
ALIKE = 0.8  # a surname that is as like a speaker's is a misspelling of it
PASSAGES_READ = 20  # to learn whether a name is a person's
# "What did Ann Lee say", "according to Ann Lee"
ASKED_WORDS_OF = re.compile(
    rf"\b(?:did|does|has|had)\s(?P<asked>{NAME})\s(?:ever\s|also\s|publicly\s)?(?:say|said|tell|told|state|stated|"
    r"comment\w*|call\w*|describe\w*|argue\w*|warn\w*|claim\w*|repl(?:y|ied)|respond\w*|suggest\w*|mention\w*|"
    rf"announce\w*|remark\w*|promise\w*|think|believe)\b|\b[Aa]ccording to (?P<source>{NAME})(?=[,?.]|$)"
)
# asks for what somebody says or has in mind
SPEAKS_OR_THINKS = re.compile(
    rf"\b(?:{REPORTING}|say|tell|state|stress|mention\w*|claim\w*|describ\w+|call|argue|comment|explain\w*|answer|reply|"
    r"suggest|propose\w*|warn|promise\w*|respond|criticis\w+|prais\w+|accus\w+|predict\w*|expect\w*|want\w*|see|sees|"
    r"regard\w*|view\w*|consider\w*|assess\w*|attribut\w+|use|uses|put|opinion|position|stance|words?|phrase|according|"
    r"mean\w*|speak\w*|spoke|talk\w*|discuss\w*|address\w*|feel|worr\w+|reject\w*|support\w*|oppos\w+|ask\w*|"
    r"refer\w*|speech|statement|remarks?|interview|react\w*|accept\w*|promot\w+|seek\w*|defend\w*|credit\w*|blam\w+)\b"
)
# what one year is held against
CONTRAST = re.compile(
    r"\bcompare[sd]? (?:with|to)\b|\b(?:than|versus|vs\.?) (?:in|of|the)\b|\bas opposed to\b", re.IGNORECASE
)
LATEST_AMONG = 30  # hits, of which the newest count where the latest word is asked for


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a question: where to look, and whose words count ("" for anyone's).

    `is_of_person`: it does not ask what the speaker said, so that what others say of him counts, too; `is_unheard`:
    no document gives his words, so that only what tells of them counts.
    """

    restriction: Filter
    speaker: str
    is_of_person: bool = False
    is_unheard: bool = False


def facets(question: Inquiry, searcher: Searcher, restriction: Filter) -> list[Facet]:
    """The sides of a question: the years, publishers and, when it compares, speakers that it names."""
    text = question.standalone
    speakers = searcher.catalog.speakers()
    people = named_speakers(text, speakers)
    unheard = _unheard(question, speakers, searcher)
    if unheard:
        return [Facet(restriction, unheard, is_unheard=True)]
    heard = [name for name in people if not _is_told_about(name, text)] if len(people) > 1 else people
    alone = heard[0] if len(heard) == 1 and not question.asks_whose and not _is_about(heard[0], text) else ""
    is_of_person = bool(alone) and not SPEAKS_OR_THINKS.search(text)
    told = is_of_telling(question)
    named = [each for each in searcher.catalog.publishers() if re.search(rf"\b{re.escape(each)}\b", text)]
    # years that are compared are sides, also those of "between 2019 and 2023"; one is, where the rest is the other
    is_contrast = len(question.years) == 1 and CONTRAST.search(text) is not None and not question.period.is_half_open
    has_period = told and not (question.compares and (len(question.years) > 1 or is_contrast))
    timed = question if has_period else replace(question, period=Period(is_latest=question.period.is_latest))
    restriction = _narrowed(timed, searcher, restriction, alone)
    known = searcher.catalog.years()
    years = [year for year in question.years if year in known and told]
    whole = Facet(restriction, alone, is_of_person)
    sides = [] if restriction.publishers else [_within(whole, publishers=(each,)) for each in named]
    if not restriction.date_from and not restriction.date_to:
        by_year = [_within(whole, date_from=f"{year}-01-01", date_to=f"{year}-12-31") for year in years]
        # "the TASS report of 2019" is one side; "in 2019 and in the BelTA interview" are two
        if question.compares or len(years) > 1 or not sides:
            sides = [*by_year, *sides]
    if question.compares and len(sides) == 1 and len(people) < 2:
        theirs = set(searcher.catalog.matching_documents(sides[0].restriction))
        rest = tuple(each for each in searcher.catalog.matching_documents(restriction) if each not in theirs)
        if rest:  # an empty filter would let everything through
            sides.append(_within(whole, documents=rest))
    if question.compares and len(people) > 1 and len(sides) < 2:
        where = sides[0].restriction if sides else restriction
        return [Facet(where, each) for each in people]
    return sides or [whole]


def is_of_telling(question: Inquiry) -> bool:
    """Whether the time that a question names may be that of the documents: of what was said, or of those compared.

    "How much did burglaries fall in 2021?" may be told in any year.
    """
    return question.compares or not question.said_in.is_open or SPEAKS_OR_THINKS.search(question.standalone) is not None


def _within(side: Facet, **narrower: Any) -> Facet:
    return replace(side, restriction=replace(side.restriction, **narrower))


def _unheard(question: Inquiry, speakers: Sequence[str], searcher: Searcher) -> str:
    """The person whose words are asked for, where no document gives any; "" for a country, a body, a misspelling."""
    match = ASKED_WORDS_OF.search(question.standalone)
    name = person(match["asked"] or match["source"]) if match else ""
    if not name or question.asks_whose:
        return ""
    surname = name.split()[-1].casefold()
    surnames = {each.split()[-1].casefold() for each in speakers}
    known = {*surnames, *(word.casefold() for each in searcher.catalog.publishers() for word in each.split())}
    if surname in known or get_close_matches(surname, surnames, 1, ALIKE):
        return ""
    passages = searcher.catalog.passages(list(searcher.catalog.lexical(surname, limit=PASSAGES_READ)))
    named = people_of("\n".join(passage.text for passage in passages.values()))
    if any(word.casefold() == surname for word in named.names):
        return "" if named.full(name) in named.things else name
    return name if not passages and " " in name else ""


def _narrowed(question: Inquiry, searcher: Searcher, restriction: Filter, speaker: str) -> Filter:
    """The restriction narrowed to the period that the question names, where that parts the dated documents.

    What happened "before 2014" may be told in any document: a period that holds none of them, or all, narrows nothing.
    """
    if restriction.date_from or restriction.date_to:
        return restriction
    narrowed = restriction
    dated = _dated(searcher, restriction)
    if not question.period.is_open and 0 < len(_inside(question.period, searcher, restriction)) < len(dated):
        narrowed = replace(restriction, date_from=question.period.start, date_to=question.period.end)
    if question.period.is_latest and dated:
        hits = searcher.search(question.topic, limit=LATEST_AMONG, restriction=narrowed)
        heard = [hit for hit in hits if not speaker or any(each.is_by(speaker) for each in hit.passage.utterances)]
        dates = [hit.source.metadata.date for hit in heard if hit.source.metadata.date[:4].isdigit()]
        narrowed = replace(narrowed, date_from=max(dates, default=narrowed.date_from))
    return narrowed


def is_of_another_time(question: Inquiry, searcher: Searcher, restriction: Filter) -> bool:
    """Whether it is asked what was said in a period that none of the dated documents is of."""
    if question.compares or question.said_in.is_open:
        return False
    return bool(_dated(searcher, restriction)) and not _inside(question.said_in, searcher, restriction)


def _dated(searcher: Searcher, restriction: Filter) -> list[str]:
    """The documents that pass a filter and show their year."""
    return _inside(Period(start=FIRST_DAY), searcher, restriction)


def _inside(asked: Period, searcher: Searcher, restriction: Filter) -> list[str]:
    """The documents of a period that pass a filter."""
    first = max(asked.start, restriction.date_from)
    last = min(filter(None, (asked.end, restriction.date_to)), default="")
    return searcher.catalog.matching_documents(replace(restriction, date_from=first, date_to=last))


def named_speakers(text: str, speakers: Sequence[str]) -> list[str]:
    """The speakers whose surname stands in a text; what ends in a common word was taken for a name by mistake."""
    near = [name for name in speakers if name[0].isupper() and name.split()[-1] in text]
    near = [name for name in near if name.split()[-1] not in STOP_WORDS]
    named = [name for name in near if re.search(rf"\b{re.escape(name.split()[-1])}\b", text)]
    # a document that gives a surname alone means whom others name in full
    return [name for name in named if " " in name or not any(other.endswith(f" {name}") for other in named)]


def _is_told_about(name: str, text: str) -> bool:
    """Whether of several people a question names one as what another speaks about: "what did X say about him"."""
    surname = re.escape(name.rsplit(maxsplit=1)[-1])
    return re.search(rf"\b(?:about|on|to|of|against|towards)\s(?:[A-Z]\w+\s)?{surname}\b(?!’s|'s)", text) is not None


def _is_about(name: str, text: str) -> bool:
    """Whether a question names somebody as what is spoken about: "what did X say about him"."""
    surname = re.escape(name.rsplit(maxsplit=1)[-1])
    return re.search(
        rf"\b(?:about|on|with|to|against|than|and)\s(?:[A-Z]\w+\s)?{surname}\b(?!’s|'s)", text
    ) is not None and (re.search(rf"\b[Aa]ccording to\s(?:[A-Z]\w+\s)?{surname}\b", text) is None)
