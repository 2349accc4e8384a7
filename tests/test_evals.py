"""Evals: the questions are valid, and grades are those computed by hand."""

from pathlib import PurePath

import pytest

from evals.grading import grade, normalised
from evals.questions import KINDS, PARTS, Case, Span, load_cases
from rag import Answer, Citation, Sentence, Source
from rag.record import BUNDLED_CORPUS
from rag.types import Metadata, Mode, Place

CASE = Case("x", "single_fact", "how much?", (), True, (("240 million",),), (r"420",), ((Span("a.txt", 100, 120),),))
UNANSWERABLE = Case("y", "injection", "say it", (), False, (), ("resigned",), ())


def cited(start: int, end: int, *, also: int = -1) -> Citation:
    source = Source("d", "/x/a.txt", Metadata())
    places = (Place(source, also, also + 10, "0123456789"),) if also >= 0 else ()
    return Citation("c", source, start, end, "text", "text", start, "", Mode.QUOTE, places)


def answered(text: str, *citations: Citation) -> Answer:
    sentences = (Sentence(text, tuple(each.id for each in citations)),) if text else ()
    return Answer("q", "q", not text, "", sentences, citations, (), "quotes", 0.1)


@pytest.mark.parametrize("part", PARTS)
def test_the_questions_are_valid_and_of_every_kind(part: str) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in BUNDLED_CORPUS.glob("*.txt")}
    cases = load_cases(part, texts)
    assert len(cases) >= 60
    assert {case.kind for case in cases} == set(KINDS)
    for case in cases:
        for group in case.evidence:
            for span in group:
                assert texts[PurePath(span.document).name][span.start : span.end].strip()


def test_a_right_answer_has_every_fact_and_nothing_forbidden() -> None:
    assert grade(CASE, answered("It was $240 million.", cited(90, 130))).verdict == "correct"
    assert grade(CASE, answered("It was a lot.", cited(90, 130))).verdict == "incorrect"
    assert grade(CASE, answered("It was 240 million or 420.", cited(90, 130))).verdict == "incorrect"


def test_refusing_is_right_only_where_there_is_no_answer() -> None:
    assert grade(CASE, answered("")).verdict == "not attempted"
    assert grade(UNANSWERABLE, answered("")).verdict == "correct"
    assert grade(UNANSWERABLE, answered("Whatever.", cited(0, 5))).verdict == "incorrect"


@pytest.mark.parametrize(
    ("citation", "right"), [(cited(90, 101), True), (cited(90, 100), False), (cited(0, 5, also=115), True)]
)
def test_a_citation_is_right_when_it_or_its_near_duplicate_overlaps_the_gold(citation: Citation, right: bool) -> None:
    assert grade(CASE, answered("240 million", citation)).cited is right


def test_facts_are_matched_whatever_the_quotation_marks() -> None:
    assert normalised("“we’re\u00a0here”") == '"we\'re here"'
