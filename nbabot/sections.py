"""The sections of the settings: every key with its type, its default and its check."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from engine.core.errors import ConfigError, DiscordAccessError
from engine.core.guilds import PICKS_BEFORE
from nbabot.credentials import Secret
from nbabot.logs import LogPolicy

if TYPE_CHECKING:
    from engine.core.odds import OddsAccess
    from engine.core.source_access import SourceAccess

WHERE_IT_GOES = "set DISCORD_TOKEN, or name a file that holds it in discord.token_file"
"""Where the Discord token belongs, as the end of a sentence."""
_TOKEN = Secret("Discord token", "token", ("DISCORD_TOKEN", "NBABOT_DISCORD_TOKEN"), WHERE_IT_GOES, DiscordAccessError)
_ODDS_KEY = Secret(
    "key of The Odds API",
    "key",
    ("THE_ODDS_API_KEY",),
    "set THE_ODDS_API_KEY, or name a file that holds it in sources.odds_key_file",
    ConfigError,
)


def user_path(path: object) -> Path:
    """A path as a person writes it, `~` meaning their own folder. ValueError says what is wrong with it."""
    if not isinstance(path, (str, Path)) or not str(path) or "\0" in str(path):
        raise ValueError("must name a file or folder")
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ValueError("must not begin with ~ and a name that no user of this machine has") from None


def _league_time(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError("must be a time of the league's day (New York) such as 11:00")
    if time(1) <= time.fromisoformat(text) < time(3):
        raise ValueError("must lie outside 01:00 to 03:00, the hours that clock changes skip or repeat")
    return text


def _ascending(times: tuple[str, ...]) -> tuple[str, ...]:
    if not times or list(times) != sorted(set(times)):
        raise ValueError("must be at least one time, in order, each once")
    return times


def _before_tip(text: str) -> str:
    if time.fromisoformat(text) >= PICKS_BEFORE:
        raise ValueError(f"must lie before {PICKS_BEFORE:%H:%M}, the usual first tip-off")
    return text


def _channel(channel: int | None) -> int | None:
    if channel is not None and not 0 < channel < 10**20:
        raise ValueError("must be the number under Copy Channel ID in Discord, without quotes")
    return channel


def _web_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/]+[^\s]*", text):
        raise ValueError("must be an address such as https://stats.nba.com/stats")
    return text.rstrip("/")


_TIME = 'a time such as `"11:00"`, not from 01:00 to 03:00'
_ADDRESS = 'an address such as `"https://stats.nba.com/stats"`, or empty'
_NUMBER = "a number copied from Discord"
UserPath = Annotated[Path, BeforeValidator(user_path)]
LeagueTime = Annotated[str, AfterValidator(_league_time), Field(description=_TIME)]
WebAddress = Annotated[str, AfterValidator(_web_address), Field(description=_ADDRESS)]
ChannelId = Annotated[int | None, AfterValidator(_channel), Field(description=_NUMBER)]
Snowflake = Annotated[int, Field(gt=0, lt=10**20, description=_NUMBER)]
"""A number by which Discord knows a user, a role or a server."""


class Section(BaseModel):
    """A section of the settings file: nothing in it is unknown, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Level = Literal["debug", "info", "warning", "error"]


class LogSettings(Section):
    """What is logged. The log file takes everything at `level`; the terminal of a one-off command only warnings.

    `levels` are those of single modules. Log files are renewed at `size_mb` megabytes or with `daily` at midnight UTC;
    `keep` old ones are kept.
    """

    level: Level = "info"
    levels: dict[str, Level] = Field(default_factory=dict)
    daily: bool = False
    size_mb: float = Field(default=5, gt=0, le=1000)
    keep: int = Field(default=3, ge=1, le=365)

    def policy(self) -> LogPolicy:
        """The same for those who set up logging."""
        return LogPolicy(self.level, self.levels, self.daily, self.size_mb, self.keep)


class ForecastSettings(Section):
    """`horizon_days`: how far ahead a matchup is looked up in the schedule before it counts as hypothetical."""

    horizon_days: int = Field(default=14, ge=1, le=60)


class DiscordSettings(Section):
    """Where the bot posts, and who runs it. The token itself comes from the environment or from the file named here.

    The channels are the operator's own; servers name theirs with /setup. Alerts are for who runs the service: without
    a channel of their own they are not posted. Operators are the application's owner, `operator_ids`, and whoever has
    one of `operator_role_ids`; their commands are registered in `operator_guild_id` alone where it is set.
    """

    token_file: UserPath | None = None
    picks_channel_id: ChannelId = None
    recap_channel_id: ChannelId = None
    live_channel_id: ChannelId = None
    alerts_channel_id: ChannelId = None
    operator_ids: tuple[Snowflake, ...] = ()
    operator_role_ids: tuple[Snowflake, ...] = ()
    operator_guild_id: Snowflake | None = None

    def token_if_set(self) -> str | None:
        """The bot token from DISCORD_TOKEN, NBABOT_DISCORD_TOKEN or `token_file`. Raises DiscordAccessError."""
        return _TOKEN.read(self.token_file)

    def token(self) -> str:
        """The same, where there must be one. Raises DiscordAccessError."""
        token = self.token_if_set()
        if token is None:
            raise DiscordAccessError(
                f"No Discord token: {WHERE_IT_GOES}; to post to this terminal use nbabot run --console."
            )
        return token


