"""For llama-index: a record as retriever, query engine and chat engine, with verified citations.

query_engine = RecordQueryEngine(record)          # instead of CitationQueryEngine.from_args(index)
response = query_engine.query("What did Lavrov say about Afghan helicopters?")
response.metadata["citations"]                    # quotes with offsets, as in `onrecord answer`
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response, StreamingResponse
from llama_index.core.chat_engine.types import (
    AgentChatResponse,
    BaseChatEngine,
    StreamingAgentChatResponse,
)
from llama_index.core.llms import ChatResponse
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag.answering import Event, Finished, Said
from rag.conversation import Conversation
from rag.export import answer_record
from rag.nodes import as_node
from rag.record import Record
from rag.types import Answer, Filter, Hit, Turn


class RecordRetriever(BaseRetriever):
    """Hybrid retrieval of a record; `start_char_idx` and `end_char_idx` of its nodes count in the extracted text."""

    def __init__(self, record: Record, *, limit: int = 10, restriction: Filter = Filter()) -> None:
        super().__init__()
        self._record = record
        self._limit = limit
        self._restriction = restriction

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._record.search(query_bundle.query_str, limit=self._limit, restriction=self._restriction)
        return [_scored(hit) for hit in hits]


class RecordQueryEngine(BaseQueryEngine):
    """Answers single questions; the response's metadata is the line of `onrecord answer`, once it has ended."""

    def __init__(self, record: Record, *, engine: str = "", streaming: bool = False) -> None:
        super().__init__(callback_manager=None)
        self._record = record
        self._engine = engine
        self._streaming = streaming

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if self._streaming:
            response = StreamingResponse(iter(()), metadata={})
            events = self._record.stream(query_bundle.query_str, engine=self._engine)
            response.response_gen = _said(events, response)
            return response
        answer = self._record.ask(query_bundle.query_str, engine=self._engine)
        return Response(response=answer.text, source_nodes=_sources(answer), metadata=answer_record(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


@dataclass
class RecordStreamingResponse(StreamingAgentChatResponse):
    """A streamed turn of a conversation; `metadata` and `source_nodes` are there once it has ended."""

    metadata: dict[str, Any] = field(default_factory=dict)


class RecordChatEngine(BaseChatEngine):
    """A conversation with follow-ups and citations together; `response.metadata` is as in RecordQueryEngine."""

    def __init__(self, record: Record, *, engine: str = "") -> None:
        self._conversation = Conversation(record, engine)

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        self._take(chat_history)
        answer = self._conversation.ask(message)
        return AgentChatResponse(response=answer.text, source_nodes=_sources(answer), metadata=answer_record(answer))

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> RecordStreamingResponse:
        self._take(chat_history)
        response = RecordStreamingResponse()

        def responses() -> Iterator[ChatResponse]:
            text = ""
            for piece in _said(self._conversation.stream(message), response):
                text += piece
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=piece)

        response.chat_stream = responses()
        # its reader waits for a writer unless the history is written by somebody else, as it is here
        response.is_writing_to_memory = False
        return response

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        return self.chat(message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> RecordStreamingResponse:
        response = self.stream_chat(message, chat_history)
        response.achat_stream = _asynchronous(response.chat_stream)
        return response

    def reset(self) -> None:
        self._conversation.turns.clear()

    @property
    def chat_history(self) -> list[ChatMessage]:
        return [ChatMessage(role=MessageRole(turn.role), content=turn.content) for turn in self._conversation.turns]

    def _take(self, history: list[ChatMessage] | None) -> None:
        if history is not None:
            self._conversation.turns[:] = [Turn(message.role.value, message.content or "") for message in history]


def _said(events: Iterator[Event], response: StreamingResponse | RecordStreamingResponse) -> Iterator[str]:
    """The sentences of an answer as they come, parted by spaces, or its abstention; then fills the response."""
    begun = False
    for event in events:
        if isinstance(event, Said):
            yield (" " if begun else "") + event.statement.sentence.text
            begun = True
        if isinstance(event, Finished):
            response.source_nodes += _sources(event.answer)
            response.metadata.update(answer_record(event.answer))
            if not begun:
                yield event.answer.text


async def _asynchronous(responses: Iterable[ChatResponse]) -> AsyncIterator[ChatResponse]:
    for response in responses:
        yield response


def _scored(hit: Hit) -> NodeWithScore:
    return NodeWithScore(node=as_node(hit.passage, hit.source), score=hit.score)


def _sources(answer: Answer) -> list[NodeWithScore]:
    cited: set[tuple[str, int]] = {(each.source.id, each.start) for each in answer.citations}
    return [_scored(hit) for hit in answer.nearest if (hit.source.id, hit.passage.start) in cited]
