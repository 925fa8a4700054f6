"""A team in frozen dataclasses: its season so far, its figures among the league's, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.outlooks import PlayerOutlook
from engine.core.records import Game, GameForecast, TeamBox


@dataclass(frozen=True, slots=True)
class WinLoss:
    """Games won and lost."""

    won: int = 0
    lost: int = 0

    @property
    def share(self) -> float:
        """Share of games won, 0..1; one half where none was played."""
        return self.won / (self.won + self.lost) if self.won + self.lost else 0.5

    def __str__(self) -> str:
        return f"{self.won}-{self.lost}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A figure and its place among the league's teams, 1 being best (of pace: fastest)."""

    value: float
    rank: int


@dataclass(frozen=True, slots=True)
class FourFactors:
    """Dean Oliver's four factors, all in percent: effective field goals, turnovers per 100 possessions, offensive
    rebounds per chance, free throws made per field goal attempted. Rank 1 is best for the team that is spoken of."""

    shooting: Ranked
    turnovers: Ranked
    rebounding: Ranked
    free_throws: Ranked


@dataclass(frozen=True, slots=True)
class Ratings:
    """Points scored and allowed per 100 possessions, their difference, and possessions per 48 minutes."""

    offence: Ranked
    defence: Ranked
    net: Ranked
    pace: Ranked


@dataclass(frozen=True, slots=True)
class TeamTotals:
    """A team's regular season up to a day: its box scores added up, and its opponents' in the same games."""

    games: int
    own: TeamBox
    allowed: TeamBox


@dataclass(frozen=True, slots=True)
class SeasonRecord:
    """How a team stands in a regular season. `streak` counts wins in a row, losses negative.

    Games at neutral sites count in `total`, neither in `home` nor in `away`. `conference_rank` is by share of wins,
    teams with the same share having the same rank.
    """

    total: WinLoss
    home: WinLoss
    away: WinLoss
    last_ten: WinLoss
    streak: int
    conference_rank: int


@dataclass(frozen=True, slots=True)
class TeamCard:
    """The answer to "how good are they?", of the newest regular season of which results are known.

    `ratings`, `factors` (the team's own) and `factors_allowed` (its opponents', rank 1 being the best defence) are None
    without box scores. `last_games` are the newest first, of any kind of game that counts, `next_games` the nearest
    first; `doubtful` are the players in doubt for the first of them. Ranks are out of the league's 30 teams.
    """

    team_id: int
    season: int
    as_of: datetime
    data_through: date | None
    record: SeasonRecord
    elo: Ranked
    ratings: Ratings | None
    factors: FourFactors | None
    factors_allowed: FourFactors | None
    last_games: tuple[Game, ...]
    next_games: tuple[GameForecast, ...]
    doubtful: tuple[PlayerOutlook, ...]
    simulated: bool
    notes: tuple[str, ...] = ()


def ranked(values: Mapping[int, float], team_id: int, *, high_is_best: bool = True) -> Ranked:
    """A team's figure among all teams' figures; equal figures share the better rank."""
    own = values[team_id]
    better = sum(value > own if high_is_best else value < own for value in values.values())
    return Ranked(own, better + 1)
