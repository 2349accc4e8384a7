"""Vectors: passages and their embeddings in Chroma, written by llama-index's ChromaVectorStore.

Persistent in the home folder, or on a Chroma server. The ids are the passages' content hashes, so adding
one twice changes nothing. No telemetry leaves the machine.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

os.environ["ANONYMIZED_TELEMETRY"] = "False"

import chromadb
import httpx
from chromadb import Where
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from rag.errors import IndexingError
from rag.models import Vectors
from rag.types import Passage, Source

if TYPE_CHECKING:
    from llama_index.vector_stores.chroma import ChromaVectorStore

DELETE_BATCH = 5000
MAX_SHOWN = 200  # characters of an error: a server that is no Chroma may answer with a page


class VectorIndex:
    """Owns the Chroma collection of one index; every method raises IndexingError where Chroma fails."""

    def __init__(self, *, folder: Path, url: str, collection: str) -> None:
        self._where = url or str(folder)
        self._name = collection
        with self._translated():
            self._client = _client(folder, url)
        self._open()

    def _open(self) -> None:
        with self._translated():
            self._collection = self._client.get_or_create_collection(
                self._name, embedding_function=None, metadata={"hnsw:space": "cosine"}
            )

    @property
    def _store(self) -> "ChromaVectorStore":
        # what only searches does without llama-index, whose import takes a second
        from llama_index.vector_stores.chroma import ChromaVectorStore

        return ChromaVectorStore(chroma_collection=self._collection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        # the client raises ValueError where it cannot connect
        except (ChromaError, httpx.HTTPError, ValueError, OSError) as error:
            shown = " ".join(str(error).split())[:MAX_SHOWN]
            raise IndexingError(f"Chroma at {self._where} failed ({shown}); check that it runs and is yours") from None

    def add(self, passages: Sequence[Passage], sources: Sequence[Source], vectors: Vectors) -> None:
        """Stores passages with their vectors, shape (len(passages), dimensions); known ids stay as they are."""
        from rag.nodes import as_node

        nodes = [
            as_node(passage, source, embedding=vector.tolist())
            for passage, source, vector in zip(passages, sources, vectors, strict=True)
        ]
        if nodes:
            with self._translated():
                self._store.add(list(nodes))

    def remove(self, ids: Sequence[str]) -> None:
        for first in range(0, len(ids), DELETE_BATCH):
            with self._translated():
                self._store.delete_nodes(list(ids[first : first + DELETE_BATCH]))

    def clear(self) -> None:
        """Forgets all vectors and how many dimensions they had, so that another encoder can take over."""
        with self._translated():
            self._client.delete_collection(self._name)
        self._open()

    def ids(self) -> set[str]:
        """The ids of all stored passages."""
        with self._translated():
            return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        with self._translated():
            return int(self._collection.count())

    def nearest(self, vector: Sequence[float], *, limit: int, documents: Sequence[str] | None) -> dict[str, float]:
        """Passage ids by cosine similarity, best first, within the given documents (None: all)."""
        where: Where | None = None
        if documents is not None:
            where = cast("Where", {"source_id": {"$in": list(documents)}})
        with self._translated():
            found = self._collection.query(list(vector), n_results=limit, where=where, include=["distances"])
        assert found["distances"] is not None
        # Chroma's distance is 1 - cosine
        return {name: 1 - distance for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)}


def _client(folder: Path, url: str) -> ClientAPI:
    settings = ChromaSettings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address looks like http://127.0.0.1:8000")
    secure = parts.scheme == "https"
    return chromadb.HttpClient(
        host=parts.hostname, port=parts.port or (443 if secure else 80), ssl=secure, settings=settings
    )
