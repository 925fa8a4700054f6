"""Settings: built-in defaults, then `config.toml`, then `NBABOT_*` variables, later ones winning.

Every key has a type and a default here; a key that is not listed is refused, with the nearest one named. Importing
this module reads nothing: `load()` does. Secrets are never settings; the Discord token is asked for when it is needed.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from engine.core.errors import ConfigError, DiscordAccessError

FILE_NAME = "config.toml"
_PREFIX = "NBABOT_"
_NOT_SETTINGS = {"NBABOT_CONFIG", "NBABOT_DEBUG", "NBABOT_DISCORD_TOKEN", "NBABOT_DATA", "NBABOT_TOOLS"}
_WHERE_IT_GOES = "set DISCORD_TOKEN, or name a file that holds it in discord.token_file"


def _league_time(text: str) -> str:
    hours, colon, minutes = text.partition(":")
    if not (
        colon and len(text) == 5 and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60
    ):
        raise ValueError("must be a time of the league's day (New York) such as 11:00")
    if 1 <= int(hours) < 3:
        raise ValueError("must lie outside 01:00 to 03:00, the hours that clock changes skip or repeat")
    return text


def _positive(channel: int | None) -> int | None:
    if channel is not None and channel <= 0:
        raise ValueError("must be the number under Copy Channel ID in Discord, without quotes")
    return channel


LeagueTime = Annotated[str, AfterValidator(_league_time)]
ChannelId = Annotated[int | None, AfterValidator(_positive)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LogSettings(_Section):
    """What is logged. The log file takes everything at `level`; the terminal of a one-off command only warnings."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class ForecastSettings(_Section):
    """`horizon_days`: how far ahead a matchup is looked up in the schedule before it counts as hypothetical."""

    horizon_days: int = Field(default=14, ge=1, le=60)


class DiscordSettings(_Section):
    """Where the bot posts. The token itself comes from the environment or from the file named here."""

    token_file: Path | None = None
    picks_channel_id: ChannelId = None
    recap_channel_id: ChannelId = None

    def token(self) -> str:
        """The bot token from DISCORD_TOKEN, NBABOT_DISCORD_TOKEN or `token_file`. Raises DiscordAccessError."""
        for name in ("DISCORD_TOKEN", "NBABOT_DISCORD_TOKEN"):
            if token := os.environ.get(name, "").strip():
                return token
        if self.token_file is None:
            raise DiscordAccessError(
                f"No Discord token: {_WHERE_IT_GOES}; to post to this terminal use nbabot run --console."
            )
        try:
            token = self.token_file.expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise DiscordAccessError(
                f"The token file {self.token_file} cannot be read ({reason}): {_WHERE_IT_GOES}."
            ) from error
        if not token:
            raise DiscordAccessError(f"The token file {self.token_file} is empty: paste the bot's token into it.")
        return token


class ScheduleSettings(_Section):
    """When the day's posts go out, in the league's time zone (New York)."""

    picks_time: LeagueTime = "11:00"
    recap_time: LeagueTime = "09:00"


def default_home() -> Path:
    """The platform's folder for a user's data, with our name."""
    import platformdirs

    return Path(platformdirs.user_data_dir("nbabot", appauthor=False))


class Settings(BaseSettings):
    """All settings, checked. `home` is the folder with the database, the models made here and the logs."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home)
    log: LogSettings = LogSettings()
    forecast: ForecastSettings = ForecastSettings()
    discord: DiscordSettings = DiscordSettings()
    schedule: ScheduleSettings = ScheduleSettings()

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
    named = config or (Path(os.environ["NBABOT_CONFIG"]) if os.environ.get("NBABOT_CONFIG") else None)
    if named is not None:
        return named.expanduser()
    here = Path(FILE_NAME)
    return here if here.is_file() else None


def load(config: Path | None = None, home: Path | None = None) -> Settings:
    """Read and check all settings; `home` and `config` are what the command line named. Raises ConfigError."""
    path = config_path(config)
    values = _read(path) if path else {}
    _refuse_unknown_variables()
    try:
        settings = Settings(**values)
    except SettingsError as error:
        raise ConfigError(f"An {_PREFIX}* variable cannot be read ({error}): run nbabot config show.") from error
    except ValidationError as error:
        raise ConfigError(_sentence(error, values, path)) from error
    chosen = (home or settings.home).expanduser().absolute()
    return settings.model_copy(update={"home": chosen})


def flat(settings: Settings) -> dict[str, object]:
    """Every key in dotted form with its value, in the order of the file."""
    return {key: _value_of(settings.model_dump(mode="json"), key) for key in keys()}


def keys() -> tuple[str, ...]:
    """Every key in dotted form."""
    return tuple(_keys_of(Settings, ""))


def origin(key: str, config: Path | None = None) -> str:
    """Where the value of a dotted key comes from: `environment`, `file` or `default`."""
    if os.environ.get(_variable(key)):
        return "environment"
    path = config_path(config)
    return "file" if path and _value_of(_read(path), key) is not None else "default"


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The settings file {path} is not valid TOML ({error}): mend that line.") from error


def _refuse_unknown_variables() -> None:
    known = {_variable(key) for key in keys()} | _NOT_SETTINGS
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            step = _step(name.upper(), known, "unset it")
            raise ConfigError(f"The variable {name} is not a setting: {step}")


def _step(name: str, known: Iterable[str], else_do: str) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"{else_do}; nbabot config show lists the keys."


def _sentence(error: ValidationError, values: Mapping[str, Any], path: Path | None) -> str:
    """The first complaint as one sentence that names the key and where it was set."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    in_file = _value_of(values, key) is not None and not os.environ.get(_variable(key))
    where = f"in {path}" if in_file else f"in the variable {_variable(key)}"
    if first["type"] == "extra_forbidden":
        if "token" in key.rsplit(".", 1)[-1]:
            return f"The key {key} {where} would put a secret in the settings: remove it and {_WHERE_IT_GOES}."
        return f"The key {key} {where} is not a setting: {_step(key, keys(), 'remove it')}"
    complaint = first["msg"].removeprefix("Value error, ")
    return f"The setting {key} {where} is wrong: {complaint[:1].lower()}{complaint[1:]} (it is {first['input']!r})."
