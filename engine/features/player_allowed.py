"""What a team's opponents do against it, measured by what those players usually do: for each role and for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.core.records import PlayerLine
from engine.features.payload import finite
from engine.features.player_context import ROLES
from engine.features.player_form import MONTHS, Form
from engine.features.rolling import Memory

ALLOWED = ("pts", "reb", "ast", "fg3m", "stl", "blk", "tov")
_PER_GAME = (110.0, 44.0, 25.0, 12.0, 7.5, 5.0, 14.0)
"""What a team usually does in a game, by which little evidence is watered down."""
MEMORY = Memory(half_life=25, prior_games=0, carry=0.3)
_TEAM_PRIOR, _ROLE_PRIOR = 20.0, 15.0
"""Games of the usual that are mixed in, of the whole team and of one role."""
ALL = len(ROLES)


@dataclass(slots=True)
class Allowed:
    """Decayed sums of what each role and, in the last row, everybody did against a team and would usually have done."""

    season: int = 0
    done: list[list[float]] = field(default_factory=lambda: [[0.0] * len(ALLOWED) for _ in range(ALL + 1)])
    usual: list[list[float]] = field(default_factory=lambda: [[0.0] * len(ALLOWED) for _ in range(ALL + 1)])

    def ratios(self, role: int) -> tuple[list[float], list[float]]:
        """Done by usual of ALLOWED, of everybody and of one role: 1.1 lets through a tenth more than others do."""
        return self._ratios(ALL, _TEAM_PRIOR), self._ratios(role, _ROLE_PRIOR)

    def in_season(self, season: int) -> Allowed:
        """This team as it enters a season."""
        later = season - self.season
        return self if later <= 0 else Allowed(season, *self._times(MEMORY.carry**later))

    def fade(self) -> None:
        """Let one more game lie between now and what was seen."""
        self.done, self.usual = self._times(MEMORY.decay)

    def learn(self, role: int, done: Sequence[float], usual: Sequence[float]) -> None:
        """Take in what an opponent of a role did and usually does in so many minutes (ALLOWED)."""
        for sums, values in ((self.done, done), (self.usual, usual)):
            for at in (role, ALL):
                sums[at] = [total + value for total, value in zip(sums[at], values, strict=True)]

    def to_payload(self) -> list[Any]:
        """The sums as JSON values."""
        return [self.season, self.done, self.usual]

    @classmethod
    def from_payload(cls, values: Sequence[Any]) -> Allowed:
        """The sums that `to_payload` described. Raises TypeError or ValueError for anything else."""
        season, *sums = values
        done, usual = ([[finite(value) for value in row] for row in rows] for rows in sums)
        if {len(row) for row in (*done, *usual)} != {len(ALLOWED)} or len(done) != ALL + 1 or len(usual) != ALL + 1:
            raise ValueError("not what a team lets through")
        return cls(int(season), done, usual)

    def _ratios(self, row: int, prior: float) -> list[float]:
        sums = zip(self.done[row], self.usual[row], _PER_GAME, strict=True)
        return [(done + prior * mean) / (usual + prior * mean) for done, usual, mean in sums]

    def _times(self, share: float) -> tuple[list[list[float]], list[list[float]]]:
        done, usual = ([[value * share for value in row] for row in rows] for rows in (self.done, self.usual))
        return done, usual


def done_by(line: PlayerLine) -> tuple[float, ...]:
    """ALLOWED of a line."""
    return (line.pts, line.oreb + line.dreb, line.ast, line.fg3m, line.stl, line.blk, line.tov)


def usual_of(form: Form, minutes: float) -> tuple[float, ...]:
    """ALLOWED that a player usually does in so many minutes."""
    pts, fg3m, oreb, dreb, ast, stl, blk, tov = (form.rates(MONTHS)[at] for at in (1, 4, 8, 9, 10, 11, 12, 13))
    return tuple(rate * minutes for rate in (pts, oreb + dreb, ast, fg3m, stl, blk, tov))
