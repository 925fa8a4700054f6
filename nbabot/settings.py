"""Settings: built-in defaults, then `config.toml`, then `NBABOT_*` variables, later ones winning.

Every key has a type and a default here; a key that is not listed is refused, with the nearest one named. Importing
this module reads nothing: `load()` does. Secrets are never settings; the Discord token is asked for when it is needed.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from engine.core.errors import ConfigError
from engine.core.model_reports import ModelPolicy
from nbabot import logs
from nbabot.sections import (
    WHERE_IT_GOES,
    BackupSettings,
    DiscordSettings,
    ForecastSettings,
    LimitsSettings,
    LogSettings,
    ModelsSettings,
    RetrainSettings,
    ScheduleSettings,
    SourcesSettings,
    UsageSettings,
    UserPath,
    WebSettings,
    user_path,
)

FILE_NAME = "config.toml"
_PREFIX = "NBABOT_"
_NOT_SETTINGS = {"NBABOT_CONFIG", "NBABOT_DEBUG", "NBABOT_DISCORD_TOKEN", "NBABOT_DATA", "NBABOT_TOOLS"}
_LONGEST_VALUE = 60


def default_home() -> Path:
    """The platform's folder for a user's data, with our name."""
    import platformdirs

    return Path(platformdirs.user_data_dir("nbabot", appauthor=False))


class Settings(BaseSettings):
    """All settings, checked. `home` is the folder with the database, the models made here and the logs."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: UserPath = Field(default_factory=default_home)
    log: LogSettings = LogSettings()
    forecast: ForecastSettings = ForecastSettings()
    discord: DiscordSettings = DiscordSettings()
    limits: LimitsSettings = LimitsSettings()
    usage: UsageSettings = UsageSettings()
    web: WebSettings = WebSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    models: ModelsSettings = ModelsSettings()
    retrain: RetrainSettings = RetrainSettings()
    backup: BackupSettings = BackupSettings()
    sources: SourcesSettings = SourcesSettings()

    def policy(self) -> ModelPolicy:
        """How the engine keeps and renews models."""
        return ModelPolicy(
            split=self.models.split,
            retrain_games=self.retrain.after_games,
            retrain_days=self.retrain.after_days,
            auto_promote=self.retrain.auto_promote,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what is handed in, which is what the file says."""
        return env_settings, init_settings


def config_path(config: Path | None = None) -> Path | None:
    """The settings file in use: the one named, NBABOT_CONFIG, config.toml in the working folder, or None."""
    named = config or os.environ.get("NBABOT_CONFIG")
    if named:
        return _named(named, "settings file")
    here = Path(FILE_NAME)
    return here if here.is_file() else None


def load(config: Path | None = None, home: Path | str | None = None) -> Settings:
    """Read and check all settings; `home` and `config` are what the command line named. Raises ConfigError."""
    path = config_path(config)
    settings, wrong = _checked(_read(path) if path else {}, path)
    if settings is None or wrong:
        raise ConfigError(wrong[0])
    chosen = settings.home if home is None else _named(home, "home folder")
    try:
        return settings.model_copy(update={"home": chosen.absolute()})
    except FileNotFoundError:
        raise ConfigError("The working folder is gone: change to another one.") from None


def mistakes(config: Path | None = None) -> tuple[str, ...]:
    """Everything that is wrong with the settings, a sentence each. Raises ConfigError where the file cannot be read."""
    path = config_path(config)
    return _checked(_read(path) if path else {}, path)[1]


def _checked(values: dict[str, Any], path: Path | None) -> tuple[Settings | None, tuple[str, ...]]:
    """The settings, None where they cannot be made, and what is wrong with them."""
    wrong = tuple(_unknown_variables())
    try:
        return Settings(**values), wrong
    except SettingsError as error:
        return None, (*wrong, f"An {_PREFIX}* variable cannot be read ({error}): run nbabot config show.")
    except ValidationError as error:
        return None, (*wrong, *(_sentence(one, values, path) for one in error.errors(include_url=False)))


def _named(path: Path | str, what: str) -> Path:
    try:
        return user_path(path)
    except ValueError as error:
        raise ConfigError(f"The {what} is wrong: it {error} (it is {str(path)!r}).") from None


def flat(settings: Settings) -> dict[str, object]:
    """Every key in dotted form with its value, in the order of the file."""
    return {key: _value_of(settings.model_dump(mode="json"), key) for key in keys()}


def keys() -> tuple[str, ...]:
    """Every key in dotted form."""
    return tuple(_keys_of(Settings, ""))


def shown(settings: Settings) -> dict[str, object]:
    """The same for eyes: what looks like a secret, in a header or an address, is blotted out."""
    return {key: logs.redacted(value) for key, value in flat(settings).items()}


def as_toml(value: object) -> str:
    """A value as it is written in the settings file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def origin(key: str, config: Path | None = None) -> str:
    """Where the value of a dotted key comes from: `environment`, `file` or `default`."""
    if os.environ.get(_variable(key)):
        return "environment"
    path = config_path(config)
    return "file" if path and _value_of(_read(path), key) is not None else "default"


def place(key: str, config: Path | None = None) -> str:
    """The same to the point: the name of the variable, or the line of the file."""
    where, path = origin(key, config), config_path(config)
    if where == "environment":
        return _variable(key)
    return _place(path, key) if where == "file" and path else where


def _keys_of(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys_of(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def _value_of(values: Mapping[str, Any], key: str) -> Any:
    found: Any = values
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _variable(key: str) -> str:
    return _PREFIX + key.replace(".", "__").upper()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(f"The settings file {path} cannot be read ({reason}): name another with --config.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"The settings file {path} is not valid TOML ({error}): mend that line.") from error


def _place(path: Path, key: str) -> str:
    """`"config.toml, line 12"`; the file alone where the key does not stand on a line of its own in its section."""
    section, _, name = key.rpartition(".")
    under = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.]+)\s*\]", line):
            under = header[1]
            if under == key:
                return f"{path}, line {number}"
        elif under == section and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
            return f"{path}, line {number}"
    return str(path)


def _unknown_variables() -> Iterator[str]:
    known = {_variable(key) for key in keys()}
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in known | _NOT_SETTINGS:
            step = "did you mean DISCORD_TOKEN?" if _is_token(name) else _step(name.upper(), known, "unset it")
            yield f"The variable {name} is not a setting: {step}"


def _is_token(name: str) -> bool:
    return name.lower().endswith("token")


def _step(name: str, known: Iterable[str], else_do: str) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"{else_do}; nbabot config show lists the keys."


def _sentence(mistake: ErrorDetails, values: Mapping[str, Any], path: Path | None) -> str:
    """A complaint as one sentence that names the key and where it was set.

    What stands under `discord` may be a token in the wrong place and is not repeated.
    """
    key = ".".join(str(part) for part in mistake["loc"])
    in_file = _value_of(values, key) is not None and not os.environ.get(_variable(key))
    where = f"in {_place(path, key)}" if path and in_file else f"in the variable {_variable(key)}"
    if mistake["type"] == "extra_forbidden":
        if _is_token(key):
            return f"The key {key} {where} would put a secret in the settings: remove it and {WHERE_IT_GOES}."
        known = keys() if "." in key else (*keys(), *Settings.model_fields)
        return f"The key {key} {where} is not a setting: {_step(key, known, 'remove it')}"
    if mistake["type"] == "model_type":
        return f"The setting {key} {where} is wrong: it must be a section, [{key}] on a line of its own."
    complaint = mistake["msg"].removeprefix("Value error, ")
    value = repr(mistake["input"])
    shown = "" if key.startswith("discord") or len(value) > _LONGEST_VALUE else f" (it is {value})"
    return f"The setting {key} {where} is wrong: {complaint[:1].lower()}{complaint[1:]}{shown}."
