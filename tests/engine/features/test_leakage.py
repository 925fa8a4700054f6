"""Time travel: no row may hold its own result, a result of the same day, or a later one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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


def test_changed_lines_move_later_rows_only(peopled: list[PlayedGame], cast) -> None:
    changed = shared_day(peopled, 310)
    one, other = peopled[changed], list(peopled)
    better = [replace(line, plus_minus=line.plus_minus + 40, pts=line.pts + 30) for line in one.lines]
    other[changed] = replace(one, lines=tuple(better))
    before, after = rows_of(peopled), rows_of(other)
    last = max(i for i, game in enumerate(peopled) if game.game.league_day == one.game.league_day)
    assert before[: last + 1] == after[: last + 1]
    assert before[last + 1 :] != after[last + 1 :]


def test_who_comes_in_for_garbage_time_does_not_move_the_row(peopled: list[PlayedGame], cast) -> None:
    index = next(i for i in range(300, 540) if abs(peopled[i].game.margin or 0) < 5)
    one, other = peopled[index], list(peopled)
    other[index] = cast.cameo(one, cast.player(one.game.home_id, 12), one.game.home_id)
    assert len(other[index].lines) == len(one.lines) + 1
    assert rows_of(other)[: index + 1] == rows_of(peopled)[: index + 1]


def test_a_rotation_player_who_is_missing_moves_the_row_and_his_line_does_not(peopled: list[PlayedGame], cast) -> None:
    index = 320
    one = peopled[index]
    state = LeagueState()
    for game in peopled[:index]:
        state.advance(game)
    star = state.players.rotation(one.game.home_id, one.game.season)[0].player_id
    played = replace(one, lines=(*cast.without(one, star).lines, cast.line(star, one.game.home_id, 20, 0.5)))
    better = replace(one, lines=(*cast.without(one, star).lines, cast.line(star, one.game.home_id, 40, 0.9, margin=30)))
    rows = [state.row(state.described(game)) for game in (cast.without(one, star), played, better)]
    assert rows[0] != rows[1]
    assert rows[1] == rows[2]


def test_a_new_team_mates_first_game_does_not_announce_itself(peopled: list[PlayedGame], cast) -> None:
    one = peopled[320]
    state = LeagueState()
    for game in peopled[:320]:
        state.advance(game)
    teams = {one.game.home_id, one.game.away_id}
    stranger = next(
        state.players.rotation(team, one.game.season)[0].player_id
        for team in {game.game.home_id for game in peopled} - teams
    )
    with_him = replace(one, lines=(*one.lines, cast.line(stranger, one.game.home_id, 36, 0.9)))
    assert state.row(state.described(with_him)) == state.row(state.described(one))


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
