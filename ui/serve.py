"""Serving: a record and where to serve it in, the page on an address out, until it is stopped. `onrecord serve`."""

import argparse
import contextlib
import io
import ipaddress
import socket
import threading
from typing import TYPE_CHECKING

from rag import Record
from rag.errors import SettingsError
from rag.settings import ENGINES

if TYPE_CHECKING:
    import gradio as gr

LOOPBACK = "127.0.0.1"
PORT = 7860
LAST_PORT = 65535
# Gradio counts 0 as no limit
NO_UPLOAD_BYTES = 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `onrecord serve`."""
    parser.add_argument("--port", type=_port, default=PORT, help=f"default {PORT}; 0 takes any that is free")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: this machine only)")
    parser.add_argument("--engine", choices=ENGINES, help="engine chosen at first (default: the setting)")
    parser.add_argument("--allow-upload", action="store_true", help="let visitors add documents and remove them again")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask for these; better set ONRECORD_AUTH")


def serve(record: Record, options: argparse.Namespace) -> int:
    """Serves the page until it is interrupted; raises SettingsError where it may not or cannot."""
    credentials = checked_credentials(options.host, options.auth or record.settings.auth.get_secret_value())
    from ui.page import build

    record.ask("Is anything loaded yet?", engine="quotes")  # the first visitor need not wait for models
    engine = options.engine or record.settings.engine
    page = build(record, engine=engine, allow_upload=options.allow_upload)
    upload_bytes = int(record.settings.max_file_megabytes * 1_000_000) if options.allow_upload else NO_UPLOAD_BYTES
    address = launched(
        page, options.host, options.port or free_port(options.host), credentials=credentials, upload_bytes=upload_bytes
    )
    tools = f"; MCP at {address}gradio_api/mcp/" if credentials is None else ""
    print(f"On Record is at {address} (Ctrl-C ends it{tools})", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.close(verbose=False)
    return 0


def launched(page: "gr.Blocks", host: str, port: int, *, credentials: tuple[str, str] | None, upload_bytes: int) -> str:
    """Starts the server in threads of its own and returns its address; raises SettingsError for a port in use.

    Without credentials it serves MCP clients, too: Gradio's MCP server asks for no password, and cannot give one.
    """
    from ui.page import STYLE, THREADS, theme

    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it advertises itself
            _, address, _ = page.launch(
                server_name=f"[{host}]" if ":" in host else host,
                max_threads=THREADS,
                server_port=port,
                auth=[credentials] if credentials else None,
                max_file_size=upload_bytes,
                theme=theme(),
                head=STYLE,
                footer_links=[],
                run_history=False,
                mcp_server=credentials is None,
                ssr_mode=False,
                enable_monitoring=False,
                share=False,
                quiet=True,
                prevent_thread_lock=True,
                state_session_capacity=1000,
            )
    except OSError:
        raise SettingsError(f"port {port} at {host} cannot be used; choose another --port") from None
    return str(address)


def checked_credentials(host: str, given: str) -> tuple[str, str] | None:
    """User and password, None where none are given; raises SettingsError where they are wrong, or missing."""
    if not given:
        if is_loopback(host):
            return None
        raise SettingsError(
            f"--host {host} lets other machines in, so a password must be asked for; set ONRECORD_AUTH=user:password"
        )
    user, _, password = given.partition(":")
    if not user or not password:
        raise SettingsError("ONRECORD_AUTH or --auth is not of the form user:password; correct it")
    return (user, password)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; take a number from 0 to {LAST_PORT}")
    return int(text)


def free_port(host: str) -> int:
    """A port that nobody listens on; raises SettingsError where the host is not an address of this machine."""
    try:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        raise SettingsError(f"--host {host} cannot be listened on ({error.strerror}); choose another") from None
