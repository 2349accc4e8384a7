"""The fingerprint of a run: engine, settings, documents, questions, judge and code. Equal ones may be compared.

In: a record, an engine and a judge; out: a Fingerprint, whose `digest` stands in every line of results.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.judge import Judge
from evals.questions import ELSEWHERE, FOLDER, PARTS, SPEAKERS
from rag import Record

# What does not change an answer, or is a secret
LEFT_OUT = {"home", "models", "engine", "threads", "chroma_url", "endpoint_key", "endpoint_seconds"}
CODE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`settings`, `corpus`, `questions` and `code` are hashes, `made_with` names the encoder, `judge` the judge."""

    engine: str
    settings: str
    made_with: str
    corpus: str
    questions: str
    judge: str
    code: str

    @property
    def digest(self) -> str:
        return _hash(json.dumps(asdict(self), sort_keys=True).encode())

    def __str__(self) -> str:
        return (
            f"{self.digest}: engine {self.engine}, settings {self.settings}, corpus {self.corpus}, "
            f"questions {self.questions}, judge {self.judge}, code {self.code}, {self.made_with}"
        )


def fingerprint(record: Record, engine: str, judge: Judge) -> Fingerprint:
    """The fingerprint of a run over the documents of this record."""
    left_out = LEFT_OUT | (set() if engine == "endpoint" else {"endpoint_url", "endpoint_model"})
    # what is as it comes is code: a new setting makes no run another
    settings = record.settings.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
    return Fingerprint(
        engine=engine,
        settings=_hash(json.dumps(settings, sort_keys=True).encode()),
        made_with=record.catalog.setting("made_with"),
        corpus=_hash(*sorted(source.id.encode() for source in record.sources())),
        questions=_hash_files([*(FOLDER / f"{part}.jsonl" for part in (*PARTS, ELSEWHERE)), SPEAKERS]),
        judge=judge.name,
        code=_hash_files(
            path for pattern in ("rag/*.py", "rag/*.json", "rag/*.npz", "evals/*.py") for path in CODE.glob(pattern)
        ),
    )


def _hash_files(paths: Iterable[Path]) -> str:
    return _hash(*(path.read_bytes() for path in sorted(paths)))


def _hash(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()[:12]
