"""Crediting: to whom a draft gives words."""

import pytest

from rag.crediting import credited


@pytest.mark.parametrize(
    ("draft", "names"),
    [
        ("Lavrov told the Central Asian ministers that Russia is ready.", ["Lavrov"]),
        ("In Central Asia, Lavrov said, the US pursues its own aims.", ["Lavrov"]),
        ("Russia says it will help.", ["Russia"]),
        ("The Kremlin said it would not comment.", ["Kremlin"]),
        ("According to Peskov, nothing changed.", ["Peskov"]),
        ("In Lavrov's view, nothing changed.", ["Lavrov"]),
        ("“Nothing changed,” said Sergey Lavrov.", ["Lavrov"]),
    ],
)
def test_who_is_named_as_speaking_is_credited(draft: str, names: list[str]) -> None:
    assert credited(draft) == names


@pytest.mark.parametrize(
    "draft",
    [
        "He accused Washington of telling Central Asian states whom to befriend.",
        "Visitors to Central Asia said little of substance.",
        "The minister from Central Asia added nothing.",
        "According to the Russian minister, nothing changed.",
        "Officials in Asia said so.",
        "Russia wrote off the debt.",
    ],
)
def test_places_and_peoples_beside_a_verb_of_saying_are_not(draft: str) -> None:
    assert credited(draft) == []
