"""The command line: every command, its filters and its JSON."""

import json
import re
from pathlib import Path

import pytest

from rag.record import BUNDLED_CORPUS
from tests.commands import ANSWER, CITATION, HIT, PLACE, QUESTION, SEARCH, Ran, Run
from ui.cli import main

COMMANDS = ("index", "status", "search", "ask", "chat", "serve", "answer", "verify", "eval")


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
    assert re.search(r"^local      \w", ran.out, re.MULTILINE)
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
    assert [set(each) for each in made["sentences"]] == [{"text", "citations", "verdict"}] * len(made["sentences"])
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


def test_index_tells_of_files_that_it_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tea is cheap. So is coffee.", encoding="utf-8")
    (tmp_path / "b.csv").write_text("tea,1", encoding="utf-8")
    ran = run("index", str(tmp_path))
    assert (ran.code, ran.err.splitlines()[1:]) == (0, ["files of other kinds, left out: 1 .csv"])


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
    assert re.fullmatch(r"no index yet in \S+: indexing the bundled corpus", ran.err.splitlines()[0])
    assert ran.err.splitlines()[1].startswith("5 added, ")
    assert len(ran.err.splitlines()) == 2
    assert ran.lines[0]["citations"][0]["path"].startswith(str(BUNDLED_CORPUS))
    assert run("search", "helicopters", "--json").err == ""
