"""Speakers: who says which sentence, on the five bundled documents as read by a person, and on small texts."""

from collections.abc import Sequence

import pytest

from rag.documents import find_files, load_file, read_document
from rag.manifest import read_manifest
from rag.record import BUNDLED_CORPUS
from rag.speakers import QUESTIONER, utterances
from rag.types import Document, Metadata, Mode, Utterance

QUOTE, REPORTED, NARRATION = Mode.QUOTE, Mode.REPORTED, Mode.NARRATION
QUESTION, FURNITURE = Mode.QUESTION, Mode.FURNITURE
LAVROV, PESKOV = "Sergey Lavrov", "Dmitry Peskov"
TRANSCRIPT = "foreign-minister-2019-lavrov-at-diplomatic-academy-transcript"
TASS = "tass-2019-us-urges-central-asia-to-avoid-russia"
TASS_COPY = "tass-2019-us-urges-central-asia-copy"
BLINKEN = "2023-lavrov-on-blinken-visit-to-uzbekistan-and-kazakhstan"
BELTA = "belta-lavrov-west-pulls-central-asian-neighbors"

Said = tuple[str, str, Mode]


def document(text: str, title: str = "") -> Document:
    return Document("d", "d.txt", text, Metadata(title=title))


def said(text: str, title: str = "") -> list[Said]:
    """Text, speaker and mode of every sentence."""
    return [(each.text, each.speaker, each.mode) for each in utterances(document(text, title))]


def speakers(text: str, title: str = "") -> list[str]:
    """Who says the quotations of a text."""
    return [speaker for _, speaker, mode in said(text, title) if mode is QUOTE]


@pytest.fixture(scope="module")
def corpus() -> dict[str, tuple[Document, list[Utterance]]]:
    manifest = read_manifest(BUNDLED_CORPUS)
    read = [read_document(load_file(path, manifest=manifest, max_megabytes=1)) for path in find_files(BUNDLED_CORPUS)]
    return {path.stem: (made, utterances(made)) for path, made in zip(find_files(BUNDLED_CORPUS), read, strict=True)}


