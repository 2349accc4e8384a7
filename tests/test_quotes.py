"""The quotes engine: which sentences it takes, and how it says whose they are."""

from dataclasses import replace

import pytest

from rag.evidence import Findings
from rag.marks import in_quotation_marks
from rag.quotes import is_alike, quoted, remarks
from rag.types import Evidence, Metadata, Mode
from tests.builders import citation, evidence


def found(*facets: list[Evidence]) -> Findings:
    return Findings(
        tuple({item.hit.passage.id: item.hit for facet in facets for item in facet}.values()),
        facets=tuple(tuple(facet) for facet in facets),
    )


def texts(findings: Findings, *, asks_whose: bool = False) -> list[list[str]]:
    return [[item.utterance.text for item in run] for run in remarks(findings, asks_whose=asks_whose)]


def test_a_remark_is_given_with_its_context_but_no_more_than_four_sentences() -> None:
    sentences = ["Alpha one.", "Beta two.", "Gamma three.", "Delta four.", "Epsilon five."]
    findings = found(evidence(*sentences, relevance=[9, 0, 0, 0, 0]))
    assert texts(findings) == [sentences[:4]]


def test_a_sentence_that_refers_back_brings_the_one_before_it() -> None:
    findings = found(evidence("There is a fund.", "It was joined late.", relevance=[-5, 9]))
    assert texts(findings) == [["There is a fund.", "It was joined late."]]


def test_a_further_remark_of_little_relevance_is_left_out() -> None:
    best = evidence("Helicopters fly north.", relevance=[0])
    for relevance, count in ((-1.5, 2), (-2.5, 1)):
        other = evidence("Trade in apples grew.", relevance=[relevance], document="d2")
        assert len(texts(found([*best, *other]))) == count
    # of two sides each is heard
    assert len(texts(found(best, other))) == 2


def test_a_second_remark_of_each_side_follows_where_it_is_nearly_as_relevant() -> None:
    told = [
        evidence(*words, relevance=[best, best - 1], document=name)
        for name, best, words in (
            ("d1", 9, ("Helicopters fly north.", "Nobody asked the pilots.")),
            ("d2", 4, ("Trade in apples grew.", "Pears were cheap.")),
        )
    ]
    said = [text for run in texts(found(*told)) for text in run]
    assert said == ["Helicopters fly north.", "Trade in apples grew.", "Nobody asked the pilots.", "Pears were cheap."]
    distant = [evidence(one, relevance=[best], document=f"d{best}") for one, best in (("Trains ran.", 9), ("Few.", 1))]
    assert len(texts(found(*distant))) == 2
    # what is hardly relevant is no second remark, however little the first one is
    poor = [evidence("Ships sank.", "Dogs bark.", relevance=[1, -5]), evidence("Cars.", "Fog.", relevance=[-6, -7])]
    assert len([text for run in texts(found(*poor)) for text in run if text in ("Dogs bark.", "Fog.")]) <= 2


def test_of_many_sides_the_four_most_relevant_are_heard() -> None:
    sides = [evidence(f"Side {n} spoke up.", relevance=[n], document=f"d{n}") for n in (1, 2, 3, 4, 9)]
    assert [run[0] for run in texts(found(*sides))] == [f"Side {n} spoke up." for n in (9, 4, 3, 2)]


def test_the_words_are_verbatim_and_carry_who_where_and_when() -> None:
    (statement,) = quoted(found(evidence("Helicopters fly north.")), asks_whose=False)
    assert statement.sentence.text == "Sergey Lavrov (TASS, 27 November 2019): “Helicopters fly north.”"
    assert statement.citations[0].quote == "Helicopters fly north."


def test_what_another_source_words_alike_is_cited_beside_it_and_not_repeated() -> None:
    one = evidence("Helicopters carrying no markings regularly head north from central Afghanistan.", relevance=[9])
    two = evidence(
        "Helicopters without insignia regularly head north from central Afghanistan.",
        relevance=[8],
        document="d2",
        metadata=Metadata(title="Transcript", date="2019-11-27"),
    )
    (statement,) = quoted(found([*one, *two]), asks_whose=False)
    assert [cited.source.id for cited in statement.citations] == ["d1", "d2"]


def test_remarks_of_different_days_are_never_alike() -> None:
    (one,) = evidence("Helicopters regularly head north from central Afghanistan.")
    (two,) = evidence(
        "Helicopters regularly head north from central Afghanistan.",
        document="d2",
        metadata=Metadata(date="2023-03-03"),
    )
    assert not is_alike(one, two)


@pytest.mark.parametrize(("relevance", "is_heard"), [(0, True), (-9, False)])
def test_each_side_of_a_comparison_is_heard_that_says_anything(relevance: float, is_heard: bool) -> None:
    one = evidence("Alpha in the first year.", relevance=[9])
    metadata = Metadata(date="2023-01-01")
    two = evidence("Beta in the second year.", relevance=[relevance], document="d2", metadata=metadata)
    assert texts(found(one, two)) == [["Alpha in the first year."], ["Beta in the second year."]][: 1 + is_heard]


def test_a_comparison_that_names_no_sides_hears_each_source_that_speaks_of_it() -> None:
    one = evidence("The roof cost three million.", relevance=[9])
    two = evidence("Five million is the bill.", relevance=[2], document="d2", metadata=Metadata(date="2023-01-01"))
    far = evidence("The pool is open.", relevance=[-5], document="d3", metadata=Metadata(date="2024-01-01"))
    findings = found([*one, *two, *far])
    assert texts(findings) == [["The roof cost three million."]]
    compared = [["The roof cost three million."], ["Five million is the bill."]]
    assert texts(replace(findings, compares=True)) == compared


