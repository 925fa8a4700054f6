"""From stored games to a registered version of a player model: what `train player` and `backtest player` do."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

from engine.core import calendar
from engine.core.errors import NoDataError, UsageError
from engine.core.player_backtests import PlayerBacktest, PlayerScore
from engine.core.player_records import Stat
from engine.core.progress import Progress
from engine.core.reports import ModelVersion
from engine.models.player.data import PlayerSet, build_player_set
from engine.models.player.evaluation import backtest_players, season_scores
from engine.models.player.fitting import FAMILIES, FEWEST_ROWS, PlayerFitter, check_families
from engine.models.registry import NewVersion, Registry
from engine.store import games
from engine.store.database import Database
from engine.store.state import is_simulated

TASK = "player"
_LIBRARIES = ("numpy", "scikit-learn", "scipy", "xgboost", "xgboost-cpu")


def train_player(
    database: Database,
    registry: Registry,
    now: datetime,
    choice: tuple[Sequence[str], int | None],
    progress: Progress,
) -> tuple[ModelVersion, ...]:
    """Fit each chosen family (none named = all) on the appearances known now, through a season if one is named.

    Its manifest reports how a model of the seasons before the last forecast that one.
    """
    families, through = tuple(choice[0]) or FAMILIES, choice[1]
    check_families(families)
    data = _known(database, calendar.league_day(now), progress)
    rows = len(data) if through is None else data.before(through + 1)
    if rows < FEWEST_ROWS:
        raise NoDataError(
            f"{rows} appearances of players are known, {FEWEST_ROWS} are needed to train: "
            "import more seasons with `nbabot import PATH`."
        )
    fitter, made = PlayerFitter(data), []
    common = {**_window(data, rows), "as_of": now.isoformat(), **_surroundings()}
    for done, family in enumerate(families):
        progress("training", done, len(families))
        manifest = {**common, "metrics": _figures(fitter, family, int(data.season[rows - 1]))}
        model = fitter.model(family, rows)
        made.append(registry.add(NewVersion(f"player-{family}", TASK, family, is_simulated(database), model, manifest)))
    progress("training", len(families), len(families))
    return tuple(made)


def backtest_player(
    database: Database, today: date, seasons: Sequence[int], families: Sequence[str], progress: Progress
) -> PlayerBacktest:
    """Walk forward through seasons on the stored games. Raises NoDataError for seasons without player rows."""
    check_families(tuple(families))
    data = _known(database, today, progress)
    stored = {int(season) for season in data.season}
    missing = [calendar.season_label(season) for season in seasons if season not in stored]
    if missing:
        raise NoDataError(f"No player rows of {', '.join(missing)} are stored: import them with `nbabot import PATH`.")
    if data.before(min(seasons)) < FEWEST_ROWS:
        raise UsageError(
            f"Too few appearances are stored from before {calendar.season_label(min(seasons))} to learn from: choose "
            "later seasons, or import earlier ones."
        )
    return backtest_players(PlayerFitter(data), seasons, families, progress, is_simulated(database))


def _known(database: Database, today: date, progress: Progress) -> PlayerSet:
    return build_player_set(games.played_games(database, before=today), progress)


def _figures(fitter: PlayerFitter, family: str, season: int) -> dict[str, float]:
    """Walk-forward scores on a season, where enough comes before it."""
    before = fitter.data.before(season)
    if before < FEWEST_ROWS:
        return {}
    scores, minutes = season_scores(fitter, fitter.model(family, before), season)
    found = {"n": float(minutes.n), "minutes_mae": minutes.mae}
    for score in scores:
        found |= {f"{score.stat}_{name}": value for name, value in _of_stat(score).items()}
    return {name: round(value, 5) for name, value in found.items()}


def _of_stat(score: PlayerScore) -> dict[str, float]:
    found = {"mae": score.mae, "coverage_80": score.overall.share_80}
    return {**found, "r2": score.r2} if score.stat in (Stat.PTS, Stat.REB, Stat.AST, Stat.PRA) else found


def _window(data: PlayerSet, rows: int) -> dict[str, object]:
    first, last = (date.fromordinal(int(data.league_day[row])).isoformat() for row in (0, rows - 1))
    seasons = [calendar.season_label(int(data.season[row])) for row in (0, rows - 1)]
    window = {"first_season": seasons[0], "last_season": seasons[1], "first_day": first, "last_day": last, "rows": rows}
    return {"data": window, "metrics_seasons": seasons[1:]}


def _surroundings() -> dict[str, object]:
    libraries = {name: found for name in _LIBRARIES if (found := _installed(name))}
    return {"libraries": libraries, "python": platform.python_version()}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