@pytest.mark.parametrize(
    ("name", "words", "speaker", "mode"),
    [
        (TRANSCRIPT, "Ms Adamkulova, colleagues, friends,", LAVROV, QUOTE),
        (TRANSCRIPT, "I would like to begin by saying that I am honoured", LAVROV, QUOTE),
        (TRANSCRIPT, "I am confident that future Diplomatic Academy graduates", LAVROV, QUOTE),
        (TRANSCRIPT, "Does Uzbekistan’s accession to the EAEU mean", QUESTIONER, QUESTION),
        (TRANSCRIPT, "Russia cannot have an individual opinion", LAVROV, QUOTE),
        (TRANSCRIPT, "Any application, whether from Uzbekistan", LAVROV, QUOTE),
        (TRANSCRIPT, "The EAEU space has been recently expanding.", QUESTIONER, QUESTION),
        (TRANSCRIPT, "Will this help it overcome the negative impact", QUESTIONER, QUESTION),
        (TRANSCRIPT, "The US will tend to work with big Central Asian countries", QUESTIONER, QUESTION),
        (TRANSCRIPT, "The United States has started working with all", LAVROV, QUOTE),
        (TRANSCRIPT, "Helicopters without any insignia", LAVROV, QUOTE),
        (TRANSCRIPT, "They do not even use the term “international law;”", LAVROV, QUOTE),
        (TRANSCRIPT, 'come back to their “native harbour" as Vladimir Putin said.', LAVROV, QUOTE),
        (TRANSCRIPT, "27 November 201916:44", "", FURNITURE),
        (TRANSCRIPT, "Foreign Minister Sergey Lavrov’s remarks at the Kyrgyz", "", FURNITURE),
        (TRANSCRIPT, "en-GB1 es-ES1", "", FURNITURE),
        (TRANSCRIPT, "Additional materials", "", FURNITURE),
        (TRANSCRIPT, "Advanced settings", "", FURNITURE),
        (TASS, "BISHKEK, November 27. /TASS/. Washington has been trying", LAVROV, REPORTED),
        (TASS, "The top diplomat said that Moscow and Washington", LAVROV, REPORTED),
        (TASS, '"The United States has long worked on relations', LAVROV, QUOTE),
        (TASS, 'We never do things like that."', LAVROV, QUOTE),
        (TASS, "Lavrov stated that Central Asia, just like any other region", LAVROV, REPORTED),
        (TASS, "The Americans conduct the same policy", LAVROV, QUOTE),
        (TASS, "At the same time Lavrov revealed that Moscow", LAVROV, REPORTED),
        (TASS, "Russia has established cooperation with the United States", LAVROV, REPORTED),
        (TASS, '"We have good contacts with them', LAVROV, QUOTE),
        (TASS, "Helicopters carrying no identification markings", LAVROV, QUOTE),
        (TASS, 'There has been no answer yet."', LAVROV, QUOTE),
        (TASS, "All news", "", FURNITURE),
        (TASS, "US urges Central Asian countries to avoid", "", FURNITURE),
        (TASS, "Sergey Lavrov Vitaly Belousov/POOL/TASS", "", FURNITURE),
        (TASS, "© Vitaly Belousov", "", FURNITURE),
        (TASS_COPY, "date 2019-11-27 BISHKEK, November 27.", LAVROV, REPORTED),
        (TASS_COPY, 'We believe it is wrong."', LAVROV, QUOTE),
        (TASS_COPY, "Lavrov stated that Central Asia", LAVROV, REPORTED),
        (TASS_COPY, "It works professionally and prevents", LAVROV, QUOTE),
        (BLINKEN, "POLITICS | 14:10 / 03.03.2023", "", FURNITURE),
        (BLINKEN, "4 min read", "", FURNITURE),
        (BLINKEN, "Lavrov comments on Blinken’s visit", "", FURNITURE),
        (BLINKEN, "Photo: Alexander Shcherbak / TASS", "", FURNITURE),
        (BLINKEN, "Related News", "", FURNITURE),
        (BLINKEN, "Earlier, Kremlin spokesman Dmitry Peskov also answered", "", NARRATION),
        (BLINKEN, "Sergey Lavrov stressed that “we have never opposed", LAVROV, QUOTE),
        (BLINKEN, "They do not hide the fact", LAVROV, QUOTE),
        (BLINKEN, "This is just their “line”.", LAVROV, QUOTE),
        (BLINKEN, "I do not exaggerate in relation to our neighbors,”", LAVROV, QUOTE),
        (BLINKEN, "Lavrov recalled that the Norwegian FM recently stated", LAVROV, REPORTED),
        (BLINKEN, "“A good definition of the place of the African continent", LAVROV, QUOTE),
        (BLINKEN, "integration structures,” he concluded.", LAVROV, QUOTE),
        (BLINKEN, "Dmitry Peskov did not comment", "", NARRATION),
        (BLINKEN, "“I would not like to comment on the visits", PESKOV, QUOTE),
        (BLINKEN, "This is the prerogative of my colleagues", PESKOV, QUOTE),
        (BLINKEN, "In general, we have our own bilateral relations", PESKOV, QUOTE),
        (BELTA, "Lavrov: ‘They Are Trying to Pull", "", FURNITURE),
        (BELTA, "In a new episode of the V Teme", "", NARRATION),
        (BELTA, "Sergey Lavrov said: “These Anglo-Saxon aggressive", LAVROV, QUOTE),
        (BELTA, "What is happening in Eurasia testifies", LAVROV, QUOTE),
        (BELTA, "The Russian foreign minister added: “Central Asia", LAVROV, QUOTE),
        (BELTA, "As for the European Union, or rather", LAVROV, QUOTE),
        (BELTA, "“What we are now witnessing is a purposeful injection", LAVROV, QUOTE),
        (BELTA, "The minister drew attention to the fact", LAVROV, REPORTED),
        (BELTA, "“It would be incomprehensible if it did not exist.", LAVROV, QUOTE),
        (BELTA, "The Heartland reaches the ASEAN countries", LAVROV, QUOTE),
        (BELTA, "suffer from such ill intentions.”", LAVROV, QUOTE),
        (BELTA, "Source : Belta", "", FURNITURE),
    ],
)
def test_a_key_sentence_of_the_corpus_has_its_speaker_and_mode(
    corpus: dict[str, tuple[Document, list[Utterance]]], name: str, words: str, speaker: str, mode: Mode
) -> None:
    (found,) = (each for each in corpus[name][1] if words in each.text)
    assert (found.speaker, found.mode) == (speaker, mode)


