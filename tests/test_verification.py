"""Verification: what a drafted sentence may not change."""

import pytest

from rag.types import Evidence, Mode
from rag.verification import verify_sentence
from tests.builders import evidence

SUSPICION = "There is the suspicion that militants and weapons are being airlifted there."
DEBT = "Last year, all of Kyrgyzstan’s debt to Russia, $240 million, was written off."
NEVER = "We have never opposed any country developing external relations with other states."
COLLAPSE = "If you try to define the quintessence – “take the side of the winner”, “Russia will collapse”."


def on(text: str, **about: object) -> list[Evidence]:
    return evidence(text, **about)


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        (
            "Sergey Lavrov said that there is the suspicion that militants and weapons are being airlifted there.",
            SUSPICION,
        ),
        ("Sergey Lavrov said that Kyrgyzstan's debt of $240 million to Russia was written off last year.", DEBT),
        ("Sergey Lavrov said that we have never opposed any country developing relations with other states.", NEVER),
    ],
)
def test_a_true_paraphrase_is_supported(draft: str, text: str) -> None:
    assert verify_sentence(draft, on(text)).label == "supported"


def test_the_evidence_word_for_word_is_verbatim_whatever_the_quotation_marks() -> None:
    verdict = verify_sentence("Last year, all of Kyrgyzstan's debt to Russia, $240 million, was written off.", on(DEBT))
    assert verdict.label == "verbatim"


@pytest.mark.parametrize(
    ("draft", "text", "reason"),
    [
        ("Sergey Lavrov said that debt to Russia of $420 million was written off last year.", DEBT, "number 420"),
        ("Sergey Lavrov said that Tajikistan's debt to Russia was written off last year.", DEBT, "name Tajikistan"),
        ("Sergey Lavrov said that Kyrgyzstan's debt to Russia was not written off last year.", DEBT, "not"),
        ("Sergey Lavrov said that we opposed any country developing external relations.", NEVER, "never"),
        ("Sergey Lavrov said that militants and weapons are being airlifted there.", SUSPICION, "suspicion"),
        ("Dmitry Peskov said that all debt to Russia was written off last year.", DEBT, "Peskov"),
        ('Sergey Lavrov said that "all debt is forgiven" last year.', DEBT, "quotation"),
        ("Sergey Lavrov said that Russia will collapse.", COLLAPSE, "only quotes"),
        ("Sergey Lavrov said that harvests of wheat and barley improved greatly.", DEBT, "content words"),
    ],
)
def test_what_was_changed_is_named(draft: str, text: str, reason: str) -> None:
    verdict = verify_sentence(draft, on(text))
    assert verdict.label == "unsupported"
    assert reason in verdict.reason


def test_a_sentence_without_evidence_fails() -> None:
    assert not verify_sentence("Sergey Lavrov said that all is well.", []).holds


def test_narration_may_say_what_the_reporter_says_of_a_speaker() -> None:
    told = on("Lavrov stated that Central Asia should not become a scene of rivalry.", speaker="", mode=Mode.NARRATION)
    draft = "TASS reported that Lavrov stated Central Asia should not become a scene of rivalry."
    assert verify_sentence(draft, told).holds


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        (
            "Sergey Lavrov said that Moscow supplied helicopters.",
            "There is no evidence that Moscow supplied helicopters.",
        ),
        ("Moscow supplied helicopters.", "There is no evidence that Moscow supplied helicopters."),
        (
            "Sergey Lavrov said that it does not support the sovereignty of the country.",
            "It does not interfere and it does support the sovereignty of the country.",
        ),
        ("Sergey Lavrov said that five helicopters flew north.", "Then three helicopters flew north."),
        ("Sergey Lavrov said that Russia attacked Georgia.", "In August Georgia attacked Russia."),
        ("According to Blinken, helicopters flew north.", "Then helicopters flew north."),
    ],
)
def test_small_words_and_order_count(draft: str, text: str) -> None:
    assert not verify_sentence(draft, on(text)).holds


