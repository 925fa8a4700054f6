"""How far one sample lies from another: the reference first, then the window; 0 for equal ones.

Both samples are one-dimensional and not empty. It is a plain distance: whether one is large is for
`engine.monitoring.drift` to say, because games that follow each other are far from independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def normalised_wasserstein(reference: Floats, window: Floats) -> float:
    """How far the mass has to be moved on average, in standard deviations of the reference. Has no upper bound.

    A reference without spread counts as one of spread 1, so that leaving the constant shows.
    """
    from scipy.stats import wasserstein_distance

    spread = float(reference.std()) or 1.0
    return float(wasserstein_distance(reference, window)) / spread
