"""Filters: what a person chose or typed in, a Filter out. Shared by command line, page and API."""

import argparse
from collections.abc import Sequence
from datetime import date

from rag import Filter
from rag.errors import QuestionError


def filter_of(
    *,
    publishers: Sequence[str] = (),
    documents: Sequence[str] = (),
    speakers: Sequence[str] = (),
    date_from: str = "",
    date_to: str = "",
) -> Filter:
    """The filter; raises QuestionError where a date is none, or the first is later than the last."""
    first, last = checked_date(date_from), checked_date(date_to)
    if first and last and first > last:
        raise QuestionError(f"no document is from {first} or later and of {last} or earlier; exchange the dates")
    return Filter(tuple(publishers), tuple(documents), first, last, speakers=tuple(speakers))


def checked_date(text: str) -> str:
    """An ISO date, or "" for none; raises QuestionError."""
    text = text.strip()
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise QuestionError(f"{text!r} is not a date like 2019-11-27; correct it") from None
    return text


def add_filters(parser: argparse.ArgumentParser) -> None:
    """The options of a command that takes a filter."""
    parser.add_argument("--publisher", action="append", default=[], help="only this publisher (may be repeated)")
    parser.add_argument("--speaker", action="append", default=[], help="only what this person says (may be repeated)")
    parser.add_argument("--document", action="append", default=[], help="only this document, by id or path")
    parser.add_argument(
        "--from", dest="date_from", default="", metavar="DATE", help="published on or after, 2019-11-27"
    )
    parser.add_argument("--to", dest="date_to", default="", metavar="DATE", help="published on or before")
