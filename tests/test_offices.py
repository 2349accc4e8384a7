"""Offices: whom "the mayor" of a question means."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Filter, Record
from rag.offices import with_name
from rag.questions import inquiry

BRIDGE = (
    "“The bridge is safe for lorries of every kind,” Anna Lee said on Monday.\n\n"
    "“The bridge is a ruin and a danger to all,” Tom Hart said on Monday.\n"
)
INTRODUCED = "Mayor Anna Lee opened the new library.\n\nTom Hart, the former mayor of Ashford, stayed away.\n"
APPOSED = "Anna Lee, the mayor of Ashford, opened the new library. Then she went home.\n"
OTHER = "Tom Hart, the mayor of Elmsford, opened a school.\n"


@pytest.fixture
def asked(fake_record: Callable[..., Record], folder: Path) -> Callable[..., str]:
    """Indexes texts and gives a question as it is searched in them."""

    def ask(question: str, *texts: str) -> str:
        for number, text in enumerate((BRIDGE, *texts)):
            (folder / f"{number}.txt").write_text(text)
        record = fake_record()
        record.index([folder])
        read, restriction = with_name(inquiry(question, [], max_characters=200), record.catalog)
        assert restriction.is_empty
        assert read.topic == read.standalone
        return read.standalone

    return ask


@pytest.mark.parametrize("introduction", [INTRODUCED, APPOSED, "Ashford mayor Anna Lee waved.\n"])
@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the mayor say about the bridge?", "What did Anna Lee say about the bridge?"),
        ("According to the mayor, is the bridge safe?", "According to Anna Lee, is the bridge safe?"),
        ("What is the mayor's view of the bridge?", "What is Anna Lee's view of the bridge?"),
        ("What did the council say about the mayor?", "What did the council say about the mayor?"),
        ("Who is the mayor?", "Who is the mayor?"),
        ("What did the governor say about the bridge?", "What did the governor say about the bridge?"),
        ("What did the deputy mayor say?", "What did the deputy mayor say?"),
    ],
)
def test_an_office_with_one_holder_is_taken_for_the_name(
    asked: Callable[..., str], introduction: str, question: str, named: str
) -> None:
    assert asked(question, introduction) == named


def test_an_office_with_two_holders_stays_unless_the_place_tells_them_apart(asked: Callable[..., str]) -> None:
    question = "What did the mayor say about the bridge?"
    assert asked(question, APPOSED, OTHER) == question
    assert asked("What did the mayor of Elmsford say?", APPOSED, OTHER) == "What did Tom Hart say?"


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Moss opened a school.\n",  # by surname alone
        "The mayor of Elmsford, Ida Moss, opened a school.\n",
        "Ida Moss is the new mayor of Elmsford.\n",
    ],
)
def test_whoever_is_called_so_counts_as_another(asked: Callable[..., str], text: str) -> None:
    question = "What did the mayor say about the bridge?"
    assert asked(question, APPOSED) == "What did Anna Lee say about the bridge?"
    assert asked(question, APPOSED, text) == question


def test_the_secretary_of_a_president_is_no_president(asked: Callable[..., str]) -> None:
    text = "The press secretary of the President of the Ashford Federation Anna Lee waved, as did the mayor’s driver.\n"
    assert asked("What did the president say?", text) == "What did the president say?"
    assert asked("What did the mayor say?", text) == "What did the mayor say?"
    assert asked("What did the press secretary say?", text) == "What did Anna Lee say?"


def test_a_holder_who_does_not_speak_is_nobody(asked: Callable[..., str]) -> None:
    question = "What did the mayor say about the bridge?"
    assert asked(question, "Mayor Ida Moss opened the new library.\n") == question


def test_the_words_of_the_holder_answer(fake_record: Callable[..., Record], folder: Path) -> None:
    (folder / "a.txt").write_text(BRIDGE)
    (folder / "b.txt").write_text(INTRODUCED)
    record = fake_record()
    record.index([folder])
    answer = record.ask("What did the mayor say about the bridge?", engine="quotes")
    assert {cited.speaker for cited in answer.citations} == {"Anna Lee"}


OFFICE = "the Norwegian minister"
SPEECH = "I say that the dam of {year} is ours.\n\nWe built it, and I thank our workers for the dam.\n"


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did the Norwegian minister say about the dam in 1998?", ("Anna Berg",)),
        ("What did the Norwegian minister say since 1999?", ("Nils Dahl",)),
        ("What did the Norwegian minister say before 1999?", ("Anna Berg",)),
        ("What did the Norwegian minister say about the ministers in 1998?", ("Anna Berg",)),
        ("What did the Norwegian minister say about the dam?", ("Anna Berg", "Nils Dahl")),
        ("What did the Norwegian president say about the dam?", ()),
        ("What did the Danish minister say about the dam?", ()),
    ],
)
def test_an_office_is_found_in_the_titles_of_speeches(
    fake_record: Callable[..., Record], folder: Path, question: str, speakers: tuple[str, ...]
) -> None:
    entries = []
    for year, name in (("1998", "Anna Berg"), ("1999", "Nils Dahl")):
        (folder / f"{year}.txt").write_text(SPEECH.format(year=year))
        title = f"Statement by {name}, Minister for Foreign Affairs, Norway, General Debate"
        entries.append({"path": f"{year}.txt", "title": title, "date": year})
    (folder / "manifest.json").write_text(json.dumps(entries))
    record = fake_record()
    record.index([folder])
    read, restriction = with_name(inquiry(question, [], max_characters=200), record.catalog)
    named = question.replace(OFFICE, speakers[0]) if len(speakers) == 1 else question
    assert read.standalone == named
    assert restriction.speakers == (speakers if len(speakers) > 1 else ())


@pytest.mark.parametrize(
    "title",
    [
        "Foreign Minister Anna Berg’s remarks at the Norwegian Academy",
        "Remarks by Anna Berg with the Minister of Norway",
        "Statement by Anna Berg, Deputy Minister for Foreign Affairs, Norway",
    ],
)
def test_a_title_that_only_mentions_an_office_names_no_holder(
    fake_record: Callable[..., Record], folder: Path, title: str
) -> None:
    (folder / "a.txt").write_text(SPEECH.format(year="1998"))
    (folder / "manifest.json").write_text(json.dumps([{"path": "a.txt", "title": title}]))
    record = fake_record()
    record.index([folder])
    question = inquiry(f"What did {OFFICE} say?", [], max_characters=200)
    assert with_name(question, record.catalog) == (question, Filter())
