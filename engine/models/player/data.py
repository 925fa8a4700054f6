"""Training rows of players: every appearance of a player with five earlier ones, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import NoDataError
from engine.core.player_records import Stat
from engine.core.progress import Progress, silent
from engine.core.records import PlayedGame, PlayerLine
from engine.features.player_league import PlayerLeague
from engine.features.player_row import feature_names
from engine.features.rolling import walk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Rows = NDArray[np.float32]
    Integers = NDArray[np.int64]

EARLIER_GAMES = 5
"""Appearances that must be known before a player's game counts, for training and for every figure."""
_GAMES = feature_names().index("games")


@dataclass(frozen=True)
class PlayerSet:
    """Rows (appearances x features), what was then done, and when: all arrays have one entry per appearance.

    `outcomes` holds a column per Stat, in its order; `minutes` those played.
    """

    x: Rows
    minutes: Floats
    outcomes: Floats
    season: Integers
    league_day: Integers

    def __len__(self) -> int:
        return len(self.season)

    def of(self, stat: Stat) -> Floats:
        """What was done of one stat."""
        found: Floats = self.outcomes[:, list(Stat).index(stat)]
        return found

    def before(self, season: int) -> int:
        """Number of rows before the first of a season or of a later one."""
        later = (self.season >= season).nonzero()[0]
        return int(later[0]) if len(later) else len(self)


def build_player_set(played: Iterable[PlayedGame], progress: Progress = silent) -> PlayerSet:
    """Walk through games in order of (league_day, game_id). Raises NoDataError when no player can be learned from."""
    import numpy as np

    games = list(played)
    rows: list[Rows] = []
    facts: list[tuple[float, ...]] = []
    for done, (one, found) in enumerate(walk(games, PlayerLeague())):
        for line in one.lines:
            row = found.get(line.player_id)
            if line.minutes > 0 and row is not None and row[_GAMES] >= EARLIER_GAMES:
                rows.append(np.array(row, dtype=np.float32))
                facts.append((one.game.season, one.game.league_day.toordinal(), line.minutes, *outcomes_of(line)))
        if done % 100 == 99 or done + 1 == len(games):
            progress("player rows", done + 1, len(games))
    if not rows:
        raise NoDataError("No player rows are stored: import files of player logs with `nbabot import PATH`.")
    table = np.array(facts)
    return PlayerSet(
        x=np.stack(rows),
        minutes=table[:, 2],
        outcomes=table[:, 3:],
        season=table[:, 0].astype(np.int64),
        league_day=table[:, 1].astype(np.int64),
    )


def outcomes_of(line: PlayerLine) -> tuple[float, ...]:
    """What a line shows of every Stat, in its order."""
    return tuple(float(sum(_count(line, part) for part in stat.parts)) for stat in Stat)


def _count(line: PlayerLine, stat: Stat) -> int:
    return line.oreb + line.dreb if stat is Stat.REB else int(getattr(line, stat.value))
