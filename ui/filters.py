"""Filters: what a person chose or typed in, a Filter out. Shared by command line, page and API."""

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
    """The filter; raises QuestionError where a date is none."""
    return Filter(
        tuple(publishers), tuple(documents), checked_date(date_from), checked_date(date_to), speakers=tuple(speakers)
    )


def checked_date(text: str) -> str:
    """An ISO date, or "" for none; raises QuestionError."""
    text = text.strip()
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise QuestionError(f"{text!r} is not a date like 2019-11-27; correct it") from None
    return text
