"""Fixtures: records with real models and with fakes, files as documents, commands, and the page in a browser."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from rag import Record, open_record
from rag.documents import load_file, read_document
from rag.manifest import Entry, Manifest
from rag.models import LanguageModel
from rag.record import BUNDLED_CORPUS
from rag.settings import load_settings
from rag.types import Document
from tests.commands import COPY, REPORT, Ran, Run
from tests.fakes import MissingModel, SharedWords, WordEncoder, use_fakes
from tests.indexes import HELICOPTERS, TANKS, Make, report, write
from tests.pages import REPORT as REPORT_OF_THE_PAGE
from tests.visits import SECONDS_30
from ui.cli import main
from ui.desk import Desk

# the first example of a test may have to load what the others find loaded
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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
def fake_record(tmp_path: Path) -> Iterator[Make]:
    """Makes records with fake models in one home: `fake_record()`, or with a language model."""
    opened: list[Record] = []

    def make(language_model: LanguageModel | None = None, **settings: object) -> Record:
        record = Record(
            load_settings(home=tmp_path / "home", **{"entailment": False, **settings}),
            encoder=WordEncoder(),
            relevance=SharedWords(),
            language_model=(lambda: language_model) if language_model else None,
        )
        opened.append(record)
        return record

    yield make
    for record in opened:
        record.close()


@pytest.fixture
def desk(fake_record: Make, folder: Path) -> Desk:
    """A desk over one report, with fake models."""
    (folder / "a.txt").write_text(REPORT_OF_THE_PAGE)
    (folder / "manifest.json").write_text('[{"path": "a.txt", "publisher": "TASS", "date": "2019-11-27"}]')
    record = fake_record(engine="quotes")
    record.index([folder])
    return Desk(record)


@pytest.fixture
def record(folder: Path, fake_record: Make) -> Record:
    """An index of two documents."""
    write(folder, a=HELICOPTERS, b=TANKS)
    made = fake_record()
    assert made.index([folder]) == report(added=2)
    return made


@pytest.fixture
def read(folder: Path) -> Callable[..., Document]:
    """Writes a file and reads it as a document."""

    def reading(name: str, content: bytes, *, entry: Entry | None = None) -> Document:
        path = folder / name
        path.write_bytes(content)
        manifest = Manifest({path: entry} if entry else {}, ())
        return read_document(load_file(path, manifest=manifest, max_megabytes=1))

    return reading


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with fake models in a home of its own."""
    use_fakes(monkeypatch)
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ONRECORD_ENGINE", "quotes")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, stdin: bytes = b"") -> Ran:
        with io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8") as given:
            monkeypatch.setattr("sys.stdin", given)
            code = main(arguments)
        return Ran(code, *capsys.readouterr())

    return command


@pytest.fixture
def indexed(run: Run, folder: Path) -> Run:
    """As run, in a home with a report and its copy."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "b.txt").write_text(COPY)
    (folder / "manifest.json").write_text('[{"path": "a.txt", "publisher": "TASS", "date": "2019-11-27"}]')
    assert run("index", str(folder)) == Ran(
        0,
        "",
        "2 added, 0 changed, 0 renamed, 0 removed, 0 unchanged, 0 problems; the index holds 2 documents, 2 passages\n",
    )
    return run


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


@pytest.fixture
def visit(served: Served, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page as a new visitor; afterwards no request has left the host and no script has failed."""
    contexts, requests, errors = [], [], []

    def opened(path: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(SECONDS_30)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.address + path)
        page.wait_for_selector(".greeting, .exchange")
        return page

    yield opened
    for context in contexts:
        context.close()
    elsewhere = [url for url in requests if not url.startswith((served.address, "blob:", "data:"))]
    assert (elsewhere, errors) == ([], [])