def test_a_person_whom_a_narration_only_mentions_did_not_say_it() -> None:
    told = on("Blinken, whom Lavrov met, claimed that Washington offers security.", speaker="", mode=Mode.NARRATION)
    assert not verify_sentence("Sergey Lavrov said that Washington offers security.", told).holds


@pytest.mark.parametrize(
    ("draft", "holds"),
    [
        ("According to TASS, Sergey Lavrov said that Washington keeps Syria from becoming a scene of rivalry.", True),
        ("According to TASS, Sergey Lavrov said that Washington keeps Syria from becoming “a scene” of rivalry.", True),
        (
            "According to TASS, Sergey Lavrov said that Washington keeps “Syria from becoming a scene” of rivalry.",
            False,
        ),
        ("Sergey Lavrov said: “Washington keeps Syria from becoming a scene of rivalry.”", False),
        (
            "According to Reuters, Sergey Lavrov said that Washington keeps Syria from becoming a scene of rivalry.",
            False,
        ),
        ("According to TASS, Antony Blinken said that Washington keeps Syria from becoming a scene of rivalry.", False),
        ("According to TASS, Sergey Lavrov said that Syria keeps Washington from becoming a scene of rivalry.", False),
    ],
)
def test_reported_speech_is_told_and_never_quoted(draft: str, holds: bool) -> None:
    told = on("Washington keeps Syria from becoming “a scene” of rivalry, Sergey Lavrov stated.", mode=Mode.REPORTED)
    assert verify_sentence(draft, told).holds is holds


@pytest.mark.parametrize(
    ("draft", "words", "reason"),
    [
        (
            "Anna Lee said that strangers must be driven out of the port.",
            "Those who seized the port made statements to the effect that strangers must be driven out of the port.",
            "words of others",
        ),
        (
            "Anna Lee said that a guest from the northern port will welcome a guest from the northern port.",
            "We will welcome a guest from the northern port.",
            "twice",
        ),
        ("Anna Lee said that Norland will not wait.", "Norland, I think, will not wait.", "“I think”"),
    ],
)
def test_what_a_weak_model_makes_of_words_is_refused(draft: str, words: str, reason: str) -> None:
    verdict = verify_sentence(draft, evidence(words, speaker="Anna Lee"))
    assert not verdict.holds
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (
            "Anna Lee said that those who seized the port declared that strangers must be driven out of it.",
            "The people who seized the port made statements to the effect that strangers must be driven out of it.",
        ),
        ("Anna Lee thinks that Norland will not wait.", "Norland, I think, will not wait."),
        ("Anna Lee said that the port will open.", "I say that the port will open."),
    ],
)
def test_what_keeps_whose_words_and_whose_doubt_they_are_holds(draft: str, words: str) -> None:
    assert verify_sentence(draft, evidence(words, speaker="Anna Lee")).holds


@pytest.mark.parametrize(
    ("draft", "holds"),
    [
        ("helicopters fly north from the valley to the border at night over the hills and the river", True),
        ("helicopters, however, fly north from the valley to the border at night over the hills and the river", True),
        ("helicopters fly north from the valley to the border at night over the hills, the woods, and the river", True),
        ("Asia is groomed, and helicopters fly north from the valley to Asia at night over the hills", False),
        ("weapons vanish, and helicopters fly north from the valley to the border at night over the hills", False),
        ("helicopters fly north from the valley to the border at night over the hills, and smuggling goes on", False),
    ],
)
def test_a_clause_from_elsewhere_spoils_a_draft_that_else_says_what_its_evidence_says(draft: str, holds: bool) -> None:
    text = "Helicopters fly north from the valley to the border at night over the hills and the river."
    held = evidence(text, speaker="Sergey Lavrov")
    assert verify_sentence(f"Sergey Lavrov said that {draft}.", held).holds is holds
