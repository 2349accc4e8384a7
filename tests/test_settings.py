"""Settings: the environment wins over the file, a wrong value is one line that names it, secrets stay hidden."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.errors import SettingsError
from rag.settings import ENGINES, Settings, load_settings

SECRET = "sk-very-secret"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an environment without any of our variables."""
    for name in [name for name in os.environ if name.upper().startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_environment_and_file_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.engine, settings.hits, settings.chroma_url) == ("local", 16, "")
    assert settings.home.name == "onrecord"
    assert settings.models.name == "models"


def test_the_file_in_the_working_folder_is_read(bare: Path) -> None:
    (bare / "onrecord.toml").write_text('engine = "quotes"\nhits = 7\nhome = "/srv/onrecord"\n', encoding="utf-8")
    settings = load_settings()
    assert (settings.engine, settings.hits, settings.home) == ("quotes", 7, Path("/srv/onrecord"))


def test_the_file_that_the_environment_names_is_read_instead(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "onrecord.toml").write_text("hits = 7\n", encoding="utf-8")
    (bare / "other.toml").write_text("candidates = 9\n", encoding="utf-8")
    monkeypatch.setenv("ONRECORD_CONFIG", str(bare / "other.toml"))
    settings = load_settings()
    assert (settings.hits, settings.candidates) == (16, 9)


def test_an_argument_beats_the_environment_and_that_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "onrecord.toml").write_text("hits = 7\ncandidates = 8\nthreads = 9\n", encoding="utf-8")
    monkeypatch.setenv("ONRECORD_CANDIDATES", "18")
    monkeypatch.setenv("ONRECORD_THREADS", "19")
    settings = load_settings(threads=29)
    assert (settings.hits, settings.candidates, settings.threads) == (7, 18, 29)


def test_an_argument_of_none_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_ENGINE", "endpoint")
    assert load_settings(engine=None).engine == "endpoint"


WRONG = [
    ("engine", "oracle", "'oracle'"),
    ("hits", "many", "'many'"),
    ("hits", "0", "'0'"),
    ("passage_tokens", "31", "'31'"),
    ("passage_tokens", "201", "'201'"),
    ("threads", "-1", "'-1'"),
    ("max_file_megabytes", "0", "'0'"),
    ("endpoint_seconds", "soon", "'soon'"),
]


@pytest.mark.parametrize(("name", "value", "shown"), WRONG)
def test_a_wrong_value_in_the_environment_is_one_line_with_setting_and_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str
) -> None:
    monkeypatch.setenv(f"ONRECORD_{name.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"setting {name} {shown}: ")
    assert f"ONRECORD_{name.upper()}" in message
    assert "\n" not in message


@pytest.mark.parametrize(("name", "value", "shown"), WRONG)
def test_a_wrong_value_in_the_file_is_one_line_with_setting_and_value(
    bare: Path, name: str, value: str, shown: str
) -> None:
    (bare / "onrecord.toml").write_text(f'{name} = "{value}"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"setting {name} {shown}: ")
    assert "\n" not in str(caught.value)


def test_a_wrong_engine_is_answered_with_the_right_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(engine="oracle")
    assert all(engine in str(caught.value) for engine in ENGINES)


def test_an_unknown_name_in_the_file_is_refused(bare: Path) -> None:
    (bare / "onrecord.toml").write_text('enigne = "quotes"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"setting enigne 'quotes': .*settings file") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"hits == 7", b"\xff\xfe\x00", b"hits"], ids=["two signs", "no UTF-8", "no value"])
@pytest.mark.parametrize("named", [True, False], ids=["named", "in the working folder"])
def test_a_file_that_is_not_toml_is_one_line_naming_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, named: bool
) -> None:
    file = bare / ("other.toml" if named else "onrecord.toml")
    file.write_bytes(content)
    if named:
        monkeypatch.setenv("ONRECORD_CONFIG", str(file))
    with pytest.raises(SettingsError, match="not readable as TOML") as caught:
        load_settings()
    assert file.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_without_permission_is_one_line_naming_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "onrecord.toml").write_text("hits = 7\n", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "onrecord.toml")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SettingsError, match=r"onrecord\.toml: not readable as TOML .*Permission denied"):
        load_settings()


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_named_file_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ONRECORD_CONFIG", name)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == f"ONRECORD_CONFIG names {name!r}, which is not a file; correct or unset it"


def test_the_secret_reaches_its_user_and_shows_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_ENDPOINT_KEY", SECRET)
    settings = load_settings()
    assert settings.endpoint_key.get_secret_value() == SECRET
    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert SECRET not in shown
        assert "endpoint_key" in shown


@pytest.mark.parametrize(
    "content",
    [f'endpoint_key = ["{SECRET}"]', f'endpoint_keys = "{SECRET}"', f'endpoint_key = "{SECRET}'],
    ids=["list", "misspelt", "not TOML"],
)
def test_the_secret_shows_in_no_message(bare: Path, content: str) -> None:
    (bare / "onrecord.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().hits = 3  # type: ignore[misc]


@pytest.mark.parametrize(("threads", "cores", "count"), [(3, 8, 3), (0, 8, 8), (0, None, 1)])
def test_no_number_of_threads_means_one_per_core(
    monkeypatch: pytest.MonkeyPatch, threads: int, cores: int | None, count: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert load_settings(threads=threads).thread_count == count


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
