"""Commands as processes: a reader that leaves, a poor terminal, a fresh start with the real models."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.record import BUNDLED_CORPUS
from tests.commands import QUESTION, Run, batch
from ui.cli import main

NOBODY_READS = """
import os, sys, pytest
from tests.commands import QUESTION
from tests.fakes import use_fakes
from ui.cli import main

use_fakes(pytest.MonkeyPatch())
for arguments in (["status"], ["ask", QUESTION], ["answer", "q.jsonl"]):
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, 1)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    try:
        assert main(arguments) == 1
    except SystemExit as ended:  # rich ends the process itself
        assert ended.code == 1
sys.exit(3)
"""


def test_a_reader_that_has_enough_ends_a_command_quietly(indexed: Run) -> None:
    Path("q.jsonl").write_bytes(batch({"question": QUESTION}) * 3)
    environment = {**os.environ, "PYTHONPATH": str(BUNDLED_CORPUS.parent.parent)}
    command = [sys.executable, "-c", NOBODY_READS]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (3, "")


def test_a_terminal_that_is_not_unicode_gets_what_it_can_show(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for option, shown in (("--json", b'"helicopters \\u2014 mountains"'), ("-k1", b"?Helicopters without markings")):
        with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as ascii_only:
            monkeypatch.setattr("sys.stdout", ascii_only)
            assert main(["search", "helicopters — mountains", option]) == 0
            assert shown in ascii_only.buffer.getvalue()  # type: ignore[attr-defined]


def test_a_fresh_process_with_the_real_models_answers_from_the_bundled_corpus(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "ask", "What did Lavrov say about Afghan helicopters?", "--json"]
    environment = {**os.environ, "ONRECORD_HOME": str(tmp_path / "home"), "ONRECORD_ENGINE": "quotes"}
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=BUNDLED_CORPUS.parent.parent, check=False
    )
    first, second = ended.stderr.splitlines()  # no library says anything beside
    assert (ended.returncode, first.endswith(": indexing the bundled corpus")) == (0, True)
    assert second.startswith("5 added, ")
    answer = json.loads(ended.stdout)
    assert "elicopters" in answer["answer"]
    for cited in answer["citations"]:
        text = Path(cited["path"]).read_text(encoding="utf-8")
        assert text[cited["start"] : cited["end"]] == cited["text"]
