"""On the real seasons monitoring is silent, and loud when the spectators stay at home."""

from __future__ import annotations

import pytest

from engine.core.records import ClosingLine, PlayedGame
from engine.models.training import TrainingSet, build_training_set
from engine.monitoring.drift import SEASONS, STEP, WINDOW, Reference
from engine.monitoring.game import describe, monitor

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def league(real_games: tuple[list[PlayedGame], dict[str, ClosingLine]]) -> TrainingSet:
    return build_training_set(real_games[0])


def alarms(league: TrainingSet, season: int, trained_through: int) -> list[set[str]]:
    """The drifting features after every STEP games of a season, for a model that learned through another one."""
    learned = (league.season > trained_through - SEASONS) & (league.season <= trained_through) & league.settled
    reference = Reference.from_json(describe(league.x[learned], league.season[learned]))
    ends = range(league.before(season) + STEP, league.before(season + 1) + 1, STEP)
    windows = (league.x[max(0, end - 2 * WINDOW) : end] for end in ends)
    return [{one.feature for one in monitor("", window, reference).drifting} for window in windows]


@pytest.mark.parametrize("season", [2013, 2014, 2017, 2018, 2023, 2024])
def test_ordinary_seasons_raise_no_alarm(league: TrainingSet, season: int) -> None:
    assert not any(alarms(league, season, season - 1))


def test_the_season_without_spectators_is_noticed_within_thirty_days(league: TrainingSet) -> None:
    found = alarms(league, 2020, 2017)
    noticed = next(number for number, features in enumerate(found, start=1) if "home_edge" in features)
    first = league.before(2020)
    assert league.league_day[first + noticed * STEP - 1] - league.league_day[first] <= 30
