"""What a model may look at before a game: the named numbers, their order, and the matchup that they describe."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.core.calendar import SeasonType
from engine.core.records import Game
from engine.features.availability import UNKNOWN, Availability

CONTRACT_VERSION = 2
"""Raised whenever a feature keeps its name but changes its meaning: older bundles and states are then refused."""


class Role(StrEnum):
    """How a feature behaves when the two sides of a neutral game are swapped."""

    EDGE = "edge"
    """Changes its sign, and is 0 between equal teams: it can explain who wins and by how much."""
    LEVEL = "level"
    """Stays as it is: it can explain how many points are scored."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One number of the row. An edge is positive when it favours the home (first) side; `group` is a fan's word."""

    name: str
    unit: str
    group: str
    role: Role
    description: str


@dataclass(frozen=True, slots=True)
class Matchup:
    """A game before it is played, with what is known of who can play.

    `*_last_day` is a side's previous game; None leaves it to what the state has seen.
    """

    home_id: int
    away_id: int
    league_day: date
    season: int
    season_type: SeasonType = SeasonType.REGULAR
    neutral: bool = False
    home_last_day: date | None = None
    away_last_day: date | None = None
    availability: Availability = UNKNOWN

    @classmethod
    def of(cls, game: Game) -> Matchup:
        """The matchup of a stored game, without a look at its result."""
        return cls(game.home_id, game.away_id, game.league_day, game.season, game.season_type, game.neutral)


def _edge(name: str, unit: str, group: str, description: str) -> Feature:
    return Feature(name, unit, group, Role.EDGE, description)


def _level(name: str, unit: str, group: str, description: str) -> Feature:
    return Feature(name, unit, group, Role.LEVEL, description)


_RATE = "points per 100 possessions"

GAME_FEATURES: tuple[Feature, ...] = (
    _edge("elo", "Elo points", "rating", "Elo of the home side minus Elo of the away side"),
    _edge("home_edge", "points", "home court", "the league's recent margin of home sides, 0 at neutral"),
    _edge("venue_split", _RATE, "home court", "how much better the home side is at home, less the away side away"),
    _edge("altitude", "km", "altitude", "how much higher the arena lies than the away side's own"),
    _edge("lineup_offence", _RATE, "players", "offence of the players expected to play, home minus away"),
    _edge("lineup_defence", _RATE, "players", "defence of the players expected to play, home minus away"),
    _edge("absences", _RATE, "players", "what the missing players would add, away minus home"),
    _edge("offence", _RATE, "offence", "scoring rate against the league, adjusted for opponents, home minus away"),
    _edge("defence", _RATE, "defence", "points prevented against the league, adjusted for opponents, home minus away"),
    _edge("form", _RATE, "form", "adjusted point differential, mostly of the last ten games, home minus away"),
    _edge("streak", "games", "form", "wins in a row, losses negative, home minus away"),
    _edge("shooting", "percentage points", "four factors", "effective field goal percentage, own less allowed"),
    _edge("turnovers", "percentage points", "four factors", "turnovers per possession, forced less own"),
    _edge("rebounding", "percentage points", "four factors", "share of offensive rebounds, own less allowed"),
    _edge("free_throws", "percentage points", "four factors", "free throws per field goal attempt, own less allowed"),
    _edge(
        "three_point_luck",
        "percentage points",
        "shooting luck",
        "how much better than usual opponents have shot threes, home minus away: bad luck that will not last",
    ),
    _edge("head_to_head", "points", "head to head", "last meetings, beyond what the ratings explain"),
    _edge("rest", "days", "rest", "days since the previous game, at most three, home minus away"),
    _edge("back_to_back", "games", "rest", "1 where only the away side played yesterday, -1 where only the home side"),
    _edge("third_in_four", "games", "rest", "the same for a third game in four nights"),
    _edge("travel", "1000 km", "travel", "journey from the last arena, away minus home"),
    _level("pace", "possessions", "pace", "possessions expected in 48 minutes"),
    _level("efficiency", _RATE, "scoring", "mean scoring rate expected"),
    _level("lineup_scoring", _RATE, "players", "the same by the players expected to play, against the league"),
    _level("playoffs", "0 or 1", "playoffs", "1 after the regular season"),
    _level("tired_sides", "0, 1 or 2", "rest", "sides that played yesterday"),
)
"""The row of a game, in this order. An edge is 0 between equal, equally rested teams at a neutral site."""


def contract_hash(features: Sequence[Feature]) -> str:
    """SHA-256 over version, names, roles and order: equal only where a row means the same numbers."""
    text = "\n".join([str(CONTRACT_VERSION), *(f"{feature.name}:{feature.role}" for feature in features)])
    return hashlib.sha256(text.encode()).hexdigest()


def names(features: Sequence[Feature]) -> tuple[str, ...]:
    """The features' names in order."""
    return tuple(feature.name for feature in features)
