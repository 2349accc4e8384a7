"""Fixtures: a record of the bundled corpus with the real models, made once, and small ones with fakes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag import Record, open_record
from rag.models import LanguageModel
from rag.settings import load_settings
from tests.fakes import SharedWords, WordEncoder


@pytest.fixture(scope="session")
def corpus_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The five documents, indexed with the real embedder."""
    with open_record(tmp_path_factory.mktemp("home")) as record:
        record.index()
        yield record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for documents."""
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def fake_record(tmp_path: Path) -> Iterator[Callable[..., Record]]:
    """Makes records with fake models in one home: `fake_record()`, or with a language model."""
    opened: list[Record] = []

    def make(language_model: LanguageModel | None = None, **settings: object) -> Record:
        record = Record(
            load_settings(home=tmp_path / "home", **settings),
            encoder=WordEncoder(),
            relevance=SharedWords(),
            language_model=(lambda: language_model) if language_model else None,
        )
        opened.append(record)
        return record

    yield make
    for record in opened:
        record.close()
