"""Looks: what words hide from the first is found by the second before "the corpus does not say"; with fake models."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from rag import Finished, Found, Record
from rag.abstention import NOTHING_THEN
from rag.answering import Event
from rag.settings import load_settings
from tests.fakes import ScriptedModel, SharedWords, WordEncoder

TEXT = "\n\n".join(
    [
        "The mill at the river",
        *(f"The grey mill stands at the river of valley number {number}, as grey mills do." for number in range(8)),
        "A blaze razed it on 3 May.",
    ]
)
HIDDEN = "When did fire destroy the grey mill at the river?"
PLAIN = "Which mill stands at the river?"


Ask = Callable[..., list[Event]]


class Synonyms:
    """Knows a blaze for a fire; of what tells of neither it is sure that it states nothing."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read += texts
        known = {"fire": "blaze", "stands": "stands"}
        sought = [told for asked, told in known.items() if asked in question]
        return [8.0 if any(told in text for told in sought) else -4.0 for text in texts]


@pytest.fixture
def stating() -> Synonyms:
    return Synonyms()


@pytest.fixture
def ask(tmp_path: Path, folder: Path, stating: Synonyms) -> Iterator[Ask]:
    (folder / "mill.txt").write_text(TEXT, encoding="utf-8")
    record = Record(
        load_settings(home=tmp_path / "home", entailment=False),
        encoder=WordEncoder(),
        relevance=SharedWords(),
        stating=stating,
        language_model=lambda: ScriptedModel("no", yes=0.99),
    )
    for number in range(9):
        said = f'"The yellow barge number {number} carries gravel on the canal," Bob Ray said.'
        (folder / f"barge-{number}.txt").write_text(said, encoding="utf-8")
    (folder / "lee.txt").write_text('"A barge has sunk," Ann Lee said.', encoding="utf-8")
    record.index([folder])
    with record:
        yield lambda question, engine, **about: list(record.stream(question, engine=engine, **about))


def looks(events: list[Event]) -> list[Found]:
    return [event for event in events if isinstance(event, Found)]


def test_what_shares_no_word_with_the_question_is_found_before_a_refusal(
    ask: Ask,
) -> None:
    first, second = looks(events := ask(HIDDEN, "quotes"))
    assert "blaze" not in " ".join(item.utterance.text for item in first.findings.evidence)
    assert second.findings.evidence[0].utterance.text == "A blaze razed it on 3 May."
    assert second.findings.is_second_look
    assert isinstance(last := events[-1], Finished)
    assert "A blaze razed it on 3 May." in last.answer.text


def test_who_finds_an_answer_at_first_looks_no_further(ask: Ask) -> None:
    (only,) = looks(ask(PLAIN, "quotes"))
    assert not only.findings.is_second_look


def test_a_language_model_reads_what_the_second_look_found(ask: Ask) -> None:
    assert [look.findings.is_second_look for look in looks(ask(PLAIN, "local"))] == [False, True]


def test_where_neither_look_finds_an_answer_it_is_refused(ask: Ask, stating: Synonyms) -> None:
    events = ask("Who painted the grey bridge?", "quotes")
    assert len(looks(events)) == 2
    assert "A blaze razed it on 3 May." in stating.read
    assert isinstance(last := events[-1], Finished)
    assert last.answer.abstained
    assert last.answer.reason


def test_where_there_is_nothing_to_read_there_is_no_second_look(ask: Ask) -> None:
    (only,) = looks(ask("What did Carl Poe say about the mill?", "quotes"))
    assert not only.findings.evidence


def test_the_words_of_one_are_found_among_more_passages_of_others(ask: Ask) -> None:
    *_, last = looks(ask("What did Ann Lee say about the yellow barge with gravel on the canal?", "local"))
    assert last.findings.is_second_look
    assert {item.utterance.speaker for item in last.findings.evidence} == {"Ann Lee"}


def test_each_side_of_a_comparison_is_read_on(ask: Ask) -> None:
    events = ask("How do Ann Lee and Bob Ray differ on the barge?", "quotes")
    first, second = looks(events)
    assert first.reads_on
    assert all(second.findings.facets)
    assert len(second.findings.facets) == 2


def test_the_second_look_does_not_read_again_what_the_first_read(ask: Ask, stating: Synonyms) -> None:
    ask(HIDDEN, "quotes")
    assert len(stating.read) == len(set(stating.read))


def test_who_is_stopped_after_the_first_look_says_so_and_reads_no_further(ask: Ask, stating: Synonyms) -> None:
    for engine in ("quotes", "local"):
        events = ask(HIDDEN, engine, is_stopped=lambda: True)
        assert len(looks(events)) == 1
        assert isinstance(last := events[-1], Finished)
        assert (last.answer.sentences, last.answer.reason) == ((), "stopped before an answer")


def test_a_time_of_which_there_is_no_document_is_refused_without_reading_on(tmp_path: Path, folder: Path) -> None:
    (folder / "mill.txt").write_text('"The mill burnt," Ann Lee said.', encoding="utf-8")
    (folder / "manifest.json").write_text('[{"path": "mill.txt", "date": "2019-11-27"}]', encoding="utf-8")
    model = ScriptedModel("no")
    settings = load_settings(home=tmp_path / "home", entailment=False)
    with Record(settings, encoder=WordEncoder(), relevance=SharedWords(), language_model=lambda: model) as record:
        record.index([folder])
        events = list(record.stream("What did Ann Lee say in 2015 about the mill?", engine="local"))
    assert len(looks(events)) == 1
    assert isinstance(last := events[-1], Finished)
    assert last.answer.reason == NOTHING_THEN
    assert not model.prompts
