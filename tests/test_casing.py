"""Casing: a question typed in lower case names the people and papers of the documents all the same."""

import pytest

from rag.casing import cased

SPEAKERS = ("Ann Karimova", "Bo Lee", "Carl May-Young", "Dan White", "officials")
PUBLISHERS = ("BelTA", "Nordic Wire")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did karimova say", "what did Karimova say"),
        ("what did ann karimova tell nordic wire", "what did Ann Karimova tell Nordic Wire"),
        ("the belta interview", "the BelTA interview"),
        ("KARIMOVA on BELTA", "Karimova on BelTA"),
        ("is karimova's plan for the USA", "is Karimova's plan for the USA"),
        ("who is ann", "who is ann"),  # a first name alone may be a word
        ("is lee right", "is lee right"),  # short ones, too
        ("what did officials say", "what did officials say"),
        ("What did Karimova say of white paper", "What did Karimova say of white paper"),  # capitals: as it is meant
    ],
)
def test_names_are_written_as_in_the_documents(typed: str, read: str) -> None:
    assert cased(typed, SPEAKERS, PUBLISHERS) == read
