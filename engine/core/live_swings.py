"""How the chance of a game under way moved: its biggest swing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.live_games import LivePoint

WITHIN_SECONDS = 360
"""A swing takes place within so many seconds of play: half a quarter, the length of a run that people remember."""


@dataclass(frozen=True, slots=True)
class Swing:
    """How the chance moved between two points of a game's curve."""

    start: LivePoint
    end: LivePoint

    @property
    def change(self) -> float:
        """By how much the chance of a home win moved, -1 to 1."""
        return self.end.home_win_prob - self.start.home_win_prob


def biggest_swing(points: Sequence[LivePoint], within: int = WITHIN_SECONDS) -> Swing | None:
    """The greatest change between two points that lie at most `within` seconds of play apart, the first of equals."""
    best, largest = None, 0.0
    first = 0
    for at, end in enumerate(points):
        while end.played - points[first].played > within:
            first += 1
        for start in points[first:at]:
            change = abs(end.home_win_prob - start.home_win_prob)
            if change > largest:
                best, largest = Swing(start, end), change
    return best
