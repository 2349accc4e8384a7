"""The README against the code: its Python example runs, its settings, files and commands are the real ones."""

import re
from pathlib import Path

import pytest

from rag.settings import Settings
from ui.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(from rag .*?)```", README, re.DOTALL)
    exec(compile(example, "README", "exec"), {})
    printed = capsys.readouterr().out
    assert "identification markings" in printed
    assert "2023" in printed


def test_the_settings_table_is_complete_and_true() -> None:
    rows = re.findall(r"^\| `ONRECORD_(\w+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    described = {name.lower(): text for name, _, text in rows}
    assert described == {name: field.description for name, field in Settings.model_fields.items()}
    for name, default, _ in rows:
        field = Settings.model_fields[name.lower()]
        if field.default_factory is None and name.lower() not in ("endpoint_key", "auth"):
            assert default == f"`{field.default}`" or (default == "empty" and field.default == "")


def test_the_file_map_names_every_module_and_no_other() -> None:
    listed = set(re.findall(r"^\| `((?:rag|ui|evals)/\w+\.py)` \|", README, re.MULTILINE))
    real = {
        f"{folder}/{path.name}"
        for folder in ("rag", "ui", "evals")
        for path in (ROOT / folder).glob("*.py")
        if path.name != "__init__.py"
    }
    assert listed == real


def test_the_commands_are_those_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    (sentence,) = re.findall(r"The commands are (.*?);", README)
    assert re.findall(r"`(\w+)`", sentence) == commands


def test_the_picture_and_the_linked_files_are_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()
