"""Whether published picks score as well as their own percentages promise, and as well as the backtest did.

One figure alarms for each kind of fault: the log loss for the chances, the mean miss of margin and total for the
points, the coverage for the intervals. Brier score, accuracy and the others tell the same in other words and are shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.core.monitor_reports import Measure, Performance, Trend
from engine.core.records import Outcome, Pick
from engine.monitoring.drift import STEP, WINDOW
from engine.monitoring.rolling import rolling_brier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALARM = 3.0
"""Standard deviations beyond which a log loss or a coverage is no longer put down to chance (1 in 700)."""
BIAS_ALARM = 2.5
"""The same for a mean miss: a lost home edge moves it by little more, and the window before must agree."""
SWAY = {"margin": 0.0, "total": 1.6}
"""Standard deviation, in points, of a whole season's mean miss that is no fault of the model: `bench.monitoring`."""
TREND_WINDOWS = 2
"""Windows of picks that the trend is read from."""
TREND_ALARM = 2.0
"""Standard errors by which a slope must differ from 0 to be called a trend."""
COVERED = 0.8
_BAND = 1.96
_CLIP = 1e-6
_SEED = 1


@dataclass(frozen=True, slots=True)
class _Window:
    """Graded picks as columns, in order of time; NaN where a pick has no interval."""

    chance: Floats
    won: Floats
    margin_miss: Floats
    total_miss: Floats
    margin_inside: Floats
    total_inside: Floats

    def last(self, n: int) -> _Window:
        """The last n picks."""
        return _Window(*(getattr(self, name)[-n:] for name in self.__slots__))

    def without_last(self, n: int) -> _Window:
        """All but the last n picks."""
        return _Window(*(getattr(self, name)[:-n] for name in self.__slots__))


def performance_of(
    model: str, published: Sequence[Pick], baseline: Mapping[str, float], window: int = WINDOW
) -> Performance | None:
    """Score the last `window` graded picks of one version, given in order of time; None where none is graded.

    `baseline` are the walk-forward figures of the version's manifest. Nothing alarms on fewer than `window` picks, nor
    unless the window that ended STEP picks earlier alarmed too.
    """
    from engine.models.scores import reliability

    graded = [pick for pick in published if pick.outcome in (Outcome.HIT, Outcome.MISS)]
    if not graded:
        return None
    every = _columns(graded)
    shown = every.last(window)
    agreeing: set[str] = set()
    if len(graded) >= window + STEP:
        before = every.without_last(STEP).last(window)
        agreeing = {one.name for one in _measures(before, baseline) if one.alarming}
    slope, error = _slope(every.last(TREND_WINDOWS * window)) if len(graded) >= window else (None, None)
    return Performance(
        model=model,
        n=len(shown.won),
        first_day=graded[-len(shown.won)].league_day,
        last_day=graded[-1].league_day,
        measures=tuple(
            replace(one, alarming=one.name in agreeing) if one.alarming else one for one in _measures(shown, baseline)
        ),
        trend=_trend(slope, error),
        slope=slope,
        slope_error=error,
        reliability=reliability(shown.chance, shown.won),
        rolling=rolling_brier([pick.league_day for pick in graded], every.chance, every.won, window),
    )


def _measures(window: _Window, baseline: Mapping[str, float]) -> Iterator[Measure]:
    import numpy as np

    p, q = window.chance, 1 - window.chance
    yield _promised("log_loss", window, (-np.log(p), -np.log(q)), baseline)
    yield _promised("brier", window, (q**2, p**2), baseline)
    yield _promised("accuracy", window, ((p >= 0.5).astype(float), (p < 0.5).astype(float)), baseline)
    yield _calibration(window, baseline)
    yield _error("margin_mae", np.abs(window.margin_miss), baseline)
    yield _error("total_mae", np.abs(window.total_miss), baseline)
    yield _bias("margin_bias", window.margin_miss, SWAY["margin"])
    yield _bias("total_bias", window.total_miss, SWAY["total"])
    for name, inside in (("margin_80_coverage", window.margin_inside), ("total_80_coverage", window.total_inside)):
        if not np.isnan(inside).any():
            yield _coverage(name, inside, baseline)


