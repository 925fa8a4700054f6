"""Fitting player models on the appearances before a moment.

Minutes come first: a ridge regression on the row. Every stat is then learned from the row and from the products of
expected minutes and rates. How far outcomes fall from forecasts is learned from the newest seasons before the moment,
forecast by a model of those before them. Settings were chosen by forward folds up to 2022-23.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from engine.core.errors import NoDataError, UsageError
from engine.core.player_records import Stat
from engine.models.player.data import PlayerSet
from engine.models.player.misses import Misses
from engine.models.player.model import Expectation, PlayerModel, Rates
from engine.models.player.scores import MOST_MINUTES, Boost, Linear, RateScore, Scale, boosted_columns, product_columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

MEAN, RIDGE, XGBOOST = "mean", "ridge", "xgboost"
RIDGE_PENALTY = 30.0
LASSO_PENALTY = 0.005
"""Of standardised columns, for a stat of standard deviation 1."""
BOOSTER = {
    "objective": "reg:squarederror",
    "max_depth": 4,
    "eta": 0.08,
    "min_child_weight": 150,
    "subsample": 0.7,
    "colsample_bytree": 0.35,
    "reg_lambda": 5,
    "max_bin": 64,
    "base_score": 0.0,
    "nthread": 1,
    "seed": 20151027,
}
ROUNDS = 150
AT_ONCE = 2
"""Stats whose trees are grown at the same time, on one core each."""
CALIBRATION_SEASONS = 1
"""Seasons before the moment that are forecast to learn how far outcomes fall from forecasts."""
FEWEST_ROWS = 2000
"""Appearances without which nothing is fitted."""


def _linear(x: Floats, y: Floats) -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(x, y)


def _ridge(x: Floats, y: Floats) -> Any:
    from sklearn.linear_model import Ridge

    return Ridge(alpha=RIDGE_PENALTY).fit(x, y)


def _lasso(x: Floats, y: Floats) -> Any:
    from sklearn.linear_model import Lasso

    return Lasso(alpha=LASSO_PENALTY * float(y.std()), precompute=True, tol=1e-3, max_iter=5000).fit(x, y)


_REGRESSIONS: Mapping[str, Callable[[Floats, Floats], Any]] = {
    "linear": _linear,
    RIDGE: _ridge,
    "lasso": _lasso,
    XGBOOST: _ridge,
}
FAMILIES = (MEAN, *_REGRESSIONS)
"""Every family, by the name used on the command line; `xgboost` adds boosted trees to the ridge's forecast."""


def check_families(families: tuple[str, ...]) -> None:
    """Raise UsageError that lists the known families for any other."""
    for family in families:
        if family not in FAMILIES:
            raise UsageError(f"'{family}' is not a family of player models: choose from {', '.join(FAMILIES)}.")


class PlayerFitter:
    """Fits models on the first rows of one set; what has been fitted is kept for the next model."""

    def __init__(self, data: PlayerSet) -> None:
        self.data = data
        self._rates: dict[tuple[str, int], Rates | None] = {}

    def model(self, family: str, rows: int) -> PlayerModel:
        """Fit a family on the first `rows` appearances. Raises NoDataError where they are too few."""
        if rows < FEWEST_ROWS:
            raise NoDataError(
                f"{rows} appearances of players are known, {FEWEST_ROWS} are needed to train: "
                "import more seasons with `nbabot import PATH`."
            )
        start = self._calibrated_from(rows)
        unseen = PlayerModel(family, self._learned(family, start), {})
        expected = unseen.expect_all(self.data.x[start:rows])
        misses = {stat: self._misses(stat, expected, slice(start, rows)) for stat in Stat}
        return PlayerModel(family, self._learned(family, rows), misses)

    def _misses(self, stat: Stat, expected: Expectation, rows: slice) -> Misses:
        return Misses.of(expected.minutes, expected.means[stat], self.data.of(stat)[rows])

    def _calibrated_from(self, rows: int) -> int:
        """First row of the last seasons that have enough before them; else two thirds of all."""
        newest = int(self.data.season[rows - 1])
        starts = (self.data.before(newest - more) for more in reversed(range(CALIBRATION_SEASONS)))
        return next((start for start in starts if start >= FEWEST_ROWS), rows * 2 // 3)

    def _learned(self, family: str, rows: int) -> Rates | None:
        if family == MEAN:
            return None
        key = (family, rows)
        if key not in self._rates:
            self._rates[key] = self._boosted(rows) if family == XGBOOST else self._fitted(family, rows)
        return self._rates[key]

    def _fitted(self, family: str, rows: int) -> Rates:
        import numpy as np

        regression, x = _REGRESSIONS[family], self.data.x[:rows]
        scale = Scale.of(x)
        scaled = scale.apply_all(x)
        minutes = _line_of(regression(scaled, self.data.minutes[:rows]))
        expected = np.clip(minutes.values(scaled), 0.0, MOST_MINUTES)
        scores = {}
        for stat in Stat:
            score = RateScore(stat, Scale.of(product_columns(x, expected, stat)), Linear(0.0, ()))
            columns = score.columns(x, scaled, expected)
            line = _line_of(regression(columns, self.data.of(stat)[:rows]))
            scores[stat] = RateScore(stat, score.scale, line)
        return Rates(scale, minutes, scores)

    def _boosted(self, rows: int) -> Rates:
        """The ridge's scores with trees that learn what it leaves."""
        import numpy as np

        ridge = self._learned(RIDGE, rows)
        if ridge is None:
            raise ValueError("the ridge always learns")
        x = self.data.x[:rows]
        scaled = ridge.scale.apply_all(x)
        minutes = np.clip(ridge.minutes.values(scaled), 0.0, MOST_MINUTES)

        def boosted(score: RateScore) -> RateScore:
            linear = score.values(x, scaled, minutes)
            columns = np.column_stack([x, minutes, linear]).astype(np.float32)[:, list(boosted_columns(score.stat))]
            boost = _boost(columns, self.data.of(score.stat)[:rows] - linear, score.stat)
            return RateScore(score.stat, score.scale, score.linear, boost)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            scores = list(pool.map(boosted, ridge.scores.values()))
        return Rates(ridge.scale, ridge.minutes, {score.stat: score for score in scores})


def _boost(columns: Floats, left: Floats, stat: Stat) -> Boost:
    """Trees that learn what is left of a stat."""
    import xgboost

    matrix = xgboost.QuantileDMatrix(columns, left, max_bin=BOOSTER["max_bin"], nthread=BOOSTER["nthread"])
    booster = xgboost.train(BOOSTER, matrix, ROUNDS, verbose_eval=False)
    return Boost.read(bytes(booster.save_raw("ubj")), stat)


def _line_of(fitted: Any) -> Linear:
    return Linear(float(fitted.intercept_), tuple(float(one) for one in fitted.coef_))
