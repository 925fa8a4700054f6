"""A team's numbers after results: four factors, streaks, the league's levels, luck that evens out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.records import PlayedGame
from engine.features.team import LEAGUE_MEMORIES, LONGEST_STREAK, TEAM_MEMORIES, TeamForm, fresh, learn, level


@pytest.fixture
def even(league: list[PlayedGame]) -> PlayedGame:
    """A game at home in which both sides did exactly the same."""
    one = next(game for game in league if not game.game.neutral)
    return replace(one, away=replace(one.home, team_id=one.away.team_id))


def learned(one: PlayedGame, times: int = 1) -> tuple[TeamForm, TeamForm, dict]:
    home, away, levels = TeamForm(one.game.season), TeamForm(one.game.season), fresh(LEAGUE_MEMORIES)
    for _ in range(times):
        learn(home, away, levels, one)
    return home, away, levels


@pytest.mark.parametrize(
    ("changes", "factor"),
    [
        ({"fgm": 5, "fg3m": 2}, "shooting"),
        ({"tov": -6}, "turnovers"),
        ({"oreb": 6}, "rebounding"),
        ({"ftm": 8}, "free_throws"),
    ],
)
def test_each_of_the_four_factors_moves_with_its_own_counts(even: PlayedGame, changes: dict, factor: str) -> None:
    better = replace(even.home, **{name: getattr(even.home, name) + more for name, more in changes.items()})
    home, away, _ = learned(replace(even, home=better))
    assert home.mean(factor) > 0 > away.mean(factor)
    others = {"shooting", "turnovers", "rebounding", "free_throws"} - {factor, "turnovers"}
    assert all(home.mean(name) == pytest.approx(0) for name in others)


def test_a_draw_in_everything_at_home_speaks_for_the_visitors(even: PlayedGame) -> None:
    home, away, _ = learned(even)
    assert away.mean("form") > 0 > home.mean("form")
    neutral, other, _ = learned(replace(even, game=replace(even.game, neutral=True)))
    assert neutral.mean("form") == pytest.approx(other.mean("form"))


def test_the_league_learns_its_home_edge_from_games_at_home_alone(even: PlayedGame) -> None:
    winner = replace(even, home=replace(even.home, pts=even.away.pts + 20))
    _, _, levels = learned(winner, times=30)
    assert level(levels, "home_margin") > LEAGUE_MEMORIES["home_margin"].start
    _, _, untouched = learned(replace(winner, game=replace(even.game, neutral=True)), times=30)
    assert level(untouched, "home_margin") == LEAGUE_MEMORIES["home_margin"].start


def test_opponents_who_shoot_threes_too_well_are_noted_as_bad_luck(even: PlayedGame) -> None:
    hot = replace(even.away, fg3a=30, fg3m=20)
    home, away, _ = learned(replace(even, home=replace(even.home, fg3a=30, fg3m=10), away=hot))
    assert home.mean("threes_allowed") > away.mean("threes_allowed")


def test_overtime_is_not_taken_for_a_fast_game(even: PlayedGame) -> None:
    longer = {name: round(getattr(even.home, name) * 265 / 240) for name in ("pts", "fga", "fta", "oreb", "tov")}
    home, away = (replace(box, minutes=265, **longer) for box in (even.home, even.away))
    _, _, regular = learned(even)
    _, _, overtime = learned(replace(even, home=home, away=away))
    assert level(overtime, "pace") == pytest.approx(level(regular, "pace"), abs=0.05)


def test_streaks_grow_turn_and_stop_at_eight(even: PlayedGame) -> None:
    team = TeamForm(even.game.season)
    for _ in range(LONGEST_STREAK + 3):
        team.finish(even, won=True)
    assert team.streak == LONGEST_STREAK
    team.finish(even, won=False)
    assert team.streak == -1
    assert team.games == LONGEST_STREAK + 4
    assert team.in_season(even.game.season + 1).streak == 0


def test_a_new_season_keeps_a_part_of_every_mean_and_leaves_the_old_one_alone(even: PlayedGame) -> None:
    home, _, _ = learned(even, times=20)
    before = home.to_payload()
    later = home.in_season(even.game.season + 1)
    for name, memory in TEAM_MEMORIES.items():
        assert later.means[name].weight == pytest.approx(home.means[name].weight * memory.carry), name
    assert home.in_season(even.game.season) is home
    assert home.to_payload() == before
    assert TeamForm.from_payload(before).to_payload() == before
