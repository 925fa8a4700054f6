"""Games under way, whatever their format on the wire: what a live feed gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from engine.core.live_games import LiveStatus
from engine.core.timelines import Score


@dataclass(frozen=True, slots=True)
class Sighting:
    """A game as a scoreboard shows it now: points, period and the seconds left of it.

    Before tip-off period 1 with all of it left. `text` is the feed's own word ("Q3 04:12", "Half", "Final/OT").
    """

    game_id: str
    home_id: int
    away_id: int
    tip_utc: datetime | None
    status: LiveStatus
    period: int
    seconds_left: int
    home: int
    away: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """The games that count, between two of the 30 teams, of the league day that the feed is at."""

    league_day: date
    games: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class LivePlays:
    """Every change of a game's score so far, in the order of its clock, corrections applied.

    `possession` is the side that has the ball (1 home, -1 away, 0 not known); `period` and `seconds_left` of the
    newest play.
    """

    game_id: str
    scores: tuple[Score, ...]
    period: int
    seconds_left: int
    possession: int = 0


class LiveFeed(Protocol):
    """The way to games under way. All methods block and raise FeedError; None means unchanged since last asked."""

    def scoreboard(self) -> Scoreboard | None:
        """The games of the day that the feed is at. One call."""

    def plays(self, game_id: str) -> LivePlays | None:
        """The course of one game. One call."""

    def close(self) -> None:
        """Close the connections."""