def test_utterances_of_the_corpus_are_verbatim_in_order_and_leave_only_labels_out(
    corpus: dict[str, tuple[Document, list[Utterance]]],
) -> None:
    for made, spoken in corpus.values():
        end = 0
        for each in spoken:
            assert made.text[each.start : each.end] == each.text
            assert made.text[end : each.start].strip() in ("", "Question:", "Sergey Lavrov:")
            end = each.end
        assert not made.text[end:].strip()


def test_in_the_corpus_nobody_but_its_speakers_speaks(corpus: dict[str, tuple[Document, list[Utterance]]]) -> None:
    found = {name: {each.speaker for each in spoken} - {""} for name, (_, spoken) in corpus.items()}
    assert found == {
        **{TRANSCRIPT: {LAVROV, QUESTIONER}, BLINKEN: {LAVROV, PESKOV}},
        **{TASS: {LAVROV}, TASS_COPY: {LAVROV}, BELTA: {LAVROV}},
    }


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
    "line",
    [
        *(
            "© Agency 2019. All rights reserved.",
            "Photo by Tom Hart for the agency in the town of Bishkek, Kyrgyzstan.",
        ),
        *("Photo: Tom Hart / AP", "Share on Facebook", "Subscribe to our newsletter.", "Home", "Source: Belta"),
        *("• de-DE1 en-GB1 es-ES1 ru-RU1 fr-FR1 de-DE1 en-GB1 es-ES1 ru-RU1 fr-FR1", "12 min read"),
    ],
)
def test_page_furniture_is_told_from_text(line: str) -> None:
    assert said(f"{line}\n\nThe bridge was closed.") == [
        (line, "", FURNITURE),
        ("The bridge was closed.", "", NARRATION),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("Share prices fell on Monday.", "Photo exhibitions opened in Bishkek.", "All news agencies reported it."),
        *(
            "Source: the ministry's statement of Monday in the afternoon.",
            "Additional materials were provided by the city.",
        ),
        *("Country\tTrade", "| 2019 | $2bn |", "- Trade rose by 5 per cent", "2. Trade rose by 5 per cent"),
    ],
)
def test_text_that_begins_like_furniture_or_has_no_full_stop_is_text(line: str) -> None:
    assert [mode for *_, mode in said(line)] == [NARRATION]


def test_who_speaks_once_in_a_transcript_is_not_lost_in_the_turn_of_another() -> None:
    text = "Anna Berg: We open it.\n\nJohn Carter: We do not.\n\nAnna Berg: We do."
    assert speakers(text) == ["Anna Berg", "John Carter", "Anna Berg"]


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


def test_a_word_before_a_colon_is_no_speaker_in_an_answer() -> None:
    text = "Question: What will you do?\n\nSergey Lavrov: Two things.\n\nFirst: we keep the bases.\n\nThen we talk."
    assert {each.speaker for each in utterances(document(text))} == {QUESTIONER, "Sergey Lavrov"}


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


def test_labels_in_short_mean_the_name_that_was_given_in_full() -> None:
    turns = ["Mr Tom Hart (Leeds) (Labour): We pay.", "The Minister for Roads (Ms Anna Lee): You do.", "Mr Hart: No."]
    assert speakers(
        "\n\n".join([*turns, "Madam Deputy Speaker: Order.", "Ms Lee: Yes.", "Question put and agreed to."])
    ) == [*("Tom Hart", "Anna Lee", "Tom Hart", "Madam Deputy Speaker", "Anna Lee")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We carried 9,000 passengers,” said Nordline director Ingrid Solberg. “The fare stays.”", "Ingrid Solberg"),
        ("Nordline marine director Ingrid Solberg said: “The fare stays at two euros.”", "Ingrid Solberg"),
        ("“The fare stays at two euros,” Kremlin spokesman Dmitry Peskov said.", "Dmitry Peskov"),
    ],
)
def test_an_officer_named_after_a_house_is_the_speaker_not_the_house(text: str, speaker: str) -> None:
    spoken = utterances(Document("d", "d.txt", text, Metadata()))
    assert {each.speaker for each in spoken} == {speaker}
