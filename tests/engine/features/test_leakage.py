"""Time travel: no row may hold its own result, a result of the same day, or a later one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.records import PlayedGame
from engine.features.game import LeagueState
from engine.features.rolling import walk

Remake = Callable[[PlayedGame, tuple[int, int]], PlayedGame]


def rows_of(games: list[PlayedGame]) -> list[tuple[float, ...]]:
    return [row for _, row in walk(games, LeagueState())]


def shared_day(games: list[PlayedGame], start: int) -> int:
    """Index, from `start` on, of a game that is not the only one of its day, nor the last."""
    return next(i for i in range(start, len(games)) if games[i].game.league_day == games[i + 1].game.league_day)


@pytest.mark.parametrize("start", [40, 215, 402])
def test_a_changed_result_moves_later_rows_only(league: list[PlayedGame], remade: Remake, start: int) -> None:
    games = league[:450]
    changed = shared_day(games, start)
    other = list(games)
    other[changed] = remade(games[changed], (151, 88))
    before, after = rows_of(games), rows_of(other)
    last = max(i for i, one in enumerate(games) if one.game.league_day == games[changed].game.league_day)
    assert before[: last + 1] == after[: last + 1]
    teams = {games[changed].game.home_id, games[changed].game.away_id}
    next_one = next(i for i in range(last + 1, 450) if teams & {games[i].game.home_id, games[i].game.away_id})
    assert before[next_one] != after[next_one]


def test_changing_every_result_from_a_game_on_leaves_its_row_and_its_day_alone(
    league: list[PlayedGame], remade: Remake
) -> None:
    start = next(i for i in range(300, 400) if league[i].game.league_day > league[i - 1].game.league_day)
    other = league[:start] + [remade(one, (99, 131)) for one in league[start:450]]
    before, after = rows_of(league[:450]), rows_of(other)
    today = [i for i in range(start, 450) if league[i].game.league_day == league[start].game.league_day]
    assert before[: today[-1] + 1] == after[: today[-1] + 1]
    assert before[-1] != after[-1]


def test_rows_do_not_depend_on_games_that_follow(league: list[PlayedGame]) -> None:
    end = next(i for i in range(200, 300) if league[i].game.league_day > league[i - 1].game.league_day)
    assert rows_of(league[:end]) == rows_of(league)[:end]


def test_a_walk_leaves_the_state_after_the_last_game(league: list[PlayedGame]) -> None:
    state = LeagueState()
    walked = [one for one, _ in walk(league[:100], state)]
    assert walked == league[:100]
    assert state.data_through == league[99].game.league_day


@pytest.mark.real_data
def test_a_changed_real_result_moves_later_rows_only(
    real_games: tuple[list[PlayedGame], object], remade: Remake
) -> None:
    games = real_games[0][:3000]
    changed = 1500
    other = list(games)
    other[changed] = remade(games[changed], (160, 80))
    before, after = rows_of(games), rows_of(other)
    last = max(i for i, one in enumerate(games) if one.game.league_day == games[changed].game.league_day)
    assert before[: last + 1] == after[: last + 1]
    assert before[last + 1 :] != after[last + 1 :]
