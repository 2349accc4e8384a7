"""Themes: what documents are about, and questions without it."""

from rag import Record
from rag.themes import is_chosen, themes, without_words
from rag.types import Filter
from rag.words import stems


def test_a_word_that_runs_through_a_document_is_its_theme_and_a_word_said_once_is_none(corpus_record: Record) -> None:
    (document,) = (each.id for each in corpus_record.sources() if each.metadata.date.startswith("2023"))
    words = stems("Central Asia journalists submarines")
    assert themes(words, [document], corpus_record.catalog) == set(stems("Central Asia"))
    assert themes(words, [], corpus_record.catalog) == set()


def test_a_question_is_left_without_its_topic() -> None:
    assert without_words("What has Petrova said about the river dam?", stems("river dam")) == "What has Petrova said?"
    assert without_words("What did Petrova say on Norwegian dams in 2023?", stems("Norway dam")) == (
        "What did Petrova say in 2023?"
    )


def test_a_filter_by_speakers_alone_chooses_no_documents() -> None:
    assert not is_chosen(Filter(speakers=("Anna Petrova",)))
    assert is_chosen(Filter(date_from="2020-01-01"))
