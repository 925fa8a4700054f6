"""What a walk-forward backtest of live forecasts found. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.backtests import Difference

MARKS = tuple(60 * minute for minute in (6, 12, 18, 24, 30, 36, 42, 44, 46, 47))
"""Seconds played at which forecasts are scored."""


@dataclass(frozen=True, slots=True)
class MarkScore:
    """Forecasts after so many seconds of play, of `n` games.

    `log_loss` and `brier` are of the home win; `baseline` is the log loss of a logistic regression on margin and Elo
    that was fitted for this very mark on earlier seasons; `margin_mae` is in points.
    """

    played: int
    n: int
    log_loss: float
    brier: float
    baseline: float
    against_baseline: Difference | None
    margin_mae: float


@dataclass(frozen=True, slots=True)
class LiveCoverage:
    """Share of final margins inside the intervals of forecasts made in one period, of `n` moments of `games` games.

    `period` is 5 for every overtime.
    """

    period: int
    n: int
    games: int
    share_80: float
    share_95: float


@dataclass(frozen=True, slots=True)
class LiveBacktest:
    """Every game with a timeline, forecast at many moments by a model fitted on earlier seasons only."""

    seasons: tuple[str, ...]
    marks: tuple[MarkScore, ...]
    coverage: tuple[LiveCoverage, ...]
    simulated: bool = False