class LimitsSettings(Section):
    """How often a minute one user may send commands and press buttons, and all users of one server both."""

    user_commands: int = Field(default=10, ge=1, le=10_000)
    user_presses: int = Field(default=30, ge=1, le=10_000)
    server: int = Field(default=120, ge=1, le=100_000)


class UsageSettings(Section):
    """`keep_days`: for how long it is kept which commands were used; never what was typed, nor who asked."""

    keep_days: int = Field(default=90, ge=1, le=3650)


class WebSettings(Section):
    """Where `nbabot run` and `nbabot bot` serve health and metrics; port 0: nowhere.

    Anything but a loopback `host` shows them to the network, without a password.
    """

    host: str = Field(default="127.0.0.1", min_length=1, max_length=253)
    port: int = Field(default=8710, ge=0, le=65_535)


class ScheduleSettings(Section):
    """When the feeds are asked and the day's posts go out, in the league's time zone (New York).

    At `refresh_times` the injury report is read again: where it moves a pick by `refresh_points` percentage points the
    day's post is edited. Runs and posts are remembered for `keep_days`.
    """

    sync_time: LeagueTime = "08:30"
    news_time: Annotated[LeagueTime, AfterValidator(_before_tip)] = "10:30"
    closing_time: LeagueTime = "18:30"
    picks_time: Annotated[LeagueTime, AfterValidator(_before_tip)] = "11:00"
    recap_time: LeagueTime = "09:00"
    weekly_time: LeagueTime = "09:30"
    refresh_times: Annotated[tuple[LeagueTime, ...], AfterValidator(_ascending)] = ("13:30", "16:30", "18:40", "21:10")
    refresh_points: float = Field(default=5, gt=0, le=50)
    retrain_time: LeagueTime = "05:00"
    backup_time: LeagueTime = "04:00"
    cleanup_time: LeagueTime = "04:30"
    keep_days: int = Field(default=90, ge=14, le=3650)


class ModelsSettings(Section):
    """`split`: share of the games that a challenger forecasts in the champion's place, the same ones everywhere."""

    split: float = Field(default=0, ge=0, le=0.5)


class RetrainSettings(Section):
    """When the model should be trained anew, and whether `nbabot run` does so once a week.

    With `auto_promote` a version that was trained on schedule goes into production where the gate holds.
    """

    weekly: bool = False
    auto_promote: bool = False
    after_games: int = Field(default=400, ge=1)
    after_days: int = Field(default=120, ge=1)


class BackupSettings(Section):
    """Where backups go (default: `backups` in the home folder), and how many of the newest are kept there."""

    folder: UserPath | None = None
    keep: int = Field(default=7, ge=1, le=1000)


class SourcesSettings(Section):
    """The feeds: which one is asked first, where they are (empty: the host's own address), how patiently.

    With `enabled` false nothing is fetched on a schedule. Odds need an account at the-odds-api.com: its key is in
    THE_ODDS_API_KEY or in the file named here. Books are named by the keys of that feed; without any, all books of
    the regions are asked for. A call that would leave fewer than `odds_floor` requests of the account's quota is not
    made.
    """

    enabled: bool = True
    prefer: Literal["stats", "cdn"] = "stats"
    stats_url: WebAddress = ""
    cdn_url: WebAddress = ""
    injuries_url: WebAddress = ""
    odds_url: WebAddress = ""
    headers: dict[str, str] = Field(default_factory=dict)
    connect_seconds: float = Field(default=5, gt=0, le=120)
    read_seconds: float = Field(default=15, gt=0, le=300)
    raw_keep_days: int = Field(default=14, ge=1, le=3650)
    odds_key_file: UserPath | None = None
    odds_regions: tuple[Literal["us", "us2", "uk", "eu", "au"], ...] = Field(default=("us",), min_length=1)
    odds_books: tuple[Annotated[str, Field(pattern="^[a-z0-9_]{2,40}$")], ...] = ()
    odds_floor: int = Field(default=20, ge=0)

    def odds(self) -> OddsAccess | None:
        """How to ask for odds, or None without a key: odds are optional everywhere. Raises ConfigError."""
        from engine.core.odds import OddsAccess

        key = _ODDS_KEY.read(self.odds_key_file)
        return None if key is None else OddsAccess(key, self.odds_regions, self.odds_books, self.odds_floor)

    def access(self) -> SourceAccess:
        """How to ask the feeds. Raises ConfigError when the odds key cannot be read."""
        from engine.core.source_access import SourceAccess

        return SourceAccess(
            prefer=self.prefer,
            stats_url=self.stats_url,
            cdn_url=self.cdn_url,
            injuries_url=self.injuries_url,
            odds_url=self.odds_url,
            headers=self.headers,
            connect_s=self.connect_seconds,
            read_s=self.read_seconds,
            raw_keep_days=self.raw_keep_days,
            odds=self.odds(),
        )
