"""A game as people name it: "Lakers at Celtics", "LAL@BOS 2025-01-15". Which game that is the engine finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.core.calendar import parse_day
from engine.core.errors import UsageError
from engine.core.records import GameForecast
from engine.core.teams import BY_ID

_ABOUT = re.compile(r"(?P<first>.+?)\s*(?:@|\bat\b|\bvs?\b\.?)\s*(?P<second>.+?)", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"(?P<teams>.+?)\s+(?P<day>\d{4}-\d{2}-\d{2}|today|tomorrow|yesterday)", re.IGNORECASE | re.DOTALL)
_HOME_FIRST = re.compile(r"\bvs?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedGame:
    """Two teams in any words and a day; without one it is their next game. Nothing of it is checked yet."""

    home: str
    away: str
    day: date | None = None

    @classmethod
    def of(cls, forecast: GameForecast) -> NamedGame:
        """The game of a forecast."""
        teams = BY_ID[forecast.home_id], BY_ID[forecast.away_id]
        return cls(teams[0].abbreviation, teams[1].abbreviation, forecast.league_day)

    def __str__(self) -> str:
        """`"LAL@BOS 2025-01-15"`: as `parse_game` reads it."""
        return f"{self.away}@{self.home}" + (f" {self.day}" if self.day else "")


def is_game(text: str) -> bool:
    """Whether a text names two teams, as far as its form goes."""
    return _ABOUT.fullmatch(text.strip()) is not None


def parse_game(text: str, today: date) -> NamedGame:
    """`"Lakers at Celtics"`, `"BOS vs LAL tomorrow"`, `"LAL@BOS 2025-01-15"`; raises UsageError for anything else."""
    rest, day = split_day(text, today)
    teams = _ABOUT.fullmatch(rest)
    if teams is None:
        shown = " ".join(text.split())[:40]
        raise UsageError(
            f"'{shown}' does not name a game: choose one from the list, or write both teams as LAL at BOS."
        )
    first, second = teams["first"], teams["second"]
    at_home_first = _HOME_FIRST.search(text) is not None
    return NamedGame(first, second, day) if at_home_first else NamedGame(second, first, day)


def split_day(text: str, today: date) -> tuple[str, date | None]:
    """What stands before the day at the end of a text, and that day; None where no day stands there."""
    dated = _DAY.fullmatch(text.strip())
    return (dated["teams"], parse_day(dated["day"], today)) if dated else (text.strip(), None)
