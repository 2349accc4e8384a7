"""The record and conversations over it: what is shared, what is refused, what happens without a model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Conversation, Filter, Finished, Found, Record, Said, Turn, open_record
from rag.errors import FilterError, IndexingError, ModelError, QuestionError, SettingsError
from rag.record import BUNDLED_CORPUS, finished
from rag.settings import load_settings
from tests.fakes import ScriptedModel, SharedWords
from tests.indexes import Make

TEXT = (
    "Minister Anna Petrova visited the northern province on Monday.\n\n"
    "“Helicopters without markings were seen over the northern mountains,” Petrova said.\n\n"
    "“Trade with both neighbours has grown by a third,” Petrova noted."
)
QUESTION = "What did Petrova say about helicopters over the northern mountains?"


@pytest.fixture
def indexed(folder: Path, fake_record: Make) -> Make:
    """Makes records, as fake_record does, of a home with one indexed document."""
    (folder / "a.txt").write_text(TEXT)
    fake_record().index([folder])
    return fake_record


def test_a_record_is_empty_until_something_is_indexed(fake_record: Make, folder: Path) -> None:
    record = fake_record()
    assert record.is_empty
    assert record.sources() == []
    (folder / "a.txt").write_text(TEXT)
    record.index([folder])
    assert not record.is_empty
    assert [source.path for source in record.sources()] == [str(folder / "a.txt")]


def test_what_states_an_answer_is_told_by_the_adapted_model_or_by_the_model_given(tmp_path: Path) -> None:
    with open_record(tmp_path / "home", models=tmp_path / "models") as record:
        assert record.stating is not record.relevance
        touched, stated = record.stating.score("How many cranes came?", ["Cranes came.", "Three cranes came."])
        assert stated > touched
        assert [path.suffix for path in (tmp_path / "models").glob("relevance-*")] == [".onnx"]
    given = SharedWords()
    with Record(load_settings(home=tmp_path / "home"), relevance=given) as record:
        assert record.stating is record.relevance is given


def test_an_empty_index_cannot_be_asked(fake_record: Make) -> None:
    record = fake_record()
    for attempt in (record.ask, record.search, record.stream, Conversation(record).ask):
        with pytest.raises(IndexingError, match="run `onrecord index FOLDER`"):
            attempt(QUESTION)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("x" * 100_000, "100,000 characters"),
        ("helicopters " * 9_000, "108,000 characters"),
        ("", "the question is empty"),
        (" \n\t ", "the question is empty"),
        ("?!", "the question is empty"),
    ],
)
def test_a_question_that_cannot_be_asked_is_an_error_in_one_line(indexed: Make, question: str, message: str) -> None:
    record = indexed()
    conversation = Conversation(record)
    for attempt in (record.ask, record.search, record.stream, conversation.ask):
        with pytest.raises(QuestionError, match=message) as caught:
            attempt(question)
        assert len(str(caught.value)) < 200
        assert "\n" not in str(caught.value)
    assert conversation.turns == []


def test_an_unknown_engine_is_an_error_that_names_the_known_ones(indexed: Make) -> None:
    with pytest.raises(QuestionError, match=r"'oracle'.*quotes, local, endpoint"):
        indexed().ask(QUESTION, engine="oracle")
    with pytest.raises(SettingsError, match=r"engine 'oracle'.*ONRECORD_ENGINE"):
        open_record("nowhere", engine="oracle")


def test_a_home_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexingError, match="choose another --home"):
        open_record(tmp_path / "file" / "home")


def test_a_stream_gives_evidence_then_sentences_then_the_answer(indexed: Make) -> None:
    events = list(indexed().stream(QUESTION, engine="quotes"))
    kinds = [type(event) for event in events]
    assert kinds == [Found, *[Said] * (len(kinds) - 2), Finished]
    assert len(kinds) > 2
    answer = finished(iter(events))
    assert answer.sentences == tuple(event.statement.sentence for event in events if isinstance(event, Said))


def test_an_answer_cites_the_exact_words(indexed: Make) -> None:
    answer = indexed().ask(QUESTION, engine="quotes")
    assert (answer.question, answer.engine, answer.abstained) == (QUESTION, "quotes", False)
    assert "Helicopters without markings" in answer.text
    known = {cited.id for cited in answer.citations}
    assert all(sentence.citations and set(sentence.citations) <= known for sentence in answer.sentences)
    for cited in answer.citations:
        assert TEXT[cited.start : cited.end] == cited.text
        assert TEXT[cited.quote_start : cited.quote_start + len(cited.quote)] == cited.quote
        assert cited.quote in cited.text


def test_a_filter_that_nothing_passes_makes_the_answer_abstain(indexed: Make) -> None:
    answer = indexed().ask(QUESTION, engine="quotes", restriction=Filter(date_from="2030-01-01"))
    assert answer.abstained
    assert answer.text == "The corpus does not say."
    assert (answer.reason, answer.sentences, answer.citations, answer.nearest) == (
        "no passage matches the question",
        (),
        (),
        (),
    )


def test_a_filter_that_names_what_is_not_there_is_an_error(indexed: Make) -> None:
    record = indexed()
    for restriction in (Filter(speakers=("Nobody",)), Filter(publishers=("nobody",)), Filter(documents=("nothing",))):
        with pytest.raises(FilterError, match=r"no .* '[Nn]o"):
            record.ask(QUESTION, engine="quotes", restriction=restriction)
        with pytest.raises(FilterError, match=r"no .* '[Nn]o"):
            record.search(QUESTION, restriction=restriction)


def test_a_model_that_fails_is_replaced_by_quotes_and_the_answer_says_so(indexed: Make) -> None:
    record = indexed(ScriptedModel("", error=ModelError("the model broke")))
    answer = record.ask(QUESTION, engine="local")
    assert answer.engine == "quotes"
    assert "the model broke; the quotes engine answered" in answer.reason
    assert answer.sentences == record.ask(QUESTION, engine="quotes").sentences
    assert not answer.abstained


@pytest.mark.parametrize(
    ("engine", "message"),
    [("endpoint", "ONRECORD_ENDPOINT_URL"), ("local", "make setup")],
)
def test_a_model_that_cannot_be_loaded_is_replaced_by_quotes(
    indexed: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, message: str
) -> None:
    monkeypatch.setattr("rag.weights.PARTS", 23)  # the last package is not there
    answer = indexed(models=tmp_path / "models").ask(QUESTION, engine=engine)
    assert answer.engine == "quotes"
    assert message in answer.reason
    assert not answer.abstained


def test_the_engine_of_the_settings_answers_unless_another_is_named(indexed: Make) -> None:
    model = ScriptedModel("yes\n[1] Helicopters without markings were seen over the northern mountains.\n")
    record = indexed(model, engine="local")
    assert record.ask(QUESTION).engine == "local"
    assert len(model.prompts) == 1
    assert record.ask(QUESTION, engine="quotes").engine == "quotes"
    assert len(model.prompts) == 1


def test_a_conversation_completes_a_follow_up_from_its_own_questions(indexed: Make) -> None:
    record = indexed()
    first, second = Conversation(record, "quotes"), Conversation(record, "quotes")
    first.ask(QUESTION)
    follow_up = first.ask("And about trade?").standalone
    assert "Petrova" in follow_up
    assert "trade" in follow_up
    assert "Petrova" in first.ask("Why did she say so?").standalone
    assert second.turns == []
    assert second.ask("Why did she say so?").standalone == "Why did she say so?"
    assert [turn.role for turn in first.turns] == ["user", "assistant"] * 3


def test_a_conversation_remembers_what_was_said(indexed: Make) -> None:
    conversation = Conversation(indexed(), "quotes")
    answer = conversation.ask(QUESTION)
    assert conversation.turns == [Turn("user", QUESTION), Turn("assistant", answer.text)]


def test_a_turn_that_is_broken_off_is_not_remembered(indexed: Make) -> None:
    conversation = Conversation(indexed(), "quotes")
    events = conversation.stream(QUESTION)
    assert isinstance(next(events), Found)
    events.close()
    assert conversation.turns == []


def test_a_conversation_keeps_to_its_filter(indexed: Make) -> None:
    assert Conversation(indexed(), "quotes", Filter(date_from="2019-01-01")).ask(QUESTION).abstained


def test_homes_share_nothing(indexed: Make, tmp_path: Path) -> None:
    with open_record(tmp_path / "other") as other:
        assert other.is_empty
        assert other.vectors.count() == 0
    assert not indexed().is_empty


def test_without_paths_the_bundled_corpus_is_indexed(corpus_record: Record) -> None:
    files = sorted(str(path) for path in BUNDLED_CORPUS.glob("*.txt"))
    assert [source.path for source in corpus_record.sources()] == files
    assert len(files) == 5
    assert corpus_record.catalog.roots() == [str(BUNDLED_CORPUS)]


def test_the_year_of_the_bundled_report_comes_from_its_copy(corpus_record: Record) -> None:
    copied = [source for source in corpus_record.sources() if source.metadata.date_source]
    assert [(Path(each.path).name, each.metadata.date) for each in copied] == [
        ("tass-2019-us-urges-central-asia-to-avoid-russia.txt", "2019-11-27")
    ]
    copy = corpus_record.catalog.sources([copied[0].metadata.date_source]).values()
    assert [Path(each.path).name for each in copy] == ["tass-2019-us-urges-central-asia-copy.txt"]


def test_the_real_record_answers_with_verbatim_citations(corpus_record: Record) -> None:
    answer = corpus_record.ask("What did Lavrov say about Afghan helicopters?", engine="quotes")
    assert not answer.abstained
    assert "elicopters" in answer.text
    for cited in answer.citations:
        text = corpus_record.catalog.text(cited.source.id)
        assert text[cited.start : cited.end] == cited.text
        assert text[cited.quote_start : cited.quote_start + len(cited.quote)] == cited.quote


def test_a_folder_that_is_not_there_any_more_is_named_and_the_others_are_still_indexed(
    fake_record: Callable[..., Record], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"The minister spoke about {name} helicopters.")
    record = fake_record()
    record.index([tmp_path / "one", tmp_path / "two"])
    (tmp_path / "one").rename(tmp_path / "elsewhere")
    (tmp_path / "two" / "b.txt").write_text("The minister spoke about tanks.")
    report = record.index()
    assert (report.added, report.removed) == (1, 0)
    assert [problem.split(":")[0] for problem in report.problems] == [str(tmp_path / "one")]
    assert record.catalog.counts().documents == 3


def test_a_document_without_a_sentence_is_named(fake_record: Callable[..., Record], folder: Path) -> None:
    (folder / "a.txt").write_text("Advanced settings\n\nRelated News\n")
    (folder / "b.txt").write_text("The minister spoke about tanks.")
    report = fake_record().index([folder])
    assert report.added == 1
    assert "a.txt: holds no sentence" in report.problems[0]
