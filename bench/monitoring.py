"""When monitoring would have alarmed on the real seasons: drift of the inputs, and picks against their promise.

    python -m bench.monitoring

For each season, the reference is learned from all earlier ones and windows of 200 consecutive games are judged every
50 games; the picks are those of the logistic model fitted on the earlier seasons (regular season only).
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bench.tables import data_folder, show
from engine.core.calendar import season_label
from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES, names
from engine.models.evaluation import walk_forward
from engine.models.fitting import Fitter
from engine.models.training import TrainingSet, build_training_set
from engine.monitoring.drift import WINDOW, drift_of, reference_of
from engine.monitoring.game import ALARM
from engine.monitoring.performance import performance_of
from engine.store import games
from engine.store.database import Database

FIRST_SEASON = 2013
STEP = 50


def main() -> int:
    """Print the table; 0 also where there is no real data to measure on."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    data = read(folder / "team_game_logs")
    seasons = [int(season) for season in np.unique(data.season) if season >= FIRST_SEASON]
    chances = walk_forward(Fitter(data), seasons, ("logistic",)).forecasts["logistic"].probability
    rows = [season_row(data, chances, season) for season in seasons]
    show(
        f"Windows of {WINDOW} games in which monitoring alarms", ("season", "windows", "inputs", "which", "picks"), rows
    )
    return 0


def read(folder: Path) -> TrainingSet:
    """The features of every stored game, by way of a temporary home."""
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(Path(home))
        engine.import_paths([folder])
        engine.close()
        database = Database(Path(home) / DATABASE)
        data = build_training_set(games.played_games(database))
        database.close()
    return data


def season_row(data: TrainingSet, chances: np.ndarray, season: int) -> list[str]:
    """How many windows of a season alarm, and for what."""
    reference = reference_of(data.x[(data.season < season) & data.settled], names(GAME_FEATURES))
    played = np.flatnonzero(data.season == season)
    windows = [played[end - WINDOW : end] for end in range(WINDOW, len(played) + 1, STEP)]
    moved: Counter[str] = Counter()
    alarmed = worse = 0
    for window in windows:
        found = [one.feature for one in drift_of(data.x[window], names(GAME_FEATURES), reference) if one.drifting]
        moved.update(found)
        alarmed += bool(found)
        forecast = [game for game in window if not np.isnan(chances[game])]
        scored = performance_of([(float(chances[game]), bool(data.home_win[game])) for game in forecast])
        worse += scored is not None and scored.excess > ALARM
    which = ", ".join(f"{name} {count}" for name, count in moved.most_common())
    return [season_label(season), str(len(windows)), str(alarmed), which or "none", str(worse)]


if __name__ == "__main__":
    sys.exit(main())
