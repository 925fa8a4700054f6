"""How the Brier score of the picks has moved: window by window, beside what chance allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from engine.core.monitor_reports import RollingScore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINTS = 60
"""Windows that are told at most, evenly apart."""
BAND = 1.96
"""Standard deviations to either side that hold 95% of windows."""


def rolling_brier(days: Sequence[date], chance: Floats, won: Floats, window: int) -> tuple[RollingScore, ...]:
    """Windows of `window` picks, given in order of time: their days, home chances, and 1 where home won.

    A pick of chance p has the expected score p(1 - p), and p(1 - p)(1 - 2p)^2 is its variance. Nothing for fewer picks
    than a window has.
    """
    import numpy as np

    if len(chance) < window:
        return ()
    expected = chance * (1 - chance)
    parts = ((won - chance) ** 2, expected, expected * (1 - 2 * chance) ** 2)
    value, mean, variance = (np.convolve(one, np.ones(window), mode="valid") / window for one in parts)
    half = BAND * np.sqrt(variance / window)
    step = math.ceil(len(value) / POINTS)
    ends = range(len(value) - 1, -1, -step)[::-1]
    return tuple(
        RollingScore(
            days[end + window - 1],
            float(value[end]),
            float(mean[end]),
            float(mean[end] - half[end]),
            float(mean[end] + half[end]),
        )
        for end in ends
    )
