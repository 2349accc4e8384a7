"""Indexing: what changed is brought in step, what did not is left alone, what cannot be read is listed."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import Filter, Record
from rag.errors import IndexingError, ModelError
from rag.indexing import Progress, Report
from rag.models import Vectors
from rag.settings import load_settings
from tests.fakes import DIMENSIONS, SharedWords, WordEncoder

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


def reopened(record: Record, encoder: WordEncoder | None = None, **settings: object) -> Record:
    return Record(
        load_settings(home=record.settings.home, **settings),
        encoder=encoder or WordEncoder(),
        relevance=SharedWords(),
    )


@pytest.fixture
def record(folder: Path, fake_record: Make) -> Record:
    """An index of two documents."""
    write(folder, a=HELICOPTERS, b=TANKS)
    made = fake_record()
    assert made.index([folder]) == report(added=2)
    return made


def test_a_second_run_touches_nothing(record: Record, folder: Path) -> None:
    before = list(encoded(record))
    ids = record.vectors.ids()
    assert record.index([folder]) == report(unchanged=2)
    assert encoded(record) == before
    assert record.vectors.ids() == ids
    assert is_in_step(record)


def test_a_new_file_is_the_only_one_that_is_read(record: Record, folder: Path) -> None:
    del encoded(record)[:]
    write(folder, c=TRADE)
    assert record.index([folder]) == report(added=1, unchanged=2)
    assert encoded(record) == [TRADE]
    assert found(record, "ambassador") == ["c.txt"]


def test_a_changed_file_is_replaced(record: Record, folder: Path) -> None:
    write(folder, a=TRADE)
    assert record.index([folder]) == report(changed=1, unchanged=1)
    assert found(record, "helicopters") == []
    assert found(record, "ambassador") == ["a.txt"]
    assert is_in_step(record)


def test_a_deleted_file_goes(record: Record, folder: Path) -> None:
    (folder / "a.txt").unlink()
    assert record.index([folder]) == report(removed=1, unchanged=1)
    assert found(record, "helicopters") == []
    assert [Path(source.path).name for source in record.sources()] == ["b.txt"]
    assert is_in_step(record)


def test_the_last_file_of_a_folder_can_go(record: Record, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    assert record.index([folder]) == report(removed=2)
    assert record.is_empty
    assert record.vectors.count() == 0


def test_a_renamed_file_is_not_embedded_again(record: Record, folder: Path) -> None:
    before = list(encoded(record))
    (folder / "a.txt").rename(folder / "z.txt")
    assert record.index([folder]) == report(renamed=1, unchanged=1)
    assert encoded(record) == before
    assert found(record, "helicopters") == ["z.txt"]


def test_two_files_that_trade_names_both_changed(record: Record, folder: Path) -> None:
    before = list(encoded(record))
    write(folder, a=TANKS, b=HELICOPTERS)
    assert record.index([folder]) == report(changed=2)
    assert encoded(record) == before
    assert found(record, "helicopters") == ["b.txt"]


def test_a_copy_is_added_and_one_that_goes_is_removed(record: Record, folder: Path) -> None:
    write(folder, copy=HELICOPTERS)
    (folder / "b.txt").unlink()
    assert record.index([folder]) == report(added=1, removed=1, unchanged=1)


def test_the_same_bytes_under_two_paths_are_one_document(fake_record: Make, folder: Path) -> None:
    write(folder, a=HELICOPTERS, b=HELICOPTERS)
    record = fake_record()
    assert record.index([folder]) == report(added=2)
    assert encoded(record) == [HELICOPTERS]
    assert len(record.catalog.paths()) == 2
    assert len(record.sources()) == 1
    assert is_in_step(record)
    (folder / "a.txt").unlink()
    assert record.index([folder]) == report(removed=1, unchanged=1)
    assert found(record, "helicopters") == ["b.txt"]


def test_a_change_of_the_manifest_is_seen(record: Record, folder: Path) -> None:
    write_manifest(folder, {"path": "a.txt", "publisher": "TASS", "date": "2019-11-27"})
    assert record.index([folder]) == report(changed=1, unchanged=1)
    hits = record.search("helicopters", restriction=Filter(publishers=("tass",), date_from="2019-01-01"))
    assert [hit.source.metadata.date for hit in hits] == ["2019-11-27"]
    (folder / "manifest.json").unlink()
    assert record.index([folder]) == report(changed=1, unchanged=1)
    assert record.search("helicopters", restriction=Filter(publishers=("TASS",))) == []


def test_a_wrong_date_in_the_manifest_is_reported_and_the_file_indexed(fake_record: Make, folder: Path) -> None:
    write(folder, a=HELICOPTERS)
    write_manifest(folder, {"path": "a.txt", "publisher": "TASS", "date": "27/11/2019"})
    record = fake_record()
    made = record.index([folder])
    assert made == report(added=1, problems=made.problems)
    assert len(made.problems) == 1
    assert "'27/11/2019'" in made.problems[0]
    assert str(folder / "manifest.json") in made.problems[0]
    assert [(source.metadata.publisher, source.metadata.date) for source in record.sources()] == [("TASS", "")]


@pytest.mark.parametrize(
    ("copy", "date", "expected"),
    [
        (f"Dateline. {HELICOPTERS}", "2019-11-27", "2019-11-27"),
        (f"Dateline. {HELICOPTERS}", "2019-11-28", "--11-27"),  # of another day
        (TANKS, "2019-11-27", "--11-27"),  # of the same day, but another report
    ],
)
def test_a_partial_date_is_completed_from_a_copy_of_the_same_day(
    fake_record: Make, folder: Path, copy: str, date: str, expected: str
) -> None:
    write(folder, a=HELICOPTERS, b=copy)
    write_manifest(folder, {"path": "a.txt", "date": "--11-27"}, {"path": "b.txt", "date": date})
    record = fake_record()
    record.index([folder])
    first, second = record.sources()
    assert first.metadata.date == expected
    assert first.metadata.date_source == (second.id if expected == date else "")
    assert second.metadata.date_source == ""
    assert record.index([folder]) == report(unchanged=2)


class OtherEncoder(WordEncoder):
    """Another model: another name, and twice as many dimensions."""

    name = "other fake"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode(texts)
        return np.hstack([np.zeros((len(texts), DIMENSIONS), dtype=np.float32), vectors])


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
    assert made == report(added=1, problems=made.problems)
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


def test_a_second_folder_keeps_the_first_and_a_run_without_paths_follows_both(record: Record, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    write(second, c=TRADE)
    assert record.index([second]) == report(added=1)
    assert found(record, "helicopters") == ["a.txt"]
    write(tmp_path / "documents", a=f"{HELICOPTERS} More of them came.")
    (second / "c.txt").unlink()
    write(second, d="Nothing more was said on this day, a spokesman noted.")
    assert record.index() == report(added=1, changed=1, removed=1, unchanged=1)
    assert found(record, "spokesman") == ["d.txt"]
    assert is_in_step(record)


def test_a_single_file_can_be_indexed_with_the_manifest_beside_it(fake_record: Make, folder: Path) -> None:
    write(folder, a=HELICOPTERS, b=TANKS)
    write_manifest(folder, {"path": "a.txt", "publisher": "TASS"})
    record = fake_record()
    assert record.index([folder / "a.txt"]) == report(added=1)
    assert [source.metadata.publisher for source in record.sources()] == ["TASS"]
    assert record.index([folder]) == report(added=1, unchanged=1)


def test_folders_that_overlap_count_each_file_once(fake_record: Make, folder: Path) -> None:
    (folder / "inner").mkdir()
    write(folder, a=HELICOPTERS)
    write(folder / "inner", b=TANKS)
    record = fake_record()
    assert record.index([folder, folder / "inner", folder]) == report(added=2)
    assert record.index() == report(unchanged=2)


def test_progress_runs_from_nothing_to_all(fake_record: Make, folder: Path) -> None:
    write(folder, a=HELICOPTERS, b=TANKS)
    steps: list[Progress] = []
    fake_record().index([folder], on_progress=steps.append)
    assert [(step.done, step.total, Path(step.path).name) for step in steps] == [
        (0, 2, "a.txt"),
        (1, 2, "b.txt"),
        (2, 2, "b.txt"),
    ]


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
