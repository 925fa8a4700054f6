"""What a walk-forward backtest found. Frozen dataclasses; figures that cannot be computed are None."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.reports import CalibrationBin


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean log loss of a family minus that of another on the same `n` games (below 0: the family is better).

    [low, high] holds it with 95% confidence: a bootstrap over league days, for games of one day are not independent.
    """

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FamilyScore:
    """Walk-forward scores of one family on n games: of one season, of one month of any season, or of all (both None).

    `ece_low` and `ece_high` bound the ECE that a perfectly calibrated forecaster would show on these games in 90% of
    cases. `*_coverage` is the share of games whose outcome fell into the interval, `*_mae` are points, `*_on_market`
    are of the `n_market` games with both closing moneylines.
    """

    family: str
    season: str | None
    month: str | None
    n: int
    log_loss: float
    brier: float
    accuracy: float
    ece: float
    ece_low: float
    ece_high: float
    calibration_slope: float | None
    calibration_intercept: float | None
    margin_mae: float | None
    total_mae: float | None
    margin_50_coverage: float | None = None
    margin_80_coverage: float | None = None
    total_50_coverage: float | None = None
    total_80_coverage: float | None = None
    against_elo: Difference | None = None
    against_line: Difference | None = None
    n_market: int = 0
    log_loss_on_market: float | None = None
    brier_on_market: float | None = None
    accuracy_on_market: float | None = None
    margin_mae_on_market: float | None = None
    total_mae_on_market: float | None = None


@dataclass(frozen=True, slots=True)
class TrainingCurve:
    """XGBoost's root mean square errors in points after each round, on the games learned from and on later ones.

    `best` is the number of rounds that was kept; `season` the one that the model then forecast.
    """

    season: str
    train: tuple[float, ...]
    validation: tuple[float, ...]
    best: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often the home sides won to whom a family gave a like chance."""

    family: str
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """A walk-forward backtest: one row per family over all seasons, one per family and season, one per month."""

    task: str
    seasons: tuple[str, ...]
    rows: tuple[FamilyScore, ...]
    by_season: tuple[FamilyScore, ...]
    by_month: tuple[FamilyScore, ...]
    reliability: tuple[Reliability, ...]
    curves: tuple[TrainingCurve, ...]
    seed: int
    simulated: bool
    notes: tuple[str, ...] = ()
