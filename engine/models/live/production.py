"""From stored games to a registered version of a live model: what `train live` and `backtest live` do."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.live import Pregame
from engine.core.live_backtests import LiveBacktest
from engine.core.progress import Progress
from engine.core.reports import ModelVersion
from engine.models.estimators import Forecasts
from engine.models.evaluation import Plan, walk_forward
from engine.models.fitting import MIN_ROWS, Fitter
from engine.models.live.data import LiveGame, LiveSet, build_live_set
from engine.models.live.evaluation import backtest_live
from engine.models.live.fitting import fit_live
from engine.models.recipes import ELO
from engine.models.registry import NewVersion, Registry
from engine.models.scores import log_odds
from engine.models.training import BURN_IN_GAMES, TrainingSet, build_training_set
from engine.store import games, timelines
from engine.store.database import Database
from engine.store.state import is_simulated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TASK = "live"
FAMILY = "curves"
PREGAME = "margin"
"""The family whose forecasts before tip-off live models are fitted with: the one in production."""
CHECKED_SEASONS = 3
"""Seasons at the end of the data on which a new version's manifest reports walk-forward figures."""


@dataclass(frozen=True, slots=True)
class Known:
    """Moments of games, and Elo's log-odds of a home win by game, which the baseline rests on."""

    moments: LiveSet
    elo: Floats


def train_live(
    database: Database, registry: Registry, now: datetime, through: int | None, progress: Progress
) -> ModelVersion:
    """Fit on the games known now, through a season if one is named. Raises NoDataError where they are too few."""
    data = _known(database, calendar.league_day(now), progress)
    seasons = sorted({game.season for game in data.moments.games if through is None or game.season <= through})
    if not seasons:
        raise NoDataError("No timelines of those seasons are stored: import some with `nbabot import PATH`.")
    progress("training", 0, 1)
    model = fit_live(data.moments, seasons[-1] + 1)
    checked = [season for season in seasons[-CHECKED_SEASONS:] if season > seasons[0]]
    manifest = {
        "data": window(data.moments.games, seasons),
        "metrics": _figures(backtest_live(data.moments, data.elo, checked)) if checked else {},
        "metrics_seasons": [calendar.season_label(season) for season in checked],
        "as_of": now.isoformat(),
        "libraries": {name: version(name) for name in ("numpy", "scipy")},
        "python": platform.python_version(),
    }
    progress("training", 1, 1)
    return registry.add(NewVersion(f"live-{FAMILY}", TASK, FAMILY, is_simulated(database), model, manifest))


def backtest_stored(database: Database, today: date, seasons: Sequence[int], progress: Progress) -> LiveBacktest:
    """Walk forward through seasons on the stored games. Raises NoDataError for seasons without timelines."""
    data = _known(database, today, progress)
    return backtest_live(data.moments, data.elo, seasons, progress, is_simulated(database))


def _known(database: Database, today: date, progress: Progress) -> Known:
    """All that is known on a day; every game with what was forecast before it by a model of earlier seasons."""
    data = build_training_set(games.played_games(database, before=today), progress)
    forecasts = before_tip_off(data, progress)
    pregame = by_game(data, forecasts[PREGAME])
    moments = build_live_set(data, pregame, timelines.all_timelines(database, today))
    rows = {game_id: row for row, game_id in enumerate(data.game_id)}
    order = [rows[game.game_id] for game in moments.games]
    return Known(moments, log_odds(forecasts[ELO].probability[order]))


def before_tip_off(data: TrainingSet, progress: Progress) -> dict[str, Forecasts]:
    """Forecasts of every regular season that has enough games before it, each by models fitted on those."""
    seasons = sorted({int(season) for season in data.season})
    enough = [season for season in seasons if data.before(season) >= BURN_IN_GAMES + MIN_ROWS]
    if not enough:
        raise NoDataError(
            "Live models learn from games that were forecast before tip-off, which takes a season before them: "
            "import more seasons with `nbabot import PATH`."
        )
    return walk_forward(Fitter(data), Plan(enough, (PREGAME, ELO)), progress).forecasts


def by_game(data: TrainingSet, forecasts: Forecasts) -> dict[str, Pregame]:
    """What was forecast before each game, by its id; games without a forecast are left out."""
    return {
        data.game_id[row]: Pregame(float(forecasts.probability[row]), float(forecasts.margin[row]))
        for row in forecasts.known.nonzero()[0]
    }


def window(played: Sequence[LiveGame], seasons: Sequence[int]) -> dict[str, object]:
    """What a manifest says of the games that a version has learned from, those up to the last of the seasons."""
    used = [game for game in played if game.season <= seasons[-1]]
    return {
        "first_season": calendar.season_label(seasons[0]),
        "last_season": calendar.season_label(seasons[-1]),
        "first_day": date.fromordinal(used[0].league_day).isoformat(),
        "last_day": date.fromordinal(used[-1].league_day).isoformat(),
        "rows": len(used),
    }


def _figures(found: LiveBacktest) -> dict[str, float]:
    """The figures of a manifest: log loss by minutes played, and what the 80% intervals hold by period."""
    figures = {f"log_loss_{mark.played // 60}": mark.log_loss for mark in found.marks}
    figures |= {f"coverage_80_period_{one.period}": one.share_80 for one in found.coverage}
    return {"n": float(found.marks[0].n), **{name: round(value, 5) for name, value in figures.items()}}
