"""How a week of picks went, in figures and in words for the weekly report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.core import words
from engine.core.records import Outcome, Pick

DAYS = timedelta(days=7)
COIN_FLIP = 0.25
"""The Brier score of calling every game even."""
_FEW = 20
"""Games below which nothing is said of how right the chances were."""


@dataclass(frozen=True, slots=True)
class Week:
    """The picks of the seven days from `first` on; figures are over those that were hits or misses.

    `expected` is how many should be hits by the picks' own chances, `spread` the standard deviation of that number;
    `brier` is of the home side's chance.
    """

    first: date
    picks: tuple[Pick, ...]
    hits: int
    settled: int
    expected: float
    spread: float
    brier: float | None

    @property
    def last(self) -> date:
        """The last of the seven days."""
        return self.first + DAYS - timedelta(days=1)


def week_of(picks: Sequence[Pick], first: date) -> Week:
    """The week from `first` on, out of picks of any days."""
    own = tuple(pick for pick in picks if first <= pick.league_day < first + DAYS)
    settled = [pick for pick in own if pick.outcome in (Outcome.HIT, Outcome.MISS)]
    misses = [(pick.home_win_prob - _home_won(pick)) ** 2 for pick in settled]
    return Week(
        first=first,
        picks=own,
        hits=sum(pick.outcome is Outcome.HIT for pick in settled),
        settled=len(settled),
        expected=sum(pick.pick_prob for pick in settled),
        spread=math.sqrt(sum(pick.pick_prob * (1 - pick.pick_prob) for pick in settled)),
        brier=sum(misses) / len(misses) if misses else None,
    )


def score(week: Week) -> str:
    """`"Brier score 0.214 on 48 games, better than coin flips (0.250)"`; empty without a settled pick."""
    if week.brier is None:
        return ""
    beside = "better than" if week.brier < COIN_FLIP else "no better than"
    games = "1 game" if week.settled == 1 else f"{week.settled} games"
    return f"Brier score {week.brier:.3f} on {games}, {beside} coin flips ({COIN_FLIP:.3f}); lower is better"


def calibration(week: Week) -> str:
    """Whether the picks were as sure as they should have been, in words; of few games nothing is said."""
    if week.settled < _FEW:
        return f"{week.settled} results are too few to say how right the chances were" if week.settled else ""
    off = week.hits - week.expected
    said = f"By their chances about {week.expected:.0f} of {week.settled} picks should be right, {week.hits} were"
    if abs(off) <= 2 * week.spread:
        return f"{said}: within chance"
    return f"{said}: " + ("too cautious" if off > 0 else "too sure") + ", more than chance explains"


def surest_miss(week: Week) -> Pick | None:
    """The missed pick that was surest."""
    missed = [pick for pick in week.picks if pick.outcome is Outcome.MISS]
    return max(missed, key=lambda pick: pick.pick_prob, default=None)


def span(week: Week) -> str:
    """`"Mon 6 Jan 2025 to Sun 12 Jan 2025"`."""
    return f"{words.day(week.first)} to {words.day(week.last)}"


def _home_won(pick: Pick) -> bool:
    return (pick.home_points or 0) > (pick.away_points or 0)
