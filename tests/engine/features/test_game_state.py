from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.core.calendar import SeasonType
from engine.core.errors import BundleError, StateError
from engine.core.records import PlayedGame
from engine.features import elo
from engine.features.contract import GAME_FEATURES, Matchup, Role, names
from engine.features.game import LEAGUE_MEMORIES, LeagueState

UNSEEN = (1610612758, 1610612759)


@pytest.fixture(scope="module")
def state(league: list[PlayedGame]) -> LeagueState:
    state = LeagueState()
    for one in league[:250]:
        state.advance(one)
    return state


@pytest.fixture(scope="module")
def matchup(league: list[PlayedGame]) -> Matchup:
    return replace(Matchup.of(league[250].game), neutral=False)


def named(row: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(names(GAME_FEATURES), row, strict=True))


def test_two_unseen_teams_have_no_edge_but_home_court() -> None:
    row = named(LeagueState().row(Matchup(*UNSEEN, date(2024, 11, 1), 2024)))
    edges = {feature.name for feature in GAME_FEATURES if feature.role is Role.EDGE and row[feature.name]}
    assert edges == {"home_edge"}


def test_swapping_sides_at_a_neutral_site_turns_edges_round_and_leaves_levels(
    state: LeagueState, matchup: Matchup
) -> None:
    there = replace(matchup, neutral=True)
    back = replace(there, home_id=there.away_id, away_id=there.home_id)
    for feature, one, other in zip(GAME_FEATURES, state.row(there), state.row(back), strict=True):
        assert other == pytest.approx(-one if feature.role is Role.EDGE else one), feature.name


def test_there_is_no_home_edge_at_a_neutral_site(state: LeagueState, matchup: Matchup) -> None:
    assert named(state.row(matchup))["home_edge"] > 0
    assert named(state.row(replace(matchup, neutral=True)))["home_edge"] == 0


def test_rest_is_counted_from_the_schedule_when_it_is_given_else_from_the_last_result(
    state: LeagueState, matchup: Matchup
) -> None:
    day = matchup.league_day + timedelta(days=6)
    later = replace(matchup, league_day=day)
    assert state.rest_days(later) == (3, 3)
    tired = replace(later, home_last_day=day - timedelta(days=1), away_last_day=day - timedelta(days=2))
    assert state.rest_days(tired) == (1, 2)
    row = named(state.row(tired))
    assert (row["rest"], row["tired_sides"]) == (-1, 1)


def test_playoff_games_are_marked(state: LeagueState, matchup: Matchup) -> None:
    assert named(state.row(matchup))["playoffs"] == 0
    assert named(state.row(replace(matchup, season_type=SeasonType.PLAYOFFS)))["playoffs"] == 1


def test_reading_a_game_of_the_next_season_draws_teams_to_the_mean_and_changes_nothing(
    state: LeagueState, matchup: Matchup
) -> None:
    before = state.to_payload()
    now, next_year = named(state.row(matchup)), named(state.row(replace(matchup, season=matchup.season + 1)))
    assert next_year["elo"] == pytest.approx(now["elo"] * (1 - elo.REVERSION))
    assert abs(next_year["offence"]) < abs(now["offence"])
    assert state.games_seen(matchup.home_id, matchup.season) > 0
    assert state.games_seen(matchup.home_id, matchup.season + 1) == 0
    assert state.to_payload() == before


def test_asking_for_a_row_changes_nothing(state: LeagueState, matchup: Matchup) -> None:
    before = state.to_payload()
    state.row(Matchup(*UNSEEN, matchup.league_day, matchup.season + 3))
    assert state.to_payload() == before


def test_the_state_knows_how_far_it_has_seen(league: list[PlayedGame], state: LeagueState) -> None:
    assert LeagueState().data_through is None
    assert state.data_through == league[249].game.league_day
    season = league[249].game.season
    team = league[249].game.home_id
    played = [one for one in league[:250] if one.game.season == season and team in (one.game.home_id, one.game.away_id)]
    assert state.games_seen(team, season) == len(played)


def test_a_result_out_of_order_is_refused(league: list[PlayedGame]) -> None:
    state = LeagueState()
    state.advance(league[20])
    before = state.to_payload()
    with pytest.raises(StateError, match="came after results of"):
        state.advance(league[0])
    assert state.to_payload() == before


def test_winning_big_raises_every_rating(league: list[PlayedGame], state: LeagueState, matchup: Matchup) -> None:
    ahead = LeagueState.from_payload(state.to_payload())
    game = league[250]
    rout = replace(game, home=replace(game.home, pts=150, fg3m=20, ftm=20, fgm=55), away=replace(game.away, pts=80))
    ahead.advance(rout)
    again = replace(matchup, league_day=matchup.league_day + timedelta(days=5))
    before, after = named(state.row(again)), named(ahead.row(again))
    for name in ("elo", "offence", "defence", "form"):
        assert after[name] > before[name], name


def test_empty_box_scores_do_not_break_the_state(league: list[PlayedGame]) -> None:
    game = league[0]
    nothing = dict.fromkeys(("minutes", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "tov"), 0)
    state = LeagueState()
    state.advance(replace(game, home=replace(game.home, **nothing), away=replace(game.away, **nothing)))
    assert json.loads(json.dumps(state.to_payload(), allow_nan=False))


def test_the_payload_is_small_json(state: LeagueState) -> None:
    assert len(json.dumps(state.to_payload(), allow_nan=False)) < 16_000


def without(payload: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != key}


@pytest.mark.parametrize("key", ["data_through", "league", "teams"])
def test_a_payload_with_a_part_missing_is_damaged(state: LeagueState, key: str) -> None:
    with pytest.raises(BundleError, match="damaged"):
        LeagueState.from_payload(without(state.to_payload(), key))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("data_through", "yesterday"),
        ("teams", {"one": {}}),
        ("teams", ["1610612737"]),
        ("league", {name: [float("nan"), 1.0] for name in LEAGUE_MEMORIES}),
        ("league", {name: [10**400, 1.0] for name in LEAGUE_MEMORIES}),
        ("league", {name: [1.0, -60.0] for name in LEAGUE_MEMORIES}),
        ("league", {name: [1.0] for name in LEAGUE_MEMORIES}),
    ],
)
def test_a_payload_with_odd_values_is_damaged(state: LeagueState, part: str, value: object) -> None:
    with pytest.raises(BundleError, match="damaged"):
        LeagueState.from_payload(state.to_payload() | {part: value})


@pytest.mark.parametrize("payload", [{}, {"contract": "0" * 64}, [], None])
def test_a_payload_made_for_other_features_is_refused(payload: Any) -> None:
    with pytest.raises(BundleError, match="other features"):
        LeagueState.from_payload(payload)
