"""The entailment model: what it tells apart, what it cannot read, and what happens without it."""

from importlib.metadata import PackageNotFoundError
from typing import NoReturn

import pytest

from rag.entailment import Entailment
from rag.errors import ModelError
from rag.verification import CONTRADICTED
from tests.indexes import Make

TEXT = "Anna Lee said: Russia will not supply weapons to either of the two sides."


@pytest.fixture(scope="module")
def model() -> Entailment:
    return Entailment(2)


def margin(model: Entailment, claim: str) -> float:
    found = model.margin(TEXT, claim)
    assert found is not None
    return found


def test_what_follows_what_is_denied_and_what_is_not_spoken_of_are_told_apart(model: Entailment) -> None:
    assert -1.5 < margin(model, "Lee says that neither side will get weapons from Russia.") < 0
    assert margin(model, "Anna Lee said that Russia will supply weapons to both sides.") < CONTRADICTED
    assert margin(model, "Anna Lee is popular with the farmers of the south.") > 0.5


def test_a_text_that_is_too_long_is_left_to_the_rules(model: Entailment) -> None:
    assert model.margin(TEXT * 20, "Russia will not supply weapons.") is None


def test_a_changed_file_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.entailment.SHA256", "0" * 64)
    with pytest.raises(ModelError, match=r"its SHA-256 is another.*make setup"):
        Entailment(1).margin(TEXT, TEXT)


def test_it_is_used_where_it_is_installed_and_not_switched_off(
    fake_record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fake_record(entailment=True).entailment is not None
    assert fake_record(entailment=False).entailment is None

    def missing(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("rag.entailment.distribution", missing)
    assert fake_record(entailment=True).entailment is None
