"""Facets: the sides of a question. In: an Inquiry; out: Facets, each of them where to look and whose words count.

A question may restrict itself to years, a period, publishers or a speaker that the index knows, or compare some.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.periods import Period
from rag.questions import Inquiry
from rag.retrieval import Searcher
from rag.types import Filter

FIRST_DAY = "0001-01-01"
LATEST_AMONG = 30  # hits, of which the newest count where the latest word is asked for


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a question: where to look, and whose words count ("" for anyone's)."""

    restriction: Filter
    speaker: str


def facets(question: Inquiry, searcher: Searcher, restriction: Filter) -> list[Facet]:
    """The sides of a question: the years, publishers and, when it compares, speakers that it names."""
    text = question.standalone
    people = named_speakers(text, searcher.catalog.speakers())
    alone = people[0] if len(people) == 1 and not question.asks_whose and not _is_about(people[0], text) else ""
    restriction = _narrowed(question, searcher, restriction, alone)
    known = searcher.catalog.years()
    years = [year for year in question.years if year in known]
    named = [each for each in searcher.catalog.publishers() if re.search(rf"\b{re.escape(each)}\b", text)]
    sides = [] if restriction.publishers else [Facet(replace(restriction, publishers=(each,)), alone) for each in named]
    if not restriction.date_from and not restriction.date_to:
        by_year = [replace(restriction, date_from=f"{year}-01-01", date_to=f"{year}-12-31") for year in years]
        # "the TASS report of 2019" is one side; "in 2019 and in the BelTA interview" are two
        if question.compares or len(years) > 1 or not sides:
            sides = [*(Facet(each, alone) for each in by_year), *sides]
    if question.compares and len(sides) == 1 and len(named) == 1:
        theirs = set(searcher.catalog.matching_documents(replace(restriction, publishers=(named[0],))))
        rest = tuple(each for each in searcher.catalog.matching_documents(restriction) if each not in theirs)
        if rest:  # an empty filter would let everything through
            sides.append(Facet(replace(restriction, documents=rest), alone))
    if question.compares and len(people) > 1 and len(sides) < 2:
        where = sides[0].restriction if sides else restriction
        return [Facet(where, person) for person in people]
    return sides or [Facet(restriction, alone)]


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
        heard = [hit for hit in hits if not speaker or any(each.speaker == speaker for each in hit.passage.utterances)]
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
    """The speakers whose surname stands in a text."""
    near = [name for name in speakers if name[0].isupper() and name.split()[-1] in text]
    return [name for name in near if re.search(rf"\b{re.escape(name.split()[-1])}\b", text)]


def _is_about(person: str, text: str) -> bool:
    """Whether a question names a person as what is spoken about: "what did X say about him"."""
    surname = re.escape(person.rsplit(maxsplit=1)[-1])
    return re.search(
        rf"\b(?:about|on|with|to|against|than|and)\s(?:[A-Z]\w+\s)?{surname}\b(?!’s|'s)", text
    ) is not None and (re.search(rf"\b[Aa]ccording to\s(?:[A-Z]\w+\s)?{surname}\b", text) is None)
