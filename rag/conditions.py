"""Conditions: a Filter in; out: what the catalog's queries have to ask for, as SQL with its values."""

import json
from collections.abc import Iterable

from rag.types import Filter

WITHIN = "IN (SELECT value FROM json_each(?))"  # a list of any length is one value
# "1999" and "1999-05" are as late as their last day, and as early as their first
LAST_DAY = "documents.date || CASE length(documents.date) WHEN 4 THEN '-12-31' WHEN 7 THEN '-31' ELSE '' END"


def listed(values: Iterable[str]) -> str:
    """The value for WITHIN."""
    return json.dumps(list(values))


def any_of(words: Iterable[str]) -> str:
    """The full-text expression for one of these words or more."""
    return " OR ".join(f'"{word}"' for word in words)


def restricted(restriction: Filter) -> tuple[str, list[str]]:
    """A filter as conditions on `documents`, each beginning with AND, and their values."""
    conditions: list[str] = []
    values: list[str] = []
    if restriction.publishers:
        conditions.append(f"AND casefold(documents.publisher) {WITHIN}")
        values.append(listed(publisher.casefold() for publisher in restriction.publishers))
    if restriction.documents:
        named = f"SELECT document_id FROM paths WHERE path {WITHIN}"
        conditions.append(f"AND (documents.id {WITHIN} OR documents.id IN ({named}))")
        values += [listed(restriction.documents)] * 2
    if restriction.speakers:
        spoken = f"SELECT document_id FROM speakers WHERE casefold(name) {WITHIN}"
        conditions.append(f"AND documents.id IN ({spoken})")
        values.append(listed(speaker.casefold() for speaker in restriction.speakers))
    for bound, condition in ((restriction.date_from, f"{LAST_DAY} >= ?"), (restriction.date_to, "documents.date <= ?")):
        if bound:
            conditions.append(f"AND {condition} AND documents.date GLOB '[0-9]*'")
            values.append(bound)
    return " ".join(conditions), values
