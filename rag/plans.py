"""Plans: the files of the folders to be indexed in; out: which of them are indexed already, and which are to do.

Only bytes and manifests are read here, no document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog
from rag.documents import READERS, document_id, load_file
from rag.errors import DocumentError, IndexingError
from rag.manifest import Manifest, read_manifest
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Todo:
    """A file whose document is not indexed yet."""

    path: Path
    manifest: Manifest
    is_partly_dated: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run met: document id by path of the files that are indexed, the other files, and what failed."""

    kept: Mapping[str, str]
    todo: tuple[Todo, ...]
    problems: tuple[str, ...]


def checked_root(root: Path) -> Path:
    """The resolved path of a folder or file to be indexed; raises IndexingError where it cannot be one."""
    try:
        exists, resolved = root.exists(), root.resolve()
    except OSError as error:
        raise IndexingError(f"{root}: cannot be read ({error.strerror}); nothing was changed") from None
    if not _is_unicode(resolved):
        raise IndexingError(f"{str(root)!a}: the name is not UTF-8; rename it")
    if not exists:
        raise IndexingError(f"{root}: there is no such file or folder; nothing was changed")
    if root.is_file() and root.suffix.lower() not in READERS:
        kinds = ", ".join(sorted(READERS))
        raise IndexingError(f"{root}: no reader for {root.suffix!r}; convert it to one of {kinds}")
    return resolved


def plan_of(files: Mapping[Path, Sequence[Path]], catalog: Catalog, settings: Settings) -> Plan:
    """Reads the files of each root, each once, and tells those whose document is indexed from the others."""
    problems: list[str] = []
    kept: dict[str, str] = {}
    todo: dict[Path, Todo] = {}
    for root, listed in files.items():
        manifest = read_manifest(root if root.is_dir() else root.parent)
        problems += manifest.problems
        for path in listed:
            if str(path) in kept or path in todo:
                continue
            try:
                if not _is_unicode(path):
                    raise DocumentError(f"{str(path)!a}: the name is not UTF-8; rename the file")
                file = load_file(path, manifest=manifest, max_megabytes=settings.max_file_megabytes)
            except DocumentError as error:
                problems.append(str(error))
                continue
            identity = document_id(file)
            if catalog.has_document(identity):
                kept[str(path)] = identity
            else:
                partly = file.entry is not None and file.entry.metadata.date.startswith("--")
                todo[path] = Todo(path, manifest, partly)
    # those without a year come last: a copy that shows it may be among the others
    ordered = sorted(todo.values(), key=lambda item: (item.is_partly_dated, item.path))
    return Plan(kept, tuple(ordered), tuple(dict.fromkeys(problems)))


def _is_unicode(path: Path) -> bool:
    """Whether a name is Unicode; neither index can keep another."""
    return str(path).encode(errors="ignore").decode() == str(path)
