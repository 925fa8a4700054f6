"""Who is in doubt before a game, and what a person wants to suppose of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlayerOutlook:
    """A player whose part in a game is in doubt, or who comes back into it.

    `status` is a word or two ("out", "questionable", "missed the last 3"), `chance` 0..1 that he plays, `minutes` are
    expected if he does. `points` is what the doubt changes in his own team's margin: -4.1 for a star who is out.
    """

    player_id: int
    name: str
    team_id: int
    status: str
    chance: float
    minutes: float
    points: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Players, named in any words, who are to be taken as missing (`out`) or as playing (`back`)."""

    out: tuple[str, ...] = ()
    back: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.out or self.back)
