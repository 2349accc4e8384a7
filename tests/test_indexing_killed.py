"""Indexing in several processes: killed at any moment it loses nothing, and two at once take turns."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from llama_index.vector_stores.chroma import ChromaVectorStore

from rag import Record, indexing
from rag.catalog import Catalog
from rag.indexing import Report
from rag.models import Vectors
from rag.nodes import as_node
from rag.sentences import sentence_spans
from rag.settings import load_settings
from rag.vectors import VectorIndex
from tests.fakes import SharedWords, WordEncoder

FILES = 400
KILLS = 10
BATCH = 4  # passages, so that a run has a hundred batches to be killed in
PAUSE = 0.03  # seconds a batch
LONGEST_LIFE = 0.5  # seconds from the first file on: ten such runs do not finish the work
SEED = 20260101
# a process that is forked from one with everything imported starts in an instant
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])
# what indexing imports on demand
IMPORTED = (ChromaVectorStore, as_node, sentence_spans("Some words.", 0, 11))


class SlowEncoder(WordEncoder):
    """Takes a moment for every batch."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(PAUSE)
        return super().encode(texts)


@dataclass(frozen=True, slots=True)
class State:
    """What a process that opens the home finds."""

    names: list[str]
    passages: list[str]
    vectors: list[str]
    found: bool
    unfinished: bool


def opened(home: Path) -> Record:
    return Record(load_settings(home=home), encoder=SlowEncoder(), relevance=SharedWords())


def run(home: Path, folder: Path, channel: Connection) -> None:
    """Indexes: sends "begun" at the first file, "waits" where it has to, and its report."""
    indexing.BATCH_PASSAGES = BATCH
    begun: list[bool] = []

    def on_progress(step: indexing.Progress) -> None:
        if not begun:
            begun.append(True)
            channel.send("begun")

    with opened(home) as record:
        channel.send(record.index([folder], on_progress=on_progress, on_wait=lambda: channel.send("waits")))


def run_until(home: Path, folder: Path, point: str, channel: Connection) -> None:
    """Indexes and kills itself as soon as a step is done, for example "VectorIndex.add"."""
    name, method = point.split(".")
    owner = {"VectorIndex": VectorIndex, "Catalog": Catalog}[name]
    done = getattr(owner, method)

    def last(*arguments: Any, **named: Any) -> None:
        done(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, method, last)
    run(home, folder, channel)


def look(home: Path, channel: Connection) -> None:
    """Sends the State of the home; the search is for the first document that is listed."""
    with opened(home) as record:
        names = sorted(Path(path).stem for path in record.catalog.paths())
        hits = record.search(text(names[0]), limit=1) if names else []
        channel.send(
            State(
                names,
                sorted(record.catalog.passage_ids()),
                sorted(record.vectors._collection.get(include=[])["ids"]),
                bool(hits) and Path(hits[0].source.path).stem == names[0],
                record.catalog.setting("unfinished") != "",
            )
        )


Start = Callable[..., tuple[BaseProcess, Connection]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a function in a process; what it sends is received from the connection."""
    started: list[tuple[BaseProcess, Connection]] = []

    def begin(work: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
        here, there = processes.Pipe(duplex=False)
        process = processes.Process(target=work, args=(*arguments, there))
        process.start()
        there.close()
        started.append((process, here))
        return process, here

    yield begin
    for process, channel in started:
        process.kill()
        process.join()
        process.close()
        channel.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def text(name: str) -> str:
    """Words that no other file has, so that none is its near-duplicate."""
    return "Seen were " + " ".join(f"{name}{letter}" for letter in "abcdefghij") + "."


def fill(folder: Path, first: int, last: int) -> list[str]:
    names = [f"n{number:04}" for number in range(first, last)]
    for name in names:
        (folder / f"{name}.txt").write_text(text(name))
    return names


def state(start: Start, home: Path) -> State:
    _, channel = start(look, home)
    seen = channel.recv()
    assert isinstance(seen, State)
    return seen


def test_a_run_killed_at_random_moments_loses_and_doubles_nothing(start: Start, home: Path, folder: Path) -> None:
    moments = random.Random(SEED)
    names = fill(folder, 0, FILES)
    held: set[str] = set()
    for _ in range(KILLS):
        process, channel = start(run, home, folder)
        assert channel.recv() == "begun"
        time.sleep(moments.uniform(0, LONGEST_LIFE))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        after = state(start, home)
        assert held <= set(after.names)  # what was finished is kept
        assert set(after.passages) <= set(after.vectors)  # what is listed is complete
        assert after.found or not after.names
        assert after.unfinished
        held = set(after.names)
    assert 0 < len(held) < FILES

    _, channel = start(run, home, folder)
    assert channel.recv() == "begun"
    assert channel.recv() == Report(FILES - len(held), 0, 0, 0, len(held), ())
    complete = state(start, home)
    assert complete.names == names
    assert complete.passages == complete.vectors
    assert len(complete.passages) == len(set(complete.vectors)) == FILES
    assert complete.found
    assert not complete.unfinished


@pytest.mark.parametrize(
    "point",
    ["VectorIndex.add", "Catalog.add_document", "Catalog.remove_unreferenced", "VectorIndex.remove"],
)
def test_a_run_killed_between_the_stores_is_completed_by_the_next(
    start: Start, home: Path, folder: Path, point: str
) -> None:
    fill(folder, 0, 12)
    _, channel = start(run, home, folder)
    assert [channel.recv(), channel.recv()][1] == Report(12, 0, 0, 0, 0, ())
    names = [*(f"n{number:04}" for number in range(4, 12)), *fill(folder, 20, 28)]
    for number in range(4):
        (folder / f"n{number:04}.txt").unlink()
    (folder / "n0004.txt").write_text(f"{text('n0004')} And more.")

    process, _ = start(run_until, home, folder, point)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert state(start, home).found

    process, _ = start(run, home, folder)
    process.join()
    after = state(start, home)
    assert after.names == names
    assert after.passages == after.vectors
    assert len(after.passages) == 16


def test_runs_at_once_take_turns_and_say_so(start: Start, home: Path, folder: Path) -> None:
    names = fill(folder, 0, 200)
    channels = [start(run, home, folder)[1] for _ in range(4)]
    said: list[list[object]] = [[] for _ in channels]
    for channel, heard in zip(channels, said, strict=True):
        while not heard or not isinstance(heard[-1], Report):
            heard.append(channel.recv())
    first, *others = sorted(said, key=lambda heard: "waits" in heard)
    assert first == ["begun", Report(200, 0, 0, 0, 0, ())]
    assert others == [["waits", Report(0, 0, 0, 0, 200, ())]] * 3
    after = state(start, home)
    assert after.names == names
    assert after.passages == after.vectors
    assert len(after.passages) == 200


def test_a_search_works_while_another_process_indexes(start: Start, home: Path, folder: Path) -> None:
    fill(folder, 0, 8)
    start(run, home, folder)[0].join()
    fill(folder, 8, 208)
    process, channel = start(run, home, folder)
    assert channel.recv() == "begun"
    during = state(start, home)
    assert process.is_alive()
    assert during.found
    assert during.unfinished
