"""Notes: what a reader of a quote must know beside it. In: a citation; out: lines, the quote itself unchanged."""

from rag.times import time_notes
from rag.types import Citation, Nested

MARKS = '“”"«»‘’,; '


def notes(cited: Citation) -> tuple[str, ...]:
    """What relative times meant, then whose words stand within the quote."""
    return (*time_notes(cited), *nested_notes(cited))


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
