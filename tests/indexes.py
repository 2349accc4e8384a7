"""Indexes in tests: small texts, the folder that holds them, and what an index of it says."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from rag import Record
from rag.indexing import Report
from tests.fakes import WordEncoder

Make = Callable[..., Record]
HELICOPTERS = "The minister said that helicopters without markings were seen over the northern mountains."
TANKS = "The president said that tanks of an unknown army were standing near the eastern border."
TRADE = "The ambassador said that trade between both neighbours had grown by a third within a year."


def report(
    added: int = 0,
    changed: int = 0,
    renamed: int = 0,
    removed: int = 0,
    unchanged: int = 0,
    problems: Sequence[str] = (),
) -> Report:
    return Report(added, changed, renamed, removed, unchanged, tuple(problems))


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def write_manifest(folder: Path, *entries: dict[str, str]) -> None:
    (folder / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")


def found(record: Record, words: str) -> list[str]:
    """Names of the files whose passages contain the words, best first."""
    wanted = set(words.split())
    hits = record.search(words, limit=20)
    return [Path(hit.source.path).name for hit in hits if wanted & set(hit.passage.text.split())]


def encoded(record: Record) -> list[str]:
    assert isinstance(record.encoder, WordEncoder)
    return record.encoder.encoded


def is_in_step(record: Record) -> bool:
    """Whether both stores hold the same passages, all of them of listed documents."""
    ids = record.catalog.passage_ids()
    return record.vectors.ids() == ids and record.vectors.count() == len(ids) == record.catalog.counts().passages
