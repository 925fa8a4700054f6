"""Numbers that change with the time left: straight lines between a few moments of the game."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.models.numbers import numbers, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KNOTS = (0, 15, 45, 120, 300, 720, 1440, 2160, 2880)
"""Seconds left between which a curve is straight: closer together where the end draws near."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One number for every second left; `values` stand at KNOTS. Raises BundleError for other values."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(KNOTS) or not all(math.isfinite(value) for value in self.values):
            raise unusable("a curve of it is not whole")

    def at(self, left: float) -> float:
        """The number at so many seconds left."""
        right = min(max(bisect_right(KNOTS, left), 1), len(KNOTS) - 1)
        start, stop = KNOTS[right - 1], KNOTS[right]
        share = min(max((left - start) / (stop - start), 0.0), 1.0)
        return self.values[right - 1] * (1 - share) + self.values[right] * share


Curves = tuple[Curve, ...]


def curves_of(values: Sequence[float]) -> Curves:
    """Curves from their values one after the other, as `hats` times columns are fitted."""
    step = len(KNOTS)
    return tuple(Curve(tuple(values[at : at + step])) for at in range(0, len(values), step))


def curves_from_json(values: Mapping[str, Any], key: str, count: int) -> Curves:
    """So many curves as `curves_to_json` wrote them. Raises BundleError for anything else."""
    found = numbers(values, key)
    if len(found) != count * len(KNOTS):
        raise unusable(f"its {key} are not {count} curves")
    return curves_of(found)


def curves_to_json(curves: Curves) -> list[float]:
    """Their values one after the other."""
    return [value for curve in curves for value in curve.values]


def hats(left: Floats) -> Floats:
    """How much each knot counts at so many seconds left (moments x KNOTS): what a curve is fitted with."""
    import numpy as np

    unit = np.eye(len(KNOTS))
    return np.stack([np.interp(left, KNOTS, unit[knot]) for knot in range(len(KNOTS))], axis=1)
