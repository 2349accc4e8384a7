"""Indexing: brings catalog and vectors in step with folders of documents. Run: `onrecord index PATH …`.

What has not changed is not touched. A document becomes visible in one SQLite transaction after its vectors
are stored; a run that was killed leaves at worst vectors without a document, which searches ignore and
the next run removes. One process writes at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from rag.catalog import SCHEMA_VERSION, Catalog
from rag.documents import READERS, find_files, load_file, other_kinds, read_document
from rag.duplicates import are_near_duplicates, shingles
from rag.errors import DocumentError, IndexingError
from rag.models import Encoder
from rag.passages import VERSION, embedded_text, passages
from rag.plans import Plan, Todo, checked_root, plan_of
from rag.settings import Settings
from rag.types import Document, Passage, Source
from rag.vectors import VectorIndex

# Passages that are embedded and committed together: bounds memory and what a kill costs
BATCH_PASSAGES = 256
DATED_BY_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: documents done of those to do, and the file now at work."""

    done: int
    total: int
    path: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in numbers of files; `problems` has a line for each file or entry that failed.

    `skipped` are the files of kinds that are not read, by kind (".csv").
    """

    added: int
    changed: int
    renamed: int
    removed: int
    unchanged: int
    problems: tuple[str, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)


@contextmanager
def writing(home: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Holds the home's write lock; calls `on_wait` once if another process holds it, and waits."""
    lock = FileLock(home / "write.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def made_with(encoder: Encoder, settings: Settings) -> str:
    """What decides whether an index fits: schema, embedder and chunking."""
    return f"schema {SCHEMA_VERSION}, {encoder.name}, passages {VERSION} of {settings.passage_tokens} tokens"


def check_made_with(catalog: Catalog, encoder: Encoder, settings: Settings) -> None:
    """Raises IndexingError where an index was made with another embedder or chunking than is in force."""
    stored, wanted = catalog.setting("made_with"), made_with(encoder, settings)
    if stored and stored != wanted:
        raise IndexingError(
            f"the index in {settings.home} was made with {stored}; in force is {wanted}; "
            "run `onrecord index` to make it anew, or restore the settings"
        )


def index(
    roots: Sequence[Path],
    *,
    catalog: Catalog,
    vectors: VectorIndex,
    encoder: Encoder,
    settings: Settings,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Report:
    """Indexes the documents of these folders or files, and removes those that are gone from them.

    The caller holds the write lock. Raises IndexingError where a root is not there or holds no document.
    """
    resolved = list(dict.fromkeys(checked_root(root) for root in roots))
    wanted = made_with(encoder, settings)
    if _is_foreign(catalog, wanted) or catalog.setting("unfinished"):  # all of it is made anew, or completed
        others = [root for root in map(Path, catalog.roots()) if root not in resolved]
        missing = [root for root in others if not root.exists()]
        if missing and _is_foreign(catalog, wanted):
            raise IndexingError(
                f"the index must be made anew, but {missing[0]} is not there; bring it back or use another --home"
            )
        resolved += [root for root in others if root.exists()]
    files = {root: list(find_files(root)) for root in resolved}
    if not any(files.values()) and not any(_is_under(path, resolved) for path in catalog.paths()):
        kinds = ", ".join(sorted(READERS))
        raise IndexingError(f"no documents ({kinds}) in {', '.join(map(str, resolved))}; name another folder")
    _recover(catalog, vectors, wanted)
    known = catalog.paths()
    plan = plan_of(files, catalog, settings)
    with catalog.transaction():
        for root in resolved:
            catalog.add_root(str(root))
        for name, identity in plan.kept.items():
            if known.get(name) != identity:
                catalog.set_path(name, identity)
    failed = _add_all(plan.todo, catalog, vectors, encoder, settings, on_progress)
    seen = {str(path) for listed in files.values() for path in listed}
    gone = [path for path in known if path not in seen and _is_under(path, resolved)]
    with catalog.transaction():
        for name in gone:
            catalog.remove_path(name)
        orphans = catalog.remove_unreferenced()
    vectors.remove(orphans)
    with catalog.transaction():
        catalog.set_setting("unfinished", "")
    return replace(_report(plan, failed, known, gone), skipped=other_kinds(resolved, settings.home.resolve()))


def _report(plan: Plan, failed: Mapping[str, str], known: Mapping[str, str], gone: Sequence[str]) -> Report:
    """Counts each file once; a path that is new counts as renamed where another with the same document went."""
    done = [str(item.path) for item in plan.todo if str(item.path) not in failed]
    appeared = Counter(identity for path, identity in plan.kept.items() if path not in known)
    renamed = (appeared & Counter(known[path] for path in gone)).total()
    unchanged = sum(known.get(path) == identity for path, identity in plan.kept.items())
    changed = sum(path in known for path in (*done, *plan.kept)) - unchanged
    return Report(
        added=len(done) + len(plan.kept) - changed - renamed - unchanged,
        changed=changed,
        renamed=renamed,
        removed=len(gone) - renamed,
        unchanged=unchanged,
        problems=(*plan.problems, *failed.values()),
    )


def _is_under(path: str, roots: Sequence[Path]) -> bool:
    return any(Path(path) == root or Path(path).is_relative_to(root) for root in roots)


def _is_foreign(catalog: Catalog, wanted: str) -> bool:
    return catalog.setting("made_with") not in ("", wanted)


def _recover(catalog: Catalog, vectors: VectorIndex, wanted: str) -> None:
    """Starts a run: empties an index made otherwise, and after a run that was killed brings both stores in step."""
    if _is_foreign(catalog, wanted):
        with catalog.transaction():
            for path in catalog.paths():
                catalog.remove_path(path)
            catalog.remove_unreferenced()
        vectors.clear()
    elif catalog.setting("unfinished") or catalog.counts().passages != vectors.count():
        listed, stored = catalog.passage_ids(), vectors.ids()
        vectors.remove(sorted(stored - listed))
        with catalog.transaction():
            catalog.remove_documents_of(sorted(listed - stored))
    with catalog.transaction():
        catalog.set_setting("made_with", wanted)
        catalog.set_setting("unfinished", "yes")


def _add_all(
    todo: Sequence[Todo],
    catalog: Catalog,
    vectors: VectorIndex,
    encoder: Encoder,
    settings: Settings,
    on_progress: Callable[[Progress], None],
) -> dict[str, str]:
    """Reads, cuts, embeds and stores the files batch by batch; returns the problem of each that failed."""
    with _Storing(catalog, vectors, encoder) as storing:
        failed = _read_all(todo, catalog, encoder, settings, on_progress, storing)
    if todo:
        on_progress(Progress(len(todo), len(todo), str(todo[-1].path)))
    return failed


def _read_all(
    todo: Sequence[Todo],
    catalog: Catalog,
    encoder: Encoder,
    settings: Settings,
    on_progress: Callable[[Progress], None],
    storing: "_Storing",
) -> dict[str, str]:
    failed: dict[str, str] = {}
    batch: list[tuple[Document, list[Passage]]] = []
    for number, item in enumerate(todo):
        on_progress(Progress(number, len(todo), str(item.path)))
        try:
            document = read_document(
                load_file(item.path, manifest=item.manifest, max_megabytes=settings.max_file_megabytes)
            )
        except DocumentError as error:
            failed[str(item.path)] = str(error)
            continue
        if item.is_partly_dated:
            storing.begin(batch)
            storing.finish()
            batch = []
            document = _dated(document, catalog)
        cut = passages(document, encoder, limit=settings.passage_tokens)
        if not cut:
            failed[str(item.path)] = f"{item.path}: holds no sentence, only headings or page furniture; nothing to cite"
            continue
        batch.append((document, cut))
        if sum(len(each) for _, each in batch) >= BATCH_PASSAGES:
            storing.begin(batch)
            batch = []
    storing.begin(batch)
    storing.finish()
    return failed


Batch = Sequence[tuple[Document, list[Passage]]]


class _Storing:
    """Embeds one batch while the next is read and cut. Vectors first, then the catalog: what is listed is complete."""

    def __init__(self, catalog: Catalog, vectors: VectorIndex, encoder: Encoder) -> None:
        self._catalog, self._vectors, self._encoder = catalog, vectors, encoder
        self._worker = ThreadPoolExecutor(1)
        self._begun: tuple[Batch, Future[None]] | None = None

    def __enter__(self) -> "_Storing":
        return self

    def __exit__(self, *exception: object) -> None:
        self._worker.shutdown(cancel_futures=True)

    def begin(self, batch: Batch) -> None:
        """Embeds a batch in the background, once the one before it is listed."""
        self.finish()
        # the same bytes under two paths are one document, whose passages count once
        new = {document.id: made for document, made in batch if not self._catalog.has_document(document.id)}
        cut = [passage for made in new.values() for passage in made]
        sources = {document.id: Source(document.id, document.path, document.metadata) for document, _ in batch}
        self._begun = (batch, self._worker.submit(self._embed, cut, sources))

    def finish(self) -> None:
        """Waits for the batch that was begun, and lists its documents."""
        if self._begun is None:
            return
        batch, embedded = self._begun
        self._begun = None
        embedded.result()
        with self._catalog.transaction():
            for document, made in batch:
                if self._catalog.has_document(document.id):
                    self._catalog.set_path(document.path, document.id)
                else:
                    self._catalog.add_document(document, made)

    def _embed(self, cut: Sequence[Passage], sources: Mapping[str, Source]) -> None:
        step = BATCH_PASSAGES * 4
        for first in range(0, len(cut), step):
            part = cut[first : first + step]
            embedded = self._encoder.encode([embedded_text(passage) for passage in part])
            self._vectors.add(part, [sources[passage.document_id] for passage in part], embedded)


def _dated(document: Document, catalog: Catalog) -> Document:
    """The document with the year that a near-duplicate of the same day shows, if the catalog has one."""
    paragraphs = sorted(filter(None, document.text.split("\n")), key=len, reverse=True)[:DATED_BY_PASSAGES]
    words = shingles(document.text)
    for paragraph in paragraphs:
        found = catalog.passages(list(catalog.lexical(paragraph, limit=5)))
        sources = catalog.sources([passage.document_id for passage in found.values()])
        for passage in found.values():
            metadata = sources[passage.document_id].metadata
            same_day = metadata.date.endswith(document.metadata.date[1:]) and metadata.date[0] != "-"
            if same_day and are_near_duplicates(shingles(passage.text), words):
                known = replace(document.metadata, date=metadata.date, date_source=passage.document_id)
                return replace(document, metadata=known)
    return document
