"""Batches on the command line: a line for each question; one that cannot be asked is named."""

from pathlib import Path

import pytest

from tests.commands import ANSWER, HIT, QUESTION, SEARCH, Run, batch


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
