"""How a game went: its score after every change, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

QUARTERS = 4
QUARTER_SECONDS = 720
OVERTIME_SECONDS = 300


def period_start(period: int) -> int:
    """Seconds played when a period begins; 1 to 4 are the quarters, 5 is the first overtime."""
    return min(period - 1, QUARTERS) * QUARTER_SECONDS + max(period - 1 - QUARTERS, 0) * OVERTIME_SECONDS


def period_after(played: int) -> int:
    """The period under way after so many seconds of play; one that has just ended, not the one that begins."""
    period = 1
    while played > period_start(period + 1):
        period += 1
    return period


def period_name(period: int) -> str:
    """`"Q3"`, `"OT"`, `"2OT"`."""
    overtime = period - QUARTERS
    return f"Q{period}" if overtime < 1 else "OT" if overtime == 1 else f"{overtime}OT"


@dataclass(frozen=True, slots=True)
class Score:
    """The score from one moment on: `seconds_left` of the period, points of both sides so far."""

    period: int
    seconds_left: int
    home: int
    away: int

    @property
    def played(self) -> int:
        """Seconds of the game played by then."""
        return period_start(self.period + 1) - self.seconds_left

    @property
    def margin(self) -> int:
        """Home points minus away points."""
        return self.home - self.away


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every change of a game's score in order; empty where none is known.

    As recorded: now and then a score drops for a moment (a corrected basket), and one game in a thousand does not end
    at its result.
    """

    game_id: str
    scores: tuple[Score, ...] = ()

    @property
    def periods(self) -> tuple[tuple[int, int], ...]:
        """Points (home, away) scored in each period so far."""
        if not self.scores:
            return ()
        ends = [(0, 0)]
        for period in range(1, self.scores[-1].period + 1):
            last = [score for score in self.scores if score.period == period][-1:]
            ends.append((last[0].home, last[0].away) if last else ends[-1])
        return tuple((now[0] - before[0], now[1] - before[1]) for before, now in pairwise(ends))
