"""How far outcomes fall from forecasts, by expected minutes: intervals that hold in each band, and chances of any line.

Split conformal prediction with normalised residuals, one calibration set per band of expected minutes (Vovk's Mondrian
taxonomy): misses are divided by the spread that the forecast's size lets one expect, and their quantiles are those of
forecasts of games that the forecaster had not seen.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.player_records import Range
from engine.models.numbers import mapping, numbers, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

BANDS = (12.0, 20.0, 28.0)
"""Expected minutes at which one band ends and the next begins."""
STEPS = 400
"""The quantiles are kept at 1/STEPS, 2/STEPS ... (STEPS - 1)/STEPS."""
LEVELS = tuple(at / STEPS for at in range(1, STEPS))
FEWEST = 200
"""Misses from which a band speaks for itself; with fewer it takes those of all bands."""
_LEAST_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Band:
    """One band: variance `floor + slope * forecast`, and the quantiles (LEVELS) of misses divided by its root."""

    floor: float
    slope: float
    quantiles: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(low <= high for low, high in zip(self.quantiles, self.quantiles[1:], strict=False))
        if len(self.quantiles) != len(LEVELS) or not rising or self.floor < 0 or self.slope < 0:
            raise unusable("an interval of it has no width")
        if not all(map(math.isfinite, (self.floor, self.slope, *self.quantiles))):
            raise unusable("a number in it is not finite")

    def spread(self, mean: float) -> float:
        """The standard deviation of outcomes around a forecast."""
        return max(math.sqrt(self.floor + self.slope * max(mean, 0.0)), _LEAST_SPREAD)

    def quantile(self, mean: float, level: float) -> float:
        """The number that the outcome stays below with probability `level`; never below 0."""
        at = min(max(level * STEPS - 1, 0.0), len(LEVELS) - 1.0)
        low = min(int(at), len(LEVELS) - 2)
        between = self.quantiles[low] + (at - low) * (self.quantiles[low + 1] - self.quantiles[low])
        return max(mean + self.spread(mean) * between, 0.0)

    def below(self, mean: float, value: float) -> float:
        """Probability that the outcome is below a value."""
        miss = (value - mean) / self.spread(mean)
        at = bisect_left(self.quantiles, miss)
        if at in (0, len(LEVELS)):
            return LEVELS[0] / 2 if at == 0 else 1 - LEVELS[0] / 2
        low, high = self.quantiles[at - 1], self.quantiles[at]
        return (at + (miss - low) / (high - low)) / STEPS

    def to_json(self) -> dict[str, Any]:
        """The band as JSON values."""
        return {"floor": self.floor, "slope": self.slope, "quantiles": list(self.quantiles)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Band:
        """Raises BundleError for anything else than what `to_json` gives."""
        floor, slope = numbers({"variance": [values.get("floor"), values.get("slope")]}, "variance")
        return cls(floor, slope, numbers(values, "quantiles"))


@dataclass(frozen=True, slots=True)
class Misses:
    """The bands of one forecast number, in the order of expected minutes."""

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        if len(self.bands) != len(BANDS) + 1:
            raise unusable("it does not have one interval per band of minutes")

    def band(self, minutes: float) -> Band:
        """The band of a player with so many expected minutes."""
        return self.bands[sum(minutes >= bound for bound in BANDS)]

    def interval(self, minutes: float, mean: float, share: float) -> Range:
        """(low, high) that holds the outcome in a share of games, as often missed below as above."""
        band = self.band(minutes)
        return band.quantile(mean, (1 - share) / 2), band.quantile(mean, (1 + share) / 2)

    def chances(self, minutes: float, mean: float, line: float) -> tuple[float, float]:
        """Probabilities of an outcome over and under a line; on a whole number what is left is a push."""
        band = self.band(minutes)
        over = 1 - band.below(mean, math.floor(line) + 0.5)
        under = band.below(mean, math.ceil(line) - 0.5) if line > 0 else 0.0
        return over, under

    def quantiles(self, minutes: Floats, means: Floats, level: float) -> Floats:
        """`Band.quantile` of many forecasts."""
        import numpy as np

        found = np.empty(len(means))
        which = band_of(minutes)
        for at, band in enumerate(self.bands):
            inside = which == at
            spread = np.maximum(np.sqrt(band.floor + band.slope * np.maximum(means[inside], 0)), _LEAST_SPREAD)
            found[inside] = means[inside] + spread * np.interp(level, LEVELS, band.quantiles)
        return np.maximum(found, 0.0)

    def to_json(self) -> list[dict[str, Any]]:
        """The bands as JSON values."""
        return [band.to_json() for band in self.bands]

    @classmethod
    def from_json(cls, values: object) -> Misses:
        """Raises BundleError for anything else than what `to_json` gives."""
        if not isinstance(values, list):
            raise unusable("its intervals are missing")
        return cls(tuple(Band.from_json(mapping(one, "an interval")) for one in values))

    @classmethod
    def of(cls, minutes: Floats, means: Floats, outcomes: Floats) -> Misses:
        """The bands of forecasts of games that their maker had not seen."""
        which = band_of(minutes)
        everyone = _band(means, outcomes)
        inside = [which == at for at in range(len(BANDS) + 1)]
        return cls(tuple(_band(means[one], outcomes[one]) if one.sum() >= FEWEST else everyone for one in inside))


def band_of(minutes: Floats) -> NDArray[np.intp]:
    """The index of each forecast's band."""
    import numpy as np

    return np.searchsorted(BANDS, minutes, side="right")


def _band(means: Floats, outcomes: Floats) -> Band:
    import numpy as np
    from scipy.optimize import nnls

    squares = (outcomes - means) ** 2
    (floor, slope), _ = nnls(np.column_stack([np.ones(len(means)), np.maximum(means, 0.0)]), squares)
    spread = np.maximum(np.sqrt(floor + slope * np.maximum(means, 0.0)), _LEAST_SPREAD)
    quantiles = np.quantile((outcomes - means) / spread, LEVELS, method="weibull")
    return Band(float(floor), float(slope), tuple(round(float(one), 5) for one in quantiles))
