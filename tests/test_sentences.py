"""Sentences: paragraphs and sentences as spans that lose no word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import Span, paragraph_spans, sentence_spans

ALPHABET = 'abAB .,:;…!?"“”«»’()[]/-1\n\t\x0c\u2028é'


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraph_spans(text)]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


def assert_covered(text: str, spans: list[Span], start: int, end: int) -> None:
    """Spans lie in order within start and end, are not empty, and only white space lies between them."""
    for (_, before), (after, _) in pairwise([(start, start), *spans, (end, end)]):
        assert before <= after
        assert not text[before:after].strip()
    assert all(text[a:b] and text[a:b] == text[a:b].strip() for a, b in spans)


@given(st.text(st.sampled_from(ALPHABET), max_size=120))
def test_spans_keep_their_order_and_lose_no_character(text: str) -> None:
    spans = paragraph_spans(text)
    assert_covered(text, spans, 0, len(text))
    for start, end in spans:
        assert_covered(text, sentence_spans(text, start, end), start, end)


@given(st.lists(st.sampled_from(["a line that goes on until it", "breaks off.", "", "Question: Is", "x" * 50])))
def test_wrapped_lines_lose_no_character_either(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert_covered(text, paragraph_spans(text), 0, len(text))


@pytest.mark.parametrize("record", ["date 2019-11-27", "Published: 2019-11-27", "updated 2019-11-27"])
def test_a_stored_pages_record_of_itself_is_a_paragraph(record: str) -> None:
    assert paragraphs(f" {record} BISHKEK. It rained.\nThe date 2019-11-27 is set.\n{record}\n") == [
        record,
        "BISHKEK. It rained.",
        "The date 2019-11-27 is set.",
        record,
    ]


def test_sentences_are_those_of_the_range_only() -> None:
    text = "One is here. Two is here. Three is here."
    assert [text[start:end] for start, end in sentence_spans(text, 13, 25)] == ["Two is here."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Smith met Dr. Jones, Gen. Brown and J. R. Miller.",
        "He came at 5 p.m. on Jan. 5 with 3.5 per cent of it.",
        "The U.S. Senate passed resolution No. 5 on trade.",
        "It grew in many fields, e.g. in steel, i.e. in metals.",
        "They spoke of Libya, Yemen, etc. and of trade.",
        "“Is it so?” she asked.",
        '"Stop!" said the guard.',
        "Somebody must do it (Laughter.) and soon.",
        "BISHKEK, November 27. /TASS/. Washington has been trying to persuade them.",
        "date 2019-11-27 BISHKEK, November 27. /TASS/. Washington has been trying to persuade them.",
        "MOSCOW, Nov. 5. /TASS/. Trade has grown.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert sentences(f"{sentence} Then another began.") == [sentence, "Then another began."]


@pytest.mark.parametrize(
    "parts",
    [
        ["“We know it.”", "He left.", "“It is so.”", "“No!”"],
        ["He said: “We know it.”", "“We always did,” he added."],
        ['"We know it."', '"We always did," he added.'],
        ["The EAEU is an open organisation.", "Any country may apply."],
        ["They work in the CIS.", "This is just their “line”.", "They do not hide it."],
        ["We met at the CSTO, the CIS and the UN.", "There is a centre."],
        ["Is it so?", "No.", "We left in 2019.", "In 2020 we came back!"],
        ["It has [in Syria] ended (at last).", "Then peace came.", "[Applause.]", "(See above.)", "And so on."],
    ],
)
def test_each_sentence_ends_where_it_ends_with_its_closing_marks(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_line_is_a_paragraph() -> None:
    assert paragraphs("\n One.\nTwo is longer than one. \n\n\nThree\n") == ["One.", "Two is longer than one.", "Three"]


WRAPPED = """A title of the text
The minister arrived on Wednesday and met the students of the
academy, who asked him many questions about the trade with all the
neighbours. He answered every one of them at length, and nobody
left.
On Friday he went home by train.

A new paragraph begins after the blank line, and it goes on until
the text ends
"""


def test_wrapped_lines_make_paragraphs_up_to_a_blank_or_a_short_one() -> None:
    found = [" ".join(paragraph.split()) for paragraph in paragraphs(WRAPPED)]
    assert [(text.split()[0], text.split()[-1]) for text in found] == [
        ("A", "text"),
        ("The", "left."),
        ("On", "train."),
        ("A", "ends"),
    ]


def test_a_label_begins_a_paragraph_in_wrapped_text() -> None:
    text = """Question: What do you think of the plan that the neighbours put
forward in the course of the past year, and of its many prospects?
Sergey Lavrov: We welcome the plan, as we have always welcomed the
plans that help the countries of the region to live in peace today.
Question: And the cost of it?
Sergey Lavrov: It is low."""
    assert [paragraph.split(":")[0] for paragraph in paragraphs(text)] == ["Question", "Sergey Lavrov"] * 2


def test_short_lower_case_lines_are_not_taken_for_wrapped_text() -> None:
    assert paragraphs("home\nnews\nabout us\ncontact\nimprint") == ["home", "news", "about us", "contact", "imprint"]
