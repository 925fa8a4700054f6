"""What turns a player's row into one expected number: a mean of his games, or minutes times rates and all else.

Each scorer serves one row in plain Python and many at once with numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.player_records import Stat
from engine.features.player_form import HORIZONS
from engine.features.player_row import feature_names
from engine.models.boosters import read_trees
from engine.models.numbers import number, numbers, unusable
from engine.models.trees import Trees

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

CLIP = 5.0
"""Standard deviations from the mean beyond which a feature counts no more."""
MOST_MINUTES = 42.0
USUAL = "weeks"
"""Horizon of the family that only looks at a player's mean."""
WIDTH = len(feature_names())
_POSITION = {name: at for at, name in enumerate(feature_names())}
_RATES = ("fga_rate_weeks", "fga_rate_months", "fta_rate_months", "fg3a_rate_months")

Number = Any
"""A float, or an array with one entry per row: the same formula serves both."""
Columns = Callable[[str], Number]


def products(column: Columns, minutes: Number, stat: Stat) -> list[Number]:
    """Expected minutes times rates: what a sum of features cannot say."""
    parts = stat.parts
    usual = sum(column(f"{part}_rate_months") for part in parts)
    found = [minutes * sum(column(f"{part}_rate_{one.name}") for part in parts) for one in HORIZONS]
    found += [
        minutes * sum(column(f"{part}_rate_months") * column(f"{kind}_{part}") for part in parts)
        for kind in ("allowed", "allowed_role")
    ]
    found += [minutes * usual * column("pace_change"), minutes * column("company_change_usage"), minutes * minutes]
    return found + [minutes * column(rate) for rate in _RATES]


@dataclass(frozen=True, slots=True)
class Scale:
    """Means and standard deviations by which columns are made alike; values beyond CLIP are cut."""

    means: tuple[float, ...]
    spreads: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.means) != len(self.spreads) or not all(one > 0 for one in self.spreads):
            raise unusable("its scales do not fit")

    def apply(self, row: Sequence[float]) -> list[float]:
        """One row, standardised."""
        return [
            max(-CLIP, min(CLIP, (value - mean) / spread))
            for value, mean, spread in zip(row, self.means, self.spreads, strict=True)
        ]

    def apply_all(self, x: Floats) -> Floats:
        """Many rows, standardised, as 32-bit floats."""
        import numpy as np

        means, spreads = np.array(self.means, dtype=x.dtype), np.array(self.spreads, dtype=x.dtype)
        return np.clip((x - means) / spreads, -CLIP, CLIP)

    @classmethod
    def of(cls, x: Floats) -> Scale:
        """The scale of training rows; a column that never changes keeps its values."""
        import numpy as np

        means, spreads = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
        spreads[spreads < 1e-9] = 1.0
        return cls(tuple(map(float, means)), tuple(map(float, spreads)))

    def to_json(self) -> dict[str, Any]:
        """The scale as JSON values."""
        return {"means": list(self.means), "spreads": list(self.spreads)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Scale:
        """Raises BundleError for anything else than what `to_json` gives."""
        return cls(numbers(values, "means"), numbers(values, "spreads"))


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept + coefficients . columns`, of standardised columns."""

    intercept: float
    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.intercept, *self.coefficients))):
            raise unusable("a number in it is not finite")

    def value(self, columns: Sequence[float]) -> float:
        """The number of one row. Raises BundleError for a row of another width."""
        if len(columns) != len(self.coefficients):
            raise unusable("a linear part has another number of coefficients")
        return self.intercept + sum(map(_times, self.coefficients, columns))

    def values(self, columns: Floats) -> Floats:
        """The numbers of many rows."""
        import numpy as np

        found: Floats = self.intercept + columns @ np.array(self.coefficients, dtype=columns.dtype)
        return found.astype(np.float64)

    def to_json(self) -> dict[str, Any]:
        """The numbers as JSON values."""
        return {"intercept": self.intercept, "coefficients": list(self.coefficients)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Linear:
        """Raises BundleError for anything else than what `to_json` gives."""
        return cls(number(values, "intercept"), numbers(values, "coefficients"))


def boosted_columns(stat: Stat) -> tuple[int, ...]:
    """What the trees of a stat look at: positions in the row followed by expected minutes and the linear forecast.

    Numbers of other stats are left out: they say little, and trees that may choose them learn slower and worse.
    """
    others = tuple(
        prefix
        for other in Stat
        if other not in (Stat.PTS, *stat.parts)
        for prefix in (f"{other}_rate", f"{other}_game", f"allowed_{other}", f"allowed_role_{other}")
    )
    return (*(at for name, at in _POSITION.items() if not name.startswith(others)), WIDTH, WIDTH + 1)


@dataclass(frozen=True, slots=True)
class Boost:
    """Boosted trees on the row, the expected minutes and what the linear part says; they add to the latter.

    `raw` is the .ubj file that XGBoost saved.
    """

    raw: bytes
    trees: Trees

    @classmethod
    def read(cls, raw: bytes, stat: Stat) -> Boost:
        """Open the content of a stat's .ubj file. Raises BundleError when it is none, or one for other features."""
        return cls(raw, read_trees(raw, boosted_columns(stat), WIDTH + 2)[0])

    def value(self, row: Sequence[float], minutes: float, linear: float) -> float:
        """What is added for one row."""
        return self.trees.value_of((*row, minutes, linear))

    def values(self, x: Floats, minutes: Floats, linear: Floats) -> Floats:
        """What is added for many rows."""
        import numpy as np

        return self.trees.values(np.column_stack([x, minutes, linear]).astype(np.float32))


@dataclass(frozen=True, slots=True)
class RateScore:
    """A stat from the standardised row and the products of minutes and rates, and what trees add to that."""

    stat: Stat
    scale: Scale
    linear: Linear
    boost: Boost | None = None

    def value(self, row: Sequence[float], scaled: Sequence[float], minutes: float) -> float:
        """The expected number for one row."""
        found = products(lambda name: row[_POSITION[name]], minutes, self.stat)
        linear = self.linear.value([*scaled, *self.scale.apply(found)])
        return linear if self.boost is None else linear + self.boost.value(row, minutes, linear)

    def values(self, x: Floats, scaled: Floats, minutes: Floats) -> Floats:
        """The expected numbers of many rows."""
        linear = self.linear.values(self.columns(x, scaled, minutes))
        return linear if self.boost is None else linear + self.boost.values(x, minutes, linear)

    def columns(self, x: Floats, scaled: Floats, minutes: Floats) -> Floats:
        """What the linear part looks at: the standardised row and products of many rows."""
        import numpy as np

        return np.hstack([scaled, self.scale.apply_all(product_columns(x, minutes, self.stat))])


def product_columns(x: Floats, minutes: Floats, stat: Stat) -> Floats:
    """`products` of many rows, one column each."""
    import numpy as np

    found = products(lambda name: x[:, _POSITION[name]], minutes.astype(x.dtype), stat)
    return np.column_stack(found)


def usual(column: Columns, stat: Stat) -> Number:
    """What a player has lately done per game."""
    return sum(column(f"{part}_game_{USUAL}") for part in stat.parts)


def column_of(row: Sequence[float]) -> Columns:
    """Looks up a feature of one row by name."""
    return lambda name: row[_POSITION[name]]


def columns_of(x: Floats) -> Columns:
    """Looks up a feature of many rows by name."""
    return lambda name: x[:, _POSITION[name]].astype(float)


def _times(one: float, other: float) -> float:
    return one * other
