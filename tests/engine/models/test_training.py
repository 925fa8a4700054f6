from __future__ import annotations

import numpy as np
import pytest

from engine.core.calendar import SeasonType
from engine.core.errors import NoDataError
from engine.core.records import PlayedGame
from engine.features.contract import GAME_FEATURES
from engine.models.training import BURN_IN_GAMES, TrainingSet, build_training_set


def test_a_training_set_holds_every_game_in_order(league: list[PlayedGame], training_set: TrainingSet) -> None:
    assert training_set.game_id == tuple(one.game.game_id for one in league)
    assert training_set.x.shape == (len(league), len(GAME_FEATURES))
    assert training_set.x.dtype == np.float64
    assert np.isfinite(training_set.x).all()
    assert training_set.margin.tolist() == [one.game.margin for one in league]
    assert training_set.total.tolist() == [one.home.pts + one.away.pts for one in league]
    assert training_set.regular.tolist() == [one.game.season_type is SeasonType.REGULAR for one in league]
    assert training_set.months.tolist() == [one.game.league_day.month for one in league]
    assert int(training_set.settled.argmax()) == BURN_IN_GAMES
    assert training_set.state.data_through == league[-1].game.league_day


def test_progress_ends_at_the_last_game(league: list[PlayedGame]) -> None:
    seen: list[tuple[str, int, int]] = []
    build_training_set(iter(league), lambda *step: seen.append(step))
    assert seen[-1] == ("features", len(league), len(league))


def test_no_games_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(NoDataError, match="nbabot import"):
        build_training_set([])


def test_the_rows_before_a_season_end_where_it_begins(training_set: TrainingSet) -> None:
    rows = training_set.before(2022)
    assert set(training_set.season[:rows]) == {2019, 2020, 2021}
    assert training_set.season[rows] == 2022
    assert (training_set.before(2019), training_set.before(2030)) == (0, len(training_set))


def test_a_group_left_out_tells_nothing_and_the_others_stay(training_set: TrainingSet) -> None:
    group = GAME_FEATURES[0].group
    without = training_set.without(group)
    for at, feature in enumerate(GAME_FEATURES):
        expected = 0.0 if feature.group == group else training_set.x[:, at]
        np.testing.assert_array_equal(without.x[:, at], expected)
