"""What a half-time model is made of: each form says how the margin changes from 18:00 played until half-time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from engine.models.halftime.network import Network
from engine.models.numbers import number, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

PATTERN = 18
"""Minutes whose margins are looked at."""
LIBRARY = "library.bin"
"""The file of a bundle that holds past games."""
NEIGHBOURS = 200
"""Past games that are asked what became of them."""
_WIDTH = PATTERN + 2
_HUNDREDTHS = 100


class Form(Protocol):
    """One way of saying how the margin changes (home minus away, points) until half-time."""

    def change(self, pattern: Sequence[int], pregame: float) -> float:
        """The change expected after the margins of 18 minutes, `pregame` being the margin forecast before tip-off."""

    def to_json(self) -> dict[str, object]:
        """The form without the past games that it may know."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line of the margin at 18:00 and of the one forecast before tip-off."""

    level: float = 0.0
    by_margin: float = 0.0
    by_pregame: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.level, self.by_margin, self.by_pregame))):
            raise unusable("its line is not finite")

    def change(self, pattern: Sequence[int], pregame: float) -> float:
        """As `Form.change`."""
        return self.level + self.by_margin * pattern[-1] + self.by_pregame * pregame

    def to_json(self) -> dict[str, object]:
        """As `Form.to_json`."""
        return {"level": self.level, "by_margin": self.by_margin, "by_pregame": self.by_pregame}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Line:
        """The line that `to_json` described. Raises BundleError for anything else."""
        return cls(*(number(values, key) for key in ("level", "by_margin", "by_pregame")))


@dataclass(frozen=True)
class Dejavu:
    """Past games that went alike, and what became of them: the mean change of the NEIGHBOURS nearest.

    Two games are as far apart as they were minute by minute (`models.dejavu.weights`); a point of the margin forecast
    before tip-off counts as much as a point throughout. `content` holds, game by game, little-endian 16-bit numbers:
    the margins of 18 minutes, the one at half-time, and the forecast in hundredths of a point.
    """

    content: bytes

    def __post_init__(self) -> None:
        if not self.content or len(self.content) % (2 * _WIDTH):
            raise unusable("its library of past games is not whole")

    def change(self, pattern: Sequence[int], pregame: float) -> float:
        """As `Form.change`; games as far away as the last neighbour count too."""
        import numpy as np

        known, changes = self._games
        place = np.append(np.array(pattern), pregame) * _units()
        apart = np.round(((known - place) ** 2).sum(axis=1), 4)
        last = min(NEIGHBOURS, len(apart)) - 1
        return float(changes[apart <= np.partition(apart, last)[last]].mean())

    def to_json(self) -> dict[str, object]:
        """As `Form.to_json`."""
        return {"games": len(self.content) // (2 * _WIDTH)}

    @classmethod
    def of(cls, patterns: Whole, half: Floats, pregame: Floats) -> Dejavu:
        """Past games: their margins (games, 18), those at half-time, and those forecast before tip-off, in points."""
        import numpy as np

        table = np.column_stack([patterns, half, np.round(pregame * _HUNDREDTHS)])
        return cls(table.astype("<i2").tobytes())

    @cached_property
    def _games(self) -> tuple[Floats, Floats]:
        """Where each past game lies in the space of distances, and how its margin changed until half-time."""
        import numpy as np

        table = np.frombuffer(self.content, dtype="<i2").reshape(-1, _WIDTH).astype(np.float64)
        patterns, half, pregame = table[:, :PATTERN], table[:, PATTERN], table[:, PATTERN + 1] / _HUNDREDTHS
        return np.column_stack([patterns, pregame]) * _units(), half - patterns[:, -1]


def _units() -> Floats:
    """The square root of what each minute and the forecast before tip-off count in a squared distance."""
    import numpy as np

    from engine.models.dejavu import weights

    units: Floats = np.sqrt(np.append(weights(PATTERN), 1.0))
    return units


def form_from(name: str, values: Mapping[str, Any], files: Mapping[str, bytes]) -> Form:
    """The form of a name from a bundle. Raises BundleError for another name or other values."""
    if name == "linear":
        return Line.from_json(values)
    if name == "dejavu":
        return Dejavu(files.get(LIBRARY, b""))
    if name == "sequence":
        return Network.from_json(values)
    raise unusable(f"it is partly made of something unknown, '{name}'")
