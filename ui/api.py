"""The API: /ask, /search and /documents for `gradio_client`, and the same as tools for MCP clients.

They return what `onrecord answer` and `onrecord search` print. A problem is raised as one line.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from typing import Any

import gradio as gr

from rag import OnRecordError, Turn
from rag.errors import QuestionError
from rag.export import answer_record, search_record
from rag.settings import ENGINES
from ui.desk import Desk
from ui.filters import filter_of
from ui.library import Library, document_record

MAX_HITS = 100
CONCURRENT = 16  # of all programs together: people on the page find a thread at any time


def add_api(desk: Desk, library: Library) -> None:
    """Adds the endpoints to the Blocks in whose `with` this is called."""

    def ask(
        question: str,
        history: list[dict[str, str]] | None = None,
        engine: str = "",
        publishers: list[str] | None = None,
        speakers: list[str] | None = None,
        documents: list[str] | None = None,
        date_from: str = "",
        date_to: str = "",
    ) -> dict[str, Any]:
        """Answers a question from the documents; every sentence cites exact words, or the answer says there is none.

        Args:
            question: The question, in plain words.
            history: Earlier messages of the conversation, each with "role" (user or assistant) and "content".
            engine: quotes, local or endpoint; empty for the server's own choice.
            publishers: Only documents of these publishers.
            speakers: Only what these people say.
            documents: Only these documents, by id or path.
            date_from: Only documents published on or after this date, like 2019-11-27.
            date_to: Only documents published on or before this date.
        """
        with _one_line():
            if engine and engine not in ENGINES:
                raise QuestionError(f"there is no engine {engine!r}; take one of {', '.join(ENGINES)}")
            restriction = filter_of(
                publishers=publishers or (),
                documents=documents or (),
                speakers=speakers or (),
                date_from=date_from,
                date_to=date_to,
            )
            turns = _turns(history or [])
            return answer_record(desk.answer(question, history=turns, engine=engine, restriction=restriction))

    def search(question: str, limit: int = 10) -> dict[str, Any]:
        """Lists the passages of the documents that match a question or words, best first.

        Args:
            question: What to search for.
            limit: How many passages at most.
        """
        with _one_line():
            begun = time.perf_counter()
            hits = desk.record.search(question, limit=max(1, min(limit, MAX_HITS)))
            return search_record(question, hits, time.perf_counter() - begun)

    def documents() -> list[dict[str, Any]]:
        """Lists the documents with title, publisher, date and number of passages."""
        with _one_line():
            return [document_record(each) for each in library.documents()]

    for function in (ask, search, documents):
        tool = _as_text(function)
        # what has a kind of its own is no tool: Gradio would give Python's notation, not JSON
        setattr(function, "_mcp_type", "endpoint")  # noqa: B010
        for each, name in ((tool, f"{function.__name__}_text"), (function, function.__name__)):
            # the tool first, so that it has the bare name
            gr.api(each, api_name=name, concurrency_id="api", concurrency_limit=CONCURRENT)


def _as_text(function: Callable[..., Any]) -> Callable[..., str]:
    """The function with its result as JSON text."""

    @wraps(function)
    def written(*arguments: Any, **named: Any) -> str:
        return json.dumps(function(*arguments, **named), ensure_ascii=False)

    written.__annotations__ = {**function.__annotations__, "return": str}
    written.__signature__ = signature(function).replace(return_annotation=str)  # type: ignore[attr-defined]
    return written


def _turns(history: list[dict[str, str]]) -> tuple[Turn, ...]:
    try:
        return tuple(Turn(str(each["role"]), str(each["content"])) for each in history)
    except (KeyError, TypeError):
        raise QuestionError('"history" is not a list of {"role", "content"}; correct it') from None


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except OnRecordError as error:
        raise gr.Error(str(error), print_exception=False) from None
