"""The llama-index classes, used through llama-index's own calls on the bundled corpus."""

import asyncio

import pytest
from llama_index.core.base.response.schema import Response, StreamingResponse
from llama_index.core.chat_engine.types import AgentChatResponse
from llama_index.core.llms import ChatMessage, MessageRole
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import QueryBundle, TextNode

from rag import Filter, Record
from rag.errors import QuestionError
from rag.export import answer_record
from rag.llamaindex import RecordChatEngine, RecordQueryEngine, RecordRetriever

QUESTION = "What did Lavrov say about Afghan helicopters?"
FOLLOW_UP = "And what about the Americans?"
UNANSWERABLE = "How many cinemas does Reykjavik have?"


def without_time(metadata: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in metadata.items() if name != "seconds"}


def asked(record: Record, question: str) -> dict[str, object]:
    return without_time(answer_record(record.ask(question, engine="quotes")))


def test_the_retriever_gives_the_hits_of_the_record_with_true_offsets(corpus_record: Record) -> None:
    found = RecordRetriever(corpus_record, limit=4).retrieve(QUESTION)
    hits = corpus_record.search(QUESTION, limit=4)
    assert [(each.node.node_id, each.score) for each in found] == [(hit.passage.id, hit.score) for hit in hits]
    assert len(found) == 4
    for each in found:
        assert isinstance(each.node, TextNode)
        text = corpus_record.catalog.text(each.node.metadata["source_id"])
        assert text[each.node.start_char_idx : each.node.end_char_idx] == each.node.text
        assert each.node.ref_doc_id == each.node.metadata["source_id"]


def test_the_retriever_keeps_to_its_filter(corpus_record: Record) -> None:
    found = RecordRetriever(corpus_record, restriction=Filter(publishers=("BelTA",))).retrieve(QueryBundle(QUESTION))
    assert {each.node.metadata["publisher"] for each in found} == {"BelTA"}
    assert RecordRetriever(corpus_record, restriction=Filter(date_from="2030-01-01")).retrieve(QUESTION) == []


def test_the_retriever_works_asynchronously(corpus_record: Record) -> None:
    retriever = RecordRetriever(corpus_record, limit=2)
    found = asyncio.run(retriever.aretrieve(QUESTION))
    assert [each.node.node_id for each in found] == [each.node.node_id for each in retriever.retrieve(QUESTION)]


def test_a_stock_query_engine_takes_the_retriever(corpus_record: Record) -> None:
    engine = RetrieverQueryEngine.from_args(RecordRetriever(corpus_record, limit=2), llm=MockLLM())
    response = engine.query(QUESTION)
    assert len(response.source_nodes) == 2
    # the mock repeats its prompt: what a model would have read
    assert all(each.node.get_content() in str(response) for each in response.source_nodes)
    assert "source_id" not in str(response)


def test_the_query_engine_answers_as_the_record_does(corpus_record: Record) -> None:
    response = RecordQueryEngine(corpus_record, engine="quotes").query(QUESTION)
    expected = asked(corpus_record, QUESTION)
    assert isinstance(response, Response)
    assert response.metadata is not None
    assert without_time(response.metadata) == expected
    assert str(response) == expected["answer"]
    assert response.metadata["citations"]
    assert {(each.node.metadata["source_id"], each.node.start_char_idx) for each in response.source_nodes} == {
        (cited["document"], cited["start"]) for cited in response.metadata["citations"]
    }


def test_the_query_engine_abstains_as_the_record_does(corpus_record: Record) -> None:
    response = RecordQueryEngine(corpus_record, engine="quotes").query(UNANSWERABLE)
    assert str(response) == "The corpus does not say."
    assert response.metadata is not None
    assert (response.metadata["abstained"], response.metadata["citations"], response.source_nodes) == (True, [], [])


