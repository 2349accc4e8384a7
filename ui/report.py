"""Reports: exchanges in, text to take away out: plain for the clipboard, Markdown and JSON for files."""

import json
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from ui.exchanges import Exchange

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&])")


def answer_text(exchange: Exchange) -> str:
    """The answer with numbers, then the numbered citations with their quotes."""
    lines = [_numbered(exchange, each["text"], each["citations"]) for each in exchange.sentences] or [exchange.text]
    return "\n".join((*lines, "", *_references(exchange))).strip()


def markdown(exchanges: Sequence[Exchange], identity: str) -> str:
    """A conversation as Markdown, in which no text of a document or question is markup."""
    parts = [f"# Conversation {_plain(identity)}", ""]
    for each in exchanges:
        parts += [f"## {_plain(each.question)}", ""]
        parts += [f"*Asked of: {_plain(each.asked_of)}*", ""] if each.asked_of else []
        if not each.sentences:
            parts += [f"{_plain(each.text)} {_plain(each.reason)}".strip(), ""]
        for sentence in each.sentences:
            parts += [_plain(_numbered(each, sentence["text"], sentence["citations"])), ""]
        parts += [f"- {_plain(line)}" for line in _references(each)]
        parts += ["", f"*{_plain(each.asked_at)}, engine {_plain(each.engine)}*", ""]
    return "\n".join(parts)


def conversation_json(exchanges: Sequence[Exchange], identity: str) -> str:
    """A conversation as JSON: its answers as lines of `onrecord answer`, with when, and of what, each was asked."""
    answers: list[dict[str, Any]] = [
        {"question": each.question, **each.answer, "asked_at": each.asked_at, "asked_of": each.asked_of}
        for each in exchanges
    ]
    return json.dumps({"conversation": identity, "answers": answers}, ensure_ascii=False, indent=2)


def _numbered(exchange: Exchange, text: str, citations: Sequence[str]) -> str:
    return " ".join((text, "".join(f"[{exchange.numbers[each]}]" for each in citations)))


def _references(exchange: Exchange) -> list[str]:
    lines = []
    for identity, number in exchange.numbers.items():
        cited = exchange.citations[identity]
        start = exchange.starts[identity]
        # who reads it elsewhere neither has nor needs the folder
        where = f"{PurePath(cited['path']).name}:{start}-{start + len(cited['quote'])}"
        quote = " ".join(cited["quote"].split())
        lines.append(f"[{number}] {exchange.labels[identity]}: “{quote}” ({where})")
    return [*lines, *exchange.occasions]


def _plain(text: str) -> str:
    """Text on one line in which Markdown sees no sign of its own."""
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))
