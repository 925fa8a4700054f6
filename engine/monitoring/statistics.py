"""How far one sample lies from another. Each function takes the reference and the window, and returns 0 for equal ones.

Both samples are one-dimensional and not empty. They are plain distances: whether one is large is for
`engine.monitoring.drift` to say, because games that follow each other are far from independent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PSI_BINS = 10
_PSI_FLOOR = 1e-4
"""Smallest share of a bin, so that an empty one counts as very rare and not as impossible."""


def ks(reference: Floats, window: Floats) -> float:
    """Kolmogorov-Smirnov distance: the largest gap between the two distribution functions, 0..1."""
    import numpy as np

    points = np.concatenate((reference, window))
    before, now = (np.searchsorted(np.sort(one), points, side="right") / len(one) for one in (reference, window))
    return float(np.max(np.abs(before - now)))


def normalised_wasserstein(reference: Floats, window: Floats) -> float:
    """How far the mass has to be moved on average, in standard deviations of the reference. Has no upper bound.

    A reference without spread counts as one of spread 1, so that leaving the constant shows.
    """
    from scipy.stats import wasserstein_distance

    spread = float(reference.std()) or 1.0
    return float(wasserstein_distance(reference, window)) / spread


def psi(reference: Floats, window: Floats) -> float:
    """Population stability index over the deciles of the reference; values it repeats share a bin. No upper bound."""
    import numpy as np

    edges = np.unique(np.quantile(reference, np.linspace(0, 1, PSI_BINS + 1)))[1:-1]
    before, now = (_shares(sample, edges) for sample in (reference, window))
    return float(np.sum((now - before) * np.log(now / before)))


def _shares(sample: Floats, edges: Floats) -> Floats:
    import numpy as np

    counts = np.bincount(np.searchsorted(edges, sample, side="right"), minlength=len(edges) + 1)
    shares: Floats = np.maximum(counts / len(sample), _PSI_FLOOR)
    return shares
