"""Comparisons: what both sides are asked about, without the sides."""

import pytest

from rag.comparisons import compares, topic_of


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Compare what Lee said in 2019 and in 2023 about fishing", "what Lee said about fishing"),
        ("Which ports does Lee name in 2023, and which in the radio interview?", "Which ports does Lee name?"),
        (
            "How does Lee use the mill as a warning in the 2019 town speech compared with the radio interview?",
            "How does Lee use the mill as a warning?",
        ),
        (
            "The new harbour: what did Lee say about it in Brodec in 2019, and what in the Nordic Wire programme?",
            "The new harbour: what did Lee say about it?",
        ),
        ("How did Lee's view of the harbour change from 2019 to 2023?", "Lee's view of the harbour?"),
        ("How did Lee's reaction to the strike differ from Poe's?", "Lee's reaction to the strike?"),
        (
            "compare the report with the speech: what does each say on sewage pipes",
            "what does each say on sewage pipes",
        ),
        ("Compare what Lee said on Syria in 2019 and in 2023", "what Lee said on Syria"),
        ("How much did they export to China in 2019 and in 2023?", "How much did they export to China?"),
        (
            "What did both Lee and Poe say on the mayor's apology video?",
            "What did both Lee and Poe say on the mayor's apology video?",
        ),
        ("What did Lee say about pipes in 2019, and what on the Nordic show?", "What did Lee say about pipes?"),
        ("Compare the pay rise the dockers got in 2022 with the one in 2024", "the pay rise the dockers got"),
    ],
)
def test_the_topic_is_the_question_without_its_sides(question: str, topic: str) -> None:
    assert compares(question)
    assert topic_of(question) == topic


def test_where_nothing_would_be_left_the_question_is_the_topic() -> None:
    assert topic_of("Compare 2019 with 2023") == "Compare 2019 with 2023"


@pytest.mark.parametrize("question", ["What did Lee say about pipes?", "How large is the mill?", "Who was there?"])
def test_a_question_with_one_side_compares_nothing(question: str) -> None:
    assert not compares(question)
