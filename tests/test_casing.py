"""Casing: a question typed in lower case names the people and papers of the documents all the same."""

import pytest

from rag.casing import cased

SPEAKERS = ("Ann Karimova", "Bo Lee", "Carl May-Young", "Dan White", "Eve Price", "Orlov", "officials")
PUBLISHERS = ("BelTA", "Nordic Wire", "Time")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did karimova say", "what did Karimova say"),
        ("What did karimova say", "What did Karimova say"),
        ("what did orlov say", "what did Orlov say"),  # of whom no first name is known
        ("Is karimova’s plan new?", "Is Karimova’s plan new?"),
        ("What is the price of bread this time?", "What is the price of bread this time?"),
        ("what did ann karimova tell nordic wire", "what did Ann Karimova tell Nordic Wire"),
        ("the belta interview", "the BelTA interview"),
        ("KARIMOVA ON BELTA", "Karimova ON BelTA"),
        ("is karimova's plan for the USA", "is Karimova's plan for the USA"),
        ("who is ann", "who is ann"),  # a first name alone may be a word
        ("is lee right", "is lee right"),  # short ones, too
        ("what did officials say", "what did officials say"),
        ("What did Karimova say of white paper", "What did Karimova say of white paper"),  # capitals: as it is meant
    ],
)
def test_names_are_written_as_in_the_documents(typed: str, read: str) -> None:
    assert cased(typed, SPEAKERS, PUBLISHERS) == read
