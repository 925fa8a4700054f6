"""Train and serve are one path: the row read from a stored state is the row that the model was trained on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.core.records import PlayedGame
from engine.features.contract import GAME_FEATURES, Matchup
from engine.features.game import LeagueState
from engine.models.training import TrainingSet, build_training_set


def stored_and_read(state: LeagueState) -> LeagueState:
    return LeagueState.from_payload(json.loads(json.dumps(state.to_payload())))


def assert_rows_equal(served: list[tuple[float, ...]], trained: np.ndarray) -> None:
    for column, feature in enumerate(GAME_FEATURES):
        assert [row[column] for row in served] == trained[:, column].tolist(), feature.name


def served_rows(games: list[PlayedGame], asked: range) -> list[tuple[float, ...]]:
    """Rows of the asked games as serving builds them: a stored state of that morning, rest from the schedule."""
    state, entered, rows = LeagueState(), 0, []
    last_days: dict[int, date] = {}
    for index in asked:
        game = games[index].game
        while games[entered].game.league_day < game.league_day:
            one = games[entered]
            state.advance(one)
            last_days[one.game.home_id] = last_days[one.game.away_id] = one.game.league_day
            entered += 1
        matchup = Matchup(
            game.home_id,
            game.away_id,
            game.league_day,
            game.season,
            game.season_type,
            game.neutral,
            last_days.get(game.home_id),
            last_days.get(game.away_id),
        )
        stored = stored_and_read(state)
        known = stored.described(games[index]).availability
        rows.append(stored.row(replace(matchup, availability=known)))
    return rows


def test_served_rows_equal_training_rows_column_by_column(league: list[PlayedGame], training_set: TrainingSet) -> None:
    asked = range(0, len(league), 3)
    assert_rows_equal(served_rows(league, asked), training_set.x[list(asked)])


def test_a_state_stored_in_the_middle_goes_on_exactly_as_if_it_had_not_been(league: list[PlayedGame]) -> None:
    whole, broken = LeagueState(), LeagueState()
    for index, one in enumerate(league):
        whole.advance(one)
        broken.advance(one)
        if index % 50 == 0:
            broken = stored_and_read(broken)
    assert broken.to_payload() == whole.to_payload()


def test_served_rows_equal_training_rows_where_players_are_known(peopled: list[PlayedGame]) -> None:
    asked = range(100, len(peopled), 7)
    assert_rows_equal(served_rows(peopled, asked), build_training_set(peopled).x[list(asked)])


def test_a_state_with_players_stored_in_the_middle_goes_on_exactly_as_if_it_had_not_been(
    peopled: list[PlayedGame],
) -> None:
    whole, broken = LeagueState(), LeagueState()
    for index, one in enumerate(peopled):
        whole.advance(one)
        broken.advance(one)
        if index % 60 == 0:
            broken = stored_and_read(broken)
    assert broken.to_payload() == whole.to_payload()
    assert len(whole.to_payload()["players"]) > 100


@pytest.mark.real_data
def test_served_rows_equal_training_rows_on_real_games(real_games: tuple[list[PlayedGame], object]) -> None:
    games = real_games[0]
    asked = range(1200, len(games), 97)
    assert_rows_equal(served_rows(games, asked), build_training_set(games).x[list(asked)])