def _promised(name: str, window: _Window, scores: tuple[Floats, Floats], baseline: Mapping[str, float]) -> Measure:
    """A mean score beside its expectation; `scores` are those of each game if the home side wins and if it loses.

    Of a game with chance p and scores a and b the score has mean pa + qb and variance pq(a - b)^2. Only the log loss
    alarms: above its expectation the percentages are wrong, above the backtest they know less than they did.
    """
    import numpy as np

    if_won, if_lost = scores
    p, n = window.chance, len(window.chance)
    found = np.where(window.won == 1, if_won, if_lost)
    value, expected = float(found.mean()), float((p * if_won + (1 - p) * if_lost).mean())
    sd = float(np.sqrt((p * (1 - p) * (if_won - if_lost) ** 2).sum())) / n
    former = baseline.get(name)
    worse = value - expected > ALARM * sd
    if former is not None:
        worse = worse or value - former > ALARM * float(found.std()) / math.sqrt(n)
    band = (expected - _BAND * sd, expected + _BAND * sd)
    return Measure(name, value, expected, *band, former, alarming=name == "log_loss" and worse)


def _calibration(window: _Window, baseline: Mapping[str, float]) -> Measure:
    """The expected calibration error, which is above 0 by chance alone: the band is that of calibrated picks."""
    from engine.models.scores import calibration_error_band, expected_calibration_error

    low, high = calibration_error_band(window.chance, _SEED)
    value = expected_calibration_error(window.chance, window.won)
    return Measure("ece", value, None, low, high, baseline.get("ece"))


def _error(name: str, misses: Floats, baseline: Mapping[str, float]) -> Measure:
    """A mean absolute miss; nothing but the backtest says how large it should be."""
    import numpy as np

    former = baseline.get(name)
    half = _BAND * float(misses.std()) / math.sqrt(len(misses))
    low, high = (None, None) if former is None else (former - half, former + half)
    return Measure(name, float(np.mean(misses)), None, low, high, former)


def _bias(name: str, misses: Floats, sway: float) -> Measure:
    """The mean of outcome minus forecast: above 0 the home sides, or both sides, score more than was forecast."""
    value = float(misses.mean())
    sd = math.sqrt(float(misses.var()) / len(misses) + sway**2)
    return Measure(name, value, 0.0, -_BAND * sd, _BAND * sd, None, alarming=abs(value) > BIAS_ALARM * sd)


def _coverage(name: str, inside: Floats, baseline: Mapping[str, float]) -> Measure:
    """The share of outcomes within the interval that should hold COVERED of them."""
    value, sd = float(inside.mean()), math.sqrt(COVERED * (1 - COVERED) / len(inside))
    band = (COVERED - _BAND * sd, COVERED + _BAND * sd)
    return Measure(name, value, COVERED, *band, baseline.get(name), alarming=COVERED - value > ALARM * sd)


def _slope(window: _Window) -> tuple[float, float]:
    """Change of the log loss beyond its expectation per 100 picks, by least squares, and its standard error."""
    import numpy as np
    from scipy.stats import linregress

    p = window.chance
    losses = -np.where(window.won == 1, np.log(p), np.log(1 - p))
    fitted = linregress(np.arange(len(p)) / 100, losses + p * np.log(p) + (1 - p) * np.log(1 - p))
    return float(fitted.slope), float(fitted.stderr)


def _trend(slope: float | None, error: float | None) -> Trend:
    if slope is None or error is None:
        return Trend.UNKNOWN
    if abs(slope) <= TREND_ALARM * error:
        return Trend.STABLE
    return Trend.DEGRADING if slope > 0 else Trend.IMPROVING


def _columns(graded: Sequence[Pick]) -> _Window:
    import numpy as np

    rows = [_row(pick) for pick in graded]
    return _Window(*np.array(rows, dtype=float).T)


def _row(pick: Pick) -> tuple[float, ...]:
    home, away = pick.home_points or 0, pick.away_points or 0
    return (
        min(1 - _CLIP, max(_CLIP, pick.home_win_prob)),
        float(home > away),
        home - away - pick.margin,
        home + away - pick.total,
        _inside(home - away, pick.margin_80),
        _inside(home + away, pick.total_80),
    )


def _inside(outcome: int, interval: tuple[float, float] | None) -> float:
    return math.nan if interval is None else float(interval[0] <= outcome <= interval[1])
