"""Serving: what a password guards, and the addresses and ports that can be served at."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from ui.cli import main
from ui.desk import Desk
from ui.page import build
from ui.serve import free_port, launched

GUARDED = ("config", "gradio_api/info", "gradio_api/mcp/", "gradio_api/mcp/schema")


@pytest.fixture
def launch(desk: Desk) -> Iterator[Callable[..., str]]:
    """Serves a page and returns its address."""
    pages = []

    def started(host: str = "127.0.0.1", credentials: tuple[str, str] | None = None) -> str:
        pages.append(build(desk.record, engine="quotes", allow_upload=False))
        return launched(pages[-1], host, free_port(host), credentials=credentials, upload_bytes=1)

    yield started
    for page in pages:
        page.close(verbose=False)


def test_a_password_guards_page_api_and_tools(launch: Callable[..., str]) -> None:
    address = launch(credentials=("reader", "secret"))
    with httpx.Client(base_url=address, timeout=30) as stranger:
        assert {path: stranger.get(path).status_code for path in GUARDED} == {
            "config": 401,
            "gradio_api/info": 401,
            "gradio_api/mcp/": 404,
            "gradio_api/mcp/schema": 404,
        }
        assert stranger.post("gradio_api/call/ask", json={"data": ["Which helicopters?"]}).status_code == 401
        assert stranger.post("login", data={"username": "reader", "password": "wrong"}).status_code == 400
        assert stranger.post("login", data={"username": "reader", "password": "secret"}).status_code == 200
        assert stranger.get("config").status_code == 200


def test_without_a_password_tools_are_served(launch: Callable[..., str]) -> None:
    assert httpx.get(f"{launch()}gradio_api/mcp/schema", timeout=30).status_code == 200


def test_the_loopback_of_either_protocol_will_do(launch: Callable[..., str]) -> None:
    address = launch("::1")
    assert "[::1]" in address
    assert httpx.get(address, timeout=30).status_code == 200


@pytest.mark.parametrize("port", ["99999", "-1", "soon"])
def test_what_is_no_port_is_one_line(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", f"--port={port}"])
    assert f"'{port}' is no port" in capsys.readouterr().err
