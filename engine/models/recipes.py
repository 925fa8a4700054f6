"""One recipe per family: how its score of a game is learned from the games before.

A recipe sees only rows and margins of settled games in the order of their days. Settings were chosen by forward folds
on the seasons 2012-13 to 2016-17. Every edge of the contract is positive when it favours the home side, so a linear
coefficient below 0 is noise and is ruled out; a reason given to a reader then never says the opposite of the number
behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.core.errors import UsageError
from engine.features import elo
from engine.features.contract import GAME_FEATURES, names
from engine.models.boosters import Booster
from engine.models.scorers import EDGES, LEVELS, WIDTH, Blend, Linear, Odd, Scorer, Term
from engine.models.trees import Trees
from engine.models.weights import fitted_weights

if TYPE_CHECKING:
    import numpy as np
    import xgboost
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 20071030
"""Of the forest's and the booster's random choices."""
WIN_PENALTY = 50.0
"""Strength of the logistic regression's penalty."""
MARGIN_PENALTY = 100.0
"""Strength (alpha) of the margin's ridge penalty."""
TOTAL_PENALTY = 100.0
"""Strength (alpha) of the total's ridge penalty."""
TREE = {"max_depth": 8, "min_samples_leaf": 0.02}
FOREST = {"n_estimators": 100, "max_depth": 8, "min_samples_leaf": 0.005, "max_features": 0.3, "max_samples": 0.5}
BOOSTER = {
    "objective": "reg:squarederror",
    "max_depth": 2,
    "eta": 0.05,
    "min_child_weight": 50,
    "subsample": 0.7,
    "colsample_bynode": 0.6,
    "reg_lambda": 10,
    "base_score": 0.0,
    "nthread": 1,
    "seed": SEED,
}
MOST_ROUNDS = 2000
PATIENCE = 50
"""Rounds without a better validation error after which boosting stops."""
VALIDATION = 0.15
"""Share of the games, at the end of the time, by which the number of rounds is chosen."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Games to learn from in the order of their days: `x` (games x GAME_FEATURES), margins and totals in points.

    `importance` is what each counts: 1 in the newest season, less in older ones.
    """

    x: Floats
    margin: Floats
    total: Floats
    importance: Floats

    def part(self, rows: slice) -> Sample:
        """Some of the games."""
        return Sample(self.x[rows], self.margin[rows], self.total[rows], self.importance[rows])

    @property
    def edges(self) -> Floats:
        """The columns that speak for one side."""
        return self.x[:, EDGES]

    @property
    def wins(self) -> Floats:
        """1 where the home side won, else 0."""
        return (self.margin > 0).astype(float)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one family learns to score games.

    Its scores are odd in the sides: log-odds of a home win where `log_odds`, else points of margin.
    """

    score: Callable[[Sample], Scorer]
    log_odds: bool = False


def _elo(games: Sample) -> Scorer:
    """Elo's own curve for the ratings; what the league's home edge is worth is the one number fitted.

    The formula's fixed 100 points for the home side have long been too many: log loss 0.639 on the games of 2017-18 to
    2022-23, against 0.631 with the edge that the league has lately shown.
    """
    import numpy as np
    from scipy.optimize import brentq

    rating, home = (names(GAME_FEATURES).index(name) for name in ("elo", "home_edge"))
    known, edge = elo.LOGIT_PER_POINT * games.x[:, rating], games.x[:, home]

    def slope(worth: float) -> float:
        """Derivative of the log-likelihood; it falls as `worth` grows, so its root is the maximum."""
        return float((games.importance * edge) @ (games.wins - 1 / (1 + np.exp(-known - worth * edge))))

    coefficients = np.zeros(WIDTH)
    coefficients[rating] = elo.LOGIT_PER_POINT
    coefficients[home] = brentq(slope, -5.0, 5.0) if slope(-5.0) > 0 > slope(5.0) else 0.0
    return _linear(coefficients)


def _logistic(games: Sample) -> Scorer:
    """L2 logistic regression on the edges, each scaled by its root mean square; folded back to raw units."""
    import numpy as np

    scale = _root_mean_square(games.edges)
    found = fitted_weights(games.edges / scale, games.wins, np.zeros(len(EDGES)), WIN_PENALTY, games.importance)
    coefficients = np.zeros(WIDTH)
    coefficients[list(EDGES)] = found / scale
    return _linear(coefficients)


def _margin(games: Sample) -> Scorer:
    """Ridge regression of the margin on the edges, each scaled by its root mean square; folded back to raw units."""
    import numpy as np
    from sklearn.linear_model import Ridge

    scale = _root_mean_square(games.edges)
    model: Any = Ridge(alpha=MARGIN_PENALTY, fit_intercept=False, positive=True)
    model.fit(games.edges / scale, games.margin, sample_weight=games.importance)
    coefficients = np.zeros(WIDTH)
    coefficients[list(EDGES)] = model.coef_ / scale
    return _linear(coefficients)


def _tree(games: Sample) -> Scorer:
    """One regression tree of the margin, grown on both orientations of every game."""
    from sklearn.tree import DecisionTreeRegressor

    model: Any = DecisionTreeRegressor(**TREE, random_state=SEED).fit(*_both_ways(games))
    return Odd(Trees.from_sklearn([model.tree_], EDGES))


def _forest(games: Sample) -> Scorer:
    """A random forest of the margin, grown on both orientations of every game."""
    from sklearn.ensemble import RandomForestRegressor

    model: Any = RandomForestRegressor(**FOREST, random_state=SEED).fit(*_both_ways(games))
    return Odd(Trees.from_sklearn([tree.tree_ for tree in model.estimators_], EDGES))


def _xgboost(games: Sample) -> Scorer:
    """Boosted trees of what ridge regression leaves of the margin: whatever is not a sum over the edges.

    The last games say after how many rounds to stop, then all games are learned.
    """
    import xgboost

    cut = round(len(games.x) * (1 - VALIDATION))
    early = games.part(slice(cut))
    base = _margin(early)
    history: dict[str, dict[str, list[float]]] = {}
    stopped = xgboost.train(
        BOOSTER,
        _left_over(early, base),
        MOST_ROUNDS,
        evals=[(_left_over(early, base), "train"), (_left_over(games.part(slice(cut, None)), base), "validation")],
        early_stopping_rounds=PATIENCE,
        evals_result=history,
        verbose_eval=False,
    )
    best = stopped.best_iteration + 1
    curve = {name: [round(float(error), 4) for error in kinds["rmse"]] for name, kinds in history.items()}
    base = _margin(games)
    boosted = xgboost.train(BOOSTER, _left_over(games, base), best)
    return Blend((Term("margin", 1.0, base), Term("boosted", 1.0, Odd(Booster.of(boosted, {**curve, "best": best})))))


ELO, XGBOOST, ENSEMBLE, MARKET = "elo", "xgboost", "ensemble", "market"
RECIPES: dict[str, Recipe] = {
    ELO: Recipe(_elo, log_odds=True),
    "logistic": Recipe(_logistic, log_odds=True),
    "margin": Recipe(_margin),
    "tree": Recipe(_tree),
    "forest": Recipe(_forest),
    XGBOOST: Recipe(_xgboost),
}
"""The families that learn from games alone, by name."""
FAMILIES = (*RECIPES, ENSEMBLE, MARKET)
"""Every family that can be trained, by the name used on the command line: the ensemble weighs the forecasts of those
above, and the market weighs the ensemble with the closing line."""


def check_family(family: str) -> None:
    """Raise UsageError that lists the known families for any other."""
    if family not in FAMILIES:
        raise UsageError(f"'{family}' is not a model family: choose from {', '.join(FAMILIES)}.")


def total_of(games: Sample) -> Scorer:
    """Ridge regression of the total (points) on the levels, standardised; folded back to raw units."""
    import numpy as np
    from sklearn.linear_model import Ridge

    levels = games.x[:, LEVELS]
    means, scale = levels.mean(axis=0), levels.std(axis=0)
    scale[scale == 0] = 1.0
    model: Any = Ridge(alpha=TOTAL_PENALTY)
    model.fit((levels - means) / scale, games.total, sample_weight=games.importance)
    coefficients, centre = np.zeros(WIDTH), np.zeros(WIDTH)
    coefficients[list(LEVELS)], centre[list(LEVELS)] = model.coef_ / scale, means
    return Linear(float(model.intercept_), _floats(coefficients), _floats(centre))


def _linear(coefficients: Floats) -> Linear:
    return Linear(0.0, _floats(coefficients), (0.0,) * WIDTH)


def _root_mean_square(edges: Floats) -> Floats:
    import numpy as np

    scale: Floats = np.sqrt(np.mean(edges**2, axis=0))
    scale[scale == 0] = 1.0
    return scale


def _both_ways(games: Sample) -> tuple[Floats, Floats, Floats]:
    """Edges, margins and importance of games, and of the same games with their sides swapped."""
    import numpy as np

    importance = np.concatenate([games.importance, games.importance])
    return np.vstack([games.edges, -games.edges]), np.concatenate([games.margin, -games.margin]), importance


def _left_over(games: Sample, base: Scorer) -> xgboost.DMatrix:
    """Both orientations of games as XGBoost reads them, with what `base` leaves of the margin to be learned."""
    import xgboost

    edges, margin, importance = _both_ways(replace(games, margin=games.margin - base.values(games.x)))
    return xgboost.DMatrix(edges, margin, weight=importance, nthread=1)


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
