"""How outcomes scatter around forecasts: chances of every count, and intervals that hold in each band of minutes.

A count is taken as negative binomial around its mean. How wrong that is, is learned from forecasts of games that the
forecaster had not seen, for each band of expected minutes apart: the distribution is bent so that its levels hold
there, and an interval takes in the counts nearest to the middle until it has held as often as it promises (split
conformal prediction with one calibration set per band: Vovk's Mondrian taxonomy).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.player_records import Range
from engine.models.numbers import mapping, number, numbers, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Mask = NDArray[np.bool_]

BANDS = (12.0, 20.0, 28.0)
"""Expected minutes at which one band ends and the next begins."""
SHARES = (0.5, 0.8, 0.95)
"""Shares of the games in which an interval is to hold the outcome."""
STEPS = 200
"""The bend is kept at 0, 1/STEPS, 2/STEPS ... 1."""
FEWEST = 200
"""Misses from which a band speaks for itself; with fewer it takes those of all bands."""
_LEAST_MEAN = 0.01
_LEAST_SURPLUS = 1e-6
_MOST = 200


@dataclass(frozen=True, slots=True)
class Band:
    """One band of expected minutes.

    The variance around a mean m is `m + linear * m + square * m^2`; `bend` turns the levels of the negative binomial
    into observed ones, and `reach` says for each of SHARES how far from the middle (level 0.5) its interval goes.
    """

    linear: float
    square: float
    bend: tuple[float, ...]
    reach: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(low <= high for low, high in zip(self.bend, self.bend[1:], strict=False))
        ends = self.bend[:1] + self.bend[-1:] == (0.0, 1.0)
        if len(self.bend) != STEPS + 1 or not rising or not ends or len(self.reach) != len(SHARES):
            raise unusable("an interval of it has no width")
        if not all(0 <= one < math.inf for one in (self.linear, self.square, *self.reach)):
            raise unusable("a number in it is not usable")

    def size(self, mean: Any) -> Any:
        """Parameter r of the negative binomial (of one mean, or of many)."""
        return mean / (self.linear + self.square * mean + _LEAST_SURPLUS)

    def levels(self, mean: float) -> Iterator[float]:
        """Probabilities of at most 0, 1, 2 ..."""
        mean = max(mean, _LEAST_MEAN)
        size = self.size(mean)
        chance = math.exp(-size * math.log1p(mean / size))
        below, share = 0.0, mean / (size + mean)
        for count in range(_MOST):
            below += chance
            yield self.bent(min(below, 1.0))
            chance *= (count + size) / (count + 1) * share

    def bent(self, level: float) -> float:
        """The observed level of a level of the negative binomial."""
        at = level * STEPS
        low = min(int(at), STEPS - 1)
        return self.bend[low] + (at - low) * (self.bend[low + 1] - self.bend[low])

    def median(self, mean: float) -> int:
        """The least count that is not exceeded in half of the games."""
        return next((count for count, level in enumerate(self.levels(mean)) if level >= 0.5), _MOST)

    def interval(self, mean: float, share: float) -> Range:
        """The counts from low to high that hold the outcome in a share of SHARES."""
        reach, before = self.reach[SHARES.index(share)], 0.0
        low = high = self.median(mean)
        for count, level in enumerate(self.levels(mean)):
            middle = (before + level) / 2
            if abs(middle - 0.5) <= reach:
                low, high = min(low, count), max(high, count)
            elif middle > 0.5:
                break
            before = level
        return float(low), float(high)

    def at_most(self, mean: float, count: int) -> float:
        """Probability of at most a count."""
        if count < 0:
            return 0.0
        return next((level for at, level in enumerate(self.levels(mean)) if at >= count), 1.0)

    def to_json(self) -> dict[str, Any]:
        """The band as JSON values."""
        return {"linear": self.linear, "square": self.square, "bend": list(self.bend), "reach": list(self.reach)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Band:
        """Raises BundleError for anything else than what `to_json` gives."""
        variance = number(values, "linear"), number(values, "square")
        return cls(*variance, numbers(values, "bend"), numbers(values, "reach"))

    @classmethod
    def of(cls, means: Floats, outcomes: Floats) -> Band:
        """The band of forecasts of games that their maker had not seen."""
        import numpy as np
        from scipy.optimize import nnls

        known = np.maximum(means.astype(np.float64), _LEAST_MEAN)
        surplus, weight = (outcomes - known) ** 2 - known, 1 / (known + 0.5)
        (linear, square), _ = nnls(np.column_stack([known, known**2]) * weight[:, None], surplus * weight)
        plain = cls(float(linear), float(square), tuple(np.linspace(0, 1, STEPS + 1).tolist()), (0.0,) * len(SHARES))
        low, high = plain.spans(known, outcomes)
        grid = np.linspace(0, 1, STEPS + 1)
        width = np.maximum(high - low, 1e-12)
        bend = np.array([np.clip((level - low) / width, 0, 1).mean() for level in grid])
        bend[0], bend[-1] = 0.0, 1.0
        bent = cls(plain.linear, plain.square, tuple(bend.tolist()), plain.reach)
        reach = np.quantile(bent.distances(known, outcomes), SHARES, method="higher")
        return cls(plain.linear, plain.square, bent.bend, tuple(map(float, reach)))

    def spans(self, means: Floats, outcomes: Floats) -> tuple[Floats, Floats]:
        """Observed levels just below each outcome and at it."""
        import numpy as np
        from scipy.stats import nbinom

        known = np.maximum(means.astype(np.float64), _LEAST_MEAN)
        size = self.size(known)
        grid = np.linspace(0, 1, STEPS + 1)
        low, high = (
            np.interp(nbinom.cdf(counts, size, size / (size + known)), grid, self.bend)
            for counts in (outcomes - 1, outcomes)
        )
        return low, high

    def distances(self, means: Floats, outcomes: Floats) -> Floats:
        """How far each outcome's middle level is from 0.5; the median's own is 0."""
        import numpy as np

        low, high = self.spans(means, outcomes)
        found: Floats = np.where((low < 0.5) & (high >= 0.5), 0.0, np.abs((low + high) / 2 - 0.5))
        return found

    def medians(self, means: Floats) -> Floats:
        """`median` of many means."""
        import numpy as np
        from scipy.stats import nbinom

        known = np.maximum(means.astype(np.float64), _LEAST_MEAN)
        size = self.size(known)
        level = float(np.interp(0.5, self.bend, np.linspace(0, 1, STEPS + 1)))
        found: Floats = nbinom.ppf(level, size, size / (size + known))
        return found


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

    def chances(self, minutes: float, mean: float, line: float) -> tuple[float, float]:
        """Probabilities of an outcome over and under a line; on a whole number what is left is a push."""
        band = self.band(minutes)
        return 1 - band.at_most(mean, math.floor(line)), band.at_most(mean, math.ceil(line) - 1)

    def medians(self, minutes: Floats, means: Floats) -> Floats:
        """The medians of many forecasts."""
        import numpy as np

        found = np.empty(len(means))
        for inside, band in self._split(minutes):
            found[inside] = band.medians(means[inside])
        return found

    def held(self, minutes: Floats, means: Floats, outcomes: Floats, share: float) -> Mask:
        """Of many forecasts, whether the interval of a share held the outcome."""
        import numpy as np

        found = np.zeros(len(means), dtype=bool)
        for inside, band in self._split(minutes):
            found[inside] = band.distances(means[inside], outcomes[inside]) <= band.reach[SHARES.index(share)]
        return found

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
        everyone = Band.of(means, outcomes)
        inside = [which == at for at in range(len(BANDS) + 1)]
        return cls(tuple(Band.of(means[one], outcomes[one]) if one.sum() >= FEWEST else everyone for one in inside))

    def _split(self, minutes: Floats) -> Iterator[tuple[Mask, Band]]:
        which = band_of(minutes)
        return ((which == at, band) for at, band in enumerate(self.bands))


def band_of(minutes: Floats) -> NDArray[np.intp]:
    """The index of each forecast's band."""
    import numpy as np

    return np.searchsorted(BANDS, minutes, side="right")
