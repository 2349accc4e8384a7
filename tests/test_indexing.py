"""Indexing: what changed is brought in step, what did not is left alone."""

from pathlib import Path

import pytest

from rag import Filter, Record
from rag.errors import FilterError
from rag.indexing import Progress
from tests.indexes import HELICOPTERS, TANKS, TRADE, Make, encoded, found, is_in_step, report, write, write_manifest


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


def test_files_of_other_kinds_are_counted(record: Record, folder: Path) -> None:
    for name in ("table.csv", "more.CSV", "LIST", ".hidden.csv", "manifest.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    assert record.index([folder]).skipped == {".csv": 2, "without suffix": 1}
    assert record.index([folder / "a.txt"]).skipped == {}


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
    with pytest.raises(FilterError, match="no publisher 'TASS'"):
        record.search("helicopters", restriction=Filter(publishers=("TASS",)))


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
