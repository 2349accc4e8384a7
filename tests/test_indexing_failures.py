"""Indexing where something is wrong: a file, a path, the run before, or the index itself."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import Filter, Record
from rag.errors import IndexingError, ModelError
from rag.models import Vectors
from rag.settings import load_settings
from tests.fakes import DIMENSIONS, SharedWords, WordEncoder
from tests.indexes import HELICOPTERS, TANKS, TRADE, Make, found, is_in_step, report, write, write_manifest


class OtherEncoder(WordEncoder):
    """Another model: another name, and twice as many dimensions."""

    name = "other fake"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode(texts)
        return np.hstack([np.zeros((len(texts), DIMENSIONS), dtype=np.float32), vectors])


def reopened(record: Record, encoder: WordEncoder | None = None, **settings: object) -> Record:
    return Record(
        load_settings(home=record.settings.home, **settings),
        encoder=encoder or WordEncoder(),
        relevance=SharedWords(),
    )


@pytest.mark.parametrize(("encoder", "tokens"), [(OtherEncoder(), 128), (WordEncoder(), 64)])
def test_an_index_made_otherwise_is_recognised_and_made_anew(
    record: Record, tmp_path: Path, encoder: WordEncoder, tokens: int
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, c=TRADE)
    record.index([elsewhere])
    with reopened(record, encoder, passage_tokens=tokens) as other:
        for attempt in (other.search, other.ask):
            with pytest.raises(IndexingError, match=r"made with .*run `onrecord index`"):
                attempt("helicopters")
        assert other.index([elsewhere]) == report(added=3)  # the other folder's documents too
        assert found(other, "helicopters") == ["a.txt"]
        assert is_in_step(other)
        assert other.index() == report(unchanged=3)
    with pytest.raises(IndexingError, match="made with"):
        record.search("helicopters")


def test_an_index_made_otherwise_stays_when_the_new_run_cannot_start(record: Record, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shutil.rmtree(tmp_path / "documents")
    with reopened(record, passage_tokens=64) as other, pytest.raises(IndexingError, match="bring it back"):
        other.index([tmp_path / "empty"])
    assert found(record, "helicopters") == ["a.txt"]


def test_files_that_cannot_be_read_are_listed_and_the_others_indexed(fake_record: Make, folder: Path) -> None:
    write(folder, a=HELICOPTERS, empty="", blank=" \n ", long=TRADE * 1000)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 50)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing else")
    (folder / "broken.docx").write_bytes(b"no archive")
    (folder / "wrong.txt").write_text(TANKS)
    (folder / "picture.png").write_bytes(b"\x89PNG")  # no kind of document: not even a problem
    write_manifest(folder, {"path": "wrong.txt", "sha256": "0" * 64}, {"path": "gone.txt"})
    record = fake_record(max_file_megabytes=0.05)
    made = record.index([folder])
    assert made == replace(report(added=1, problems=made.problems), skipped={".png": 1})
    listed = [
        "binary.txt",
        "blank.txt",
        "broken.docx",
        "broken.pdf",
        "empty.txt",
        "long.txt",
        "manifest.json",
        "wrong.txt",
    ]
    assert sorted(Path(problem.split(":")[0]).name for problem in made.problems) == listed
    assert all("\n" not in problem for problem in made.problems)
    assert found(record, "helicopters") == ["a.txt"]


def test_a_file_whose_name_is_not_unicode_is_listed(record: Record, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text(TRADE)
    made = record.index([folder])
    assert made == report(unchanged=2, problems=made.problems)
    assert r"caf\udce9.txt': the name is not UTF-8; rename the file" in made.problems[0]


@pytest.mark.parametrize("damage", [b"", b"\x00\x01" * 500])
def test_a_file_that_becomes_damaged_keeps_its_old_version(record: Record, folder: Path, damage: bytes) -> None:
    (folder / "a.txt").write_bytes(damage)
    made = record.index([folder])
    assert made == report(unchanged=1, problems=made.problems)
    assert str(folder / "a.txt") in made.problems[0]
    assert found(record, "helicopters") == ["a.txt"]
    write(folder, a=HELICOPTERS)
    assert record.index([folder]) == report(unchanged=2)


@pytest.mark.parametrize("name", ["missing", "missing.txt", "x" * 300])
def test_a_missing_path_changes_nothing(record: Record, folder: Path, name: str) -> None:
    write(folder, c=TRADE)
    with pytest.raises(IndexingError, match="nothing was changed"):
        record.index([folder, folder / name])
    assert found(record, "ambassador") == []
    assert record.catalog.roots() == [str(folder)]
    assert record.catalog.setting("unfinished") == ""


def test_an_empty_folder_changes_nothing(record: Record, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(IndexingError, match=r"no documents .*name another folder"):
        record.index([empty])
    assert found(record, "helicopters") == ["a.txt"]
    assert str(empty) not in record.catalog.roots()
    assert record.catalog.setting("unfinished") == ""


def test_a_file_of_an_unknown_kind_is_an_error(record: Record, folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(IndexingError, match=r"no reader for '\.png'"):
        record.index([folder / "picture.png"])


def test_a_run_that_fails_is_completed_by_the_next(
    record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, c=TRADE)

    def fail(texts: Sequence[str]) -> Vectors:
        raise ModelError("the embedder failed")

    with monkeypatch.context() as patch:
        patch.setattr(record.encoder, "encode", fail)
        with pytest.raises(ModelError):
            record.index([folder])
    assert record.catalog.setting("unfinished") == "yes"
    assert found(record, "helicopters") == ["a.txt"]
    assert record.index() == report(added=1, unchanged=2)
    assert record.catalog.setting("unfinished") == ""
    assert is_in_step(record)


@pytest.mark.parametrize("lacks", ["vectors", "catalog"])
def test_stores_that_fell_out_of_step_are_brought_together(record: Record, folder: Path, lacks: str) -> None:
    lost = record.catalog.paths()[str(folder / "a.txt")]
    if lacks == "vectors":
        record.vectors.remove([record.search("helicopters", restriction=Filter(documents=(lost,)))[0].passage.id])
    else:
        with record.catalog.transaction():
            record.catalog.remove_path(str(folder / "a.txt"))
            record.catalog.remove_unreferenced()
    assert not is_in_step(record)
    assert found(record, "tanks") == ["b.txt"]
    assert record.index([folder]) == report(added=1, unchanged=1)
    assert is_in_step(record)
    assert found(record, "helicopters") == ["a.txt"]
