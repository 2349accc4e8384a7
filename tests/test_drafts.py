"""Drafts: an article in, verdicts with reasons out; quotations, Markdown, pronouns."""

import pytest

from evals.verification import cases
from rag import Record, verify
from rag.citations import citation
from rag.drafts import CheckedSentence
from rag.errors import DraftError
from rag.judges import Judges
from rag.markdown import sentences
from rag.types import Citation, Metadata, Mode
from tests.builders import evidence

HARBOUR = "The harbour of Varna will be closed for eleven days, and no ship may enter."
GRAIN = "Exports of grain grew by a third in spring."


def cited(*texts: str, **about: object) -> list[Citation]:
    return [citation([item]) for item in evidence(*texts, **about)]


def check(draft: str, *texts: str, **about: object) -> CheckedSentence:
    (checked,) = verify(draft, cited(*texts, **about), judges=Judges())
    return checked


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        (HARBOUR, "verbatim"),
        ("Anna Lee said that the harbour of Varna will be closed for eleven days.", "supported"),
        ("Anna Lee said that the harbour of Varna will be closed for twelve days.", "unsupported"),
        ("Anna Lee said that Varna has a new mayor and a bridge.", "unsupported"),
    ],
)
def test_each_sentence_gets_a_verdict(draft: str, verdict: str) -> None:
    checked = check(draft, HARBOUR, GRAIN, speaker="Anna Lee")
    assert checked.verdict == verdict
    assert checked.reason
    assert checked.citations


@pytest.mark.parametrize(
    ("draft", "verdict", "holds"),
    [
        ("“The harbour of Varna will be closed for eleven days,” Anna Lee said.", "found", True),
        ("Lee said: »Exports of grain grew by a third in spring.«", "found", True),
        ("“The harbour of Varna … no ship may enter,” Anna Lee said.", "found", True),
        ("“The harbour of Varna will be closed [...] no ship may enter,” Anna Lee said.", "found", True),
        ("“The harbour of Varna will be closed for ten days,” Anna Lee said.", "not found", False),
        ("“The harbour of Varna grew by a third in spring,” Anna Lee said.", "stitched", False),
        ("“Exports of grain grew by a third,” Bo Carr said.", "misattributed", False),
        ("In 2021, Anna Lee said that “exports of grain grew by a third in spring”.", "misattributed", False),
    ],
)
def test_each_quotation_gets_a_verdict(draft: str, verdict: str, holds: bool) -> None:
    checked = check(draft, HARBOUR, GRAIN, speaker="Anna Lee")
    assert [quote.verdict for quote in checked.quotes] == [verdict]
    assert checked.holds is holds


def test_a_questioners_words_are_not_the_speakers() -> None:
    asked = cited("Will the harbour of Varna be closed?", speaker="Questioner", mode=Mode.QUESTION)
    (checked,) = verify("“The harbour of Varna be closed,” Anna Lee said.", asked, judges=Judges())
    assert not checked.holds


def test_the_right_words_on_the_wrong_publisher_are_misattributed() -> None:
    one = cited(GRAIN, speaker="Anna Lee", metadata=Metadata(publisher="Herald"))
    two = cited(HARBOUR, speaker="Anna Lee", document="d2", metadata=Metadata(publisher="Gazette"))
    (checked,) = verify(f"“{GRAIN[:-1]},” Anna Lee told the Gazette.", [*one, *two], judges=Judges())
    assert checked.quotes[0].verdict == "misattributed"
    assert "Herald" in checked.reason


def test_he_said_is_who_was_named_last() -> None:
    draft = "Bo Carr met Anna Lee. She said: “Exports of grain grew by a third.” Bo Carr left. "
    draft += "He said: “Exports of grain grew.”"
    checked = verify(draft, cited(GRAIN, speaker="Anna Lee"), judges=Judges())
    assert [quote.verdict for each in checked for quote in each.quotes] == ["found", "misattributed"]


def test_markdown_is_read_and_reported_as_written() -> None:
    draft = (
        "---\ntitle: x\n---\n# A heading\n\nTitle\n=====\n\n- **Bold** [link](http://a.b/c.d) ends.[^1]\n"
        "* Is it so?\n\n> Quoted line\n> goes on.\n\n```\ncode.\n```\n\n| a | b |\n\n[^1]: A note.\n"
    )
    made = sentences(draft)
    assert [each.prose for each in made if each.is_claim] == ["Bold link ends.", "Quoted line goes on."]
    assert made[0].text == "**Bold** [link](http://a.b/c.d) ends."


def test_without_citations_nothing_is_supported() -> None:
    (checked,) = verify(GRAIN, [], judges=Judges())
    assert (checked.verdict, checked.citations) == ("unsupported", ())


def test_an_empty_draft_is_an_error(corpus_record: Record) -> None:
    with pytest.raises(DraftError, match="empty"):
        corpus_record.verify(" \n")


@pytest.mark.parametrize("case", cases("drafts.jsonl")[::4], ids=lambda case: case["id"])
def test_quotations_against_the_bundled_corpus(case: dict[str, object], corpus_record: Record) -> None:
    (checked,) = corpus_record.verify(str(case["draft"]))
    assert ([quote.verdict for quote in checked.quotes], checked.holds) == ([case["quote"]], case["holds"])


def test_the_models_of_this_installation_have_a_say_where_none_are_given() -> None:
    texts = cited("We have never opposed any country developing external relations with other states.")
    (true,) = verify("Sergey Lavrov said that no country was ever opposed by us in dealing with others.", texts)
    (false,) = verify("Sergey Lavrov said that we have often opposed other countries' relations.", texts)
    assert true.holds
    assert not false.holds


@pytest.mark.parametrize(
    "filler",
    [
        "The weather was fine.",
        "The bus left late.",
        "The hotel was full.",
        "He was born in 1950.",
        "Music played all night.",
        "The museum reopened in spring.",
        "The team won the final.",
        "Doctors warned of a new flu wave.",
    ],
)
def test_what_no_document_speaks_of_is_unsupported(filler: str, corpus_record: Record) -> None:
    (checked,) = corpus_record.verify(filler)
    assert not checked.holds
