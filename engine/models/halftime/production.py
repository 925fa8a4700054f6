"""From stored games to registered versions of half-time models: what `train halftime` and `backtest halftime` do."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.halftime_backtests import HalftimeBacktest
from engine.core.progress import Progress, silent
from engine.core.reports import ModelVersion
from engine.models.halftime.data import HalftimeSet, build_halftime_set
from engine.models.halftime.evaluation import backtest_halftime
from engine.models.halftime.fitting import HalftimeFitter, check_families, families_here
from engine.models.halftime.model import HalftimeModel
from engine.models.live.data import followed
from engine.models.live.production import CHECKED_SEASONS, PREGAME, before_tip_off, by_game, window
from engine.models.recipes import ELO
from engine.models.registry import NewVersion, Registry
from engine.models.scores import log_odds
from engine.models.training import build_training_set
from engine.store import games, timelines
from engine.store.database import Database
from engine.store.state import is_simulated

TASK = "halftime"


def train_halftime(
    database: Database,
    registry: Registry,
    now: datetime,
    choice: tuple[Sequence[str], int | None],
    progress: Progress,
) -> tuple[ModelVersion, ...]:
    """Fit each chosen family (none named = all that can be trained here) on the games known now, through a season if
    one is named. Raises NoDataError where they are too few, UsageError for a network without PyTorch."""
    families, through = tuple(dict.fromkeys(choice[0])) or families_here(), choice[1]
    check_families(families)
    data = known_games(database, calendar.league_day(now), progress)
    seasons = sorted({int(one) for one in data.season if through is None or one <= through})
    if not seasons:
        raise NoDataError("No timelines of those seasons are stored: import some with `nbabot import PATH`.")
    fitter, made = HalftimeFitter(data), []
    models = {family: fitter.model(family, seasons[-1] + 1) for family in families}
    checked = [season for season in seasons[-CHECKED_SEASONS:] if season > seasons[0]]
    figures = _figures(backtest_halftime(fitter, checked, progress)) if checked else {}
    common = {
        "data": window(data.games, seasons),
        "metrics_seasons": [calendar.season_label(season) for season in checked],
        "as_of": now.isoformat(),
        "libraries": {name: version(name) for name in ("numpy", "scipy")},
        "python": platform.python_version(),
    }
    for done, (family, model) in enumerate(models.items()):
        progress("training", done, len(models))
        manifest = {**common, "metrics": figures.get(family, {}), **_anatomy(model)}
        new = NewVersion(f"{TASK}-{family}", TASK, family, is_simulated(database), model, manifest)
        made.append(registry.add(new))
    progress("training", len(models), len(models))
    return tuple(made)


def backtest_stored(database: Database, today: date, seasons: Sequence[int], progress: Progress) -> HalftimeBacktest:
    """Walk forward through seasons on the stored games. Raises NoDataError for seasons without timelines."""
    fitter = HalftimeFitter(known_games(database, today, progress))
    return backtest_halftime(fitter, seasons, progress, is_simulated(database))


def known_games(database: Database, today: date, progress: Progress = silent) -> HalftimeSet:
    """All that is known on a day; every game with what was forecast before it by a model of earlier seasons."""
    data = build_training_set(games.played_games(database, before=today), progress)
    forecasts = before_tip_off(data, progress)
    pregame = by_game(data, forecasts[PREGAME])
    played = (game for game, _ in followed(data, pregame, timelines.all_timelines(database, today)))
    elo = dict(zip(data.game_id, log_odds(forecasts[ELO].probability).tolist(), strict=True))
    return build_halftime_set(played, elo)


def _figures(found: HalftimeBacktest) -> dict[str, dict[str, float]]:
    """The figures of a manifest by family: games, mean absolute error, and what the intervals hold."""
    return {
        row.family: {
            "n": float(row.n),
            "margin_mae": round(row.mae, 5),
            "coverage_80": round(row.share_80, 5),
            "coverage_95": round(row.share_95, 5),
        }
        for row in found.rows
        if row.share_80 is not None and row.share_95 is not None
    }


def _anatomy(model: HalftimeModel) -> dict[str, object]:
    """The members of an ensemble with their weights, in the manifest."""
    if len(model.members) == 1:
        return {}
    return {"members": {member.name: round(member.weight, 4) for member in model.members}}
