"""A folder that the rules were not made for: who is asked, about whom, of what time, and what a draft may say of it."""

import json
from collections.abc import Iterator

import pytest

from rag import Record, open_record
from rag.times import time_notes

DOCUMENTS = {
    "council-2021.txt": (
        "Council puts off vote on the viaduct\n2021-05-12\n\n"
        "Mayor Clara Nyberg said the viaduct would cost 240 million crowns. "
        "“We will not build it without a noise wall,” Nyberg said. “The engineers have told us so twice.”\n\n"
        "Her deputy, Jonas Falk, disagreed. “The wall is a luxury,” Falk told reporters. "
        "“They should have listened to the residents.”\n"
    ),
    "council-2023.txt": (
        "Council approves the viaduct\n2023-03-07\n\n"
        "The council approved the viaduct on Friday by seven votes to two. "
        "Mayor Clara Nyberg said the viaduct would now cost 310 million crowns. "
        "“The noise wall is part of the plan,” she said.\n\n"
        "“Work will begin on Friday,” Nyberg added. Falk, who resigned as deputy mayor last year, said the council "
        "had wasted two years.\n"
    ),
    "fires-2022.txt": (
        "Fire chief warns of a dry summer\n2022-04-04\n\n"
        "Fire chief Elsa Brandt denied that her brigade would lose an engine. “Not one engine will go,” Brandt said. "
        "According to Brandt, forest fires fell by a third in 2021.\n\n"
        "A farmer from Tolvik, who did not give his name, said the wells were dry.\n"
    ),
    "interview-2023.txt": (
        "Interview with Ines Dahl of the port\n2023-06-10\n\n"
        "Question: Is it true that the viaduct will freeze every winter?\n\n"
        "Ines Dahl: No. The deck is heated. It was tested in Tolvik.\n\n"
        "Question: When will the first car cross?\n\nInes Dahl: In 2026.\n"
    ),
    "hockey-2024.txt": (
        "Bears lose their goalkeeper\n2024-02-01\n\n"
        "Bears coach Henrik Moe said goalkeeper Ivar Lunde would miss six weeks with a broken hand. "
        "“Ivar will not play before April,” Moe said. “I want him healthy.”\n\n"
        "“I hoped to play in the final,” Lunde said.\n"
    ),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The folder, indexed with the real models."""
    folder, entries = tmp_path_factory.mktemp("town"), []
    for name, text in DOCUMENTS.items():
        title, date, body = text.split("\n", 2)
        (folder / name).write_text(f"{title}\n{body}", encoding="utf-8")
        entries.append({"path": name, "date": date})
    (folder / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")
    with open_record(tmp_path_factory.mktemp("home")) as record:
        assert record.index([folder]).problems == ()
        yield record


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much did forest fires fall in 2021?", "by a third"),  # told in a document of 2022
        ("What happened to forest fires before 2022?", "by a third"),
        ("When will Ivar Lunde play again?", "before April"),  # said by another
        ("What did the fire chief say about forest fires?", "by a third"),
        ("What did Falk say about Nyberg?", "wall"),
        ("What did Nyberg say about the cost not before 2022?", "310"),
    ],
)
def test_what_is_there_is_found(town: Record, question: str, words: str) -> None:
    assert words in town.ask(question, engine="quotes").text


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What did Astrid Holm say about the viaduct?", "words of Astrid Holm"),
        ("What did Nyberg say in June 2021?", "no document that shows its date is of the time"),
        ("How much did forest fires fall in 2018?", "do not state an answer"),
    ],
)
def test_what_is_not_there_is_not_told_from_others(town: Record, question: str, reason: str) -> None:
    answer = town.ask(question, engine="quotes")
    assert answer.abstained, answer.text
    assert reason in answer.reason


def test_who_is_spoken_about_does_not_answer_for_who_speaks(town: Record) -> None:
    answer = town.ask("What did Falk say about Nyberg?", engine="quotes")
    assert {cited.speaker for cited in answer.citations} <= {"Jonas Falk", "Falk", ""}


def test_a_question_put_to_somebody_is_shown_with_the_reply(town: Record) -> None:
    answer = town.ask("Did Dahl say that the viaduct freezes every winter?", engine="quotes")
    assert "The deck is heated" in answer.text


def test_years_that_are_compared_are_both_heard(town: Record) -> None:
    found = town.ask("How did the cost of the viaduct change between 2021 and 2023?", engine="quotes")
    assert found.abstained or {cited.source.metadata.date[:4] for cited in found.citations} == {"2021", "2023"}


def test_a_weekday_is_noted_on_the_side_that_is_meant(town: Record) -> None:
    notes = {
        note
        for question in ("When will work on the viaduct begin?", "When did the council approve the viaduct?")
        for cited in town.ask(question, engine="quotes").citations
        for note in time_notes(cited)
    }
    assert notes <= {"“on Friday”: 3 March 2023", "“on Friday”: 10 March 2023", "“last year”: 2022"}
    assert "“on Friday”: 10 March 2023" in notes


@pytest.mark.parametrize(
    "draft",
    [
        "Falk said: “We will not build it without a noise wall. The engineers have told us so twice.”",
        "“They should have listened to the residents. The noise wall is part of the plan,” Nyberg said.",
        "“We never trusted the council. The noise wall is part of the plan,” Nyberg said.",
        "Brandt confirmed that her brigade would lose an engine.",
        "Forest fires fell by a third in 2022, according to Brandt.",
        "Henrik Moe ruled out Jonas Falk.",
        "The Bears bought Ivar Lunde.",
        "Falk said that the viaduct will be torn down.",
    ],
)
def test_a_draft_that_says_otherwise_is_caught(town: Record, draft: str) -> None:
    checked = town.verify(draft)
    assert checked
    assert not all(each.holds for each in checked)


@pytest.mark.parametrize(
    "draft",
    [
        "Nyberg said: “We will not build it without a noise wall. The engineers have told us so twice.”",
        "Brandt denied that her brigade would lose an engine.",
        "According to Brandt, forest fires fell by a third in 2021.",
        "In 2023, Nyberg put the cost of the viaduct at 310 million crowns.",
        "The council approved the viaduct by seven votes to two.",
    ],
)
def test_a_draft_that_says_the_same_holds(town: Record, draft: str) -> None:
    (checked,) = town.verify(draft)
    assert checked.holds, checked.reason
