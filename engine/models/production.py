"""From stored games to a registered version: what `train game` and `backtest game` do."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

from engine.core import calendar
from engine.core.backtests import Backtest, FamilyScore
from engine.core.errors import NoDataError, UsageError
from engine.core.progress import Progress
from engine.core.records import ClosingLine
from engine.core.reports import ModelVersion
from engine.features.contract import GAME_FEATURES
from engine.models.boosters import Booster
from engine.models.comparison import walk_file
from engine.models.estimators import Forecasts, GameModel
from engine.models.evaluation import Plan, backtest, walk_forward
from engine.models.fitting import MIN_ROWS, Fitter
from engine.models.recipes import FAMILIES, MARKET
from engine.models.registry import NewVersion, Registry
from engine.models.scorers import Blend, inside
from engine.models.training import BURN_IN_GAMES, TrainingSet, build_training_set
from engine.store import games
from engine.store.database import Database
from engine.store.state import is_simulated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_GAMES = BURN_IN_GAMES + MIN_ROWS
"""Fewer known games than this make no model."""
CHECKED_SEASONS = 3
"""Seasons at the end of the data on which a new version's manifest reports walk-forward figures."""
_METRICS = (
    "n",
    "log_loss",
    "brier",
    "accuracy",
    "ece",
    "calibration_slope",
    "calibration_intercept",
    "margin_mae",
    "total_mae",
    "margin_50_coverage",
    "margin_80_coverage",
    "total_50_coverage",
    "total_80_coverage",
)
_LIBRARIES = ("numpy", "scikit-learn", "scipy", "xgboost", "xgboost-cpu")


def train_game(
    database: Database,
    registry: Registry,
    now: datetime,
    choice: tuple[Sequence[str], int | None],
    describe: Callable[[NDArray[np.float64], NDArray[np.int64]], dict[str, object]],
    progress: Progress,
) -> tuple[ModelVersion, ...]:
    """Fit each chosen family on the games known now, through a season if one is named.

    None named = all but `market`, whose figures rest on closing lines that a forecast may have to do without.

    `describe` gives what the manifest keeps of the training rows, handed in with their seasons, for monitoring to
    compare later games with.
    """
    plan, through = Plan((), choice[0]), choice[1]
    known, lines = _known_games(database, calendar.league_day(now), progress)
    fitter = Fitter(known, lines)
    seasons = sorted({int(season) for season in known.season if through is None or season <= through})
    rows = known.before(seasons[-1] + 1) if seasons else 0
    if rows < FEWEST_GAMES:
        raise NoDataError(
            f"{rows} games are known, {FEWEST_GAMES} are needed to train: "
            "import more seasons with `nbabot import PATH`."
        )
    families = tuple(dict.fromkeys(plan.families)) or tuple(family for family in FAMILIES if family != MARKET)
    walks = _walks(fitter, families, seasons, progress)
    common = {**_window(known, rows, seasons), "as_of": now.isoformat(), **_surroundings()}
    settled = known.settled[:rows].nonzero()[0]
    common["reference"] = describe(known.x[settled], known.season[settled])
    simulated = is_simulated(database)
    made: list[ModelVersion] = []
    for done, family in enumerate(families):
        progress("training", done, len(families))
        model = fitter.model(family, rows)
        figures, walked = walks.get(family, ({}, {}))
        manifest = {**common, "metrics": figures, **_anatomy(model)}
        new = NewVersion(f"game-{family}", "game", family, simulated, model, manifest, walk_file(walked))
        made.append(registry.add(new))
    progress("training", len(families), len(families))
    return tuple(made)


def backtest_game(database: Database, today: date, plan: Plan, progress: Progress) -> Backtest:
    """Walk forward through the plan's seasons on the stored games. Raises NoDataError for seasons not stored."""
    known, lines = _known_games(database, today, progress)
    stored = {int(season) for season in known.season}
    missing = [calendar.season_label(season) for season in plan.seasons if season not in stored]
    if missing:
        raise NoDataError(f"No games of {', '.join(missing)} are stored: import them with `nbabot import PATH`.")
    if min(plan.seasons) <= min(stored):
        raise UsageError(
            f"{calendar.season_label(min(plan.seasons))} is the first stored season and nothing comes before it to "
            "learn from: choose later seasons, or import earlier ones."
        )
    return backtest(Fitter(known, lines), plan, progress, is_simulated(database))


def _known_games(database: Database, today: date, progress: Progress) -> tuple[TrainingSet, Mapping[str, ClosingLine]]:
    return build_training_set(games.played_games(database, before=today), progress), games.closing_lines(database)


def _walks(
    fitter: Fitter, families: tuple[str, ...], seasons: list[int], progress: Progress
) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
    """Of each family the walk-forward figures on the last seasons, and its forecasts behind them by game id."""
    checked = [season for season in seasons[-CHECKED_SEASONS:] if season > seasons[0]]
    if not checked:
        return {}
    plan = Plan(checked, families)
    tested = backtest(fitter, plan, progress)
    forecasts = walk_forward(fitter, plan).forecasts
    return {
        row.family: (_figures(row), _by_game(fitter.data, forecasts[row.family]))
        for row in tested.rows
        if row.family in forecasts
    }


def _by_game(data: TrainingSet, forecasts: Forecasts) -> dict[str, float]:
    return {data.game_id[row]: float(forecasts.probability[row]) for row in forecasts.known.nonzero()[0]}


def _figures(row: FamilyScore) -> dict[str, float]:
    values = {key: getattr(row, key) for key in _METRICS}
    return {key: round(float(value), 5) for key, value in values.items() if value is not None}


def _window(known: TrainingSet, rows: int, seasons: list[int]) -> dict[str, object]:
    """Which games a version learned from, and on which seasons it was tested."""
    first, last = (date.fromordinal(int(known.league_day[row])).isoformat() for row in (0, rows - 1))
    return {
        "data": {
            "first_season": calendar.season_label(seasons[0]),
            "last_season": calendar.season_label(seasons[-1]),
            "first_day": first,
            "last_day": last,
            "rows": rows,
        },
        "metrics_seasons": [calendar.season_label(season) for season in seasons[-CHECKED_SEASONS:]],
    }


def _surroundings() -> dict[str, object]:
    return {
        "features": [feature.name for feature in GAME_FEATURES],
        "libraries": {name: found for name in _LIBRARIES if (found := _installed(name))},
        "python": platform.python_version(),
    }


def _installed(name: str) -> str | None:
    try:
        return installed(name)
    except PackageNotFoundError:
        return None


def _anatomy(model: GameModel) -> dict[str, object]:
    """What a model is made of: the members of a blend with their weights, XGBoost's importances and training curve."""
    found: dict[str, object] = {}
    if isinstance(model.edge, Blend) and len(model.edge.terms) > 1:
        found["members"] = {term.name: round(term.weight, 4) for term in model.edge.terms}
    for part in inside(model.edge):
        if isinstance(part, Booster):
            found["xgboost"] = dict(part.anatomy)
    return found
