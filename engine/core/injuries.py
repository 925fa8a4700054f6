"""What the league's official injury report says, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class InjuryStatus(StrEnum):
    """How likely a listed player is to play, in the league's own words."""

    OUT = "Out"
    DOUBTFUL = "Doubtful"
    QUESTIONABLE = "Questionable"
    PROBABLE = "Probable"
    AVAILABLE = "Available"


@dataclass(frozen=True, slots=True)
class ListedPlayer:
    """One player of a report. `name` is as printed ("Smith Jr., Alex"); `player_id` is None until it is matched."""

    name: str
    status: InjuryStatus
    reason: str
    player_id: int | None = None


@dataclass(frozen=True, slots=True)
class TeamReport:
    """What one published report says of one team's game.

    `reported_at` is the moment at the report's head, `tip_utc` None where it prints no time. `players` is empty where
    nobody is listed, or nothing was `submitted` yet.
    """

    reported_at: datetime
    league_day: date
    team_id: int
    opponent_id: int
    tip_utc: datetime | None
    submitted: bool
    players: tuple[ListedPlayer, ...] = ()


@dataclass(frozen=True, slots=True)
class UnmatchedName:
    """A listed player for whom no id was found, and the nearest known name of his team, if any comes near."""

    name: str
    team_id: int
    nearest: str | None

    @property
    def shown(self) -> str:
        """`"Wells, Jalen (nearest: Jaylin Wells)"`."""
        return self.name if self.nearest is None else f"{self.name} (nearest: {self.nearest})"


@dataclass(frozen=True, slots=True)
class UnmatchedNames:
    """The names of one report that belong to no known player: kept and shown, but of no use to a forecast."""

    reported_at: datetime
    names: tuple[UnmatchedName, ...]


@dataclass(frozen=True, slots=True)
class DayInjuries:
    """The newest word of every team on a league day, as known at `as_of`; empty where no report is known."""

    league_day: date
    as_of: datetime
    teams: tuple[TeamReport, ...]

    def of_team(self, team_id: int) -> DayInjuries:
        """The same of one team alone."""
        return DayInjuries(self.league_day, self.as_of, tuple(team for team in self.teams if team.team_id == team_id))

    @property
    def reported_at(self) -> datetime | None:
        """Moment of the newest report that says anything of the day."""
        return max((team.reported_at for team in self.teams), default=None)

    @property
    def statuses(self) -> Mapping[int, InjuryStatus]:
        """Status by player id, of everyone who was matched."""
        found = (player for team in self.teams for player in team.players)
        return {player.player_id: player.status for player in found if player.player_id is not None}

    @property
    def not_submitted(self) -> frozenset[int]:
        """Teams that play that day and have not told the league yet."""
        return frozenset(team.team_id for team in self.teams if not team.submitted)

    @property
    def unmatched(self) -> tuple[tuple[int, ListedPlayer], ...]:
        """Listed players without an id, with their team ids."""
        return tuple((team.team_id, player) for team in self.teams for player in team.players if not player.player_id)


PRIOR_CHANCE: Mapping[InjuryStatus, float] = {
    InjuryStatus.OUT: 0.0,
    InjuryStatus.DOUBTFUL: 0.25,
    InjuryStatus.QUESTIONABLE: 0.5,
    InjuryStatus.PROBABLE: 0.75,
    InjuryStatus.AVAILABLE: 1.0,
}
"""What the words stand for by the usual reading of the league's terms; observed rates start from here."""


@dataclass(frozen=True, slots=True)
class PlayRate:
    """How often players of one status played: `played` of `listed`, and the chance to use, 0..1."""

    status: InjuryStatus
    listed: int
    played: int
    chance: float
