"""Commands in tests: what is asked, what a command came to, and the keys of its JSON lines."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REPORT = (
    "“Helicopters without markings were seen over the northern mountains,” Anna Petrova said on Wednesday.\n\n"
    "“Trade with both neighbours has grown by a third,” Petrova noted."
)
COPY = REPORT.replace("on Wednesday", "on November 27")
QUESTION = "Which helicopters without markings were seen over northern mountains?"
SOURCE = {"document", "path", "title", "publisher", "date"}
PLACE = SOURCE | {"start", "end"}
HIT = PLACE | {"id", "text", "score", "also_in"}
CITATION = PLACE | {"id", "text", "speaker", "mode", "quote", "also_in", "nested", "notes"}
ANSWER = {"id", "question", "answer", "abstained", "reason", "sentences", "citations", "occasions", "engine", "seconds"}
SEARCH = {"id", "question", "hits", "seconds"}


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


def batch(*lines: object) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
