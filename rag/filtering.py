"""Filtering: a Filter and a catalog in, a FilterError out where the filter names what no document has."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from rag.catalog import Catalog
from rag.errors import FilterError
from rag.types import Filter

NEAREST = 3
MAX_COMPARED = 100  # characters: what is asked for may be of any length, and is compared with every name


def check_filter(restriction: Filter, catalog: Catalog) -> None:
    """Raises FilterError for a speaker, publisher or document that the index does not know, naming the nearest."""
    if restriction.speakers:
        _check("speaker", restriction.speakers, catalog.speakers())
    if restriction.publishers:
        _check("publisher", restriction.publishers, catalog.publishers())
    for each in restriction.documents:
        if not catalog.matching_documents(Filter(documents=(each,))):
            paths = _nearest(each, catalog.paths())
            shown = each[:MAX_COMPARED]
            raise FilterError(f"no document {shown!r} in the index{_listed(paths)}; `onrecord status` lists all")


def _check(kind: str, asked: Sequence[str], known: Iterable[str]) -> None:
    names = {name.casefold(): name for name in known}
    for each in asked:
        if each.casefold() not in names:
            near = _nearest(each, filter(None, names.values()))
            raise FilterError(
                f"no {kind} {each[:MAX_COMPARED]!r} in the documents{_listed(near)}; "
                "give the full name as it stands there"
            )


def _nearest(asked: str, known: Iterable[str]) -> list[str]:
    """The known names most like the one asked for, those that hold it or a word of it first."""
    asked = asked[:MAX_COMPARED]
    words = set(asked.casefold().split())

    def likeness(name: str) -> tuple[bool, float]:
        lower = name.casefold()
        holds = asked.casefold() in lower or bool(words & set(lower.split()))
        return holds, SequenceMatcher(None, asked.casefold(), lower).ratio()

    return sorted(known, key=likeness, reverse=True)[:NEAREST]


def _listed(names: Sequence[str]) -> str:
    return f"; the nearest are {', '.join(names)}" if len(names) > 1 else f"; there is {names[0]}" if names else ""
