"""Offices: whom a question names by office alone. In: an Inquiry and the catalog; out: the Inquiry with the name.

"What did the mayor say?" asks for Anna Lee where the documents call nobody else mayor. Where they call several so, or
nobody who speaks, the question stays as it is.
"""

import re
from collections import defaultdict
from dataclasses import replace

from rag.catalog import Catalog
from rag.people import NAME, OFFICES, person
from rag.periods import Period
from rag.questions import Inquiry
from rag.saying import SAYING
from rag.transcripts import announcement
from rag.types import Filter
from rag.words import stems

NOUN = re.compile(rf"\b(?i:{OFFICES})\b")
WORDS = r"(?:(?!of\s|is\s)[\w’'-]+\s){0,3}"
OF = r"(?:\sof\s(?:the\s)?[A-Z]\w+)*"
OFFICE = rf"{WORDS}?\b(?i:{OFFICES})\b{OF}"
# as a subject or a source: "did the mayor say", "according to the mayor", "the mayor's view"
ASKED = re.compile(
    rf"(?:\b(?:did|does|do|has|had|have|[Aa]ccording to)\s)(?P<before>[Tt]he\s(?P<office>{OFFICE}))(?=[\s?,.])|"
    rf"\b(?P<owner>[Tt]he\s(?P<owned>{OFFICE}))(?=[’']s\s)"
)
# around the noun: "Mayor Anna Lee", "Anna Lee, the mayor of Ashford,"
LEADING = re.compile(rf"(?:(?P<name>{NAME})(?:,|\sis)\s(?:the\s|an?\s)?)?(?P<words>{WORDS})$")
OF_WHAT = re.compile(OF)
NAMED = re.compile(rf"\s(?P<name>{NAME})|,\s(?P<apposed>{NAME}),")
SAID = re.compile(rf"(?:\s[\w’'-]+){{0,3}}\s(?:{SAYING})\b")
OF_ANOTHER = re.compile(r"\bof\s(?:the\s)?$")  # "the secretary of the President"
# after the name in a title: the office, and of what
APPOSITION = re.compile(r",\s(?P<office>[^,]+(?:,[^,]+)?)")
REACH = 90  # characters before the noun
NOT_IN_OFFICE = frozenset(stems("former deputy vice acting ex then late assistant"))
MAX_HOLDERS = 50
MAX_PASSAGES = 500  # beyond these it is not known that there is but one


def with_name(question: Inquiry, catalog: Catalog, restriction: Filter = Filter()) -> tuple[Inquiry, Filter]:
    """The question with the name of the one speaker who holds the office that it names; else as it is.

    Where the texts tell of no holder, or too much of many, the titles of speeches are read; where these name several
    holders of "the Russian minister", the words of these alone are asked for.
    """
    match = ASKED.search(question.standalone)
    if match is None:
        return question, restriction
    words, office = match["before"] or match["owner"], match["office"] or match["owned"]
    holders = _holders(office, catalog)
    if holders:
        speakers = [name for name in catalog.speakers() if name.split()[-1] in holders]
        is_one = len(holders) == len(speakers) == 1
        return (_renamed(question, words, speakers[0]) if is_one else question), restriction
    titled = _titled(office, question, catalog, restriction)
    if len(titled) == 1:
        return _renamed(question, words, titled[0]), restriction
    is_certain = len(set(stems(office))) > 1  # not any minister, but the Russian
    if is_certain and 1 < len(titled) <= MAX_HOLDERS and not restriction.speakers:
        return replace(question, topic=_renamed(question, words, "they").topic), replace(restriction, speakers=titled)
    return question, restriction


def _renamed(question: Inquiry, words: str, name: str) -> Inquiry:
    whole = re.compile(rf"{re.escape(words)}\b")
    standalone, topic = (whole.sub(lambda _: name, text) for text in (question.standalone, question.topic))
    return replace(question, standalone=standalone, topic=topic)


def _titled(office: str, question: Inquiry, catalog: Catalog, restriction: Filter) -> tuple[str, ...]:
    """The speakers of the speeches, of the time that the question names if any, who are titled with the office."""
    if not restriction.date_from and not restriction.date_to:
        when = question.period
        if when.is_open and len(question.years) == 1:
            when = Period(f"{question.years[0]}-01-01", f"{question.years[0]}-12-31")
        restriction = replace(restriction, date_from=when.start, date_to=when.end)
    asked = set(stems(office))
    announced = map(_announced, catalog.titles(_noun(office), restriction))
    found = {
        speaker
        for speaker, held in announced
        if asked <= set(stems(held)) and (asked & NOT_IN_OFFICE or not set(stems(held)) & NOT_IN_OFFICE)
    }
    return tuple(sorted(found & set(catalog.speakers()))) if found else ()


def _announced(title: str) -> tuple[str, str]:
    """Whose speech a title announces, and the words of office beside the name; ("", "") for none.

    "Statement by Anna Berg, Minister of Trade, Norway, …", "Foreign Minister Anna Berg’s remarks at …".
    """
    match = announcement(title)
    if match is None:
        return "", ""
    name = person(match["name"])
    after = APPOSITION.match(title, match.end("name"))
    return name, f"{match['name'].removesuffix(name)} {after['office'] if after else ''}"


def _holders(office: str, catalog: Catalog) -> set[str]:
    """The surnames of those whom the texts call so; none where too many passages speak of such an office."""
    noun = _noun(office)
    if sum(catalog.document_frequencies(stems(noun)).values()) > MAX_PASSAGES:
        return set()
    ids = catalog.lexical(noun, limit=MAX_PASSAGES)
    asked = set(stems(office))
    held: defaultdict[str, set[str]] = defaultdict(set)
    for passage in catalog.passages(list(ids)).values():
        for text in (passage.context, passage.text):
            for surname, words in _called(text, noun):
                if asked & NOT_IN_OFFICE or not words & NOT_IN_OFFICE:
                    held[surname] |= words
    return {surname for surname, words in held.items() if asked <= words}


def _noun(office: str) -> str:
    """The office proper: "secretary" of "press secretary of the President"."""
    return str(NOUN.findall(re.split(r"\sof\s", office)[0])[-1]).lower()


def _called(text: str, noun: str) -> list[tuple[str, set[str]]]:
    """The surnames of those whom a text introduces by an office, each with the words (stems) of it."""
    found = []
    for match in re.finditer(rf"\b(?i:{noun})\b", text):
        before = text[max(match.start() - REACH, 0) : match.start()]
        of_what = OF_WHAT.match(text, match.end())
        end = of_what.end() if of_what else match.end()
        leading = LEADING.search(before)
        after = NAMED.match(text, end) or NAMED.match(text, match.end())
        name = person(after["name"] or after["apposed"]) if after else ""
        if not name and leading and leading["name"] and not SAID.match(text, end):
            name = person(leading["name"])
        if name and not OF_ANOTHER.search(before):
            words = leading["words"] if leading else ""
            found.append((name.split()[-1], set(stems(f"{words}{text[match.start() : end]}"))))
    return found
