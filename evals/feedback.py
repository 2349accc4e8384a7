"""Feedback: what visitors of the page said of answers in, cases out. `onrecord eval --set feedback`.

An answer that somebody called good is a case: it must be given again, on the same words, or refused again. One that
somebody called bad tells no right answer; it is listed, with the remark, for a person to write the case.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.questions import FEEDBACK, Case, case_of
from rag.errors import OnRecordError

FILE = "feedback.jsonl"


@dataclass(frozen=True, slots=True)
class Feedback:
    """`cases` to be run, `complaints` (id, question, remark) to be read, and what is `unusable`, with reasons."""

    cases: tuple[Case, ...]
    complaints: tuple[tuple[str, str, str], ...]
    unusable: tuple[str, ...]


def load_feedback(home: Path, texts: Mapping[str, str]) -> Feedback:
    """The feedback kept in a home folder, the last verdict on each answer; `texts` as evals.questions has them.

    Raises OnRecordError where there is none, or it cannot be read.
    """
    file = home / FILE
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        latest = {raw["id"]: raw for raw in map(json.loads, filter(str.strip, lines))}
    except FileNotFoundError:
        raise OnRecordError(f"{file}: there is no feedback yet; rate answers on the page first") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OnRecordError(f"{file}: cannot be read ({error}); correct or remove the line") from None
    return _sorted_out(latest.values(), texts)


def _sorted_out(raws: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> Feedback:
    cases: list[Case] = []
    complaints: list[tuple[str, str, str]] = []
    unusable: list[str] = []
    for raw in raws:
        if raw.get("verdict") != "up":
            complaints.append((str(raw["id"]), str(raw.get("question", "")), str(raw.get("remark", ""))))
            continue
        if raw.get("asked_of"):
            unusable.append(f"{raw['id']}: asked of {raw['asked_of']} only")
            continue
        try:
            refused = bool(raw["abstained"])
            made = {**raw, "kind": FEEDBACK, "answerable": not refused, "facts": [], "must_not": []}
            cases.append(case_of({**made, "evidence": [] if refused else raw["evidence"]}, texts))
        except (KeyError, ValueError, TypeError) as error:
            unusable.append(f"{raw['id']}: {error}")
    return Feedback(tuple(cases), tuple(complaints), tuple(unusable))


def told(said: Feedback) -> list[str]:
    """A line for each answer called bad, and for each that is no case."""
    bad = [f"called bad: {question!r} ({key}) {remark}".rstrip() for key, question, remark in said.complaints]
    return [*bad, *(f"not run: {line}" for line in said.unusable)]
