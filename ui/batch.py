"""Batches: JSONL questions in, {"id", "question", "history"} a line; out: a JSON line for each on stdout."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rag import Turn
from rag.errors import DraftError, QuestionError
from ui.terminal import note


def each_line(file: str, made: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Writes a line for each question of a JSONL file; one that cannot be asked is a line on stderr and exit code 1."""
    failed = False
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            print_json(made(_question(line)))
        except QuestionError as error:
            failed = True
            note(f"{file}, line {number}: {error}")
    return int(failed)


def _lines(file: str) -> Iterator[bytes]:
    """The lines as bytes, so that one which is not UTF-8 fails alone."""
    try:
        if file == "-":
            yield from sys.stdin.buffer
        else:
            with Path(file).open("rb") as source:
                yield from source
    except OSError as error:
        raise QuestionError(f"{file}: cannot be read ({error.strerror}); check the name") from None


def _question(line: bytes) -> dict[str, Any]:
    """A line as an object with a question; raises QuestionError saying what is wrong with it."""
    try:
        raw = json.loads(line)
        json.dumps(raw, ensure_ascii=False).encode()  # half a surrogate pair can be escaped in JSON, but is no text
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"not JSON ({error}); correct the line") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("question"), str):
        raise QuestionError('has no "question" that is a string; add one')
    return raw


def history_of(raw: dict[str, Any]) -> tuple[Turn, ...]:
    """The conversation before a question, empty where the line gives none; raises QuestionError."""
    history = raw.get("history") or []
    if not isinstance(history, list) or not all(_is_turn(turn) for turn in history):
        raise QuestionError('"history" is not a list of {"role", "content"}; correct the line')
    return tuple(Turn(turn["role"], turn["content"]) for turn in history)


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("role", "content"))


def read_draft(file: str, max_megabytes: float) -> str:
    """The text of an article; raises DraftError for a file that is not there, too large or no text."""
    path = Path(file)
    try:
        size = path.stat().st_size
        if size > max_megabytes * 1_000_000:
            raise DraftError(f"{file}: {size / 1e6:.1f} MB, more than {max_megabytes}; split the draft")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DraftError(f"{file}: cannot be read ({error.strerror}); check the name") from None
    except UnicodeDecodeError:
        raise DraftError(f"{file}: is not text in UTF-8; save it as such") from None
    if "\x00" in text:
        raise DraftError(f"{file}: is not text; give a Markdown or text file")
    return text


def print_json(value: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Writes a value as one line on stdout, escaped where the terminal's encoding could not hold it."""
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    print(json.dumps(value, ensure_ascii=not unicode), flush=True)
