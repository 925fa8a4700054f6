"""Players and their forecasts as they cross the layers: frozen dataclasses, never dicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.core.teams import BY_ID


class Stat(StrEnum):
    """What is forecast of a player's game."""

    PTS = "pts"
    REB = "reb"
    AST = "ast"
    FG3M = "fg3m"
    STL = "stl"
    BLK = "blk"
    TOV = "tov"
    PRA = "pra"

    @property
    def words(self) -> str:
        """`"points"`."""
        return STAT_WORDS[self]

    @property
    def parts(self) -> tuple[Stat, ...]:
        """The counts that it is the sum of."""
        return (Stat.PTS, Stat.REB, Stat.AST) if self is Stat.PRA else (self,)


STAT_WORDS: Mapping[Stat, str] = {
    Stat.PTS: "points",
    Stat.REB: "rebounds",
    Stat.AST: "assists",
    Stat.FG3M: "threes",
    Stat.STL: "steals",
    Stat.BLK: "blocks",
    Stat.TOV: "turnovers",
    Stat.PRA: "points + rebounds + assists",
}

Range = tuple[float, float]

MOST_LINE = 200.0
"""Lines are from 0 to this."""
FORM_GAMES = 15
"""A player's form is what he did in so many of his last games."""


@dataclass(frozen=True, slots=True)
class StatForecast:
    """One number of a player's game to come, if he plays.

    `mean` is what he would do on average, `median` what he exceeds in one game of two. `interval_50`, `_80` and `_95`
    are (low, high) and hold the outcome in so many of 100 games.
    """

    stat: Stat
    mean: float
    median: float
    interval_50: Range
    interval_80: Range
    interval_95: Range


@dataclass(frozen=True, slots=True)
class LineForecast:
    """The chances against a line, 0..1: above it, below it, and exactly on it (0 for lines such as 27.5)."""

    stat: Stat
    line: float
    over: float
    under: float
    push: float


@dataclass(frozen=True, slots=True)
class PlayerForecast:
    """What a player is expected to do in a game to come.

    `game_id` is None for a hypothetical game. `minutes` are expected if he plays, `chance` (0..1) is that of his
    playing; `status` is the official injury report's word, empty where there is none. `games` are his known ones.
    `as_of` is the moment from which it is looked at, `data_through` the league day of the newest result known then.
    """

    player_id: int
    name: str
    team_id: int
    opponent_id: int
    home: bool
    neutral: bool
    league_day: date
    game_id: str | None
    tip_utc: datetime | None
    minutes: float
    chance: float
    status: str
    stats: tuple[StatForecast, ...]
    line: LineForecast | None
    games: int
    model: str
    as_of: datetime
    data_through: date | None
    notes: tuple[str, ...] = ()

    def stat(self, wanted: Stat) -> StatForecast:
        """The forecast of one number."""
        return next(one for one in self.stats if one.stat is wanted)


@dataclass(frozen=True, slots=True)
class PlayerGame:
    """What a player did in a game that is over: `minutes` played, and a count of each Stat that is no sum."""

    league_day: date
    opponent_id: int
    home: bool
    minutes: float
    counts: Mapping[Stat, int]

    def value(self, stat: Stat) -> int:
        """The count of any Stat, sums too."""
        return sum(self.counts[part] for part in stat.parts)


@dataclass(frozen=True, slots=True)
class PlayerHit:
    """A player who may be meant by a name; `team_id` None where he plays for nobody, `last_day` his last game."""

    player_id: int
    name: str
    team_id: int | None
    last_day: date | None
    likeness: float
    """0..100, 100 for the name itself."""

    @property
    def called(self) -> str:
        """Name and team: what a person is shown, and a name by which nobody else can be meant."""
        return self.name if self.team_id is None else f"{self.name} ({BY_ID[self.team_id].abbreviation})"


@dataclass(frozen=True, slots=True)
class StatRecord:
    """How the published forecasts of one stat have done; what is averaged is None while nothing has been graded.

    `n` counts every published one: hits + misses + voids + pending. A hit fell into the 80% interval; a player who did
    not appear, or a game that was put off, makes a void. `mae` is the mean absolute error of the median, `share_50`,
    `share_80` and `share_95` are the shares (0..1) of hits and misses that the intervals held.
    """

    stat: Stat
    n: int
    hits: int
    misses: int
    voids: int
    pending: int
    mae: float | None
    share_50: float | None
    share_80: float | None
    share_95: float | None

    @property
    def graded(self) -> int:
        """How many have been compared with what happened."""
        return self.hits + self.misses


@dataclass(frozen=True, slots=True)
class PlayerRecord:
    """The record of published forecasts of players by stat, without stats of which none was published."""

    first_day: date | None
    last_day: date | None
    stats: tuple[StatRecord, ...]
    simulated: bool


@dataclass(frozen=True, slots=True)
class Appearance:
    """What one player did in one game."""

    league_day: date
    player_id: int
    name: str
    pts: int
    reb: int
    ast: int


@dataclass(frozen=True, slots=True)
class PlayerAverages:
    """What a player does per appearance, later ones weighing more; `games` were looked at."""

    player_id: int
    name: str
    games: int
    pts: float
    reb: float
    ast: float
    last_day: date
