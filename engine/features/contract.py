"""What a model may look at before a game: the named numbers, their order, and the matchup that they describe."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.core.calendar import SeasonType
from engine.core.records import Game

CONTRACT_VERSION = 1
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
    """A game before it is played. `*_last_day` is a side's previous game; None leaves it to what the state has seen."""

    home_id: int
    away_id: int
    league_day: date
    season: int
    season_type: SeasonType = SeasonType.REGULAR
    neutral: bool = False
    home_last_day: date | None = None
    away_last_day: date | None = None

    @classmethod
    def of(cls, game: Game) -> Matchup:
        """The matchup of a stored game, without a look at its result."""
        return cls(game.home_id, game.away_id, game.league_day, game.season, game.season_type, game.neutral)


GAME_FEATURES: tuple[Feature, ...] = (
    Feature("elo", "Elo points", "rating", Role.EDGE, "Elo of the home side minus Elo of the away side"),
    Feature("home_edge", "points", "home court", Role.EDGE, "the league's recent margin of home sides, 0 at neutral"),
    Feature(
        "offence",
        "points per 100 possessions",
        "offence",
        Role.EDGE,
        "scoring rate against the league, adjusted for opponents, home minus away",
    ),
    Feature(
        "defence",
        "points per 100 possessions",
        "defence",
        Role.EDGE,
        "points prevented against the league, adjusted for opponents, home minus away",
    ),
    Feature(
        "form",
        "points per 100 possessions",
        "form",
        Role.EDGE,
        "adjusted point differential, mostly of the last ten games, home minus away",
    ),
    Feature(
        "three_point_luck",
        "percentage points",
        "shooting luck",
        Role.EDGE,
        "how much better than usual opponents have shot threes, home minus away: bad luck that will not last",
    ),
    Feature("rest", "days", "rest", Role.EDGE, "days since the previous game, at most three, home minus away"),
    Feature("pace", "possessions", "pace", Role.LEVEL, "possessions expected in 48 minutes"),
    Feature("efficiency", "points per 100 possessions", "scoring", Role.LEVEL, "mean scoring rate expected"),
    Feature("playoffs", "0 or 1", "playoffs", Role.LEVEL, "1 after the regular season"),
    Feature("tired_sides", "0, 1 or 2", "rest", Role.LEVEL, "sides that played yesterday"),
)
"""The row of a game, in this order. An edge is 0 between equal, equally rested teams at a neutral site."""


def contract_hash(features: Sequence[Feature]) -> str:
    """SHA-256 over version, names, roles and order: equal only where a row means the same numbers."""
    text = "\n".join([str(CONTRACT_VERSION), *(f"{feature.name}:{feature.role}" for feature in features)])
    return hashlib.sha256(text.encode()).hexdigest()


def names(features: Sequence[Feature]) -> tuple[str, ...]:
    """The features' names in order."""
    return tuple(feature.name for feature in features)
