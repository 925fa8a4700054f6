"""From played games to a fitted model: the training rows, and one recipe per family."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.calendar import SeasonType
from engine.core.errors import NoDataError, UsageError
from engine.core.progress import Progress, silent
from engine.core.records import PlayedGame
from engine.features import elo
from engine.features.contract import GAME_FEATURES, Role, contract_hash
from engine.features.game import LeagueState
from engine.features.rolling import walk
from engine.models.estimators import LinearGameModel, LinearHead

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

BURN_IN_GAMES = 400
"""Games at the start of the store that are not fitted on: the teams' numbers mean little until they have played."""
MIN_ROWS = 100
"""Fewer games than this fit no model."""
WIN_PENALTY = 0.02
"""Inverse strength (C) of the logistic regression's penalty."""
TOTAL_PENALTY = 100.0
"""Strength (alpha) of the total's ridge penalty."""


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Every played game as features and outcome, in order of (league_day, game_id).

    `x` is games x GAME_FEATURES; `margin` (home minus away) and `total` are points; `season` is its starting year;
    `league_day` are ordinals of the proleptic calendar; `regular` marks regular-season games; `settled` is False for
    the first games of the store. `state` is the league after the last of them.
    """

    x: Floats
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


def build_training_set(played: Iterable[PlayedGame], progress: Progress = silent) -> TrainingSet:
    """Walk through games in order of (league_day, game_id). Raises NoDataError when there is none."""
    import numpy as np

    games = list(played)
    if not games:
        raise NoDataError("No played games are stored: import some first with `nbabot import PATH`.")
    state = LeagueState()
    rows = np.empty((len(games), len(GAME_FEATURES)))
    for index, (_, row) in enumerate(walk(games, state)):
        rows[index] = row
        if index % 500 == 499 or index + 1 == len(games):
            progress("features", index + 1, len(games))
    facts = [one.game for one in games]
    return TrainingSet(
        x=rows,
        margin=np.array([one.home.pts - one.away.pts for one in games], dtype=float),
        total=np.array([one.home.pts + one.away.pts for one in games], dtype=float),
        season=np.array([game.season for game in facts], dtype=np.int64),
        league_day=np.array([game.league_day.toordinal() for game in facts], dtype=np.int64),
        regular=np.array([game.season_type is SeasonType.REGULAR for game in facts], dtype=bool),
        settled=np.arange(len(games)) >= BURN_IN_GAMES,
        game_id=tuple(game.game_id for game in facts),
        state=state,
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one family is made: the function that gives log-odds coefficients per feature."""

    win_coefficients: Callable[[Floats, Floats], Floats]


def fit(family: str, data: TrainingSet, rows: Mask) -> LinearGameModel:
    """Fit a family on the games marked in `rows`, without the store's first ones.

    The margin's scale is fitted through the origin on the same games. Raises UsageError for an unknown family and
    NoDataError for games that are too few, all won by one side, or show no difference between teams.
    """
    recipe = recipe_of(family)
    used = rows & data.settled
    x, margin, wins = data.x[used], data.margin[used], data.home_win[used]
    if len(x) < MIN_ROWS or wins.min() == wins.max():
        raise NoDataError(
            f"{len(x)} settled games are too few to fit on (at least {MIN_ROWS}, after the first {BURN_IN_GAMES} "
            "of the store): import more seasons."
        )
    coefficients = recipe.win_coefficients(x, wins)
    logits = x @ coefficients
    if logits @ margin <= 0:
        raise NoDataError(
            f"The {len(x)} stored games do not tell stronger teams from weaker ones: import more seasons."
        )
    points_per_logit = float(logits @ margin / (logits @ logits))
    win = LinearHead(0.0, _floats(coefficients), (0.0,) * len(GAME_FEATURES))
    total = _ridge(x, data.total[used])
    return LinearGameModel(family, contract_hash(GAME_FEATURES), win, total, points_per_logit)


def recipe_of(family: str) -> Recipe:
    """The recipe of a family. Raises UsageError that lists the known ones."""
    if family not in FAMILIES:
        raise UsageError(f"'{family}' is not a model family: choose from {', '.join(FAMILIES)}.")
    return FAMILIES[family]


def _elo(x: Floats, wins: Floats) -> Floats:
    """Elo's own curve for the ratings; what the league's home edge is worth is the one number fitted.

    The formula's fixed 100 points for the home side have long been too many: log loss 0.639 on the games of 2017-18 to
    2022-23, against 0.631 with the edge that the league has lately shown.
    """
    import numpy as np
    from scipy.optimize import brentq

    rating, home = _columns(Role.EDGE, only=("elo",)), _columns(Role.EDGE, only=("home_edge",))
    known, edge = elo.LOGIT_PER_POINT * x[:, rating[0]], x[:, home[0]]

    def slope(worth: float) -> float:
        """Derivative of the log-likelihood; it falls as `worth` grows, so its root is the maximum."""
        return float(edge @ (wins - 1 / (1 + np.exp(-known - worth * edge))))

    coefficients = np.zeros(x.shape[1])
    coefficients[rating] = elo.LOGIT_PER_POINT
    coefficients[home] = brentq(slope, -5.0, 5.0) if slope(-5.0) > 0 > slope(5.0) else 0.0
    return coefficients


def _logistic(x: Floats, wins: Floats) -> Floats:
    """L2 logistic regression on the edges, each scaled by its root mean square; folded back to raw units.

    Every edge is positive when it favours the home side, so a negative coefficient is noise: such edges are left out
    and the rest is fitted again. A reason given to a reader then never says the opposite of the number behind it.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    scale = np.sqrt(np.mean(x**2, axis=0))
    scale[scale == 0] = 1.0
    used = _columns(Role.EDGE)
    coefficients = np.zeros(x.shape[1])
    while used:
        model = LogisticRegression(C=WIN_PENALTY, fit_intercept=False, max_iter=1000)
        fitted = model.fit(x[:, used] / scale[used], wins).coef_[0]
        if fitted.min() >= 0:
            coefficients[used] = fitted / scale[used]
            break
        used = [index for index, value in zip(used, fitted, strict=True) if value >= 0]
    return coefficients


FAMILIES: dict[str, Recipe] = {
    "elo": Recipe(_elo),
    "logistic": Recipe(_logistic),
}
"""Every family that can be trained, by the name used on the command line."""


def _ridge(x: Floats, total: Floats) -> LinearHead:
    """Ridge regression of the total on the levels, standardised; folded back to raw units."""
    import numpy as np
    from sklearn.linear_model import Ridge

    used = _columns(Role.LEVEL)
    means, scale = x[:, used].mean(axis=0), x[:, used].std(axis=0)
    scale[scale == 0] = 1.0
    model: Any = Ridge(alpha=TOTAL_PENALTY).fit((x[:, used] - means) / scale, total)
    coefficients, centre = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    coefficients[used], centre[used] = model.coef_ / scale, means
    return LinearHead(float(model.intercept_), _floats(coefficients), _floats(centre))


def _columns(role: Role, only: tuple[str, ...] = ()) -> list[int]:
    """Positions of the features of a role, or of the named ones among them."""
    return [
        index
        for index, feature in enumerate(GAME_FEATURES)
        if feature.role is role and (not only or feature.name in only)
    ]


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
