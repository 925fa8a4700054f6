"""Finished games as half-time models see them: how they stood minute by minute, and what was forecast before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import NoDataError
from engine.core.minutes import HALFTIME
from engine.models.halftime.forms import PATTERN
from engine.models.live.data import NO_TIMELINES, LiveGame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HalftimeSet:
    """Finished games, oldest first; margins are home minus away, in points.

    `patterns` (games, 18) are margins at the end of the first minutes, `half` those at half-time, `pregame` those
    forecast before tip-off, `elo` Elo's log-odds of a home win; `season` is the starting year, `league_day` an ordinal
    of the proleptic calendar.
    """

    games: tuple[LiveGame, ...]
    patterns: Whole
    half: Floats
    pregame: Floats
    elo: Floats
    season: Whole
    league_day: Whole

    def __len__(self) -> int:
        return len(self.half)

    @property
    def change(self) -> Floats:
        """How the margin changed from 18:00 to half-time."""
        changes: Floats = self.half - self.patterns[:, -1]
        return changes


def build_halftime_set(played: Iterable[LiveGame], elo: Mapping[str, float]) -> HalftimeSet:
    """Games with Elo's log-odds by game id. Raises NoDataError for no game."""
    import numpy as np

    games = tuple(played)
    if not games:
        raise NoDataError(NO_TIMELINES)
    minutes = np.array([game.minutes for game in games], dtype=np.int64)
    return HalftimeSet(
        games=games,
        patterns=minutes[:, :PATTERN],
        half=minutes[:, HALFTIME - 1].astype(np.float64),
        pregame=np.array([game.pregame.margin for game in games]),
        elo=np.array([elo[game.game_id] for game in games]),
        season=np.array([game.season for game in games], dtype=np.int64),
        league_day=np.array([game.league_day for game in games], dtype=np.int64),
    )
