"""Reports: quotations and reported speech have their speaker, or none where the text does not tell."""

import pytest

from rag.speakers import utterances
from rag.types import Mode
from tests.builders import document, said, speakers

QUOTE, REPORTED, NARRATION = Mode.QUOTE, Mode.REPORTED, Mode.NARRATION
NEWS = """Mayor Anna Lee opened the bridge on Monday.

{open}The bridge is safe,{close} Lee said. {open}We tested it for a year.{close}

{open}I doubt it,{close} Tom Hart told Lee. {open}Nobody tested it.{close}

{open}Never.{close}

{open}We have the papers,{close} the mayor replied.

{open}They are here,{close} she added on Monday."""


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”", "«»"])
def test_a_news_text_is_read_by_its_quotation_marks(opening: str, closing: str) -> None:
    found = said(NEWS.format(open=opening, close=closing))
    assert found[0][1:] == ("", NARRATION)
    assert [speaker for _, speaker, mode in found if mode is QUOTE] == [
        *("Anna Lee", "Anna Lee", "Tom Hart", "Tom Hart", "Tom Hart", "Anna Lee", "Anna Lee")
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("According to Tom Hart, “the bridge is safe and will stay open”.", "Tom Hart"),
        ("“The bridge is safe,” said Tom Hart, an engineer.", "Tom Hart"),
        ("“The bridge is safe,” Tom Hart said Monday in Paris.", "Tom Hart"),
        ("“The bridge is safe,” Tom Hart has repeatedly said.", "Tom Hart"),
        ("“The bridge is safe,” Ursula von der Leyen stressed.", "Ursula von der Leyen"),
        ("“The bridge is safe,” former President of France Tom Hart said.", "Tom Hart"),
        ("Tom Hart, who built it, said: “The bridge is safe and it will stay open.”", "Tom Hart"),
        ("The engineer Tom Hart arrived. “The bridge is safe,” Hart wrote.", "Tom Hart"),
        ("Tom Hart left. Anna Hart stayed. “It is safe,” Anna Hart said.", "Anna Hart"),
        ("Spokeswoman Anna Lee met minister Tom Hart. “It is safe,” the minister said.", "Tom Hart"),
        ("Spokeswoman Anna Lee met minister Tom Hart. “It is safe,” the spokeswoman said.", "Anna Lee"),
        ("Minister Anna Lee met minister Tom Hart. “It is safe,” the minister said.", ""),
        ("Russian Minister Tom Hart spoke. “It is safe,” the Norwegian minister said.", "the Norwegian minister"),
        ("“It is safe,” the ministry said.", "the ministry"),
        ("“It is safe,” a passer-by said.", "a passer-by"),
        ("“It is safe,” a spokesman, Karel Dusek, said.", "Karel Dusek"),
        ("“It is safe,” Anna Lee, Labour, said.", "Anna Lee"),
        ("“It is safe,” Theresa Hart, Labour, said.", "Theresa Hart"),
        ("“It is safe,” said councillor Per Hart.", "Per Hart"),
        ("“It is safe,” Ángela Øst said.", "Ángela Øst"),
        ("Union leader Tom Hart left. “It is safe,” the union leader said.", "Tom Hart"),
        ("A farmer from Leeds, who was there, said it burst. “It is not safe,” he said.", "a farmer from Leeds"),
        ("Tom Hart left. Hart's deputy, Eva Lind, stayed. “It is safe,” she said.", ""),
    ],
)
def test_a_quotation_is_its_subjects_or_nobodys(text: str, speaker: str) -> None:
    (found,) = speakers(text)
    assert found == speaker


@pytest.mark.parametrize(
    "text",
    [
        "“It is safe,” the ministry said.",
        "“It is safe,” the US secretary of state said.",
        "“It is safe,” was the reply according to reports.",
        "French President Tom Hart was not of that opinion. “It is safe.”",
        "The president was not of that opinion. “It is safe.”",
    ],
)
def test_a_hint_at_somebody_else_is_not_taken_for_the_last_speaker(text: str) -> None:
    before = "Tom Hart is president of France.\n\n“We shall see,” Mayor Anna Lee said.\n\n“Soon.”\n\n"
    known, still, unknown = speakers(f"{before}French President Tom Hart listened.\n\n{text}")
    assert (known, still) == ("Anna Lee", "Anna Lee")
    assert unknown != "Anna Lee"


def test_what_somebody_reports_of_another_is_not_the_others_quotation() -> None:
    text = "Tom Hart recalled that Anna Lee stated that “the bridge will be open to everybody in the whole town”."
    assert "Anna Lee" not in speakers(text)


def test_a_quotation_over_two_paragraphs_belongs_to_who_ends_it() -> None:
    text = "Tom Hart said no.\n\n“We tested it.\n\n{}And it is safe,” Anna Lee said.\n\nTraffic resumed."
    for second in ("", "“"):
        assert speakers(text.format(second)) == ["Anna Lee", "Anna Lee"]


@pytest.mark.parametrize("mark", ['"', "“"])
def test_a_quotation_that_is_never_closed_ends_with_its_paragraph(mark: str) -> None:
    after = ["The bridge was closed for a year.", "Traffic resumed on Tuesday, the city reported."]
    found = said("\n\n".join([f"{mark}The bridge is safe, Lee said.", *after]))
    assert found[1:] == [(text, "", NARRATION) for text in after]


