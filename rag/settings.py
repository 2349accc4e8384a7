"""Settings: names and numbers from the environment (`ONRECORD_…`) or a file, frozen, passed down.

The file is `onrecord.toml` in the working folder, or the one that `ONRECORD_CONFIG` names; the
environment wins over it. Run `onrecord status` to see what is in force; secrets are masked there.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal, get_args

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError

EngineName = Literal["quotes", "local", "endpoint"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

CONFIG_VARIABLE = "ONRECORD_CONFIG"


class Settings(BaseSettings):
    """Every setting with its default; the field's description is the line in the README."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("onrecord")),
        description="folder of the index",
    )
    models: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("onrecord")) / "models",
        description="folder where models are put together (1.2 GB)",
    )
    engine: EngineName = Field("local", description="engine that answers: quotes, local or endpoint")
    chroma_url: str = Field("", description="Chroma server, http://host:port; empty: in the home folder")
    endpoint_url: str = Field("", description="OpenAI-compatible server, http://host:port/v1")
    endpoint_model: str = Field("", description="model name at that server")
    endpoint_key: SecretStr = Field(SecretStr(""), description="its key; sent to that server only")
    endpoint_seconds: float = Field(60, gt=0, description="seconds to wait for the endpoint")
    auth: SecretStr = Field(SecretStr(""), description="user:password that the page asks for; other machines need it")
    threads: int = Field(0, ge=0, description="processor threads of the models; 0: one per core")
    max_file_megabytes: float = Field(20, gt=0, description="a larger file is refused")
    max_question_characters: int = Field(2000, gt=0, description="a longer question is refused")
    passage_tokens: int = Field(128, ge=32, le=200, description="longest passage, in the embedder's word pieces")
    candidates: int = Field(30, ge=1, description="hits taken from each of dense and lexical search")
    reranked: int = Field(10, ge=0, description="hits of a search that the relevance model reads and ranks; 0: none")
    entailment: bool = Field(True, description="let the entailment model judge worded sentences, if it is installed")
    hits: int = Field(16, ge=1, description="passages that an answer may draw on")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: arguments, environment, file."""
        file = os.environ.get(CONFIG_VARIABLE, "onrecord.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(file))

    @property
    def thread_count(self) -> int:
        return self.threads or os.cpu_count() or 1


def load_settings(**overrides: object) -> Settings:
    """Settings from arguments, environment and file; an argument of None counts as not given.

    Raises SettingsError naming the setting, its value and the remedy.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    config = os.environ.get(CONFIG_VARIABLE)
    if config and not Path(config).is_file():
        raise SettingsError(f"{CONFIG_VARIABLE} names {config!r}, which is not a file; correct or unset it")
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        shown = "" if "key" in name else f" {first['input']!r}"
        raise SettingsError(
            f"setting {name}{shown}: {first['msg'].lower()}; set ONRECORD_{name.upper()} or edit the settings file"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        file = config or "onrecord.toml"
        raise SettingsError(f"settings file {file}: not readable as TOML ({error}); correct it") from None
