"""From stored games to a registered version: what `train game` and `backtest game` do."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

from engine.core import calendar
from engine.core.errors import NoDataError, UsageError
from engine.core.progress import Progress
from engine.core.reports import Backtest, FamilyScore, ModelVersion
from engine.features.contract import GAME_FEATURES
from engine.models.evaluation import backtest
from engine.models.registry import NewVersion, Registry
from engine.models.training import BURN_IN_GAMES, FAMILIES, MIN_ROWS, TrainingSet, build_training_set, fit, recipe_of
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
_METRICS = ("n", "log_loss", "brier", "accuracy", "ece", "calibration_slope", "margin_mae", "total_mae")


def train_game(
    database: Database,
    registry: Registry,
    now: datetime,
    choice: tuple[Sequence[str], int | None],
    describe: Callable[[NDArray[np.float64]], dict[str, object]],
    progress: Progress,
) -> tuple[ModelVersion, ...]:
    """Fit each chosen family (none named = all) on the games known now, through a season if one is named.

    `describe` gives what the manifest keeps of the training rows, for monitoring to compare later games with.
    """
    families, through = _known(choice[0]), choice[1]
    known = _known_games(database, calendar.league_day(now), progress)
    seasons = sorted({int(season) for season in known.season if through is None or season <= through})
    chosen = known.season <= (seasons[-1] if seasons else 0)
    if int(chosen.sum()) < FEWEST_GAMES:
        raise NoDataError(
            f"{int(chosen.sum())} games are known, {FEWEST_GAMES} are needed to train: "
            "import more seasons with `nbabot import PATH`."
        )
    figures = _walk_forward(database, known, families, seasons)
    days = [date.fromordinal(int(day)) for day in known.league_day[chosen]]
    reference = describe(known.x[chosen & known.settled])
    made: list[ModelVersion] = []
    for done, family in enumerate(families):
        progress("training", done, len(families))
        manifest: dict[str, object] = {
            "data": {
                "first_season": calendar.season_label(seasons[0]),
                "last_season": calendar.season_label(seasons[-1]),
                "first_day": min(days).isoformat(),
                "last_day": max(days).isoformat(),
                "rows": int(chosen.sum()),
            },
            "as_of": now.isoformat(),
            "features": [feature.name for feature in GAME_FEATURES],
            "libraries": {name: installed(name) for name in ("numpy", "scikit-learn")},
            "python": platform.python_version(),
            "metrics": figures.get(family, {}),
            "metrics_seasons": [calendar.season_label(season) for season in seasons[-CHECKED_SEASONS:]],
            "reference": reference,
        }
        simulated = is_simulated(database)
        model = fit(family, known, chosen)
        made.append(registry.add(NewVersion(f"game-{family}", "game", family, simulated, model, manifest)))
    progress("training", len(families), len(families))
    return tuple(made)


def backtest_game(
    database: Database, today: date, seasons: Sequence[int], families: Sequence[str], progress: Progress
) -> Backtest:
    """Walk forward through `seasons` on the stored games. Raises NoDataError for seasons that are not stored."""
    chosen = _known(families)
    known = _known_games(database, today, progress)
    stored = {int(season) for season in known.season}
    missing = [calendar.season_label(season) for season in seasons if season not in stored]
    if missing:
        raise NoDataError(f"No games of {', '.join(missing)} are stored: import them with `nbabot import PATH`.")
    if min(seasons) <= min(stored):
        raise UsageError(
            f"{calendar.season_label(min(seasons))} is the first stored season and nothing comes before it to learn "
            "from: choose later seasons, or import earlier ones."
        )
    return backtest(known, games.closing_lines(database), seasons, chosen, progress, is_simulated(database))


def _known(families: Sequence[str]) -> tuple[str, ...]:
    for family in families:
        recipe_of(family)
    return tuple(families) or tuple(FAMILIES)


def _known_games(database: Database, today: date, progress: Progress) -> TrainingSet:
    return build_training_set(games.played_games(database, before=today), progress)


def _walk_forward(
    database: Database, known: TrainingSet, families: tuple[str, ...], seasons: list[int]
) -> dict[str, dict[str, float]]:
    checked = [season for season in seasons[-CHECKED_SEASONS:] if season > seasons[0]]
    if not checked:
        return {}
    result = backtest(known, games.closing_lines(database), checked, families)
    return {row.family: _figures(row) for row in result.rows}


def _figures(row: FamilyScore) -> dict[str, float]:
    values = {key: getattr(row, key) for key in _METRICS}
    return {key: round(float(value), 5) for key, value in values.items() if value is not None}
