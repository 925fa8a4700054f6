"""Fitting the live model: three sets of curves, and intervals that have held on seasons it had not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.errors import NoDataError
from engine.models.live.curves import KNOTS, Curves, curves_of, hats
from engine.models.live.data import LiveSet
from engine.models.live.model import BANDS, LEAST_SCALE, SOFTENING, WIDEST_LEAD, LiveModel, Reach

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

FEWEST_GAMES = 200
"""Fewer games than this fit no model."""
FOLD_SEASONS = 3
"""Seasons before the moment whose unseen forecasts the intervals are learned from."""
HALF_LIFE = 2.0
"""Seasons after which a miss counts half in the intervals: games have become less predictable over the years."""
_LEAST = 1e-3
_RIDGE = 1e-8


def fit_live(data: LiveSet, before: int) -> LiveModel:
    """Fit on the seasons before one. Raises NoDataError where they hold too few games."""
    import numpy as np

    known = data.season < before
    games = len(np.unique(data.game[known]))
    if games < FEWEST_GAMES:
        raise NoDataError(
            f"Timelines of {games} games are known, {FEWEST_GAMES} are needed to train: "
            "import more with `nbabot import PATH`."
        )
    win = _win(data, known)
    drift, scale = _margins(data, known)
    return LiveModel(win, drift, scale, _reach(data, before))


def _columns(data: LiveSet, rows: Mask, lead: Floats, pregame: Floats) -> Floats:
    """Hats times what a moment is described by: rows x (3 x KNOTS)."""
    import numpy as np

    knots = hats(data.left[rows])
    return np.concatenate([knots * part[:, None] for part in (lead, pregame, data.last[rows])], axis=1)


def _win(data: LiveSet, rows: Mask) -> Curves:
    """Curves of the log-odds of a home win: logistic regression, where a greater lead never counts against a side."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    lead = data.lead[rows] / np.sqrt(data.left[rows] + SOFTENING)
    x = _columns(data, rows, lead, data.logit[rows])
    won = (data.margin[rows] > 0).astype(float)

    def loss(values: Floats) -> tuple[float, Floats]:
        logits = x @ values
        miss = float((np.logaddexp(0, logits) - won * logits).mean())
        slope = x.T @ (expit(logits) - won) / len(won)
        return miss + _RIDGE * float(values @ values), slope + 2 * _RIDGE * values

    start = np.concatenate([np.full(len(KNOTS), 4.0), np.full(len(KNOTS), 0.5), np.zeros(len(KNOTS))])
    bounds = [(_LEAST, None)] * (2 * len(KNOTS)) + [(None, None)] * len(KNOTS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000})
    return curves_of(found.x.tolist())


def _margins(data: LiveSet, rows: Mask) -> tuple[Curves, Curves]:
    """Curves of the final margin beyond the lead, and of its usual miss: least squares, each moment by its own unit."""
    import numpy as np

    unit = np.sqrt(data.left[rows] + SOFTENING)
    x = _columns(data, rows, data.lead[rows], data.expected[rows])
    beyond = data.margin[rows] - data.lead[rows]
    drift = np.linalg.lstsq(x / unit[:, None], beyond / unit, rcond=None)[0]
    misses = np.abs(beyond - x @ drift)
    wide = np.minimum(np.abs(data.lead[rows]) / unit, WIDEST_LEAD)
    knots = hats(data.left[rows])
    shape = np.concatenate([knots, knots * wide[:, None], knots * wide[:, None] ** 2], axis=1)
    scale = np.linalg.lstsq(shape / unit[:, None], misses / unit, rcond=None)[0]
    return curves_of(drift.tolist()), curves_of(scale.tolist())


def _reach(data: LiveSet, before: int) -> Reach:
    """How far intervals must reach to have held: weighted quantiles of misses in units of the usual miss.

    Of the last seasons, each by curves fitted on those before it; where there are too few, by their own.
    """
    import numpy as np

    misses, bands, weights = [], [], []
    seasons = [int(one) for one in np.unique(data.season[data.season < before])][-FOLD_SEASONS:]
    for season in seasons:
        earlier, own = data.season < season, data.season == season
        if len(np.unique(data.game[earlier])) < FEWEST_GAMES:
            earlier = data.season <= season
        expected, usual = forecast_margins(data, own, *_margins(data, earlier))
        misses.append(np.abs(data.margin[own] - expected) / usual)
        bands.append(bands_of(data.left[own]))
        weights.append(np.full(int(own.sum()), 0.5 ** ((seasons[-1] - season) / HALF_LIFE)))
    miss, band, weight = (np.concatenate(parts) for parts in (misses, bands, weights))
    reaches = [
        tuple(_quantile(miss[band == one], weight[band == one], share) for one in range(len(BANDS)))
        for share in (0.8, 0.95)
    ]
    return Reach(*reaches)


def forecast_margins(data: LiveSet, rows: Mask, drift: Curves, scale: Curves) -> tuple[Floats, Floats]:
    """Final margins expected from some moments on, and how far they are usually missed by, in points."""
    import numpy as np

    lead, left = data.lead[rows], data.left[rows]
    knots = hats(left)
    of_lead, of_pregame, of_last, level, slope, bend = (knots @ np.array(one.values) for one in (*drift, *scale))
    expected = lead + of_lead * lead + of_pregame * data.expected[rows] + of_last * data.last[rows]
    wide = np.minimum(np.abs(lead) / np.sqrt(left + SOFTENING), WIDEST_LEAD)
    return expected, np.maximum(level + slope * wide + bend * wide**2, LEAST_SCALE)


def bands_of(left: Floats) -> NDArray[np.int64]:
    """The band of intervals of each moment, as `model.band_of` says it of one."""
    import numpy as np

    return np.searchsorted(BANDS[1:], left, side="left").astype(np.int64)


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """The value that so much of the weight lies at or below."""
    import numpy as np

    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])
