"""Walking forward through seasons of live forecasts: each is forecast by a model that saw earlier ones only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.live_backtests import MARKS, LiveBacktest, LiveCoverage, MarkScore
from engine.core.progress import Progress, silent
from engine.core.timelines import QUARTERS
from engine.models import scores
from engine.models.evaluation import SEED
from engine.models.live.curves import hats
from engine.models.live.data import REGULATION, LiveSet
from engine.models.live.fitting import bands_of, fit_live, forecast_margins
from engine.models.live.model import SOFTENING, SUREST, LiveModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LiveForecasts:
    """Forecasts of moments, as arrays: log-odds of a home win, final margin, and half the widths of its intervals."""

    logit: Floats
    margin: Floats
    near: Floats
    far: Floats


def forecast_all(model: LiveModel, data: LiveSet, rows: Mask) -> LiveForecasts:
    """What `model.predict` says of many moments."""
    import numpy as np

    left, lead = data.left[rows], data.lead[rows]
    knots = hats(left)
    by_lead, by_pregame, by_last = (knots @ np.array(curve.values) for curve in model.win)
    unit = np.sqrt(left + SOFTENING)
    logit = by_lead * lead / unit + by_pregame * data.logit[rows] + by_last * data.last[rows]
    margin, usual = forecast_margins(data, rows, model.drift, model.scale)
    band = bands_of(left)
    near, far = (np.array(reach)[band] * usual for reach in (model.reach.reach_80, model.reach.reach_95))
    return LiveForecasts(np.clip(logit, -SUREST, SUREST), margin, near, far)


def backtest_live(
    data: LiveSet, elo: Floats, seasons: Sequence[int], progress: Progress = silent, simulated: bool = False
) -> LiveBacktest:
    """Score the seasons; `elo` are Elo's log-odds of a home win by game. Raises NoDataError for seasons without games.

    A game's moments are not independent, so intervals of differences are over league days, one moment a game.
    """
    import numpy as np

    wanted = sorted(set(seasons))
    forecasts = LiveForecasts(*(np.full(len(data), np.nan) for _ in range(4)))
    for done, season in enumerate(wanted):
        progress("backtest", done, len(wanted))
        own = data.season == season
        if not own.any():
            raise NoDataError(f"No timelines of {calendar.season_label(season)} are stored: import that season first.")
        found = forecast_all(fit_live(data, season), data, own)
        for whole, part in zip(_fields(forecasts), _fields(found), strict=True):
            whole[own] = part
    progress("backtest", len(wanted), len(wanted))
    tested = np.isin(data.season, wanted)
    return LiveBacktest(
        seasons=tuple(calendar.season_label(season) for season in wanted),
        marks=tuple(_mark(data, forecasts, elo, tested, played) for played in MARKS),
        coverage=tuple(_coverage(data, forecasts, tested, period) for period in range(1, QUARTERS + 2)),
        simulated=simulated,
    )


def _fields(forecasts: LiveForecasts) -> tuple[Floats, ...]:
    return forecasts.logit, forecasts.margin, forecasts.near, forecasts.far


def _mark(data: LiveSet, forecasts: LiveForecasts, elo: Floats, tested: Mask, played: int) -> MarkScore:
    """The scores at one mark, beside the baseline fitted for it on the seasons before those tested."""
    import numpy as np

    at = (data.left == REGULATION - played) & (data.period <= QUARTERS)
    own, earlier = at & tested, at & (data.season < data.season[tested].min())
    chances, wins = 1 / (1 + np.exp(-forecasts.logit[own])), (data.margin[own] > 0).astype(float)
    plain = _baseline(data, elo, earlier, own)
    day = np.array([data.games[game].league_day for game in data.game[own]])
    return MarkScore(
        played=played,
        n=int(own.sum()),
        log_loss=scores.log_loss(chances, wins),
        brier=scores.brier(chances, wins),
        baseline=scores.log_loss(plain, wins),
        against_baseline=scores.paired_difference((chances, plain), wins, day, SEED),
        margin_mae=float(np.abs(data.margin[own] - forecasts.margin[own]).mean()),
    )


def _baseline(data: LiveSet, elo: Floats, earlier: Mask, own: Mask) -> Floats:
    """Chances by a logistic regression on margin and Elo at one mark."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    x = np.column_stack([data.lead / 10, elo[data.game]])
    found = LogisticRegression(C=1e4).fit(x[earlier], data.margin[earlier] > 0)
    chances: Floats = found.predict_proba(x[own])[:, 1]
    return chances


def _coverage(data: LiveSet, forecasts: LiveForecasts, tested: Mask, period: int) -> LiveCoverage:
    import numpy as np

    rows = tested & ((data.period == period) if period <= QUARTERS else (data.period > QUARTERS))
    misses = np.abs(data.margin[rows] - forecasts.margin[rows])
    shares = (float((misses <= reach[rows]).mean()) if rows.any() else 0.0 for reach in (forecasts.near, forecasts.far))
    return LiveCoverage(period, int(rows.sum()), len(np.unique(data.game[rows])), *shares)
