"""The store: keeps conversations and verdicts in the home folder. A conversation's id is its only key.

`conversations/ID.json` holds the exchanges; `feedback.jsonl` a line for each verdict, the last one of an exchange
being the one that counts (`onrecord eval --set feedback` reads it). Ids cannot be guessed, so that nobody meets
another's conversation.
"""

import json
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from rag.errors import IndexingError
from ui.exchanges import Exchange, as_json, from_json, turns

IDENTITY = re.compile(r"[A-Za-z0-9_-]{22}")
MAX_CONVERSATIONS = 2000  # the oldest make room
MAX_REMARK_CHARACTERS = 2000


class Store:
    """Owns the files; safe to share between threads."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "conversations"
        self._feedback = home / "feedback.jsonl"
        self._lock = threading.Lock()

    def new_identity(self) -> str:
        """An id of 128 random bits."""
        return secrets.token_urlsafe(16)

    def load(self, identity: str) -> list[Exchange]:
        """The exchanges of a conversation; [] for an id that is not known, or none at all."""
        if not IDENTITY.fullmatch(identity):
            return []
        try:
            kept = json.loads(self._file(identity).read_text(encoding="utf-8"))
            return [from_json(each) for each in kept["exchanges"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexingError(f"conversation {identity} cannot be read ({error}); begin a new one") from None

    def keep(self, identity: str, exchange: Exchange, *, in_place_of: str = "") -> list[Exchange]:
        """Keeps an exchange: in the place of the one of its key, or of `in_place_of`, else after the others.

        Returns all that is now kept of the conversation; raises IndexingError where it cannot be.
        """
        with self._lock:
            exchanges = self.load(identity)
            places = [n for n, each in enumerate(exchanges) if each.key in (exchange.key, in_place_of)]
            if places:
                exchanges[places[0]] = exchange
            else:
                exchanges.append(exchange)
            self._write(identity, exchanges)
        return exchanges

    def rate(self, exchanges: Sequence[Exchange], number: int, *, verdict: str, remark: str) -> None:
        """Writes down what somebody thinks of an answer, with all that makes it a case for `evals/`."""
        exchange = exchanges[number]
        line = {
            "id": exchange.key,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "verdict": verdict,
            "remark": remark[:MAX_REMARK_CHARACTERS],
            "question": exchange.question,
            "history": [{"role": turn.role, "content": turn.content} for turn in turns(exchanges[:number])],
            "answer": exchange.text,
            "abstained": not exchange.sentences,
            "asked_of": exchange.asked_of,
            "engine": exchange.engine,
            "citations": list(exchange.citations.values()),
            "evidence": [
                [_place(exchange.citations[each]) for each in sentence["citations"]] for sentence in exchange.sentences
            ],
        }
        with self._lock:
            try:
                self._feedback.touch(mode=0o600)
                with self._feedback.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            except OSError as error:
                raise IndexingError(f"the verdict cannot be kept ({error.strerror}); free the disk") from None

    def _write(self, identity: str, exchanges: Sequence[Exchange]) -> None:
        written = json.dumps({"exchanges": [as_json(each) for each in exchanges]}, ensure_ascii=False)
        file = self._file(identity)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = file.with_suffix(".new")
            beside.write_text(written, encoding="utf-8")
            beside.replace(file)
            self._make_room()
        except OSError as error:
            raise IndexingError(
                f"the conversation cannot be kept ({error.strerror}); free the disk or use another --home"
            ) from None

    def _file(self, identity: str) -> Path:
        return self._folder / f"{identity}.json"

    def _make_room(self) -> None:
        kept = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in kept[: max(0, len(kept) - MAX_CONVERSATIONS)]:
            file.unlink(missing_ok=True)


def _place(cited: Mapping[str, Any]) -> dict[str, str]:
    return {"document": PurePath(cited["path"]).name, "quote": cited["quote"]}
