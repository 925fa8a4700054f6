"""How far outcomes fall from forecasts: the widths of the 50% and 80% intervals, learned from earlier misses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.core.records import Range
from engine.models.numbers import numbers, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WIDTH = 8
"""How many numbers a spread is made of."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of the misses of earlier forecasts, in points: the middle 50% and 80%, as (lower, upper) offsets.

    Those of the margin are symmetric, for the sides of a game can be swapped. Raises BundleError for other numbers.
    """

    margin_50: Range
    margin_80: Range
    total_50: Range
    total_80: Range

    def __post_init__(self) -> None:
        for low, high in asdict(self).values():
            if not (math.isfinite(low) and math.isfinite(high) and low <= high):
                raise unusable("an interval of it has no width")

    def around(self, margin: float, total: float, scale: float) -> dict[str, Range]:
        """The intervals of one forecast in points, `scale` times as wide as usual, by field name."""
        centres = (margin, margin, total, total)
        offsets = asdict(self).items()
        return {
            name: (centre + scale * low, centre + scale * high)
            for centre, (name, (low, high)) in zip(centres, offsets, strict=True)
        }

    @property
    def offsets(self) -> tuple[float, ...]:
        """All numbers in the order of the fields, lower before upper: WIDTH of them."""
        return (*self.margin_50, *self.margin_80, *self.total_50, *self.total_80)

    @classmethod
    def of(cls, margin_misses: Floats, total_misses: Floats) -> Spread:
        """The spread of misses (outcome minus forecast, points) of games that the forecasts had not seen."""
        import numpy as np

        both = np.concatenate([margin_misses, -margin_misses])
        return cls(*(_middle(misses, share) for misses in (both, total_misses) for share in (0.5, 0.8)))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Spread:
        """Raises BundleError for anything else than pairs of numbers."""
        found = [numbers(values, key) for key in ("margin_50", "margin_80", "total_50", "total_80")]
        if any(len(pair) != 2 for pair in found):
            raise unusable("an interval of it is not a pair")
        return cls(*((pair[0], pair[1]) for pair in found))


def _middle(misses: Floats, share: float) -> Range:
    import numpy as np

    low, high = np.quantile(misses, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
