"""Weights of log-odds: the one optimisation behind the links, the stack and the market blend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def fitted_weights(
    columns: Floats, wins: Floats, prior: Floats, penalty: float, importance: Floats | float = 1.0
) -> Floats:
    """Weights of the columns (games x members, in log-odds) at least 0 that explain the home wins best.

    Minimises the log loss of `columns @ weights`, summed over the games by their `importance`, plus `penalty / 2` times
    the squared distance to `prior`.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = columns @ weights
        away = weights - prior
        total = importance * (np.logaddexp(0, logits) - wins * logits)
        slope = columns.T @ (importance * (expit(logits) - wins)) + penalty * away
        return float(total.sum() + penalty / 2 * away @ away), slope

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(prior))
    return np.asarray(found.x, dtype=float)
