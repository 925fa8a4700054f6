"""What a model's training rows looked like: the reference that later windows are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.features.contract import GAME_FEATURES, names

if TYPE_CHECKING:
    import numpy as np

QUANTILES = 101


def quantiles_of(rows: np.ndarray) -> dict[str, list[float]]:
    """Each feature's 0th to 100th percentile over the rows (n x k), by feature name."""
    import numpy as np

    levels = np.linspace(0, 1, QUANTILES)
    return {
        name: [round(float(value), 4) for value in np.quantile(rows[:, column], levels)]
        for column, name in enumerate(names(GAME_FEATURES))
    }
