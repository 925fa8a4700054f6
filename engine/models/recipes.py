"""One recipe per family: how its score of a game is learned from the games before.

A recipe sees only rows and margins of settled games in the order of their days. Settings were chosen by forward folds
on the seasons 2012-13 to 2016-17. Every edge of the contract is positive when it favours the home side, so linear
coefficients below 0 and boosted trees that fall along an edge are noise and are ruled out; a reason given to a reader
then never says the opposite of the number behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.errors import UsageError
from engine.features import elo
from engine.features.contract import GAME_FEATURES, names
from engine.models.boosters import Booster
from engine.models.scorers import EDGES, LEVELS, WIDTH, Linear, Odd, Scorer
from engine.models.trees import Trees
from engine.models.weights import fitted_weights

if TYPE_CHECKING:
    import numpy as np
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
class Recipe:
    """How one family learns to score games, from rows (games x GAME_FEATURES) and margins (points).

    Its scores are odd in the sides: log-odds of a home win where `log_odds`, else points of margin.
    """

    score: Callable[[Floats, Floats], Scorer]
    log_odds: bool = False


def _elo(x: Floats, margin: Floats) -> Scorer:
    """Elo's own curve for the ratings; what the league's home edge is worth is the one number fitted.

    The formula's fixed 100 points for the home side have long been too many: log loss 0.639 on the games of 2017-18 to
    2022-23, against 0.631 with the edge that the league has lately shown.
    """
    import numpy as np
    from scipy.optimize import brentq

    rating, home = (names(GAME_FEATURES).index(name) for name in ("elo", "home_edge"))
    known, edge, wins = elo.LOGIT_PER_POINT * x[:, rating], x[:, home], margin > 0

    def slope(worth: float) -> float:
        """Derivative of the log-likelihood; it falls as `worth` grows, so its root is the maximum."""
        return float(edge @ (wins - 1 / (1 + np.exp(-known - worth * edge))))

    coefficients = np.zeros(WIDTH)
    coefficients[rating] = elo.LOGIT_PER_POINT
    coefficients[home] = brentq(slope, -5.0, 5.0) if slope(-5.0) > 0 > slope(5.0) else 0.0
    return _linear(coefficients)


def _logistic(x: Floats, margin: Floats) -> Scorer:
    """L2 logistic regression on the edges, each scaled by its root mean square; folded back to raw units."""
    import numpy as np

    edges = x[:, EDGES]
    scale = _root_mean_square(edges)
    wins = (margin > 0).astype(float)
    coefficients = np.zeros(WIDTH)
    coefficients[list(EDGES)] = fitted_weights(edges / scale, wins, np.zeros(len(EDGES)), WIN_PENALTY) / scale
    return _linear(coefficients)


def _margin(x: Floats, margin: Floats) -> Scorer:
    """Ridge regression of the margin on the edges, each scaled by its root mean square; folded back to raw units."""
    import numpy as np
    from sklearn.linear_model import Ridge

    edges = x[:, EDGES]
    scale = _root_mean_square(edges)
    model: Any = Ridge(alpha=MARGIN_PENALTY, fit_intercept=False, positive=True).fit(edges / scale, margin)
    coefficients = np.zeros(WIDTH)
    coefficients[list(EDGES)] = model.coef_ / scale
    return _linear(coefficients)


def _tree(x: Floats, margin: Floats) -> Scorer:
    """One regression tree of the margin, grown on both orientations of every game."""
    from sklearn.tree import DecisionTreeRegressor

    model: Any = DecisionTreeRegressor(**TREE, random_state=SEED).fit(*_both_ways(x, margin))
    return Odd(Trees.from_sklearn([model.tree_], EDGES))


def _forest(x: Floats, margin: Floats) -> Scorer:
    """A random forest of the margin, grown on both orientations of every game."""
    from sklearn.ensemble import RandomForestRegressor

    model: Any = RandomForestRegressor(**FOREST, random_state=SEED).fit(*_both_ways(x, margin))
    return Odd(Trees.from_sklearn([tree.tree_ for tree in model.estimators_], EDGES))


def _xgboost(x: Floats, margin: Floats) -> Scorer:
    """Boosted trees of the margin: the last games say after how many rounds to stop, then all games are learned."""
    import xgboost

    settings = {**BOOSTER, "monotone_constraints": (1,) * len(EDGES)}
    cut = round(len(x) * (1 - VALIDATION))
    early, late, every = (
        xgboost.DMatrix(*_both_ways(x[rows], margin[rows]), nthread=1)
        for rows in (slice(cut), slice(cut, None), slice(None))
    )
    history: dict[str, dict[str, list[float]]] = {}
    stopped = xgboost.train(
        settings,
        early,
        MOST_ROUNDS,
        evals=[(early, "train"), (late, "validation")],
        early_stopping_rounds=PATIENCE,
        evals_result=history,
        verbose_eval=False,
    )
    best = stopped.best_iteration + 1
    curve = {name: [round(float(error), 4) for error in kinds["rmse"]] for name, kinds in history.items()}
    return Odd(Booster.of(xgboost.train(settings, every, best), {**curve, "best": best}))


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


def total_of(x: Floats, total: Floats) -> Scorer:
    """Ridge regression of the total (points) on the levels, standardised; folded back to raw units."""
    import numpy as np
    from sklearn.linear_model import Ridge

    levels = x[:, LEVELS]
    means, scale = levels.mean(axis=0), levels.std(axis=0)
    scale[scale == 0] = 1.0
    model: Any = Ridge(alpha=TOTAL_PENALTY).fit((levels - means) / scale, total)
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


def _both_ways(x: Floats, margin: Floats) -> tuple[Floats, Floats]:
    """The edges and margins of every game, and of the same games with their sides swapped."""
    import numpy as np

    edges = x[:, EDGES]
    return np.vstack([edges, -edges]), np.concatenate([margin, -margin])


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
