"""How far one sample lies from another, in three ways: the reference first, then the window; 0 for equal ones.

Both samples are one-dimensional and hold two values at least. They are plain distances: whether one is large is for
`engine.monitoring.drift` to say, because games that follow each other are far from independent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BINS = 10


def kolmogorov_smirnov(reference: Floats, window: Floats) -> float:
    """The largest difference between the two shares of values up to any point, 0 to 1."""
    from scipy.stats import ks_2samp

    return float(ks_2samp(reference, window, method="asymp").statistic)


def population_stability_index(reference: Floats, window: Floats) -> float:
    """Shift of mass between the tenths of the reference, in nats. Has no upper bound.

    Tenths that ties make equal are one bin. An empty bin counts as half a value, so that its logarithm is finite.
    """
    import numpy as np

    inner = np.quantile(reference, np.arange(1, BINS) / BINS, method="inverted_cdf")
    edges = np.unique(inner)
    first, second = (_shares(sample, edges) for sample in (reference, window))
    return float(((second - first) * np.log(second / first)).sum())


def normalised_wasserstein(reference: Floats, window: Floats) -> float:
    """How far the mass has to be moved on average, in standard deviations of the reference. Has no upper bound.

    A reference without spread counts as one of spread 1, so that leaving the constant shows.
    """
    from scipy.stats import wasserstein_distance

    spread = float(reference.std()) or 1.0
    return float(wasserstein_distance(reference, window)) / spread


STATISTICS: Mapping[str, Callable[[Floats, Floats], float]] = MappingProxyType(
    {
        "ks": kolmogorov_smirnov,
        "psi": population_stability_index,
        "wasserstein": normalised_wasserstein,
    }
)
"""Every distance by its short name."""


def _shares(sample: Floats, edges: Floats) -> Floats:
    """The share of a sample in each bin; a bin holds its upper edge."""
    import numpy as np

    counts = np.bincount(np.searchsorted(edges, sample, side="left"), minlength=len(edges) + 1)
    shares: Floats = np.maximum(counts, 0.5) / len(sample)
    return shares
