"""Errors of the command line: one line each on stderr."""

from pathlib import Path

import pytest

from tests.commands import QUESTION, Ran, Run

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
