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

    pattern = np.array(so_far[:MINUTES], dtype=np.float64)
    likely = np.arange(len(library))[::-1]
    if len(pattern) == MINUTES:
        likely = likely[np.sign(library.margins[likely, -1]) == np.sign(pattern[-1])]
    if not len(pattern) or not len(likely):
        return ()
    apart = distances(library, pattern[None, :])[0][likely]
    order = np.argsort(apart, kind="stable")[:k]
    return tuple(Match(int(likely[place]), float(apart[place])) for place in order)


def distances(library: Library, patterns: Floats) -> Floats:
    """How far each game (columns) lies from each pattern (rows: margins at the end of the minutes played), in points:
    the root of the mean squared difference of the margins, weighed by `weights`."""
    import numpy as np

    known = library.margins[:, : patterns.shape[1]].astype(np.float64)
    shares = weights(patterns.shape[1])
    squares = (patterns**2 @ shares)[:, None] + known**2 @ shares - 2 * (patterns * shares) @ known.T
    apart: Floats = np.sqrt(np.maximum(np.round(squares, _EXACT), 0))
    return apart


def weights(minutes: int) -> Floats:
    """What each of the minutes played counts, oldest first; together 1."""
    import numpy as np

    shares = np.full(minutes, (1 - NOW) / minutes)
    shares[-1] += NOW
    return shares
