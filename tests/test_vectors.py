"""The vector index: Chroma in a folder and on a server."""

import math
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rag import Record
from rag.errors import IndexingError
from rag.nodes import as_node
from rag.types import Metadata, Mode, Passage, Source, Utterance
from rag.vectors import VectorIndex

START_SECONDS = 60


def passage(name: str, document: str, text: str = "Some words.", start: int = 7) -> Passage:
    end = start + len(text)
    return Passage(name, document, start, end, text, "Context", (Utterance(start, end, text, "", Mode.NARRATION),))


def source(document: str) -> Source:
    return Source(document, f"/docs/{document}", Metadata(title="Title", publisher="TASS", date="2019-11-27"))


def opened(folder: Path) -> VectorIndex:
    return VectorIndex(folder=folder, url="", collection="onrecord-test")


def add(vectors: VectorIndex, **rows: tuple[str, list[float]]) -> None:
    """Passages by id, each with its document and vector."""
    passages = [passage(name, document) for name, (document, _) in rows.items()]
    sources = [source(document) for document, _ in rows.values()]
    vectors.add(passages, sources, np.array([vector for _, vector in rows.values()], dtype=np.float32))


@pytest.fixture
def vectors(tmp_path: Path) -> VectorIndex:
    """Three passages of two documents in the plane."""
    made = opened(tmp_path / "chroma")
    add(made, east=("a", [1, 0]), north=("a", [0, 1]), northeast=("b", [math.sqrt(0.5), math.sqrt(0.5)]))
    return made


def test_adding_twice_changes_nothing(vectors: VectorIndex) -> None:
    add(vectors, east=("a", [0, 1]), south=("b", [0, -1]))
    assert vectors.ids() == {"east", "north", "northeast", "south"}
    assert vectors.count() == 4
    assert vectors.nearest([1, 0], limit=1, documents=None) == {"east": pytest.approx(1, abs=1e-5)}


def test_adding_and_removing_nothing_is_allowed(vectors: VectorIndex) -> None:
    add(vectors)
    vectors.remove([])
    assert vectors.count() == 3


def test_what_is_removed_is_found_no_more(vectors: VectorIndex) -> None:
    vectors.remove(["east", "unknown"])
    assert vectors.ids() == {"north", "northeast"}
    assert list(vectors.nearest([1, 0], limit=5, documents=None)) == ["northeast", "north"]


def test_the_nearest_come_best_first_with_their_cosines(vectors: VectorIndex) -> None:
    nearest = vectors.nearest([1, 0], limit=3, documents=None)
    assert list(nearest) == ["east", "northeast", "north"]
    assert list(nearest.values()) == pytest.approx([1, math.sqrt(0.5), 0], abs=1e-5)
    assert list(vectors.nearest([1, 0], limit=2, documents=None)) == ["east", "northeast"]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [(["b"], ["northeast"]), (["a", "b"], ["east", "northeast", "north"]), (["a"], ["east", "north"]), (["c"], [])],
)
def test_the_nearest_keep_to_the_documents_asked_for(
    vectors: VectorIndex, documents: list[str], expected: list[str]
) -> None:
    assert list(vectors.nearest([1, 0], limit=5, documents=documents)) == expected


def test_vectors_survive_reopening(vectors: VectorIndex, tmp_path: Path) -> None:
    reader = "import sys; from tests.test_vectors import opened; from pathlib import Path; " + (
        "print(list(opened(Path(sys.argv[1])).nearest([1, 0], limit=5, documents=['a'])))"
    )
    command = [sys.executable, "-c", reader, str(tmp_path / "chroma")]
    assert vectors.count() == 3
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "['east', 'north']\n"


def test_a_cleared_index_takes_vectors_of_other_dimensions(vectors: VectorIndex) -> None:
    vectors.clear()
    assert vectors.count() == 0
    add(vectors, deep=("a", [0, 0, 1]))
    assert list(vectors.nearest([0, 0, 1], limit=5, documents=None)) == ["deep"]


def test_vectors_of_other_dimensions_are_an_error_in_one_line(vectors: VectorIndex) -> None:
    with pytest.raises(IndexingError, match="dimension") as caught:
        add(vectors, deep=("a", [0, 0, 1]))
    assert "\n" not in str(caught.value)


def test_a_node_carries_true_offsets_and_the_metadata_of_its_document() -> None:
    node = as_node(passage("p", "a", "Some words.", start=7), source("a"))
    assert (node.id_, node.text, node.start_char_idx, node.end_char_idx) == ("p", "Some words.", 7, 18)
    assert node.ref_doc_id == "a"
    assert node.metadata == {
        "source_id": "a",
        "path": "/docs/a",
        "title": "Title",
        "publisher": "TASS",
        "date": "2019-11-27",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a Chroma server, and what stops it."""
    port = free_port()
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path / "server")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop() -> None:
        process.kill()
        process.wait()

    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", stop
    finally:
        stop()


def test_an_index_lives_on_a_chroma_server(
    server: tuple[str, Callable[[], None]],
    folder: Path,
    tmp_path: Path,
    fake_record: Callable[..., Record],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, stop = server
    (folder / "a.txt").write_text("The minister saw helicopters over the mountains.\n\nNothing else was seen.")
    monkeypatch.setenv("ONRECORD_CHROMA_URL", url)
    record = fake_record()
    assert record.index([folder]).added == 1
    assert not (tmp_path / "home" / "chroma").exists()
    assert record.vectors.ids() == record.catalog.passage_ids()
    hit = fake_record().search("helicopters over mountains")[0]
    assert hit.score > 0
    (folder / "a.txt").write_text("Tanks now.")
    assert record.index().changed == 1
    assert record.vectors.ids() == record.catalog.passage_ids()

    stop()
    for attempt in (lambda: record.search("tanks"), record.index, lambda: fake_record().search("tanks")):
        with pytest.raises(IndexingError, match=url) as caught:
            attempt()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_a_server_that_cannot_be_reached_is_an_error_in_one_line(tmp_path: Path, url: str) -> None:
    with pytest.raises(IndexingError, match=r"Chroma at .*; check") as caught:
        VectorIndex(folder=tmp_path, url=url.format(port=free_port()), collection="onrecord-test")
    assert "\n" not in str(caught.value)
