"""Parts: what a question asks one after the other is searched one by one, where each part has a topic of its own."""

import pytest

from rag.parts import parts
from rag.questions import inquiry
from rag.types import Turn


def told(question: str, *before: Turn) -> list[str]:
    read = inquiry(question, before, max_characters=400)
    return [part.standalone for part in parts(read, ("Ann Lee", "Nordic Wire"))]


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        (
            "Is the night bus still running, and what does a single ticket cost?",
            ["night bus", "single ticket"],
        ),
        (
            "How many boats sank, how many crews drowned, and what did Lee promise the widows?",
            ["boats", "crews", "widows"],
        ),
        ("Who opened the new harbour? And when was the old bridge closed?", ["harbour", "bridge"]),
        (
            "What revenue and how much profit did Nordic Wire report for May?",
            ["What revenue did", "How much profit did"],
        ),
        (
            "How large was the leak according to the company in August, and how large according to the inspectors?",
            ["the leak according to the company", "the leak according to the inspectors"],
        ),
        (
            "According to Mayor Lee, what did the water cost, and how much compensation does she demand?",
            ["According to Mayor Lee, what", "According to Mayor Lee, how much"],
        ),
    ],
)
def test_each_part_with_a_topic_of_its_own_stands_alone(question: str, topics: list[str]) -> None:
    found = told(question)
    assert len(found) == len(topics)
    assert all(topic in part and part.endswith(("?", ")")) for topic, part in zip(topics, found, strict=True))


@pytest.mark.parametrize(
    "question",
    [
        "What did Lee say in 2019, and what did she say in 2023?",  # sides of one question
        "What did Lee say about the harbour and how did Nordic Wire report it?",
        "What did Lee say about boats and bridges?",
        "What did Lee say about how old grain is sold and how new ships are loaded?",  # both are what she says
        "What did Lee say in 2019 about grain exports, and what would happen to the coal mines?",  # she, in that year?
        "After the old harbour burned down, what did Lee promise the widows?",
        "When asked about nuclear weapons, how many warheads did Lee mention?",
        "Which company built the bridge and has promised new ferries?",
        "How many sank, how many drowned, how many swam and how many boats were there?",  # too many
        "What did Lee say about the leak, according to Nordic Wire and the Daily?",
        "How many died according to Nordic Wire, and who was to blame according to Lee?",  # two things of two
    ],
)
def test_sides_and_lists_are_no_parts(question: str) -> None:
    assert told(question) == [question]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which old bridges collapsed and how many people were killed?", "Which old bridges collapsed?"),
        ("What caused the fire and which buildings were destroyed?", "What caused the fire?"),
        ("Who attended the talks and what agreement did they sign?", "Who attended the talks?"),
    ],
)
def test_a_first_part_with_a_verb_of_its_own_keeps_it(question: str, first: str) -> None:
    assert told(question)[0] == first


def test_a_pronoun_of_a_later_part_is_explained_by_the_first() -> None:
    first, second = told("What did Ann Lee promise the widows, and why did she close the old bridge?")
    assert first == "What did Ann Lee promise the widows?"
    assert "Ann Lee close the old bridge" in second


def test_the_earlier_question_behind_a_follow_up_is_not_asked_again() -> None:
    before = Turn("user", "Is the night bus still running, and what does a single ticket cost?")
    (whole,) = told("Why did she say so?", before)
    assert whole.endswith(")")
