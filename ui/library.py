"""The library: the documents of a record as the page lists them, adds to them and takes away from them.

Only what was added here can be removed here; a folder that somebody indexed is theirs.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from rag import Record, Source
from rag.documents import READERS
from rag.errors import IndexingError, OnRecordError
from rag.indexing import Progress

MAX_FILES = 50  # added at once
MAX_MEGABYTES = 1000  # of all that was added here


@dataclass(frozen=True, slots=True)
class Listed:
    """A document with the number of its passages."""

    source: Source
    passages: int


@dataclass(frozen=True, slots=True)
class Added:
    """What adding came to: how many documents are new, and a line for each file that failed."""

    count: int
    problems: tuple[str, ...]


class Library:
    """Lists a record's documents and owns the folder of those added by way of the page."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._folder = (record.settings.home / "uploads").resolve()

    def documents(self) -> list[Listed]:
        """All documents, by date, those without one last."""
        counts = self._record.catalog.passage_counts()
        listed = [Listed(source, counts.get(source.id, 0)) for source in self._record.sources()]
        return sorted(listed, key=lambda each: (_sort_date(each.source), each.source.path))

    def speakers(self) -> list[str]:
        """Everyone whose words the documents give."""
        return self._record.catalog.speakers()

    def publishers(self) -> list[str]:
        """All publishers, each once."""
        return self._record.catalog.publishers()

    def removable(self) -> list[tuple[str, str]]:
        """The file names and ids of the documents that were added here."""
        paths = self._record.catalog.paths().items()
        return sorted((Path(path).name, each) for path, each in paths if Path(path).is_relative_to(self._folder))

    def add(self, files: Sequence[Path], on_progress: Callable[[Progress], None]) -> Added:
        """Copies the files into the library and indexes them; those that cannot be read are not kept."""
        if len(files) > MAX_FILES:
            raise IndexingError(f"{len(files)} files at once are more than {MAX_FILES}; add them in parts")
        problems: list[str] = []
        taken = [place for file in files if (place := self._taken(file, problems))]
        if not taken:
            return Added(0, tuple(problems))
        before = set(self._record.catalog.paths().values())
        try:
            report = self._record.index([self._folder], on_progress=on_progress)
        except OnRecordError as error:
            for place in taken:
                place.unlink(missing_ok=True)
            return Added(0, (*problems, str(error)))
        problems += [line.replace(f"{self._folder}/", "") for line in report.problems]
        known = self._record.catalog.paths()
        for place in taken:
            if str(place) not in known:
                place.unlink(missing_ok=True)
            elif known[str(place)] in before:
                problems.append(f"{place.name}: the record has this document already; it is kept once more")
        return Added(report.added, tuple(problems))

    def remove(self, document: str) -> str:
        """Removes a document that was added here, and returns its name; raises IndexingError for another."""
        known = self._record.catalog.paths()
        places = [Path(path) for path, identity in known.items() if identity == document]
        own = [place for place in places if place.is_relative_to(self._folder)]
        if not own:
            raise IndexingError("only documents that were added on this page can be removed on it")
        for place in own:
            place.unlink(missing_ok=True)
        self._record.index([self._folder])
        return own[0].name

    def _taken(self, file: Path, problems: list[str]) -> Path | None:
        """The file's place in the library, where it now lies; None, and a line, where it is not to be read."""
        name = PurePath(file.name).name
        limit = self._record.settings.max_file_megabytes
        if file.suffix.lower() not in READERS:
            problems.append(f"{name}: no reader for {file.suffix!r}; convert it to one of {', '.join(sorted(READERS))}")
            return None
        if file.stat().st_size > limit * 1_000_000:
            problems.append(f"{name}: larger than {limit:g} MB; split it")
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = sum(each.stat().st_size for each in self._folder.iterdir())
        if kept + file.stat().st_size > MAX_MEGABYTES * 1_000_000:
            problems.append(f"{name}: more than {MAX_MEGABYTES} MB in all; remove some documents first")
            return None
        place = self._folder / name
        number = 1
        while place.exists():
            number += 1
            place = self._folder / f"{PurePath(name).stem}-{number}{file.suffix}"
        try:
            shutil.copyfile(file, place)
        except OSError as error:
            problems.append(f"{name}: cannot be kept ({error.strerror}); free the disk")
            return None
        return place


def document_record(listed: Listed) -> dict[str, Any]:
    """A document as an element of what `/documents` returns."""
    metadata = listed.source.metadata
    return {
        "document": listed.source.id,
        "path": listed.source.path,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "date": metadata.date,
        "passages": listed.passages,
    }


def _sort_date(source: Source) -> str:
    date = source.metadata.date
    return date if date and not date.startswith("--") else f"9{date}"
