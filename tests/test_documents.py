"""Documents: which files are found and loaded, their ids, and the title and date that a text shows."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.documents import File, document_id, find_files, load_file
from rag.errors import DocumentError
from rag.manifest import Entry, Manifest
from rag.types import Document, Metadata

NO_MANIFEST = Manifest({}, ())


def test_a_file_over_the_limit_is_refused_with_size_and_setting(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"x" * 1001)
    with pytest.raises(DocumentError, match=r"1,001 bytes .* 0\.001 MB; .*ONRECORD_MAX_FILE_MEGABYTES"):
        load_file(path, manifest=NO_MANIFEST, max_megabytes=0.001)
    path.write_bytes(b"x" * 1000)
    assert load_file(path, manifest=NO_MANIFEST, max_megabytes=0.001).content == b"x" * 1000


def test_a_file_without_permission_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    (folder / "a.txt").touch()
    monkeypatch.setattr(Path, "read_bytes", refusing)
    with pytest.raises(DocumentError, match=r"a\.txt: cannot be read \(Permission denied\); check its permissions"):
        load_file(folder / "a.txt", manifest=NO_MANIFEST, max_megabytes=1)


@pytest.mark.parametrize("name", ["missing.txt", "folder.txt"])
def test_a_file_that_the_system_does_not_give_is_refused(folder: Path, name: str) -> None:
    (folder / "folder.txt").mkdir()
    with pytest.raises(DocumentError, match=f"{name}: cannot be read"):
        load_file(folder / name, manifest=NO_MANIFEST, max_megabytes=1)


def test_another_checksum_than_the_manifests_is_refused(read: Callable[..., Document]) -> None:
    with pytest.raises(DocumentError, match="differs from the manifest's abcdef012345…"):
        read("a.txt", b"Some words.", entry=Entry(Metadata(), "abcdef0123456789"))


def test_the_id_changes_with_bytes_metadata_and_format_but_not_with_the_path(folder: Path) -> None:
    file = File(folder / "a.txt", "ab12", b"", Entry(Metadata(title="A title"), ""))
    other_metadata = replace(file, entry=Entry(Metadata(title="Another title"), ""))
    others = [replace(file, sha256="cd34"), other_metadata, replace(file, path=folder / "a.md")]
    assert len({document_id(each) for each in (file, *others)}) == 4
    assert document_id(file) == document_id(replace(file, path=folder / "elsewhere" / "b.txt"))
    assert document_id(file) == document_id(replace(file, entry=Entry(Metadata(title="A title"), "ab12")))


@pytest.mark.parametrize(
    ("stamp", "date"),
    [
        ("27 November 201916:44", "2019-11-27"),
        ("POLITICS | 14:10 / 03.03.2023", "2023-03-03"),
        ("November 27, 2019", "2019-11-27"),
        ("Published 2019-11-27", "2019-11-27"),
        ("2019-13-45", ""),
        ("31.02.2019", ""),
        ("27 Nonember 2019", ""),
        ("It was signed on 27 November 2019.", ""),
    ],
)
def test_without_a_manifest_title_and_date_are_those_of_the_first_lines(
    read: Callable[..., Document], stamp: str, date: str
) -> None:
    document = read("a.txt", f"{stamp}\n\n# Minister visits the academy in Bishkek\n\nHe arrived today.".encode())
    assert document.metadata == Metadata(title="Minister visits the academy in Bishkek", date=date)


@pytest.mark.parametrize("text", ["Short line\n\nHe arrived today.", "He arrived in Bishkek today, and left again."])
def test_no_title_is_made_up_where_none_is_shown(read: Callable[..., Document], text: str) -> None:
    assert read("a.txt", text.encode()).metadata == Metadata()


def test_a_date_further_down_is_not_the_publications(read: Callable[..., Document]) -> None:
    assert read("a.txt", b"One.\n\nTwo.\n\nThree.\n\nFour.\n\n27 November 2019\n\nFive.").metadata.date == ""


def test_markdown_keeps_its_marks_and_shows_its_title_without_them(read: Callable[..., Document]) -> None:
    document = read("a.md", b"# A minister visits the academy\n\n- **First** point")
    assert document.text == "# A minister visits the academy\n\n- **First** point"
    assert document.metadata.title == "A minister visits the academy"


def test_the_manifests_metadata_wins_over_what_the_text_shows(read: Callable[..., Document]) -> None:
    given = Metadata(publisher="TASS", date="--11-27")
    document = read("a.txt", b"2019-11-27\n\nMinister visits the academy in Bishkek", entry=Entry(given, ""))
    assert document.metadata == given


def test_files_are_found_sorted_in_subfolders_without_hidden_and_other_kinds(folder: Path) -> None:
    for name in ("b.txt", "a.PDF", "sub/c.md", ".hidden/d.txt", ".e.txt", "f.jpg", "manifest.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    (folder / "folder.txt").mkdir()
    assert [os.path.relpath(path, folder) for path in find_files(folder)] == ["a.PDF", "b.txt", "sub/c.md"]
    assert list(find_files(folder / "f.jpg")) == [folder / "f.jpg"]
