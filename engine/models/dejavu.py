"""Past games that went like one under way: nearest neighbours among the margins at the end of each minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.minutes import MINUTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NOW = 0.5
"""What the present margin counts; the rest is shared alike by all minutes played, the last one too. With it a hundred
neighbours forecast as well as with any other weights, and half of what makes a game alike is how it went."""
_EXACT = 6
"""Decimals of a squared distance that are told apart: what is equal must not differ by the order of a sum."""


@dataclass(frozen=True, slots=True)
class Library:
    """Finished games, oldest first.

    `margins` (games, 48): home minus away in points at the end of each minute of regulation, clipped to 127 to both
    sides; `finals` (games,): as the game ended, overtime included.
    """

    game_ids: tuple[str, ...]
    margins: NDArray[np.int8]
    finals: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.game_ids)

    def first(self, n: int) -> Library:
        """The oldest `n` games, as views of the same arrays."""
        return Library(self.game_ids[:n], self.margins[:n], self.finals[:n])


@dataclass(frozen=True, slots=True)
class Match:
    """A game of the library by its index, and how far it lies: the usual difference minute by minute, in points."""

    index: int
    distance: float


def nearest(library: Library, so_far: Sequence[int], k: int) -> tuple[Match, ...]:
    """The `k` games (fewer in a small library) that lie nearest, nearest first; of equal ones the newer first.

    `so_far` are the margins at the end of each minute played, 1 to 48 of them; of more, the first 48 count. After
    those a game is won, lost or level, and only games that were the same are alike.
    """
    import numpy as np

    likely = np.arange(len(library))[::-1]
    if len(so_far) >= MINUTES:
        likely = likely[np.sign(library.margins[likely, -1]) == np.sign(so_far[MINUTES - 1])]
    if not so_far or not len(likely):
        return ()
    apart = distances(library, so_far[:MINUTES])[likely]
    order = np.argsort(apart, kind="stable")[:k]
    return tuple(Match(int(likely[place]), float(apart[place])) for place in order)


def distances(library: Library, so_far: Sequence[int]) -> Floats:
    """How far each game lies from one of these margins, in points: the root of the mean squared difference, weighed by
    `weights`. No matrix product, for its threads are slow where others have work too."""
    import numpy as np

    apart = (library.margins[:, : len(so_far)] - np.array(so_far, dtype=np.int16)).astype(np.float32)
    found: Floats = np.sqrt(np.round(np.einsum("ij,j->i", apart * apart, weights(len(so_far))), _EXACT))
    return found


def weights(minutes: int, now: float = NOW) -> Floats:
    """What each of the minutes played counts, oldest first; together 1."""
    import numpy as np

    shares = np.full(minutes, (1 - now) / minutes)
    shares[-1] += now
    return shares
