"""From played games to training rows: what was known before each game, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from engine.core.calendar import SeasonType
from engine.core.errors import NoDataError
from engine.core.progress import Progress, silent
from engine.core.records import PlayedGame
from engine.features.availability import UNKNOWN
from engine.features.contract import GAME_FEATURES, Matchup
from engine.features.game import LeagueState
from engine.features.rolling import walk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

BURN_IN_GAMES = 400
"""Games at the start of the store that are not fitted on: the teams' numbers mean little until they have played."""


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Every played game as features and outcome, in order of (league_day, game_id).

    `x` is games x GAME_FEATURES, knowing who of the rotations was out; `unaware` is the same without that knowledge, as
    a forecast without injury reports has it. `margin` (home minus away) and `total` are points; `season` is its
    starting year; `league_day` are ordinals of the proleptic calendar; `regular` marks regular-season games; `settled`
    is False for the first games of the store. `state` is the league after the last of them.
    """

    x: Floats
    unaware: Floats
    margin: Floats
    total: Floats
    season: NDArray[np.int64]
    league_day: NDArray[np.int64]
    regular: Mask
    settled: Mask
    game_id: tuple[str, ...]
    state: LeagueState

    def __len__(self) -> int:
        return len(self.game_id)

    @property
    def home_win(self) -> Floats:
        """1 where the home side won, else 0."""
        return (self.margin > 0).astype(float)

    @property
    def months(self) -> NDArray[np.int64]:
        """The month of each game's league day, 1 to 12."""
        import numpy as np

        return np.array([date.fromordinal(int(day)).month for day in self.league_day], dtype=np.int64)

    def before(self, season: int) -> int:
        """How many rows stand before the first game of a season or of a later one."""
        later = (self.season >= season).nonzero()[0]
        return int(later[0]) if len(later) else len(self)

    def without(self, group: str) -> TrainingSet:
        """The same games as if a group of features (`Feature.group`) told nothing: its columns are 0."""
        kept = [float(feature.group != group) for feature in GAME_FEATURES]
        return replace(self, x=self.x * kept, unaware=self.unaware * kept)


class _BothViews:
    """The league's state, describing each game twice: with the absences known before it, and without."""

    def __init__(self, state: LeagueState) -> None:
        self._state = state

    def described(self, played: PlayedGame) -> Matchup:
        return self._state.described(played)

    def row(self, matchup: Matchup) -> tuple[float, ...]:
        return self._state.row(matchup) + self._state.row(replace(matchup, availability=UNKNOWN))

    def advance(self, played: PlayedGame) -> None:
        self._state.advance(played)


def build_training_set(played: Iterable[PlayedGame], progress: Progress = silent) -> TrainingSet:
    """Walk through games in order of (league_day, game_id). Raises NoDataError when there is none."""
    import numpy as np

    games = list(played)
    if not games:
        raise NoDataError("No played games are stored: import some first with `nbabot import PATH`.")
    state = LeagueState()
    rows = np.empty((len(games), 2 * len(GAME_FEATURES)))
    for index, (_, row) in enumerate(walk(games, _BothViews(state))):
        rows[index] = row
        if index % 500 == 499 or index + 1 == len(games):
            progress("features", index + 1, len(games))
    facts = [one.game for one in games]
    return TrainingSet(
        x=rows[:, : len(GAME_FEATURES)],
        unaware=rows[:, len(GAME_FEATURES) :],
        margin=np.array([one.home.pts - one.away.pts for one in games], dtype=float),
        total=np.array([one.home.pts + one.away.pts for one in games], dtype=float),
        season=np.array([game.season for game in facts], dtype=np.int64),
        league_day=np.array([game.league_day.toordinal() for game in facts], dtype=np.int64),
        regular=np.array([game.season_type is SeasonType.REGULAR for game in facts], dtype=bool),
        settled=np.arange(len(games)) >= BURN_IN_GAMES,
        game_id=tuple(game.game_id for game in facts),
        state=state,
    )
