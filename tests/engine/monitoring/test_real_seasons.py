"""On the real seasons monitoring is silent, and loud when the spectators stay at home."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES, names
from engine.models.training import TrainingSet, build_training_set
from engine.monitoring.drift import WINDOW, drift_of, reference_of
from engine.store import games
from engine.store.database import Database

DATA = Path(os.environ.get("NBABOT_DATA", "../shared/data")) / "team_game_logs"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the real seasons are not in {DATA.parent} (NBABOT_DATA)"),
]


@pytest.fixture(scope="module")
def league(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    home = tmp_path_factory.mktemp("real")
    engine = Engine(home)
    engine.import_paths([DATA])
    engine.close()
    database = Database(home / DATABASE)
    data = build_training_set(games.played_games(database))
    database.close()
    return data


def alarms(league: TrainingSet, season: int) -> list[set[str]]:
    """The drifting features of each disjoint window of a season, against all earlier seasons."""
    reference = reference_of(league.x[(league.season < season) & league.settled], names(GAME_FEATURES))
    played = np.flatnonzero(league.season == season)
    windows = [played[end - WINDOW : end] for end in range(WINDOW, len(played) + 1, WINDOW)]
    return [
        {one.feature for one in drift_of(league.x[window], names(GAME_FEATURES), reference) if one.drifting}
        for window in windows
    ]


def test_ordinary_seasons_raise_no_alarm(league: TrainingSet) -> None:
    for season in (2014, 2016, 2018, 2023, 2024):
        assert alarms(league, season) == [set()] * len(alarms(league, season))


def test_the_season_without_spectators_is_noticed_by_its_second_window(league: TrainingSet) -> None:
    assert {"home_edge"} in alarms(league, 2020)[:2]
