"""The API over a real server: gradio_client and MCP clients get what the command line prints; many ask at once."""

import asyncio
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import Served
from ui.cli import main

QUESTION = "What did Lavrov say about Afghan helicopters?"
README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = (
    QUESTION,
    "How many Central Asians work in Russia?",
    "What did Lavrov say about Blinken's visit?",
    "What did Anna Petrova say about the dam of Karakum?",
    "What is the capital of Australia?",
)


def client(served: Served) -> Client:
    return Client(served.address, download_files=False, verbose=False)


@pytest.fixture
def printed(served: Served, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command line prints for the question."""
    home = str(served.record.settings.home)
    assert main(["ask", QUESTION, "--json", "--engine", "quotes", "--home", home]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


async def called(address: str, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What an MCP client gets from a tool, one of three, whose name ends so."""
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        names = [each.name for each in (await session.list_tools()).tools]
        assert len(names) == 3
        (name,) = [each for each in names if each.endswith(tool)]
        result = await session.call_tool(name, arguments)
        made: dict[str, Any] = json.loads(result.content[0].text)  # type: ignore[union-attr]
        return made


def test_both_clients_get_the_citations_of_the_command_line(served: Served, printed: dict[str, Any]) -> None:
    by_client = client(served).predict(QUESTION, api_name="/ask")
    with ThreadPoolExecutor(1) as thread:  # the browser's driver runs a loop in this one
        by_tool = thread.submit(asyncio.run, called(served.address, "ask", {"question": QUESTION})).result()
    for made in (by_client, by_tool):
        assert {**made, "seconds": 0} == {**printed, "seconds": 0}
    assert printed["citations"]


def test_search_and_documents_are_there(served: Served) -> None:
    found = client(served).predict("helicopters", 3, api_name="/search")
    assert len(found["hits"]) == 3
    documents = client(served).predict(api_name="/documents")
    assert {"TASS", "BelTA"} < {each["publisher"] for each in documents}
    assert all(each["passages"] for each in documents)


def test_history_and_filters_are_heeded(served: Served) -> None:
    history = [{"role": "user", "content": "What did Peskov say about Blinken's visit?"}]
    made = client(served).predict("And Lavrov?", history, api_name="/ask")
    assert {cited["date"] for cited in made["citations"]} == {"2023-03-03"}
    filtered = client(served).predict(QUESTION, publishers=["BelTA"], api_name="/ask")
    assert {cited["publisher"] for cited in filtered["citations"]} <= {"BelTA"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": " "}, "the question is empty"),
        ({"question": "x" * 5000}, "5,000 characters"),
        ({"question": "Why?", "engine": "oracle"}, "there is no engine 'oracle'"),
        ({"question": "Why?", "date_from": "yesterday"}, "'yesterday' is not a date"),
        ({"question": "Why?", "history": [{"role": "user", "content": "x"}] * 101}, "101 turns"),
    ],
)
def test_what_cannot_be_asked_is_one_line(served: Served, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AppError, match=re.escape(message)):
        client(served).predict(**arguments, api_name="/ask")


def test_the_call_in_the_readme_runs(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    (call,) = re.findall(r"```python\n(from gradio_client.*?)```", README, re.DOTALL)
    exec(compile(call.replace("http://127.0.0.1:7860/", served.address), "README", "exec"), {})
    assert "elicopters" in capsys.readouterr().out


def test_ten_at_once_each_get_the_answer_to_their_own_question(served: Served) -> None:
    clients = [client(served) for _ in range(10)]
    expected = {each: served.record.ask(each, engine="quotes").text for each in QUESTIONS}

    def conversation(number: int) -> list[float]:
        seconds = []
        for turn in range(3):
            question = QUESTIONS[(number + turn) % len(QUESTIONS)]
            begun = time.perf_counter()
            made = clients[number].predict(question, api_name="/ask")
            seconds.append(time.perf_counter() - begun)
            assert (made["question"], made["answer"]) == (question, expected[question])
        return seconds

    with ThreadPoolExecutor(10) as threads:
        times = sorted(each for taken in threads.map(conversation, range(10)) for each in taken)
    print(f"ten conversations at once: p50 {statistics.median(times):.2f} s, p95 {times[int(len(times) * 0.95)]:.2f} s")
    assert len(times) == 30
