"""How good probabilities and point forecasts are: one figure, one pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST = 1e-15
"""Probabilities are kept this far from 0 and 1 before their logarithm is taken."""
BINS = 10


def log_loss(probabilities: Floats, wins: Floats) -> float:
    """Mean negative log-likelihood of the outcomes (nats); 0.693 is a coin."""
    import numpy as np

    sure = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    return float(-np.mean(wins * np.log(sure) + (1 - wins) * np.log(1 - sure)))


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
    import numpy as np

    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=probabilities - wins, minlength=BINS)
    return float(np.abs(gaps).sum() / len(probabilities))


def calibration_slope(probabilities: Floats, wins: Floats) -> float | None:
    """Slope of a logistic regression (with intercept) of the outcome on the forecast's log-odds; 1 is ideal.

    Below 1 the forecasts are too bold, above 1 too timid. None when it is undefined: one outcome only, or equal
    forecasts throughout. Newton's method; perfectly separated outcomes have no finite slope and give None too.
    """
    import numpy as np

    sure = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    logits = np.log(sure / (1 - sure))
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
            return float(beta[1])
    return None


def mean_absolute_error(forecasts: Floats, outcomes: Floats) -> float | None:
    """Mean absolute miss in points over the games that have a forecast (not NaN); None when none has."""
    import numpy as np

    known = ~np.isnan(forecasts)
    return float(np.mean(np.abs(forecasts[known] - outcomes[known]))) if known.any() else None
