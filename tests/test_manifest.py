"""The manifest: right entries count, each wrong one is one line that names the value."""

import hashlib
import json
from pathlib import Path

import pytest

from rag.manifest import Entry, Manifest, read_manifest
from rag.record import BUNDLED_CORPUS
from rag.types import Metadata


def written(folder: Path, *entries: object) -> Manifest:
    """The manifest of a folder with the files a.txt and b.txt, read back."""
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("Some words.", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")
    return read_manifest(folder)


def metadata(manifest: Manifest, file: Path) -> Metadata:
    return manifest.entries[file.resolve()].metadata


def test_no_manifest_is_an_empty_one(folder: Path) -> None:
    assert read_manifest(folder) == Manifest({}, ())


def test_every_field_arrives(folder: Path) -> None:
    fields = {
        **{"title": "A title", "publisher": "TASS", "date": "2019-11-27", "event_date": "2019-11-26"},
        **{"event_place": "Bishkek", "language": "en"},
    }
    manifest = written(folder, {"path": "a.txt", "sha256": "ab12", "provenance": "a friend", **fields})
    assert manifest == Manifest({(folder / "a.txt").resolve(): Entry(Metadata(**fields), "ab12")}, ())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"{not json", "not readable as JSON"),
        (b"[" * 100_000, "not readable as JSON"),
        (b"\xff\xfe[\x00", "not readable as JSON"),
        (b'{"path": "a.txt"}', "dict"),
        (b'"a.txt"', "str"),
    ],
    ids=["not JSON", "too deep", "not UTF-8", "object", "string"],
)
def test_a_file_that_is_no_list_is_one_problem(folder: Path, content: bytes, named: str) -> None:
    (folder / "manifest.json").write_bytes(content)
    manifest = read_manifest(folder)
    assert not manifest.entries
    (problem,) = manifest.problems
    assert str(folder / "manifest.json") in problem
    assert named in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"path": "a.txt", "date": "2019-13-45"}, "'2019-13-45'"),
        ({"path": "a.txt", "date": "27.11.2019"}, "'27.11.2019'"),
        ({"path": "a.txt", "date": "2019-1"}, "'2019-1'"),
        ({"path": "a.txt", "date": "2019-13"}, "'2019-13'"),
        ({"path": "a.txt", "event_date": "--02-30"}, "'--02-30'"),
        ({"path": "a.txt", "date": 2019}, "2019"),
        ({"path": "a.txt", "titel": "A title"}, "'titel'"),
        ({"path": "../outside.txt"}, "'../outside.txt'"),
        ({"path": "/etc/hostname"}, "'/etc/hostname'"),
        ({"path": "missing.txt"}, "'missing.txt'"),
        ({"path": ""}, "''"),
        ({"path": 5}, "entry 1"),
        ({"title": "A title"}, "entry 1"),
        ("a.txt", "entry 1"),
        (None, "entry 1"),
    ],
)
def test_a_wrong_entry_is_one_line_naming_the_value_and_the_others_count(
    folder: Path, wrong: object, named: str
) -> None:
    manifest = written(folder, wrong, {"path": "b.txt", "title": "The other"})
    (problem,) = manifest.problems
    assert named in problem
    assert "entry 1" in problem
    assert "\n" not in problem
    assert metadata(manifest, folder / "b.txt").title == "The other"


@pytest.mark.parametrize("path", ["a\0b.txt", "a" * 5000 + ".txt"], ids=["null character", "too long"])
def test_a_path_that_no_file_system_takes_is_a_problem(folder: Path, path: str) -> None:
    manifest = written(folder, {"path": path}, {"path": "b.txt"})
    assert len(manifest.problems) == 1
    assert list(manifest.entries) == [(folder / "b.txt").resolve()]


def test_a_wrong_field_leaves_the_rest_of_its_entry(folder: Path) -> None:
    manifest = written(folder, {"path": "a.txt", "title": "A title", "date": "soon", "publisher": ["TASS"]})
    assert len(manifest.problems) == 2
    assert metadata(manifest, folder / "a.txt") == Metadata(title="A title")


@pytest.mark.parametrize("date", ["--11-27", "--02-29", "2020-02-29", "", None])
def test_a_date_may_lack_its_year_or_be_empty(folder: Path, date: str | None) -> None:
    manifest = written(folder, {"path": "a.txt", "date": date})
    assert not manifest.problems
    assert metadata(manifest, folder / "a.txt").date == (date or "")


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder.parent / "outside.txt").write_text("Secret.", encoding="utf-8")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    manifest = written(folder, {"path": "link.txt"})
    assert not manifest.entries
    assert "'link.txt'" in manifest.problems[0]


def test_a_checksum_counts_in_either_case(folder: Path) -> None:
    manifest = written(folder, {"path": "a.txt", "sha256": "AB12"})
    assert manifest.entries[(folder / "a.txt").resolve()].sha256 == "ab12"


def test_the_bundled_manifest_has_no_problems_and_right_checksums() -> None:
    manifest = read_manifest(BUNDLED_CORPUS)
    assert not manifest.problems
    assert sorted(manifest.entries) == sorted(BUNDLED_CORPUS.glob("*.txt"))
    for file, entry in manifest.entries.items():
        assert entry.sha256 == hashlib.sha256(file.read_bytes()).hexdigest(), file.name
