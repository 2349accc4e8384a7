"""Support: what the models' part in a verdict is, with a model that says what the test wants."""

from dataclasses import dataclass

import pytest

from rag.holding import Held
from rag.objections import objections
from rag.support import likelihood, measured, told
from rag.verification import verify_sentence
from tests.builders import evidence
from tests.fakes import SharedWords

TEXT = "We have never opposed any country developing external relations with other states."
FAR = "Sergey Lavrov said that everybody may befriend whomever he likes and no country is opposed."
ENTAILED, CONTRADICTED, UNSPOKEN = -0.6, -4.5, 2.5


@dataclass(frozen=True)
class Always:
    """An entailment model that finds the same of all."""

    found: float | None

    def margin(self, text: str, claim: str) -> float | None:
        return self.found


def likely(draft: str, margin: float) -> float:
    held = Held.against(draft, evidence(TEXT), "")
    return likelihood(measured(held, objections(held), margin, SharedWords(), Always(margin)))


def test_what_is_entailed_is_likelier_than_what_is_contradicted_or_not_spoken_of() -> None:
    assert likely(FAR, ENTAILED) > max(likely(FAR, CONTRADICTED), likely(FAR, UNSPOKEN))


@pytest.mark.parametrize(
    "objected",
    [
        "Sergey Lavrov said that we have never opposed 7 countries developing relations with other states.",
        "Sergey Lavrov said that we have never opposed Norway developing relations with other states.",
        "Dmitry Peskov said that we have never opposed any country developing relations with other states.",
    ],
)
def test_an_objection_makes_it_less_likely(objected: str) -> None:
    plain = "Sergey Lavrov said that we have never opposed any country developing relations with other states."
    assert likely(objected, ENTAILED) < likely(plain, ENTAILED)


def test_a_paraphrase_far_from_the_words_is_supported_only_where_the_model_finds_it_entailed() -> None:
    verdicts = {
        margin: verify_sentence(FAR, evidence(TEXT), relevance=SharedWords(), entailment=Always(margin))
        for margin in (ENTAILED, CONTRADICTED, None)
    }
    assert verdicts[ENTAILED].holds
    assert not verdicts[CONTRADICTED].holds
    assert verdicts[None] == verify_sentence(FAR, evidence(TEXT), relevance=SharedWords())  # the rules alone


def test_what_shares_few_words_and_is_not_spoken_of_is_not_supported() -> None:
    draft = "Sergey Lavrov said that the harvest of wheat was rich that year."
    verdict = verify_sentence(draft, evidence(TEXT), relevance=SharedWords(), entailment=Always(UNSPOKEN))
    assert "too little" in verdict.reason


def test_a_refusal_stands_whatever_the_models_find() -> None:
    draft = 'Sergey Lavrov said "we have opposed every country" with relations to other states.'
    verdict = verify_sentence(draft, evidence(TEXT), relevance=SharedWords(), entailment=Always(ENTAILED))
    assert "quotation" in verdict.reason


def test_the_drafts_of_a_language_model_are_refused_where_they_are_contradicted_and_never_let_in() -> None:
    near = "Sergey Lavrov said that we have never opposed any country developing relations with other states."
    assert verify_sentence(near, evidence(TEXT), entailment=Always(ENTAILED)).holds
    assert "says otherwise" in verify_sentence(near, evidence(TEXT), entailment=Always(CONTRADICTED)).reason
    assert not verify_sentence(FAR, evidence(TEXT), entailment=Always(ENTAILED)).holds


def test_the_model_is_told_who_speaks_and_is_spared_the_numbers_of_paragraphs() -> None:
    assert told(tuple(evidence("12.\tOne\n two."))) == "Sergey Lavrov said: One two."
