"""Offices: whom a question names by office alone. In: an Inquiry and the catalog; out: the Inquiry with the name.

"What did the mayor say?" asks for Anna Lee where the documents call nobody else mayor. Where they call several so, or
nobody who speaks, the question stays as it is.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rag.catalog import Catalog
from rag.people import NAME, OFFICES, person
from rag.questions import Inquiry
from rag.saying import SAYING
from rag.transcripts import titled_speaker
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
REACH = 90  # characters before the noun
NOT_IN_OFFICE = frozenset(stems("former deputy vice acting ex then late assistant"))
MAX_HOLDERS = 50
MAX_PASSAGES = 500  # beyond these it is not known that there is but one


def with_name(question: Inquiry, catalog: Catalog, restriction: Filter = Filter()) -> tuple[Inquiry, Filter]:
    """The question with the name of the one speaker who holds the office that it names; else as it is.

    Where speeches are titled with the office and several speakers held it, their words alone are asked for.
    """
    match = ASKED.search(question.standalone)
    if match is None:
        return question, restriction
    words, office = match["before"] or match["owner"], match["office"] or match["owned"]
    name = _holder(office, catalog)
    titled = () if name else _titled(office, question.years, catalog, restriction)
    if len(titled) == 1:
        name = titled[0]
    if name:
        standalone = question.standalone.replace(words, name)
        return replace(question, standalone=standalone, topic=question.topic.replace(words, name)), restriction
    if 1 < len(titled) <= MAX_HOLDERS and not restriction.speakers:
        return replace(question, topic=question.topic.replace(words, "they")), replace(restriction, speakers=titled)
    return question, restriction


def _titled(office: str, years: Sequence[str], catalog: Catalog, restriction: Filter) -> tuple[str, ...]:
    """The speakers of the speeches, of these years if any, whose titles hold every word of the office."""
    if years and not restriction.date_from and not restriction.date_to:
        restriction = replace(restriction, date_from=f"{min(years)}-01-01", date_to=f"{max(years)}-12-31")
    asked = set(stems(office))
    titles = [title for title in catalog.titles(_noun(office), restriction) if asked <= set(stems(title))]
    speakers = set(catalog.speakers()) if titles else set()
    return tuple(sorted({titled_speaker(title) for title in titles} & speakers))


def _holder(office: str, catalog: Catalog) -> str:
    """The one speaker whom the documents call so; "" where they call several so, or none."""
    noun = _noun(office)
    ids = catalog.lexical(noun, limit=MAX_PASSAGES)
    if len(ids) == MAX_PASSAGES:
        return ""
    asked = set(stems(office))
    held: defaultdict[str, set[str]] = defaultdict(set)
    for passage in catalog.passages(list(ids)).values():
        for text in (passage.context, passage.text):
            for surname, words in _called(text, noun):
                if asked & NOT_IN_OFFICE or not words & NOT_IN_OFFICE:
                    held[surname] |= words
    holders = {surname for surname, words in held.items() if asked <= words}
    speakers = [name for name in catalog.speakers() if name.split()[-1] in holders]
    return speakers[0] if len(holders) == 1 and len(speakers) == 1 else ""


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
