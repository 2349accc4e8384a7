"""The terminal: text is shown as text, evidence comes before the answer, a conversation obeys its commands."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from rag import Answer, Conversation, Finished, Found, Record, Turn
from rag.errors import ModelError
from rag.evidence import Findings
from rag.questions import inquiry
from tests.builders import evidence
from tests.fakes import ScriptedModel
from tests.indexes import Make
from ui.terminal import GREETING, chat, note, plain, show

# steers a terminal: red, clear screen, title, bell, C1 escape, backspace, right-to-left override
STEERING = "\x1b[31m\x1b[2J\x1b]0;title\x07\x9b31m\x08\u202e\u2066"
MARKUP = "[bold]x[/bold] [link=http://example.com]y[/link] [/] <script>alert(1)</script> :smile: ${HOME}"
QUESTION = "Which helicopters without markings were seen over northern mountains?"
# with enough other text not to be taken for a binary file
OTHER = "\n\n".join(
    f"Trade with neighbour number {number} has grown by a third within one year." for number in range(15)
)
REMARK = (
    f"“Helicopters {STEERING} without markings {MARKUP} were seen over the northern mountains,” Petrova said on Monday."
)
TEXT = f"{REMARK}\n\n{OTHER}"
STEERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(screen: io.StringIO) -> Console:
    """A console that is no terminal: every control character in its output comes from a text."""
    return Console(file=screen, width=10_000)


@pytest.fixture
def indexed(folder: Path, fake_record: Make) -> Make:
    """Makes records of a home whose document, file name and publisher try to steer the terminal."""
    inner = folder / f"{MARKUP.replace('/', '∕')}"
    inner.mkdir()
    named = inner / "a\x1b[2J[red]\nz.txt"
    named.write_text(TEXT, encoding="utf-8")
    (inner / "b.txt").write_text(TEXT.replace("Petrova", "Anna Petrova"), encoding="utf-8")
    entry = {"path": str(named.relative_to(folder)), "publisher": f"TASS\x1b[2J {MARKUP}"}
    (folder / "manifest.json").write_text(json.dumps([entry]))
    record = fake_record()
    assert record.index([folder]).problems == ()
    return fake_record


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as it stands, “так”", "as it stands, “так”"),
        (" two\nlines\tand  more ", "two lines and more"),
        (STEERING, "[31m[2J]0;title31m"),
        (MARKUP, MARKUP),
        ("a\u2028b\x85c\x0bd\x00e", "a b c de"),
    ],
)
def test_plain_keeps_words_and_takes_control_characters_out(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_note_is_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    note(f"first\nsecond {STEERING}")
    assert capsys.readouterr() == ("", "first second [31m[2J]0;title31m\n")


@pytest.mark.parametrize("engine", ["quotes", "local"])
def test_texts_and_names_cannot_steer_the_terminal(
    indexed: Make, console: Console, screen: io.StringIO, engine: str
) -> None:
    model = ScriptedModel("", error=ModelError(f"the model broke {STEERING} {MARKUP}"))
    answer = show(indexed(model).stream(QUESTION, engine=engine), console)
    shown = screen.getvalue()
    assert not answer.abstained
    assert STEERS.findall(shown) == []
    assert shown.count(MARKUP) >= 6  # text and publisher in evidence, answer and citation
    assert f"{MARKUP.replace('/', '∕')}/a[2J[red] z.txt" in shown
    assert ("Note: the model broke" in shown) == (engine == "local")


def test_an_abstention_cannot_steer_the_terminal(
    indexed: Make, console: Console, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.answering.reason_to_abstain", lambda seen: "too weak")
    answer = show(indexed().stream(QUESTION, engine="quotes"), console)
    shown = screen.getvalue()
    assert answer.abstained
    assert "The corpus does not say. (too weak)" in shown
    assert "nearest: " in shown
    assert MARKUP in shown
    assert STEERS.findall(shown) == []


def test_evidence_comes_before_the_answer_and_citations_after(
    indexed: Make, console: Console, screen: io.StringIO
) -> None:
    seen: list[str] = []

    def watched() -> Iterator[object]:
        for event in indexed().stream(QUESTION, engine="quotes"):
            yield event
            seen.append(screen.getvalue())

    answer = show(watched(), console)  # type: ignore[arg-type]
    assert seen[0].startswith("· ")
    assert "[1]" not in seen[0]
    assert plain(answer.sentences[0].text) in seen[1]
    lines = [line for line in screen.getvalue().splitlines() if line]
    kinds = [line[:1] for line in lines]
    assert kinds.index("·") < lines.index(next(line for line in lines if line.endswith("[1]")))
    cited = answer.citations[0]
    place = f":{cited.quote_start}-{cited.quote_start + len(cited.quote)}"
    assert any(line.startswith("[1] ") and place in line for line in lines)


def test_every_citation_of_the_answer_is_numbered_and_listed(
    corpus_record: Record, console: Console, screen: io.StringIO
) -> None:
    answer = show(corpus_record.stream("What did Lavrov say about Afghan helicopters?", engine="quotes"), console)
    said, listed = screen.getvalue().split("\n\n")[-2:]
    numbers = [str(number) for number in range(1, len(answer.citations) + 1)]
    assert sorted(set(re.findall(r"\[(\d+)\]", said))) == numbers
    assert re.findall(r"^\[(\d+)\]", listed, re.MULTILINE) == numbers
    assert "One occasion, Bishkek, 27 November 2019: [1], [2]; 2 accounts; [1] first-hand" in listed.splitlines()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[str]], None]:
    """Sets what is typed, line by line; after it the input ends."""

    def type_in(lines: Iterable[str]) -> None:
        waiting = iter(lines)

        def answer(prompt: str = "") -> str:
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", answer)

    return type_in


Typed = Callable[[Iterable[str]], None]


def test_a_chat_answers_and_remembers(indexed: Make, console: Console, screen: io.StringIO, typed: Typed) -> None:
    conversation = Conversation(indexed(), "quotes")
    typed([QUESTION, "", "  "])
    chat(conversation, console)
    assert screen.getvalue().startswith(GREETING)
    assert "[1] " in screen.getvalue()
    assert [turn.role for turn in conversation.turns] == ["user", "assistant"]


def test_new_forgets_the_conversation_and_quit_ends_it(
    indexed: Make, console: Console, screen: io.StringIO, typed: Typed
) -> None:
    conversation = Conversation(indexed(), "quotes", turns=[Turn("user", "Earlier?"), Turn("assistant", "Yes.")])
    typed(["/new", " /quit ", QUESTION])
    chat(conversation, console)
    assert conversation.turns == []
    assert "A new conversation." in screen.getvalue()
    assert "[1] " not in screen.getvalue()


def test_an_error_is_one_line_and_the_chat_goes_on(
    indexed: Make, console: Console, screen: io.StringIO, typed: Typed
) -> None:
    conversation = Conversation(indexed(), "quotes")
    typed(["?!", "x" * 100_000, QUESTION])
    chat(conversation, console)
    lines = screen.getvalue().splitlines()
    assert "the question is empty; type one" in lines[1]
    assert "100,000 characters" in lines[2]
    assert "[1] " in screen.getvalue()
    assert len(conversation.turns) == 2


def test_an_interrupt_stops_the_answer_not_the_chat(
    indexed: Make, console: Console, screen: io.StringIO, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = indexed()
    stream = record.stream

    def interrupted(question: str, **options: object) -> Iterator[object]:
        if question == "Stop?":
            raise KeyboardInterrupt
        return stream(question, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(record, "stream", interrupted)
    conversation = Conversation(record, "quotes")
    typed(["Stop?", QUESTION])
    chat(conversation, console)
    assert "stopped" in screen.getvalue()
    assert [turn.content for turn in conversation.turns if turn.role == "user"] == [QUESTION]


def test_a_second_look_shows_what_is_new(console: Console, screen: io.StringIO) -> None:
    old, new = evidence("Ships sail.", document="d1"), evidence("Barges sink.", document="d2")
    asked = inquiry("What sank?", (), max_characters=200)
    last = Answer("What sank?", "What sank?", True, "nothing", (), (), (), "quotes", 0.1)
    looks = [Found(asked, Findings((), (tuple(old),)), reads_on=True), Found(asked, Findings((), ((*new, *old),)))]
    show(iter([*looks, Finished(last)]), console)
    shown = screen.getvalue()
    assert [shown.count(text) for text in ("Ships sail.", "Barges sink.")] == [1, 1]
    assert shown.index("Ships") < shown.index("Barges")
