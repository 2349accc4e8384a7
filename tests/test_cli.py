"""The command line: every command, its JSON lines, and errors as one line each."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.record import BUNDLED_CORPUS
from tests.fakes import SharedWords, WordEncoder
from ui.cli import main

COMMANDS = ("index", "status", "search", "ask", "chat", "serve", "answer", "verify", "eval")
REPORT = (
    "“Helicopters without markings were seen over the northern mountains,” Anna Petrova said on Wednesday.\n\n"
    "“Trade with both neighbours has grown by a third,” Petrova noted."
)
COPY = REPORT.replace("on Wednesday", "on November 27")
QUESTION = "Which helicopters without markings were seen over northern mountains?"
SOURCE = {"document", "path", "title", "publisher", "date"}
PLACE = SOURCE | {"start", "end"}
HIT = PLACE | {"id", "text", "score", "also_in"}
CITATION = PLACE | {"id", "text", "speaker", "mode", "quote", "also_in", "notes"}
ANSWER = {"id", "question", "answer", "abstained", "reason", "sentences", "citations", "engine", "seconds"}
SEARCH = {"id", "question", "hits", "seconds"}


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


def use_fakes(patch: pytest.MonkeyPatch) -> None:
    """Puts the fake models where a record builds the real ones."""
    patch.setattr("rag.record.MiniLM", lambda threads: WordEncoder())
    patch.setattr("rag.record.CrossEncoder", lambda threads: SharedWords())


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


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_of_every_command_runs(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*filter(None, [command]), "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: onrecord {command}".rstrip() in shown
    assert command or all(each in shown for each in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["search", "x", "-k", "0"], ["search", "x", "-k", "many"], ["ask"], ["ask", "x", "--engine", "y"]],
)
def test_wrong_usage_is_told_with_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith("usage: onrecord")
    assert "Traceback" not in shown
    assert "_positive" not in shown


def test_index_reports_and_lists_problems_with_exit_code_1(indexed: Run, folder: Path) -> None:
    (folder / "a.txt").unlink()
    (folder / "manifest.json").unlink()
    (folder / "empty.txt").write_text("")
    ran = indexed("index")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "0 added, 0 changed, 0 renamed, 1 removed, 1 unchanged, 1 problems; the index holds 1 documents, 1 passages",
        f"{folder / 'empty.txt'}: holds no text; if it is a scan, run text recognition first",
    ]


def test_status_shows_documents_and_settings_but_no_secret(
    indexed: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ENDPOINT_KEY", "sk-very-secret")
    ran = indexed("status")
    assert (ran.code, ran.err) == (0, "")
    assert f"home       {tmp_path / 'home'}\n" in ran.out
    assert "holds      2 documents, 2 passages\n" in ran.out
    assert f"root       {folder}\n" in ran.out
    assert f"TASS, 27 November 2019 — {folder / 'a.txt'}\n" in ran.out
    assert "setting    engine = quotes\n" in ran.out
    assert "setting    endpoint_key = **********\n" in ran.out
    assert "secret" not in ran.out


def test_status_of_an_empty_home_says_what_to_do(run: Run) -> None:
    ran = run("status")
    assert (ran.code, ran.err) == (0, "")
    assert "holds      0 documents, 0 passages\n" in ran.out
    assert "run `onrecord index`" in ran.out


def test_search_lists_hits_with_their_copies(indexed: Run, folder: Path) -> None:
    ran = indexed("search", "helicopters without markings over northern mountains", "-k", "1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1. ")
    assert len(ran.out.splitlines()) == 2
    assert "(also in " in ran.out
    assert "Helicopters without markings" in ran.out
    assert indexed("search", "helicopters", "--from", "2030-01-01") == Ran(0, "no passage matches\n", "")


def test_search_gives_one_json_object(indexed: Run, folder: Path) -> None:
    ran = indexed("search", "helicopters without markings", "--json")
    assert (ran.code, ran.err, len(ran.lines)) == (0, "", 1)
    made = ran.lines[0]
    assert set(made) == SEARCH
    assert (made["id"], made["question"]) == (None, "helicopters without markings")
    hit = made["hits"][0]
    assert set(hit) == HIT
    assert set(hit["also_in"][0]) == PLACE
    assert Path(hit["path"]).read_text()[hit["start"] : hit["end"]] == hit["text"]


def test_ask_gives_one_json_object(indexed: Run) -> None:
    ran = indexed("ask", QUESTION, "--json")
    assert (ran.code, ran.err, len(ran.lines)) == (0, "", 1)
    made = ran.lines[0]
    assert set(made) == ANSWER
    assert (made["id"], made["question"], made["abstained"], made["engine"]) == (None, QUESTION, False, "quotes")
    assert [set(each) for each in made["sentences"]] == [{"text", "citations"}] * len(made["sentences"])
    assert {each for sentence in made["sentences"] for each in sentence["citations"]} == {
        each["id"] for each in made["citations"]
    }
    for cited in made["citations"]:
        assert set(cited) == CITATION
        assert Path(cited["path"]).read_text()[cited["start"] : cited["end"]] == cited["text"]
        assert cited["quote"] in cited["text"]
        assert all(set(place) == PLACE for place in cited["also_in"])


def test_ask_shows_evidence_answer_and_citations(indexed: Run) -> None:
    ran = indexed("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("· ")
    assert ran.out.index("· ") < ran.out.index("[1]") < ran.out.index("\n[1] ")


@pytest.mark.parametrize("command", ["search", "ask", "answer"])
def test_a_filter_that_names_what_is_not_there_is_one_line_with_the_nearest(
    indexed: Run, folder: Path, command: str
) -> None:
    asked = folder / "questions.jsonl"
    asked.write_text(json.dumps({"question": QUESTION}) + "\n" + json.dumps({"question": QUESTION}) + "\n")
    words = str(asked) if command == "answer" else QUESTION
    for options, problem in (
        (("--speaker", "Petrova"), "no speaker 'Petrova' in the documents; there is Anna Petrova; give"),
        (("--publisher", "Tas"), "no publisher 'Tas' in the documents; there is TASS; give"),
        (("--document", "c.txt"), "no document 'c.txt' in the index; the nearest are "),
    ):
        ran = indexed(command, words, *options)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(f"onrecord: {problem}")
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "publishers"),
    [
        (["--publisher", "tass"], {"TASS"}),
        (["--document", "documents/a.txt"], {"TASS"}),
        (["--document", "documents/b.txt"], {""}),
        (["--document", "documents/b.txt", "--document", "documents/a.txt"], {"", "TASS"}),
        (["--speaker", "anna petrova"], {"", "TASS"}),
        (["--from", "2019-11-27", "--to", "2019-11-27"], {"TASS"}),
        (["--from", "2019-11-28"], set()),
    ],
)
def test_filters_restrict_search_and_answers(indexed: Run, options: list[str], publishers: set[str]) -> None:
    hits = indexed("search", QUESTION, "--json", *options).lines[0]["hits"]
    assert {each["publisher"] for hit in hits for each in (hit, *hit["also_in"])} == publishers
    answer = indexed("ask", QUESTION, "--json", *options).lines[0]
    assert answer["abstained"] == (not publishers)
    assert {cited["publisher"] for cited in answer["citations"]} <= publishers


def test_a_chat_can_be_held(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = iter([QUESTION, "/new", "/quit"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(waiting))
    ran = indexed("chat")
    assert (ran.code, ran.err) == (0, "")
    assert "[1] " in ran.out
    assert "A new conversation." in ran.out


def test_the_first_question_indexes_the_bundled_corpus(run: Run) -> None:
    ran = run("ask", "What did Lavrov say about Afghan helicopters?", "--json")
    assert ran.code == 0
    assert ran.err.splitlines()[0] == "no index yet: indexing the bundled corpus"
    assert ran.err.splitlines()[1].startswith("5 added, ")
    assert len(ran.err.splitlines()) == 2
    assert ran.lines[0]["citations"][0]["path"].startswith(str(BUNDLED_CORPUS))
    assert run("search", "helicopters", "--json").err == ""


def batch(*lines: object) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("command", "keys"), [(["answer", "q.jsonl"], ANSWER), (["search", "--batch", "q.jsonl", "-k", "3"], SEARCH)]
)
def test_a_batch_gives_a_line_for_each_question(indexed: Run, command: list[str], keys: set[str]) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Some."}]
    questions = [
        {"id": "one", "question": QUESTION},
        {"id": 2, "question": "And what about trade?", "history": history, "comment": "left alone"},
        {"question": "Wo — так? 🚁", "history": None},
    ]
    Path("q.jsonl").write_bytes(b"\xef\xbb\xbf" + batch(*questions[:2], b"", b"  ", questions[2]).rstrip(b"\n"))
    ran = indexed(*command)
    assert (ran.code, ran.err) == (0, "")
    assert [set(line) for line in ran.lines] == [keys] * 3
    assert [(line["id"], line["question"]) for line in ran.lines] == [
        ("one", QUESTION),
        (2, "And what about trade?"),
        (None, "Wo — так? 🚁"),
    ]
    assert "🚁" in ran.out
    if keys == SEARCH:
        assert all(set(hit) == HIT for line in ran.lines for hit in line["hits"])


def test_a_history_completes_a_follow_up(indexed: Run) -> None:
    history = [{"role": "user", "content": QUESTION}]
    stdin = batch({"question": "Who said so?", "history": history}, {"question": "Who said so?"})
    first, second = indexed("search", "--batch", "-", stdin=stdin).lines
    assert first["hits"][0]["score"] > second["hits"][0]["score"]  # the words of the earlier question count too


def test_questions_are_read_from_standard_input(indexed: Run) -> None:
    stdin = batch({"id": "x", "question": QUESTION})
    for command in (["answer", "-"], ["search", "--batch", "-"]):
        ran = indexed(*command, stdin=stdin)
        assert (ran.code, ran.err, [line["id"] for line in ran.lines]) == (0, "", ["x"])


BAD_LINES = {
    "broken": (b'{"question": ', "not JSON"),
    "no object": (b'["question"]', 'has no "question"'),
    "no question": ({"id": "bad"}, 'has no "question"'),
    "question no string": ({"question": 5}, 'has no "question"'),
    "not UTF-8": (b'{"question": "\xff"}', "not JSON"),
    "half a character": (b'{"question": "\\ud800"}', "not JSON"),
    "too deep": (b"[" * 100_000, "not JSON"),
    "empty question": ({"question": " "}, "the question is empty"),
    "long question": ({"question": "x" * 100_000}, "100,000 characters"),
    "history no list": ({"question": "Why?", "history": "x"}, '"history" is not a list'),
    "history an object": ({"question": "Why?", "history": {"role": "user", "content": "x"}}, '"history" is not a list'),
    "history of strings": ({"question": "Why?", "history": ["x"]}, '"history" is not a list'),
    "history without content": ({"question": "Why?", "history": [{"role": "user"}]}, '"history" is not a list'),
    "history with null": (
        {"question": "Why?", "history": [{"role": "user", "content": None}]},
        '"history" is not a list',
    ),
}


@pytest.mark.parametrize("command", [["answer"], ["search", "--batch"]], ids=["answer", "search"])
@pytest.mark.parametrize(("bad", "message"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_cannot_be_asked_is_named_and_the_others_are_answered(
    indexed: Run, command: list[str], bad: object, message: str
) -> None:
    Path("q.jsonl").write_bytes(batch({"id": 1, "question": QUESTION}, bad, b"", {"id": 3, "question": QUESTION}, bad))
    ran = indexed(*command, "q.jsonl")
    assert ran.code == 1
    assert [line["id"] for line in ran.lines] == [1, 3]
    assert len(ran.err.splitlines()) == 2
    for line, number in zip(ran.err.splitlines(), (2, 5), strict=True):
        assert line.startswith(f"q.jsonl, line {number}: ")
        assert message in line


BAD_COMMANDS: dict[str, tuple[list[str], str]] = {
    "search without words": (["search"], "no words to search for"),
    "empty question": (["ask", ""], "the question is empty"),
    "question of signs": (["ask", "?!", "--json"], "the question is empty"),
    "long question": (["ask", "x" * 100_000], "100,000 characters"),
    "long search": (["search", "x" * 100_000], "100,000 characters"),
    "month 13": (["ask", QUESTION, "--from", "2019-13-01"], "'2019-13-01' is not a date like 2019-11-27"),
    "short date": (["search", "x", "--to", "2019-1-5"], "'2019-1-5' is not a date like 2019-11-27"),
    "week": (["answer", "-", "--from", "2019-W48-3"], "'2019-W48-3' is not a date"),
    "words for a date": (["chat", "--to", "yesterday"], "'yesterday' is not a date"),
    "missing folder": (["index", "nowhere"], "nowhere: there is no such file or folder"),
    "empty folder": (["index", "empty"], "no documents"),
    "unknown kind": (["index", "picture.png"], "no reader for '.png'"),
    "missing questions": (["answer", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
    "missing batch": (["search", "--batch", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
    "folder for questions": (["answer", "empty"], "empty: cannot be read"),
    "home is a file": (["status", "--home", "picture.png"], "choose another --home"),
    "long document": (["search", "?", "--document", "x" * 5000], "the question is empty"),
    "open to others": (["serve", "--host", "0.0.0.0"], "set ONRECORD_AUTH=user:password"),
    "half a password": (["serve", "--auth", "anna"], "is not of the form user:password"),
    "no text": (["ask", "caf\udce9"], r"'caf\udce9' is not text"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD_COMMANDS.values(), ids=BAD_COMMANDS)
def test_an_error_is_one_line_on_stderr_and_exit_code_1(
    indexed: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    ran = indexed(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("onrecord: ")
    assert message in ran.err


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ONRECORD_ENGINE", "oracle", "setting engine 'oracle'"),
        ("ONRECORD_HITS", "0", "setting hits '0'"),
        ("ONRECORD_CONFIG", "nowhere.toml", "ONRECORD_CONFIG names 'nowhere.toml'"),
        ("ONRECORD_CHROMA_URL", "http://127.0.0.1:9", "Chroma at http://127.0.0.1:9"),
        ("ONRECORD_CHROMA_URL", "localhost", "Chroma at localhost"),
        ("ONRECORD_PASSAGE_TOKENS", "64", "run `onrecord index`"),
    ],
)
def test_a_wrong_setting_is_one_line_on_stderr(
    indexed: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    ran = indexed("ask", QUESTION)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert message in ran.err


def test_an_interrupt_is_one_line_on_stderr(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.record.Record.search", interrupt)
    assert indexed("search", "x") == Ran(1, "", "onrecord: stopped; what was finished is kept\n")


GOOD = "Anna Petrova said that “trade with both neighbours has grown by a third”."
BAD = "“Trade with both neighbours has grown by a half,” Petrova said."


@pytest.mark.parametrize(("draft", "code"), [(GOOD, 0), (f"# Trade\n\n{GOOD} Is it so?\n\n- {BAD}\n", 1)])
def test_a_draft_is_verified_with_json(indexed: Run, draft: str, code: int) -> None:
    Path("draft.md").write_text(draft)
    ran = indexed("verify", "draft.md", "--json")
    assert (ran.code, ran.err, len(ran.lines)) == (code, "", 1)
    made: Any = ran.lines[0]
    assert [each["text"] for each in made] == [GOOD, BAD][: code + 1]
    assert all(set(each) == {"text", "verdict", "reason", "quotes", "citations"} for each in made)
    assert [each["verdict"] for each in made] == ["supported", "unsupported"][: code + 1]
    assert [set(quote) for each in made for quote in each["quotes"]] == [{"text", "verdict"}] * (code + 1)
    assert {frozenset(cited) for each in made for cited in each["citations"]} == {frozenset(CITATION)}


def test_a_draft_is_verified_in_a_readable_report(indexed: Run) -> None:
    Path("draft.md").write_text(f"{GOOD}\n\n{BAD}\n")
    ran = indexed("verify", "draft.md")
    assert (ran.code, ran.err) == (1, "")
    assert f"✓ {GOOD}\n" in ran.out
    assert f"✗ {BAD}\n" in ran.out
    assert "not found; no document has these words" in ran.out
    assert ran.out.endswith("2 sentences: 0 verbatim, 1 supported, 1 unsupported\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "draft.md: cannot be read"),
        (b" \n", "the draft is empty"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a\x00b", "is not text"),
        (b"word " * 5_000_000, "25.0 MB, more than 20"),
    ],
)
def test_a_draft_that_cannot_be_checked_is_one_line_and_exit_code_2(
    indexed: Run, content: bytes | None, message: str
) -> None:
    if content is not None:
        Path("draft.md").write_bytes(content)
    ran = indexed("verify", "draft.md")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert message in ran.err


def test_a_draft_needs_an_index(run: Run) -> None:
    Path("draft.md").write_text(GOOD)
    ran = run("verify", "draft.md")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "is empty; run `onrecord index" in ran.err


NOBODY_READS = """
import os, sys, pytest
from tests.test_cli import QUESTION, use_fakes
from ui.cli import main

