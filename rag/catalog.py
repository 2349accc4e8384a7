"""The catalog: documents, passages and the lexical index, in one SQLite file that is the source of truth.

Why SQLite FTS5 for the BM25 leg: it is in the standard library, updates a row in place within the same
transaction as the document itself, and needs no second store to be kept in step.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from rag.conditions import WITHIN, any_of, listed, restricted
from rag.errors import IndexingError
from rag.rows import SCHEMA, packed, unpacked
from rag.speakers import QUESTIONER
from rag.types import Document, Filter, Metadata, Passage, Source, Utterance
from rag.words import stem, terms

SCHEMA_VERSION = "1"
# A match in the headline or the question before an answer tells less than one in the words themselves
CONTEXT_WEIGHT = 0.4
MAX_QUERY_TERMS = 64
# Passages that a query's rarer words may match, see "Lexical leg at size" in evals/LOG.md
MAX_MATCHES = 5_000
TOO_COMMON = 0.3  # of all passages: a word in more tells next to nothing
ENOUGH = 10  # passages with rare words within some documents: those with common ones alone would hardly matter


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalog holds."""

    documents: int
    passages: int


class Catalog:
    """Owns the SQLite file. Safe to share between threads; one process writes at a time (see indexing)."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(file, check_same_thread=False, timeout=30)
            # SQLite's own lower() knows ASCII only
            self._connection.create_function("casefold", 1, str.casefold, deterministic=True)
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;" + SCHEMA)
        except sqlite3.DatabaseError as error:
            raise IndexingError(f"{file}: not a usable index ({error}); remove the folder and index again") from None

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes visible together, or not at all; IndexingError where SQLite fails."""
        with self._lock, _translated(), self._connection:
            yield

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, _translated():
            return self._connection.execute(query, values).fetchall()

    # What an index was made with, and whether a run is under way

    def setting(self, name: str) -> str:
        """A stored setting, "" where there is none."""
        rows = self._all("SELECT value FROM settings WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def set_setting(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def roots(self) -> list[str]:
        return [row[0] for row in self._all("SELECT path FROM roots ORDER BY path")]

    def add_root(self, path: str) -> None:
        self._connection.execute("INSERT OR IGNORE INTO roots VALUES (?)", (path,))

    # Documents

    def paths(self) -> dict[str, str]:
        """Path to document id, of all that is indexed."""
        return dict(self._all("SELECT path, document_id FROM paths"))

    def has_document(self, document_id: str) -> bool:
        return bool(self._all("SELECT 1 FROM documents WHERE id = ?", (document_id,)))

    def add_document(self, document: Document, passages: Iterable[Passage]) -> None:
        """Adds a document that is not there yet, its path, passages and their words."""
        metadata = asdict(document.metadata)
        self._connection.execute(
            "INSERT INTO documents VALUES (:id, :title, :publisher, :date, :event_date, :event_place, :language, "
            ":date_source, :text)",
            {"id": document.id, "text": document.text, **metadata},
        )
        self.set_path(document.path, document.id)
        passages = list(passages)
        names = {utterance.speaker for passage in passages for utterance in passage.utterances}
        self._connection.executemany(
            "INSERT INTO speakers VALUES (?, ?)", [(name, document.id) for name in sorted(names - {"", QUESTIONER})]
        )
        self._connection.executemany(
            'INSERT INTO passages (id, document_id, start, "end", text, context, utterances) '
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(p.id, p.document_id, p.start, p.end, p.text, p.context, packed(p)) for p in passages],
        )

    def set_path(self, path: str, document_id: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO paths VALUES (?, ?)", (path, document_id))

    def remove_path(self, path: str) -> None:
        self._connection.execute("DELETE FROM paths WHERE path = ?", (path,))

    def remove_unreferenced(self) -> list[str]:
        """Removes the documents that have no path left; returns the ids of their passages."""
        gone = "SELECT id FROM documents WHERE id NOT IN (SELECT document_id FROM paths)"
        ids = [row[0] for row in self._all(f"SELECT id FROM passages WHERE document_id IN ({gone})")]
        for table in ("passages", "speakers"):
            self._connection.execute(f"DELETE FROM {table} WHERE document_id IN ({gone})")
        self._connection.execute(f"DELETE FROM documents WHERE id IN ({gone})")
        return ids

    def remove_documents_of(self, passage_ids: Sequence[str]) -> None:
        """Forgets the documents to which these passages belong, so that the next run reads them anew."""
        for passage_id in passage_ids:
            for (document_id,) in self._all("SELECT document_id FROM passages WHERE id = ?", (passage_id,)):
                for table in ("paths", "passages", "speakers"):
                    self._connection.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
                self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def text(self, document_id: str) -> str:
        """The extracted text of a document; raises IndexingError for an unknown id."""
        rows = self._all("SELECT text FROM documents WHERE id = ?", (document_id,))
        if not rows:
            raise IndexingError(f"no document {document_id!r} in the index; `onrecord status` lists them")
        return str(rows[0][0])

    def sources(self, document_ids: Sequence[str] = ()) -> dict[str, Source]:
        """The documents with these ids (all where none is given), without their texts."""
        only = f"WHERE id {WITHIN}" if document_ids else ""
        rows = self._all(
            "SELECT id, (SELECT min(path) FROM paths WHERE document_id = id), title, publisher, date, event_date, "
            f"event_place, language, date_source FROM documents {only} ORDER BY 2",
            [listed(document_ids)] if document_ids else [],
        )
        return {row[0]: Source(row[0], row[1] or "", Metadata(*row[2:])) for row in rows}

    def speakers(self) -> list[str]:
        """Everyone whose words the documents give, each once, in order of the alphabet."""
        return [row[0] for row in self._all("SELECT DISTINCT name FROM speakers ORDER BY name")]

    def titles(self, word: str, restriction: Filter = Filter()) -> list[str]:
        """The titles with a word, of the documents that pass a filter."""
        where, values = restricted(restriction)
        query = f"SELECT title FROM documents WHERE instr(casefold(title), ?) {where}"
        return [row[0] for row in self._all(query, (word.casefold(), *values))]

    def publishers(self) -> list[str]:
        """All publishers that the documents show, each once, in order of the alphabet."""
        return [
            row[0] for row in self._all("SELECT DISTINCT publisher FROM documents WHERE publisher <> '' ORDER BY 1")
        ]

    def years(self) -> set[str]:
        """The years of the documents' dates; those without a year are left out."""
        return {
            row[0] for row in self._all("SELECT DISTINCT substr(date, 1, 4) FROM documents WHERE date GLOB '[0-9]*'")
        }

    def passage_counts(self) -> dict[str, int]:
        """Document id to the number of its passages."""
        return dict(self._all("SELECT document_id, count(*) FROM passages GROUP BY document_id"))

    def counts(self) -> Counts:
        return Counts(*self._all("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0])

    # Passages

    def passage_ids(self) -> set[str]:
        return {row[0] for row in self._all("SELECT id FROM passages")}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids, those that are unknown left out."""
        rows = self._all(
            f'SELECT id, document_id, start, "end", text, context, utterances FROM passages WHERE id {WITHIN}',
            (listed(ids),),
        )
        return {row[0]: unpacked(row) for row in rows}

    def documents_of(self, ids: Iterable[str]) -> dict[str, str]:
        """Passage id to document id, those that are unknown left out."""
        return dict(self._all(f"SELECT id, document_id FROM passages WHERE id {WITHIN}", (listed(ids),)))

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        rows = self._all("SELECT id FROM passages WHERE document_id = ? ORDER BY start", (document_id,))
        passages = self.passages([row[0] for row in rows])
        return [passages[identity] for (identity,) in rows if identity in passages]

    def utterances(self, document_id: str) -> tuple[Utterance, ...]:
        """The utterances of a document that stand in passages, in order."""
        return tuple(utterance for passage in self.passages_of(document_id) for utterance in passage.utterances)

    def lexical(self, query: str, *, limit: int, documents: Sequence[str] | None = None) -> dict[str, float]:
        """Passage ids by BM25 (Robertson and Zaragoza 2009; FTS5: k1 1.2, b .75), best first; higher is better.

        Within the given documents (None: all). In a large index only passages with one of the query's rarer words
        are ranked, by all of its words: those with common words alone tell least and cost most.
        """
        words = list(dict.fromkeys(terms(query)))[:MAX_QUERY_TERMS]
        if not words:
            return {}
        rare, common = self._parted(words, limit)
        if common:
            # each word stands twice, so that all count alike
            both = f"({any_of(rare)}) AND ({any_of([*common, *common, *rare])})"
            ranked = self._ranked(both, limit, documents)
            # what is rare in all documents need not stand in these
            if len(ranked) >= min(limit, ENOUGH) or (ranked and documents is None):
                return {identity: score / 2 for identity, score in ranked.items()}
        return self._ranked(any_of(words), limit, documents)

    def _ranked(self, match: str, limit: int, documents: Sequence[str] | None) -> dict[str, float]:
        # the plus sign keeps SQLite from searching anew for each passage of the documents
        only = "" if documents is None else f"AND +rowid IN (SELECT number FROM passages WHERE document_id {WITHIN})"
        rows = self._all(
            "SELECT passages.id, -found.score FROM (SELECT rowid, rank AS score FROM lexical WHERE lexical MATCH ? "
            f"AND rank MATCH 'bm25(1.0, {CONTEXT_WEIGHT})' {only} ORDER BY rank LIMIT ?) AS found "
            "JOIN passages ON passages.number = found.rowid ORDER BY found.score",
            (match, *([] if documents is None else [listed(documents)]), limit),
        )
        return dict(rows)

    def _parted(self, words: Sequence[str], limit: int) -> tuple[list[str], list[str]]:
        """The rarer words, which match few enough passages and yet as many as are wanted; and the commoner ones."""
        passages = self.counts().passages
        if passages <= MAX_MATCHES:
            return list(words), []
        stemmed = {word: stem(word) for word in words}
        known = self.document_frequencies(list(stemmed.values()))
        frequencies = {word: known[stemmed[word]] for word in words}
        rarest = sorted(words, key=lambda word: frequencies[word])
        matches = list(accumulate(frequencies[word] for word in rarest))
        few = max(sum(total <= MAX_MATCHES for total in matches), 1 + sum(total < limit for total in matches))
        return rarest[:few], [word for word in rarest[few:] if frequencies[word] <= TOO_COMMON * passages]

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """In how many passages each stem occurs; 0 where it does not."""
        self._all("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'lexical', 'row')")
        rows = dict(self._all(f"SELECT term, doc FROM temp.vocabulary WHERE term {WITHIN}", (listed(stems),)))
        return {stem: int(rows[stem]) if stem in rows else self._phrase_frequency(stem) for stem in stems}

    def _phrase_frequency(self, stem: str) -> int:
        """In how many passages a term stands that the vocabulary holds otherwise: 10,000 in two."""
        if stem.isascii() and stem.isalnum():
            return 0
        quoted = stem.replace('"', '""')
        return int(self._all("SELECT count(*) FROM lexical WHERE lexical MATCH ?", (f'"{quoted}"',))[0][0])

    def matching_documents(self, restriction: Filter) -> list[str]:
        """Ids of the documents that pass a filter."""
        where, values = restricted(restriction)
        return [row[0] for row in self._all(f"SELECT documents.id FROM documents WHERE 1 {where}", values)]


@contextmanager
def _translated() -> Iterator[None]:
    """Raises what SQLite meets (a full disk, a damaged file, a lock that is never released) as IndexingError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise IndexingError(
            f"the index cannot be used ({error}); free the disk, or remove the folder and index again"
        ) from None