@pytest.mark.parametrize(("between", "mode"), [(1, QUOTE), (6, NARRATION)])
def test_an_inner_quotation_that_is_never_closed_ends_after_three_paragraphs(between: int, mode: Mode) -> None:
    opened = "“We have the “Asia plus” format and the “Europe plus format."
    found = said("\n\n".join([opened, *["Traffic resumed on Tuesday."] * between, "It ended so.” The city reported."]))
    assert found[0][1:] == ("", QUOTE)
    assert found[-2][2] is mode


def test_a_text_without_any_speaker_has_none() -> None:
    text = (
        'The bridge was closed for a year. It cost $2bn.\n\n"It is safe."\n\nIt is called the “Golden Bridge” by all.'
    )
    assert [(speaker, mode) for _, speaker, mode in said(text)] == [
        *[("", NARRATION)] * 2,
        ("", QUOTE),
        ("", NARRATION),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Antony Blinken met Sergey Lavrov. Lavrov said: “We have a clear plan. We will never change it for "
            "anyone.” "
            "Blinken replied that he had heard it.",
            {"We have a clear plan.": "Sergey Lavrov", "We will never change it for anyone.": "Sergey Lavrov"},
        ),
        (
            "Antony Blinken met Sergey Lavrov. “We are ready,” Lavrov said. “We will wait as long as needed.” "
            "Blinken said: “No talks will follow.”",
            {"We will wait as long as needed.": "Sergey Lavrov", "No talks will follow.": "Antony Blinken"},
        ),
    ],
)
def test_all_of_one_quotation_is_one_speakers_whoever_is_named_next(text: str, expected: dict[str, str]) -> None:
    found = utterances(document(text))
    for words, speaker in expected.items():
        assert [each.speaker for each in found if words in each.text] == [speaker]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom Hart, the mayor, said that the bridge was safe. Traffic resumed.", ["Tom Hart", ""]),
        ("According to Tom Hart, the bridge is safe. Anna Lee did not comment.", ["Tom Hart", ""]),
        ("The bridge is safe, Tom Hart stated. He has denied that it moved.", ["Tom Hart", "Tom Hart"]),
        (
            "Mr Tom Hart met Ms Anna Lee. She said it was safe. He believed that it was not.",
            ["", "Anna Lee", "Tom Hart"],
        ),
        ("Tom Hart met Anna Lee. He said it was safe.", ["", ""]),
        ("Nobody said that the bridge was safe. If Tom Hart said so, he lied.", ["", ""]),
        ("Tom Hart never said so. He declined to say why.", ["", ""]),
        ("President Anna Lee said she would go, while Tom Hart said he would not.", [""]),
        ("The company recalled 3,000 cars. It wept as Tom Hart described the loss.", ["", ""]),
        ("Ukrainian officials said it was safe. Police said nothing.", ["Ukrainian officials", ""]),
        ("Tom Hart called the bridge “a disgrace” in a letter to Anna Lee.", ["Tom Hart"]),
        ("But critics say it is old. We said so. The idea that the president told it is old.", ["critics", "", ""]),
        ("Tom Hart arrived late. His spokeswoman said that he had been ill.", ["", "Tom Hart's spokeswoman"]),
    ],
)
def test_reported_speech_has_its_speaker_and_narration_none(text: str, expected: list[str]) -> None:
    found = said(text)
    assert [speaker for _, speaker, _ in found] == expected
    assert [mode for *_, mode in found] == [REPORTED if speaker else NARRATION for speaker in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘The workers’ union is right,’ said Tom Hart. ‘It’s true.’", ["Tom Hart", "Tom Hart"]),
        ("„We will pay,“ said Tom Hart. „Soon.“", ["Tom Hart", "Tom Hart"]),
        ("Mr Hart met Ms Lee. “We agreed,” he said. “It was easy,” she added.", ["Hart", "Lee"]),
        ("“Is it safe?” Anna Lee asked Tom Hart. “It is,” the engineer replied.", ["Anna Lee", "Tom Hart"]),
        ("“It won't hold,” Smith, 43, of Leeds, told the court.", ["Smith"]),
        ("“It will hold,” a city engineer, Tom Hart, wrote.", ["Tom Hart"]),
        ("“It is,” Tom Hart said, “and it will be.” Anna Lee came. “No.”", ["Tom Hart", ""]),
        ("Asked whether it was safe, Tom Hart replied: “That is not a question for today.”", ["Tom Hart"]),
        ("As Tom Hart put it: “The bridge is fine.”", ["Tom Hart"]),
    ],
)
def test_quotations_of_any_kind_have_their_speaker(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We carried 9,000 passengers,” said Nordline director Ingrid Solberg. “The fare stays.”", "Ingrid Solberg"),
        ("Nordline marine director Ingrid Solberg said: “The fare stays at two euros.”", "Ingrid Solberg"),
        ("“The fare stays at two euros,” Kremlin spokesman Dmitry Peskov said.", "Dmitry Peskov"),
    ],
)
def test_an_officer_named_after_a_house_is_the_speaker_not_the_house(text: str, speaker: str) -> None:
    spoken = utterances(document(text))
    assert {each.speaker for each in spoken} == {speaker}
