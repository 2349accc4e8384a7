"""Tests of rag/notes.py and rag/nested.py: a third party's words within a quote, told by its speaker."""

import pytest

from rag.citations import citation
from rag.export import citation_record
from rag.nested import with_nested
from rag.notes import notes
from rag.rows import packed, unpacked
from rag.speakers import utterances
from rag.types import Evidence, Hit, Metadata, Mode, Passage, Source
from tests.builders import citation as citation_of
from tests.builders import document

TRANSCRIPT = (
    "Question: What of the port?\n\n"
    "Ana Ruiz: The Danish envoy said, “the port must close,” and left. I call it “a plan of yesterday”.\n\n"
    "Question: And then?\n\n"
    "Ana Ruiz: He told us, “never come back.” We will."
)


def cited(text: str, words: str) -> dict[str, object]:
    """The record of the citation of the utterance that holds these words."""
    said = next(each for each in utterances(document(text)) if words in each.text)
    passage = Passage("p", "d", said.start, said.end, said.text, "", (said,))
    kept = unpacked((*(passage.id, "d", said.start, said.end, said.text, ""), packed(passage)))
    assert kept == passage
    hit = Hit(kept, Source("d", "a.txt", Metadata(date="2020-01-01")), 1.0)
    return citation_record(citation([Evidence(kept.utterances[0], hit, 0.0)]))


def test_a_third_partys_words_are_noted_with_all_who_passed_them_on() -> None:
    record = cited(TRANSCRIPT, "the port must close")
    [nested] = record["nested"]  # type: ignore[misc]
    assert nested["text"] == "“the port must close,”"
    assert TRANSCRIPT[nested["start"] : nested["end"]] == nested["text"]
    assert (nested["words_of"], nested["told_by"]) == ("the Danish envoy", "Ana Ruiz")
    assert record["notes"] == ["“the port must close”: words of the Danish envoy, told by Ana Ruiz"]


def test_a_speakers_own_quotation_marks_are_nobody_elses_words() -> None:
    assert cited(TRANSCRIPT, "a plan of yesterday")["nested"] == []


def test_whose_words_a_pronoun_hides_is_not_guessed() -> None:
    record = cited(TRANSCRIPT, "never come back")
    assert record["notes"] == ["“never come back.”: words of somebody else, told by Ana Ruiz"]


def test_furniture_and_narration_tell_nobody() -> None:
    text = "The “old bridge,” it is said, fell."
    [said] = utterances(document(text))
    assert said.mode is Mode.NARRATION
    assert with_nested(text, [(0, len(text))], [said], is_transcript=False) == [said]


def test_a_date_that_is_not_the_documents_own_and_another_day_of_the_event_are_noted() -> None:
    about = citation_of("It rained.", date="2019-11-28", event_date="2019-11-27", date_source="copy")
    assert notes(about) == ("the report shows no year; a copy of it does", "of an event on 27 November 2019")
    assert notes(citation_of("It rained.", date="2019-11-27", event_date="2019-11-27")) == ()


@pytest.mark.parametrize(
    ("text", "is_noted"),
    [
        ("It rained.", True),
        ("On March 2 he spoke. It rained.", True),
        ("Earlier, on February 28, a spokesman declined. It rained.", False),
        ("It rained on 28 February.", False),
    ],
)
def test_the_day_of_the_event_is_not_told_of_words_of_another_day(text: str, is_noted: bool) -> None:
    about = citation_of(text, date="2023-03-03", event_date="--03-02")
    assert notes(about) == (("of an event on 2 March",) if is_noted else ())
