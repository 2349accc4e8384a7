"""Manifest: what a person wrote down about the documents of a folder. In: `manifest.json`; out: Metadata by path.

A list of objects: `path` (relative to the folder) and any of title, publisher, date, event_date,
event_place, language, sha256, provenance. A wrong entry is reported and the rest still counts.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from rag.errors import ManifestError
from rag.types import Metadata

MANIFEST_NAME = "manifest.json"
METADATA_FIELDS = tuple(field.name for field in fields(Metadata) if field.name != "date_source")
KNOWN_FIELDS = frozenset({"path", "sha256", "provenance", *METADATA_FIELDS})


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file; `sha256` is "" where it gives none."""

    metadata: Metadata
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Entries by resolved path, and the problems met, one line each."""

    entries: Mapping[Path, Entry]
    problems: tuple[str, ...]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; empty where there is none. Wrong entries become problems, not exceptions."""
    file = folder / MANIFEST_NAME
    if not file.is_file():
        return Manifest({}, ())
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        return Manifest({}, (f"{file}: not readable as JSON ({error}); correct it",))
    if not isinstance(raw, list):
        return Manifest({}, (f"{file}: holds {type(raw).__name__}, not a list of objects; correct it",))
    entries: dict[Path, Entry] = {}
    problems: list[str] = []
    for number, item in enumerate(raw, start=1):
        where = f"{file}: entry {number}"
        if not isinstance(item, dict) or not isinstance(item.get("path"), str):
            problems.append(f"{where}: has no path; add one")
            continue
        try:
            target = _target(folder, item["path"])
        except ManifestError as error:
            problems.append(f"{where}: {error}")
            continue
        values: dict[str, str] = {}
        for name, value in item.items():
            try:
                values[name] = _checked(name, value)
            except ManifestError as error:
                problems.append(f"{where} ({item['path']}): {error}; the field is left empty")
        entries[target] = Entry(
            Metadata(**{name: values.get(name, "") for name in METADATA_FIELDS}), values.get("sha256", "")
        )
    return Manifest(entries, tuple(problems))


def _target(folder: Path, path: str) -> Path:
    """The file that an entry names; raises ManifestError where there is none in the folder."""
    try:
        target = (folder / path).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise ManifestError(f"path {path!r} leads out of the folder; correct it")
        if target.is_file():
            return target
    # a null character, or a name longer than the file system takes
    except (ValueError, OSError):
        pass
    raise ManifestError(f"there is no file {path!r}; correct the path or remove the entry")


def _checked(name: str, value: object) -> str:
    """The value as a string; raises ManifestError where name or value cannot be."""
    if name not in KNOWN_FIELDS:
        raise ManifestError(f"unknown field {name!r}, known are {', '.join(sorted(KNOWN_FIELDS))}")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ManifestError(f"{name} {value!r} is not a string")
    if value and name in ("date", "event_date"):
        _check_date(name, value)
    return value.strip().lower() if name == "sha256" else value.strip()


def _check_date(name: str, value: str) -> None:
    # 2000 is a leap year, so --02-29 passes
    full = re.sub(r"^-(?=-\d\d-\d\d$)", "2000", value)
    full = f"{full}-01-01"[:10] if re.fullmatch(r"\d{4}(?:-\d\d)?", full) else full
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", full):
            raise ValueError
        date.fromisoformat(full)
    except ValueError:
        raise ManifestError(
            f"{name} {value!r} is not a date like 2019-11-27, 2019-11 or 2019, or --11-27 without a year"
        ) from None
