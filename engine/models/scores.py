"""How good probabilities and point forecasts are: one figure, one pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.backtests import Difference
from engine.core.reports import CalibrationBin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST = 1e-15
"""Probabilities are kept this far from 0 and 1 before their logarithm is taken."""
BINS = 10
SIMULATIONS = 500
"""Simulated outcomes of the same games, from which the ECE's null band is read."""
RESAMPLES = 2000
"""Bootstrap samples of the league days."""


def log_loss(probabilities: Floats, wins: Floats) -> float:
    """Mean negative log-likelihood of the outcomes (nats); 0.693 is a coin."""
    return float(_losses(probabilities, wins).mean())


def brier(probabilities: Floats, wins: Floats) -> float:
    """Mean squared difference between probability and outcome; 0.25 is a coin."""
    import numpy as np

    return float(np.mean((probabilities - wins) ** 2))


def accuracy(probabilities: Floats, wins: Floats) -> float:
    """Share of games whose likelier side won; an even forecast counts as one for the home side."""
    import numpy as np

    return float(np.mean((probabilities >= 0.5) == (wins == 1)))


def expected_calibration_error(probabilities: Floats, wins: Floats) -> float:
    """Mean distance between forecast and observed share over ten equally wide bins, weighted by their games."""
    return float(_bin_gaps(probabilities, (probabilities - wins)[None, :])[0])


def calibration_error_band(probabilities: Floats, seed: int) -> tuple[float, float]:
    """The ECE that these forecasts would have if each came true as often as it says: 5% and 95% of simulations."""
    import numpy as np

    dice = np.random.default_rng(seed)
    wins = dice.random((SIMULATIONS, len(probabilities)), dtype=np.float32) < probabilities
    low, high = np.quantile(_bin_gaps(probabilities, probabilities - wins), [0.05, 0.95])
    return float(low), float(high)


def reliability(probabilities: Floats, wins: Floats) -> tuple[CalibrationBin, ...]:
    """Forecast and observed share in each of the ten bins that holds a game."""
    bins = _bins(probabilities)
    found = []
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            forecast, observed = float(probabilities[inside].mean()), float(wins[inside].mean())
            found.append(CalibrationBin(number / BINS, (number + 1) / BINS, int(inside.sum()), forecast, observed))
    return tuple(found)


def calibration_line(probabilities: Floats, wins: Floats) -> tuple[float, float] | None:
    """Intercept and slope of a logistic regression of the outcome on the forecast's log-odds; 0 and 1 are ideal.

    A slope below 1: the forecasts are too bold, above 1: too timid; an intercept above 0: home sides win more than
    forecast. None when it is undefined: one outcome only, or equal forecasts throughout. Newton's method; perfectly
    separated outcomes have no finite slope and give None too.
    """
    import numpy as np

    logits = log_odds(probabilities)
    if wins.min() == wins.max() or np.ptp(logits) < 1e-9:
        return None
    design = np.column_stack([np.ones_like(logits), logits])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(design @ beta, -500, 500)))
        hessian = (design * (fitted * (1 - fitted))[:, None]).T @ design
        if not np.isfinite(hessian).all() or np.linalg.cond(hessian) > 1e12:
            return None
        step = np.linalg.solve(hessian, design.T @ (wins - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return float(beta[0]), float(beta[1])
    return None


def mean_absolute_error(forecasts: Floats, outcomes: Floats) -> float | None:
    """Mean absolute miss in points over the games that have a forecast (not NaN); None when none has."""
    import numpy as np

    known = ~np.isnan(forecasts)
    return float(np.mean(np.abs(forecasts[known] - outcomes[known]))) if known.any() else None


def coverage(misses: Floats, low: Floats, high: Floats) -> float | None:
    """Share of misses (outcome minus forecast) within [low, high], game by game; None where no interval is known."""
    import numpy as np

    known = ~np.isnan(low)
    return float(np.mean((misses >= low)[known] & (misses <= high)[known])) if known.any() else None


def paired_difference(
    pair: tuple[Floats, Floats], wins: Floats, league_day: NDArray[np.int64], seed: int
) -> Difference | None:
    """Log loss of the first forecasts minus that of the second on the same games; None for no game.

    The interval is that of the middle 95% of bootstrap samples of whole league days.
    """
    if not len(wins):
        return None
    first, second = (_losses(probabilities, wins) for probabilities in pair)
    return resampled_mean(first - second, league_day, seed)


def resampled_mean(differences: Floats, league_day: NDArray[np.int64], seed: int) -> Difference:
    """The mean of at least one game's differences, with the interval of bootstrap samples of whole league days."""
    import numpy as np

    _, day = np.unique(league_day, return_inverse=True)
    sums, counts = np.bincount(day, weights=differences), np.bincount(day).astype(float)
    dice = np.random.default_rng(seed)
    drawn = dice.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    low, high = np.quantile((drawn @ sums) / (drawn @ counts), [0.025, 0.975])
    return Difference(len(differences), float(np.mean(differences)), float(low), float(high))


def log_odds(probabilities: Floats) -> Floats:
    """Log-odds, finite for sure forecasts too."""
    import numpy as np

    sure = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    logits: Floats = np.log(sure / (1 - sure))
    return logits


def _losses(probabilities: Floats, wins: Floats) -> Floats:
    import numpy as np

    sure = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    losses: Floats = -(wins * np.log(sure) + (1 - wins) * np.log(1 - sure))
    return losses


def _bins(probabilities: Floats) -> NDArray[np.int64]:
    import numpy as np

    bins: NDArray[np.int64] = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    return bins


def _bin_gaps(probabilities: Floats, gaps: Floats) -> Floats:
    """Per row of gaps (simulations x games): the absolute sums within the bins, added up, per game."""
    import numpy as np

    inside = np.eye(BINS)[_bins(probabilities)]
    found: Floats = np.abs(gaps @ inside).sum(axis=1) / len(probabilities)
    return found
