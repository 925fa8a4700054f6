"""What a player does per appearance, as of a moment."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.player_records import Appearance, PlayerAverages
from engine.features.rolling import DecayedMean, Memory

MEMORY = Memory(half_life=10.0, prior_games=0.0)


def averages(appearances: Sequence[Appearance]) -> PlayerAverages:
    """The averages of one player's appearances, oldest first; there must be at least one."""
    last = appearances[-1]
    return PlayerAverages(
        player_id=last.player_id,
        name=last.name,
        games=len(appearances),
        pts=_decayed([one.pts for one in appearances]),
        reb=_decayed([one.reb for one in appearances]),
        ast=_decayed([one.ast for one in appearances]),
        last_day=last.league_day,
    )


def _decayed(values: Sequence[float]) -> float:
    mean = DecayedMean()
    for value in values:
        mean.add(value, MEMORY)
    return round(mean.mean(MEMORY), 1)