@pytest.mark.parametrize("question", [QUESTION, UNANSWERABLE])
def test_a_streamed_answer_ends_as_the_whole_one(corpus_record: Record, question: str) -> None:
    response = RecordQueryEngine(corpus_record, engine="quotes", streaming=True).query(question)
    expected = asked(corpus_record, question)
    assert isinstance(response, StreamingResponse)
    pieces = list(response.response_gen)
    assert "".join(pieces) == expected["answer"]
    assert len(pieces) == max(1, len(expected["sentences"]))  # type: ignore[arg-type]
    assert response.metadata is not None
    assert without_time(response.metadata) == expected
    assert bool(response.source_nodes) == bool(expected["citations"])


def test_the_query_engine_works_asynchronously(corpus_record: Record) -> None:
    response = asyncio.run(RecordQueryEngine(corpus_record, engine="quotes").aquery(QUESTION))
    assert response.metadata is not None
    assert without_time(response.metadata) == asked(corpus_record, QUESTION)


def test_a_question_that_cannot_be_asked_raises_our_error(corpus_record: Record) -> None:
    for attempt in (
        RecordRetriever(corpus_record).retrieve,
        RecordQueryEngine(corpus_record, engine="quotes").query,
        RecordChatEngine(corpus_record, engine="quotes").chat,
    ):
        with pytest.raises(QuestionError):
            attempt("?!")


def test_the_chat_engine_cites_and_completes_follow_ups(corpus_record: Record) -> None:
    engine = RecordChatEngine(corpus_record, engine="quotes")
    first = engine.chat(QUESTION)
    assert isinstance(first, AgentChatResponse)
    assert first.metadata is not None
    assert without_time(first.metadata) == asked(corpus_record, QUESTION)
    assert first.source_nodes
    history = engine.chat_history
    assert [message.role for message in history] == [MessageRole.USER, MessageRole.ASSISTANT]
    assert [message.content for message in history] == [QUESTION, str(first)]
    second = engine.chat(FOLLOW_UP)
    completed = corpus_record.ask(FOLLOW_UP, history=[*engine._conversation.turns[:2]], engine="quotes")
    assert completed.standalone != FOLLOW_UP
    assert str(second) == completed.text
    assert len(engine.chat_history) == 4
    engine.reset()
    assert engine.chat_history == []


def test_the_chat_engine_takes_a_history(corpus_record: Record) -> None:
    earlier = RecordChatEngine(corpus_record, engine="quotes")
    earlier.chat(QUESTION)
    engine = RecordChatEngine(corpus_record, engine="quotes")
    engine.chat("What did Lavrov say about trade?")
    response = engine.chat(FOLLOW_UP, chat_history=earlier.chat_history)
    assert str(response) == str(earlier.chat(FOLLOW_UP))
    assert [message.content for message in engine.chat_history[:3:2]] == [QUESTION, FOLLOW_UP]
    engine.chat(QUESTION, chat_history=[])
    assert len(engine.chat_history) == 2
    engine.chat(FOLLOW_UP, chat_history=[ChatMessage(role=MessageRole.USER, content=None)])
    assert len(engine.chat_history) == 3


@pytest.mark.parametrize("question", [QUESTION, UNANSWERABLE])
def test_a_streamed_chat_ends_as_the_whole_one(corpus_record: Record, question: str) -> None:
    engine = RecordChatEngine(corpus_record, engine="quotes")
    response = engine.stream_chat(question)
    assert engine.chat_history == []
    pieces = list(response.response_gen)
    expected = asked(corpus_record, question)
    assert "".join(pieces) == str(response) == expected["answer"]
    assert without_time(response.metadata) == expected
    assert bool(response.source_nodes) == bool(expected["citations"])
    assert [message.content for message in engine.chat_history] == [question, expected["answer"]]


def test_the_chat_engine_works_asynchronously(corpus_record: Record) -> None:
    engine = RecordChatEngine(corpus_record, engine="quotes")

    async def converse() -> str:
        first = await engine.achat(QUESTION)
        streamed = await engine.astream_chat(FOLLOW_UP)
        pieces = [piece async for piece in streamed.async_response_gen()]
        assert first.metadata is not None
        assert streamed.metadata["question"] == FOLLOW_UP
        return "".join(pieces)

    assert asyncio.run(converse()) == engine.chat_history[-1].content
    assert len(engine.chat_history) == 4
