"""Whether the games of a window still look like those that a model learned from.

The distance of a window is its normalised Wasserstein distance to the training rows. How large a distance may be is
learned from the training rows themselves: windows of as many consecutive games are taken from them and measured in the
same way. That null has what a formula for independent games lacks: teams meet again, form moves slowly, seasons have
a beginning and an end. (With independent games every slowly moving input would be called drifting at once.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import BundleError
from engine.core.reports import FeatureDrift
from engine.monitoring.statistics import normalised_wasserstein

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WINDOW = 200
"""Games in a window. With fewer the distance says more about chance than about the league."""
FEWEST_WINDOWS = 5
"""Windows that the training rows must hold side by side before they tell how much windows differ."""
FALSE_ALARMS = 0.01
"""Share of windows without drift in which any feature at all may pass its limit."""
_MEASURED = 120
"""How many, overlapping, windows of the training rows are measured at most."""
_QUANTILES = 101
_LEAST = 1e-6
"""Distances below this count as this one, for the logarithm's sake."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A model's training rows in brief: percentiles of each feature, and the largest distance that a window may have.

    `limits` is empty where the rows were too few to learn limits from.
    """

    window: int
    quantiles: Mapping[str, Sequence[float]]
    limits: Mapping[str, float]

    def to_json(self) -> dict[str, object]:
        """As it stands in a model's manifest."""
        return {
            "window": self.window,
            "quantiles": {name: [round(value, 4) for value in values] for name, values in self.quantiles.items()},
            "limits": {name: round(value, 4) for name, value in self.limits.items()},
        }

    @classmethod
    def from_json(cls, value: object) -> Reference:
        """Read it back. Raises BundleError for anything else than what `to_json` writes."""
        try:
            window, quantiles, limits = (value[key] for key in ("window", "quantiles", "limits"))  # type: ignore[index]
            return cls(
                int(window),
                {str(name): tuple(float(one) for one in values) for name, values in quantiles.items()},
                {str(name): float(one) for name, one in limits.items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleError(
                "The model's manifest has no reference to compare games with: train a new one with nbabot train game."
            ) from error


def reference_of(rows: Floats, names: Sequence[str]) -> Reference:
    """The reference of training rows (games x features, in order of time)."""
    import numpy as np

    levels = np.linspace(0, 1, _QUANTILES)
    quantiles = {name: np.quantile(rows[:, column], levels) for column, name in enumerate(names)}
    limits: dict[str, float] = {}
    if len(rows) >= FEWEST_WINDOWS * WINDOW:
        for column, name in enumerate(names):
            limits[name] = _limit(rows[:, column], quantiles[name], len(names))
    return Reference(WINDOW, {name: tuple(map(float, values)) for name, values in quantiles.items()}, limits)


def drift_of(rows: Floats, names: Sequence[str], reference: Reference) -> tuple[FeatureDrift, ...]:
    """Each feature of a window of `reference.window` games (games x features) against its limit.

    Features that the reference has no limit for are left out.
    """
    import numpy as np

    found: list[FeatureDrift] = []
    for column, name in enumerate(names):
        if name in reference.limits:
            distance = normalised_wasserstein(np.asarray(reference.quantiles[name]), rows[:, column])
            limit = reference.limits[name]
            found.append(FeatureDrift(name, distance, limit, distance > limit))
    return tuple(found)


def _limit(values: Floats, quantiles: Floats, features: int) -> float:
    """The larger of what the windows reached and what a log-normal through them reaches in FALSE_ALARMS of cases.

    The second is Student's prediction bound for one more window, with as many degrees of freedom as there are windows
    side by side, and shared among the features (Bonferroni); it takes over where training saw few windows.
    """
    import numpy as np
    from scipy.stats import t

    last = len(values) - WINDOW
    starts = np.unique(np.linspace(0, last, min(_MEASURED, last + 1)).astype(int))
    distances = [normalised_wasserstein(quantiles, values[start : start + WINDOW]) for start in starts]
    logs = np.log(np.maximum(distances, _LEAST))
    apart = len(values) // WINDOW
    factor = float(t.ppf(1 - FALSE_ALARMS / features, apart - 1)) * (1 + 1 / apart) ** 0.5
    return max(float(np.exp(logs.mean() + factor * logs.std(ddof=1))), *distances)
