"""Fixtures: a record of the bundled corpus with the real models, made once, and small ones with fakes."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from rag import Record, open_record
from rag.models import LanguageModel
from rag.record import BUNDLED_CORPUS
from rag.settings import load_settings
from tests.fakes import MissingModel, SharedWords, WordEncoder


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


# everything that could become markup or a template, in the text, the headline, the publisher and the file's name
HOSTILE_NAME = '<img src=x onerror="window.hacked=1"> [a](javascript:b).txt'
HOSTILE_TITLE = "<script>window.hacked=1</script> {{value}} ${window.hacked=1} [link](javascript:window.hacked=1)"
HOSTILE_PUBLISHER = "<b>Gazette</b>"
HOSTILE_WORDS = (
    'The <img src=x onerror="window.hacked=1"> dam of Karakum holds [all the water](javascript:window.hacked=1) of '
    "{{value}} and ${window.hacked=1} valleys <script>window.hacked=1</script>"
)


@dataclass(frozen=True)
class Served:
    """A page that is being served over the real pipeline, and its record."""

    address: str
    record: Record


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over the bundled corpus and a hostile document; its local language model is slow, and then missing."""
    from ui.page import build
    from ui.serve import free_port, launched

    folder = tmp_path_factory.mktemp("hostile")
    (folder / HOSTILE_NAME).write_text(f"“{HOSTILE_WORDS},” Anna Petrova said on Monday.\n", encoding="utf-8")
    entry = {"path": HOSTILE_NAME, "title": HOSTILE_TITLE, "publisher": HOSTILE_PUBLISHER, "date": "2021-05-03"}
    (folder / "manifest.json").write_text(json.dumps([entry]), encoding="utf-8")
    settings = load_settings(home=tmp_path_factory.mktemp("page"), engine="quotes")
    with Record(settings, language_model=MissingModel) as record:
        assert record.index([BUNDLED_CORPUS, folder]).problems == ()
        page = build(record, engine="quotes", allow_upload=True)
        address = launched(page, "127.0.0.1", free_port("127.0.0.1"), credentials=None, upload_bytes=1_000_000)
        yield Served(address, record)
        page.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail("no chromium on PATH; run `make browser`", pytrace=False)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield made
        made.close()
