"""Notes: what a reader of a quote must know beside it. In: a citation; out: lines, the quote itself unchanged."""

from rag.citations import readable_date
from rag.periods import days_told
from rag.times import time_notes
from rag.types import Citation, Nested

MARKS = '“”"«»‘’,; '


def notes(cited: Citation) -> tuple[str, ...]:
    """Of what the date is, what relative times meant, then whose words stand within the quote."""
    return (*date_notes(cited), *time_notes(cited), *nested_notes(cited))


def date_notes(cited: Citation) -> tuple[str, ...]:
    """Where the date shown is not the document's own throughout, or the event is of another day.

    A report may tell of several events: where its words up to the quote name another day last, nothing is said.
    """
    metadata = cited.source.metadata
    copied = ("the report shows no year; a copy of it does",) if metadata.date_source else ()
    told = days_told(cited.text[: cited.quote_start - cited.start + len(cited.quote)])
    is_of_event = not told or metadata.event_date.endswith(told[-1])
    is_other_day = is_of_event and metadata.event_date not in ("", metadata.date)
    event = (f"of an event on {readable_date(metadata.event_date)}",) if is_other_day else ()
    return (*copied, *event)


def nested_notes(cited: Citation) -> tuple[str, ...]:
    """For example ("“they must work with Africa”: words of the Norwegian FM, told by Sergey Lavrov",)."""
    return tuple(
        f"“{nested_words(cited, each).strip(MARKS)}”: words of {each.words_of or 'somebody else'}, "
        f"told by {cited.speaker}"
        for each in cited.nested
    )


def nested_words(cited: Citation, nested: Nested) -> str:
    """The nested words as they stand, on one line."""
    return " ".join(cited.quote[nested.start - cited.quote_start : nested.end - cited.quote_start].split())
