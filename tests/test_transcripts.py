"""Transcripts: labelled turns, of all usual kinds, have their speaker."""

from collections.abc import Sequence

import pytest

from rag.speakers import QUESTIONER, utterances
from rag.types import Mode
from tests.builders import document, said, speakers

QUOTE, NARRATION, QUESTION, FURNITURE = Mode.QUOTE, Mode.NARRATION, Mode.QUESTION, Mode.FURNITURE
LAVROV = "Sergey Lavrov"


@pytest.mark.parametrize("mark", ["", "**"], ids=["plain", "bold"])
@pytest.mark.parametrize(
    ("labels", "asker", "answerer"),
    [
        (("Q", "A"), QUESTIONER, ""),
        (("Question", "Answer"), QUESTIONER, ""),
        (("Interviewer", "Jane Doe"), QUESTIONER, "Jane Doe"),
        (("QUESTION", "JANE DOE"), QUESTIONER, "Jane Doe"),
        (("Moderator", "Jane Doe (Ministry of Trade)"), "Moderator", "Jane Doe"),
        (("Mr Tom Hart", "Dr Jane Doe"), "Tom Hart", "Jane Doe"),
    ],
)
def test_an_interview_is_read_by_its_labels(labels: Sequence[str], asker: str, answerer: str, mark: str) -> None:
    asks, answers = (f"{mark}{label}:{mark}" for label in labels)
    turns = [f"{asks} Is it so?", f"{answers} It is.", "It was.", f"{asks} Why?", f"{answers} Who knows."]
    text = "\n\n".join(["We met on Monday in town.", *turns])
    assert said(text) == [
        ("We met on Monday in town.", "", NARRATION),
        ("Is it so?", asker, QUESTION),
        ("It is.", answerer, QUOTE),
        ("It was.", answerer, QUOTE),
        ("Why?", asker, QUESTION),
        ("Who knows.", answerer, QUOTE),
    ]


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("Foreign Minister Sergey Lavrov’s opening remarks at a meeting", (LAVROV, QUOTE)),
        ("Speech of nobody in particular", ("", NARRATION)),
        ("Foreign Minister Sergey Lavrov's interview with a newspaper", ("", NARRATION)),
    ],
)
def test_what_precedes_the_first_label_is_the_titles_speech_or_an_introduction(
    title: str, opening: tuple[str, Mode]
) -> None:
    found = said("Good morning to you all.\n\nQuestion: Is it so?\n\nSergey Lavrov: It is.", title)
    assert [rest for _, *rest in found] == [list(opening), [QUESTIONER, QUESTION], [LAVROV, QUOTE]]


def test_an_answer_without_a_name_is_the_interviewees_of_the_title() -> None:
    found = said("Question: Is it so?\n\nAnswer: It is.", "Foreign Minister Sergey Lavrov’s interview with a newspaper")
    assert found[-1] == ("It is.", LAVROV, QUOTE)


def test_a_colon_alone_makes_no_transcript() -> None:
    assert {mode for *_, mode in said("Result: it is so.\n\nA: the first letter.\n\nPhoto: Jane.\n\nPhoto: Tom.")} == {
        NARRATION,
        FURNITURE,
    }


@pytest.mark.parametrize("label", ["Finding", "Warning", "Result", "Update"])
def test_what_a_report_puts_before_its_points_is_no_speaker(label: str) -> None:
    points = [f"{label}: The pump is old.", "Note: It leaks.", f"{label}: The tower is old."]
    text = "\n\n".join([*points, "“We cannot pay for it this year,” Ann Wood said."])
    assert {speaker for _, speaker, _ in said(text)} == {"", "Ann Wood"}


def test_first_names_alone_are_speakers() -> None:
    assert speakers("Anna: It is late.\n\nTom: It is.\n\nAnna: Good night.\n\nTom: Sleep well.") == [
        *("Anna", "Tom", "Anna", "Tom")
    ]


def test_who_speaks_once_in_a_transcript_is_not_lost_in_the_turn_of_another() -> None:
    text = "Anna Berg: We open it.\n\nJohn Carter: We do not.\n\nAnna Berg: We do."
    assert speakers(text) == ["Anna Berg", "John Carter", "Anna Berg"]


def test_a_word_before_a_colon_is_no_speaker_in_an_answer() -> None:
    text = "Question: What will you do?\n\nSergey Lavrov: Two things.\n\nFirst: we keep the bases.\n\nThen we talk."
    assert {each.speaker for each in utterances(document(text))} == {QUESTIONER, "Sergey Lavrov"}


def test_labels_in_short_mean_the_name_that_was_given_in_full() -> None:
    turns = ["Mr Tom Hart (Leeds) (Labour): We pay.", "The Minister for Roads (Ms Anna Lee): You do.", "Mr Hart: No."]
    assert speakers(
        "\n\n".join([*turns, "Madam Deputy Speaker: Order.", "Ms Lee: Yes.", "Question put and agreed to."])
    ) == [*("Tom Hart", "Anna Lee", "Tom Hart", "Madam Deputy Speaker", "Anna Lee")]


SPEECH = (
    "I thank you all.\n\nWe met here in spring, and I said then what I say now. “We will wait,” the mayor told me.\n"
)


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Statement by Ms. Anna Berg, Minister for Foreign Affairs, Norland", "Anna Berg"),
        ("Address by the President John Hale to the Assembly", "John Hale"),
        ("Anna Berg’s speech at the harbour", "Anna Berg"),
        ("Full text: Statement by H.E. Mr. Sergey Berg, Minister for Foreign Affairs", "Sergey Berg"),
        ("Statement by Mr. Berg, Norland", "Berg"),
        ("A harbour opens", ""),
        ("Anna Berg’s speech was a missed opportunity", ""),
        ("Why Anna Berg’s farewell address moved me", ""),
        ("Police publish home address of John Smith", ""),
        ("Statement of Principles on Harbours", ""),
        ("Statement by the Ministry of Foreign Affairs", ""),
        ("Statement by Police on arrests", ""),
        ("Statement by Anna Berg On Harbours", ""),
        ("Anna Berg’s interview", ""),
    ],
)
def test_a_speech_without_labels_is_the_titles_speakers(title: str, speaker: str) -> None:
    found = {(each.speaker, each.mode) for each in utterances(document(SPEECH, title=title))}
    assert (found == {(speaker, QUOTE)}) == bool(speaker)


@pytest.mark.parametrize(
    "report",
    [
        "Anna Berg spoke at the harbour on Monday.\n\n“I and we and our friends are here,” she said, “and I stay.”\n",
        "I was there when we heard it, and our boat lay near.\n\nMs Berg said that the harbour would grow.\n",
    ],
)
def test_a_report_of_a_speech_is_not_all_its_speakers(report: str) -> None:
    found = utterances(document(report, title="Anna Berg’s speech at the harbour"))
    assert (found[0].speaker, found[0].mode) != ("Anna Berg", QUOTE)


def test_a_speech_before_labels_is_the_titles_speakers_whatever_its_form() -> None:
    text = "We met here.\n\nQuestion: Is it so?\n\nAnna Berg: It is.\n\nQuestion: Why?\n\nAnna Berg: Who knows.\n"
    for title in ("Remarks by Anna Berg and answers to questions", "Anna Berg’s remarks and answers to questions"):
        assert said(text, title)[0] == ("We met here.", "Anna Berg", QUOTE)