def test_where_it_is_asked_whose_words_they_are_it_is_told_who_they_are() -> None:
    told = [
        "Bakers met.",
        "They complain.",
        "They say much.",
        "They want flour.",
        "They ask for it.",
        "They may get it.",
    ]
    findings = found(evidence(*told, relevance=[-9, -9, -9, -9, -9, 9]))
    assert texts(findings) == [told[2:]]
    assert texts(findings, asks_whose=True) == [told]
    # what follows tells nobody who they are
    alone = ["They complain.", "Flour is dear.", "Bread is dear.", "Rye is dear.", "Salt is dear."]
    assert texts(found(evidence(*alone, relevance=[9, 0, 0, 0, 0])), asks_whose=True) == [alone[:4]]


def test_a_questioner_is_heard_where_it_is_asked_whose_words_they_are() -> None:
    answer = evidence("I would not say that it was not embraced.", relevance=[9])
    asked = evidence("Why was it not embraced?", relevance=[3], speaker="Questioner", mode=Mode.QUESTION, document="d2")
    statements = quoted(found([*answer, *asked]), asks_whose=True)
    assert statements[1].sentence.text.startswith("A questioner (TASS, 27 November 2019): ")


def test_a_remark_that_was_already_worded_is_left_out() -> None:
    (only,) = evidence("Helicopters fly north.")
    assert quoted(found([only]), asks_whose=False, said=[only]) == []


def test_without_evidence_there_is_nothing_to_quote() -> None:
    assert quoted(Findings((), ()), asks_whose=False) == []


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ('"Up to this day," Lee said. "There is suspicion.', "“Up to this day,” Lee said. “There is suspicion.”"),
        ('There is no answer," he said.', "“There is no answer,” he said."),
        ('"We say “rules” always," he said.', "“We say ‘rules’ always,” he said."),
        ('“A 5" pipe,” Lee said. “Steel.', '“A 5" pipe,” Lee said. “Steel.”'),
        ("We say “rules” always.", "“We say “rules” always.”"),
        ("Lee stressed that “we agree”.", "“Lee stressed that ‘we agree’.”"),
        ("Lee stressed that “we agree”. “It is “new”. It", "“Lee stressed that ‘we agree’. ‘It is “new”. It’”"),
        ("Plain words.", "“Plain words.”"),
    ],
)
def test_speech_with_a_reporters_words_between_keeps_its_marks_in_pairs(quote: str, shown: str) -> None:
    assert in_quotation_marks(citation(quote, speaker="Lee")) == shown


def test_the_source_that_gives_the_speech_itself_leads_and_the_report_is_cited_beside_it() -> None:
    report = evidence(
        '"Unmarked helicopters head north from the valley," Lee said.',
        speaker="Ann Lee",
        document="d1",
        relevance=[8.0],
    )
    speech = evidence("We see unmarked helicopters that head north.", speaker="Ann Lee", document="d2", relevance=[7.0])
    (only,) = quoted(found([*report, *speech]), asks_whose=False)
    assert [cited.source.id for cited in only.citations] == ["d2", "d1"]
    assert "“We see unmarked helicopters that head north.”" in only.sentence.text


@pytest.mark.parametrize(
    ("reported", "spoken", "relevance"),
    [
        ("Unmarked helicopters head north from the valley.", "We see unmarked helicopters that head north.", 4.0),
        ("Forty unmarked helicopters head north.", "We see unmarked helicopters that head north.", 7.0),
        (
            "Unmarked helicopters head north from the valley to the border with fighters, weapons and fuel aboard.",
            "Unmarked helicopters head north.",
            7.0,
        ),
    ],
)
def test_a_speech_that_fits_less_or_tells_less_than_the_report_does_not_lead(
    reported: str, spoken: str, relevance: float
) -> None:
    report = evidence(f'"{reported[:-1]}," Lee said.', speaker="Ann Lee", document="d1", relevance=[8.0])
    speech = evidence(spoken, speaker="Ann Lee", document="d2", relevance=[relevance])
    (led, *_) = quoted(found([*report, *speech]), asks_whose=False)
    assert led.citations[0].source.id == "d1"


def test_the_speech_leads_also_where_a_side_of_the_comparison_has_nothing_on_the_topic() -> None:
    report = evidence(
        '"Unmarked helicopters head north from the valley," Lee said.',
        speaker="Ann Lee",
        document="d1",
        relevance=[8.0],
    )
    speech = evidence("We see unmarked helicopters that head north.", speaker="Ann Lee", document="d2", relevance=[7.0])
    far = evidence("The harvest was good.", speaker="Bob Ray", document="d3", relevance=[-9.0])
    (only,) = quoted(found([*report, *speech], far), asks_whose=False)
    assert [cited.source.id for cited in only.citations] == ["d2", "d1"]


def test_a_remark_goes_on_with_what_was_said_next_before_what_was_said_earlier_and_fits_less() -> None:
    spoken = ["Bandits are there.", "The year was dry.", "Helicopters fly north.", "We asked why.", "None replied."]
    made = evidence(*spoken, relevance=[4.5, 4.5, 8.0, 3.0, 3.0])
    (only,) = quoted(found(made), asks_whose=False)
    assert "“The year was dry. Helicopters fly north. We asked why. None replied.”" in only.sentence.text
