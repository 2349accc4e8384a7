"""Casing: a question typed in lower case, with names as the documents write them. In: words and names; out: words."""

import re
from collections.abc import Iterable
from functools import partial

from rag.words import STOP_WORDS

CAPITAL = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][a-z]")  # who writes one name with a capital writes them all so
LEAST_LETTERS = 4  # of a surname: shorter ones are words as often as not
UNMISTAKABLE = re.compile(r"\w[A-Z]|\w\s\w")  # as no common word is written: "BelTA", "Nordic Wire"
# where a sentence that begins with a capital, as sentences do, has a name and no word
BEFORE_A_NAME = r"(?<=\bdid )|(?<=\bdoes )|(?<=\bhas )|(?<=\bby )|(?<=\baccording to )"


def cased(text: str, speakers: Iterable[str], publishers: Iterable[str]) -> str:
    """The text with the names of speakers and publishers written as these; as it is where it has capitals of its own.

    "what did ann karimova tell nordic wire" becomes "what did Ann Karimova tell Nordic Wire"; a first name alone is
    left, as it may be a word, and so is a surname in "Karimova's price is the price", but for where a name is due.
    """
    if CAPITAL.search(text):
        return text
    small = text.casefold()
    is_lower = not text[:1].isupper() or text.isupper()
    for name in publishers:
        if name.casefold() in small and UNMISTAKABLE.search(name):
            text = _with(name, re.escape(name), text)
    for name in speakers:
        first, _, surname = name.rpartition(" ")
        if surname.casefold() in small and _is_name(surname):
            whole = (rf"(?:{re.escape(first)} )?" if first else "") + re.escape(surname)
            due = whole if is_lower else rf"(?:(?:{BEFORE_A_NAME}){whole}|{whole}(?=[’']s\b))"
            text = _with(name, due, text)
    return text


def _is_name(surname: str) -> bool:
    return surname[:1].isupper() and len(surname) >= LEAST_LETTERS and surname.casefold() not in STOP_WORDS


def _with(name: str, pattern: str, text: str) -> str:
    return re.sub(rf"\b{pattern}\b", partial(_end, name), text, flags=re.IGNORECASE)


def _end(name: str, found: "re.Match[str]") -> str:
    """As much of the end of a name as was found of it."""
    return name[len(name) - len(found.group()) :]
