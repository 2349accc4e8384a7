"""Answering: events in order, drafts checked, failures fallen back from; with fake models on two small documents."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Answer, Finished, Found, Record, Said
from rag.answering import supporting
from rag.drafting import DraftedSentence
from rag.errors import ModelError
from rag.types import Metadata, Mode
from tests.builders import evidence
from tests.fakes import ScriptedModel

TEXT = (
    "Lavrov on helicopters over the valley in autumn\n\n"
    '"Unmarked helicopters regularly fly north over the valley," Sergey Lavrov said. '
    '"There is the suspicion that weapons are being airlifted there."\n\n'
    '"The harvest of wheat was good in autumn," Sergey Lavrov said.\n'
)
QUESTION = "What did Lavrov say about unmarked helicopters over the valley?"
GOOD = "yes [1] Sergey Lavrov said that unmarked helicopters regularly fly north over the valley."


@pytest.fixture
def ask(fake_record: Callable[..., Record], folder: Path) -> Callable[..., list[object]]:
    (folder / "report.txt").write_text(TEXT, encoding="utf-8")

    def run(model: ScriptedModel | None = None, question: str = QUESTION, **about: object) -> list[object]:
        record = fake_record(model)
        record.index([folder])
        return list(record.stream(question, engine="local" if model else "quotes", **about))  # type: ignore[arg-type]

    return run


def answer(events: list[object]) -> Answer:
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def test_evidence_comes_first_then_the_sentences_then_the_answer(ask: Callable[..., list[object]]) -> None:
    events = ask()
    assert [type(event) for event in events] == [Found, *[Said] * (len(events) - 2), Finished]
    assert answer(events).sentences == tuple(event.statement.sentence for event in events if isinstance(event, Said))


def test_every_sentence_cites_and_every_quote_is_verbatim(ask: Callable[..., list[object]]) -> None:
    given = answer(ask(ScriptedModel(GOOD)))
    ids = {cited.id for cited in given.citations}
    assert given.sentences
    for sentence in given.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= ids
    for cited in given.citations:
        assert TEXT[cited.start : cited.end] == cited.text
        assert TEXT[cited.quote_start :].startswith(cited.quote)


def test_a_draft_that_holds_leads_the_answer_with_its_source(ask: Callable[..., list[object]]) -> None:
    given = answer(ask(ScriptedModel(GOOD)))
    assert given.sentences[0].text.startswith("Sergey Lavrov said that unmarked helicopters regularly fly north")
    assert given.engine == "local"


@pytest.mark.parametrize(
    "draft",
    [
        "yes [1] Sergey Lavrov said that 40 helicopters fly north over the valley.",
        "yes [1] Dmitry Peskov said that helicopters regularly fly north over the valley.",
        "yes [1] Sergey Lavrov said that helicopters never fly north over the valley.",
        "yes [9] Sergey Lavrov said that aliens landed in Paris.",
        "gibberish",
    ],
)
def test_a_draft_that_fails_is_replaced_by_the_quote(ask: Callable[..., list[object]], draft: str) -> None:
    given = answer(ask(ScriptedModel(draft)))
    assert not given.abstained
    assert draft.rpartition("] ")[2] not in given.text
    assert "“Unmarked helicopters regularly fly north" in given.text.replace('"', "")


def test_a_misnumbered_draft_is_pinned_to_the_excerpt_that_supports_it(ask: Callable[..., list[object]]) -> None:
    given = answer(ask(ScriptedModel(GOOD.replace("[1]", "[2]"))))
    first = next(cited for cited in given.citations if cited.id == given.sentences[0].citations[0])
    assert "Unmarked helicopters" in first.quote


def test_a_model_that_fails_leaves_the_answer_to_the_quotes_engine_which_says_so(
    ask: Callable[..., list[object]],
) -> None:
    given = answer(ask(ScriptedModel("", error=ModelError("the model is missing"))))
    assert (given.engine, given.abstained) == ("quotes", False)
    assert given.reason == "the model is missing; the quotes engine answered"


def test_a_question_the_documents_do_not_answer_is_abstained_from(ask: Callable[..., list[object]]) -> None:
    given = answer(ask(ScriptedModel("no", yes=0.02), question="Who invented the bicycle in Karlsruhe?"))
    assert given.abstained
    assert given.text == "The corpus does not say."
    assert (given.sentences, given.citations) == ((), ())
    assert given.reason


def test_a_stop_ends_the_model_and_still_finishes(ask: Callable[..., list[object]]) -> None:
    assert isinstance(ask(ScriptedModel(GOOD), is_stopped=lambda: True)[-1], Finished)


def test_a_report_of_no_named_publisher_is_worded_as_what_the_source_reports() -> None:
    (item,) = evidence(
        "The deadline for an appeal is March 14.", speaker="", mode=Mode.NARRATION, metadata=Metadata(title="Fine")
    )
    true, false = (
        DraftedSentence(f"The source reported that the deadline for an appeal is March {day}.", (item,))
        for day in (14, 15)
    )
    assert supporting(true, [item]) is item
    assert supporting(false, [item]) is None
