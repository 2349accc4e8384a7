"""Citations: the quote stands where its offsets say, and the label says who, where and when."""

from dataclasses import replace

import pytest

from rag.citations import citation, readable_date, source_label, statement, who_and_when
from rag.speakers import QUESTIONER
from rag.types import Citation, Metadata, Mode, Place, Source
from tests.builders import citation as citation_of
from tests.builders import evidence

SENTENCES = ("We met in Bishkek.", "We spoke of trade.", "We meet again.", "That is all.")


def cited(*, speaker: str = "Sergey Lavrov", mode: Mode = Mode.QUOTE, metadata: Metadata | None = None) -> Citation:
    return citation(evidence("Some words.", speaker=speaker, mode=mode, metadata=metadata))


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 3), (1, 2), (3, 3)])
def test_the_quote_runs_verbatim_from_the_first_to_the_last_utterance(first: int, last: int) -> None:
    given = evidence(*SENTENCES)
    made = citation(given[first : last + 1])
    assert made.quote == " ".join(SENTENCES[first : last + 1])
    assert made.text == given[0].hit.passage.text
    begin = made.quote_start - made.start
    assert made.text[begin : begin + len(made.quote)] == made.quote
    assert (made.start, made.end) == (10, 10 + len(made.text))


def test_what_lies_between_two_utterances_belongs_to_the_quote() -> None:
    given = evidence(*SENTENCES)
    assert citation([given[0], given[2]]).quote == " ".join(SENTENCES[:3])


def test_source_speaker_mode_and_copies_are_those_of_the_evidence() -> None:
    copy = Place(Source("d2", "/x/d2.txt", Metadata()), 3, 9, "x Is it\u00a0so? y")
    other = Place(Source("d3", "/x/d3.txt", Metadata()), 0, 12, "Was it so?")
    given = [
        replace(each, hit=replace(each.hit, also_in=(copy, other)))
        for each in evidence("Is it so?", mode=Mode.QUESTION)
    ]
    made = citation(given)
    assert (made.source, made.speaker, made.mode) == (given[0].hit.source, "Sergey Lavrov", Mode.QUESTION)
    # narrowed to the quote itself; a near-duplicate that words it otherwise is left out
    assert made.also_in == (Place(copy.source, 5, 14, "Is it\u00a0so?"),)


def test_the_id_depends_on_the_document_and_the_quoted_stretch_alone() -> None:
    given = evidence(*SENTENCES)
    made = citation(given[1:2])
    assert citation([replace(given[1], relevance=-3.0)]).id == made.id
    others = [citation(given[2:3]), citation(given[1:3]), citation(evidence(*SENTENCES, document="d2")[1:2])]
    assert len({made.id, *(other.id for other in others)}) == 4


def test_a_statement_counts_each_citation_once_in_order() -> None:
    given = evidence(*SENTENCES)
    second, first = citation(given[1:2]), citation(given[:1])
    made = statement("They met and spoke.", [second, first, citation(given[1:2])])
    assert made.citations == (second, first)
    assert made.sentence.citations == (second.id, first.id)
    assert made.sentence.text == "They met and spoke."


@pytest.mark.parametrize(
    ("iso", "readable"),
    [
        ("2019-11-27", "27 November 2019"),
        ("2023-03-03", "3 March 2023"),
        ("--11-27", "27 November"),
        ("--02-29", "29 February"),
        ("2019-11", "November 2019"),
        ("1999", "1999"),
        ("", ""),
    ],
)
def test_a_date_is_written_out_as_far_as_it_is_known(iso: str, readable: str) -> None:
    assert readable_date(iso) == readable


@pytest.mark.parametrize(
    ("metadata", "label"),
    [
        (Metadata(publisher="TASS", title="A title", date="2019-11-27"), "TASS, 27 November 2019"),
        (Metadata(publisher="TASS", date="--11-27"), "TASS, 27 November"),
        (Metadata(publisher="BelTA", title="A title"), "BelTA, undated"),
        (Metadata(title="A  title\nin two lines", date="2023-03-03"), "“A title in two lines”, 3 March 2023"),
        (Metadata(title="Five words " * 12), "“" + "Five words " * 5 + "Five …”, undated"),
        (Metadata(title="x" * 61), "“" + "x" * 60 + " …”, undated"),
        (Metadata(title="x" * 60), "“" + "x" * 60 + "”, undated"),
        (Metadata(event_date="2019-11-27"), "report.txt, undated"),
    ],
    ids=["full", "no year", "undated", "no publisher", "long title", "one long word", "just short enough", "nothing"],
)
def test_a_source_is_named_by_publisher_else_title_else_file(metadata: Metadata, label: str) -> None:
    assert source_label(Source("d1", "/some/folder/report.txt", metadata)) == label


@pytest.mark.parametrize(
    ("speaker", "mode", "label"),
    [
        ("Sergey Lavrov", Mode.QUOTE, "Sergey Lavrov (TASS, 27 November 2019)"),
        (QUESTIONER, Mode.QUESTION, "A questioner (TASS, 27 November 2019)"),
        ("", Mode.QUOTE, "TASS, 27 November 2019"),
        ("", Mode.NARRATION, "TASS, 27 November 2019"),
        ("Sergey Lavrov", Mode.NARRATION, "TASS, 27 November 2019"),
        ("Sergey Lavrov", Mode.REPORTED, "Sergey Lavrov, as reported by TASS, 27 November 2019"),
    ],
)
def test_the_speaker_is_named_only_for_words_that_are_said(speaker: str, mode: Mode, label: str) -> None:
    assert who_and_when(cited(speaker=speaker, mode=mode)) == label


def test_reported_speech_in_a_source_without_publisher_stands_in_it() -> None:
    made = cited(mode=Mode.REPORTED, metadata=Metadata(title="Remarks in Bishkek"))
    assert who_and_when(made) == "Sergey Lavrov, as reported in “Remarks in Bishkek”, undated"


def test_a_speaker_in_an_undated_source_without_publisher_is_named_all_the_same() -> None:
    made = cited(metadata=Metadata(title="Remarks in Bishkek"))
    assert who_and_when(made) == "Sergey Lavrov (“Remarks in Bishkek”, undated)"


@pytest.mark.parametrize(
    ("quote", "is_reports"),
    [
        ("Sergey Lavrov stressed that “we have never opposed it”.", True),
        ("He said: “We have never opposed it.”", True),
        ("“We have never opposed it,” Lavrov said.", False),
        ("They say “rules-based order” now.", False),
        ("There is no answer,” Lavrov said.", False),
    ],
)
def test_speech_that_a_reporter_leads_up_to_is_told_as_his_report(quote: str, is_reports: bool) -> None:
    label = who_and_when(citation_of(quote, speaker="Sergey Lavrov", publisher="TASS"))
    assert label == ("Sergey Lavrov, as reported by TASS, undated" if is_reports else "Sergey Lavrov (TASS, undated)")