use_fakes(pytest.MonkeyPatch())
for arguments in (["status"], ["ask", QUESTION], ["answer", "q.jsonl"]):
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, 1)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    try:
        assert main(arguments) == 1
    except SystemExit as ended:  # rich ends the process itself
        assert ended.code == 1
sys.exit(3)
"""


def test_a_reader_that_has_enough_ends_a_command_quietly(indexed: Run) -> None:
    Path("q.jsonl").write_bytes(batch({"question": QUESTION}) * 3)
    environment = {**os.environ, "PYTHONPATH": str(BUNDLED_CORPUS.parent.parent)}
    command = [sys.executable, "-c", NOBODY_READS]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (3, "")


def test_a_terminal_that_is_not_unicode_gets_what_it_can_show(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for option, shown in (("--json", b'"helicopters \\u2014 mountains"'), ("-k1", b"?Helicopters without markings")):
        with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as ascii_only:
            monkeypatch.setattr("sys.stdout", ascii_only)
            assert main(["search", "helicopters — mountains", option]) == 0
            assert shown in ascii_only.buffer.getvalue()  # type: ignore[attr-defined]


def test_a_fresh_process_with_the_real_models_answers_from_the_bundled_corpus(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "ask", "What did Lavrov say about Afghan helicopters?", "--json"]
    environment = {**os.environ, "ONRECORD_HOME": str(tmp_path / "home"), "ONRECORD_ENGINE": "quotes"}
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=BUNDLED_CORPUS.parent.parent, check=False
    )
    first, second = ended.stderr.splitlines()  # no library says anything beside
    assert (ended.returncode, first) == (0, "no index yet: indexing the bundled corpus")
    assert second.startswith("5 added, ")
    answer = json.loads(ended.stdout)
    assert "elicopters" in answer["answer"]
    for cited in answer["citations"]:
        text = Path(cited["path"]).read_text(encoding="utf-8")
        assert text[cited["start"] : cited["end"]] == cited["text"]
