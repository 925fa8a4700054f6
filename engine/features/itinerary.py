"""Where a team has been and on which days: rest, crowded schedules, travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.core.arenas import ARENAS, travel_km

REST_CAP = 3
"""Days of rest beyond which more rest tells nothing."""
CROWDED_DAYS = 3
"""A team with two games in the three days before a game plays its third in four nights."""
TRAVEL_DAYS = 5
"""A journey longer ago than this is slept off."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Itinerary:
    """The days of a team's last games, oldest first, and in whose arena it was last (None at a neutral site)."""

    days: tuple[date, ...] = ()
    arena: int | None = None

    def after(self, day: date, arena: int | None) -> Itinerary:
        """The itinerary once a game has been played."""
        return Itinerary((*self.days, day)[-_KEPT:], arena)

    def rest(self, day: date, last_day: date | None) -> int:
        """Days since the previous game, 1 (yesterday) to REST_CAP; `last_day` overrides what has been seen."""
        previous = last_day or (self.days[-1] if self.days else None)
        return REST_CAP if previous is None else max(1, min(REST_CAP, (day - previous).days))

    def third_in_four(self, day: date, last_day: date | None) -> bool:
        """Whether a game on `day` is the third in four nights."""
        days = {*self.days, last_day} - {None}
        return sum(0 < (day - one).days <= CROWDED_DAYS for one in days if one is not None) >= 2

    def travel(self, day: date, arena: int | None) -> float:
        """Thousands of km from the last game's arena to this one's; 0 after a long pause or at an unknown place."""
        if self.arena not in ARENAS or arena not in ARENAS or not self.days:
            return 0.0
        if (day - self.days[-1]).days > TRAVEL_DAYS or self.arena is None or arena is None:
            return 0.0
        return travel_km(self.arena, arena) / 1000

    def to_payload(self) -> dict[str, Any]:
        """The itinerary as JSON values."""
        return {"days": [day.isoformat() for day in self.days], "arena": self.arena}

    @classmethod
    def from_payload(cls, values: Mapping[str, Any]) -> Itinerary:
        """The itinerary that `to_payload` described. Raises KeyError, TypeError or ValueError for anything else."""
        arena = values["arena"]
        days = tuple(date.fromisoformat(text) for text in values["days"])
        return cls(days, None if arena is None else int(arena))
