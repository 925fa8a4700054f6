"""Player rows: nothing of the game itself or of later ones, one path for training and serving, one rule of absence."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from engine.core.errors import BundleError
from engine.core.records import PlayedGame, PlayerLine
from engine.features.availability import Availability
from engine.features.game import LeagueState
from engine.features.player_form import COUNTS, MINUTES
from engine.features.player_league import Asked, PlayerLeague
from engine.features.player_row import feature_names
from engine.features.rolling import walk

PER_TEAM = 10
Rows = dict[int, tuple[float, ...]]


def line_of(player_id: int, team_id: int, dice: random.Random, minutes: float | None = None) -> PlayerLine:
    """A line that follows from the player's place in his team: the first play most and score most."""
    place = player_id % PER_TEAM
    played = 36.0 - 3 * place if minutes is None else minutes
    made = max(0, round(played * (0.3 - 0.02 * place) + dice.gauss(0, 1.5)))
    return PlayerLine(
        *(player_id, team_id, played, 2 * made, made, made * 2, 0, 2, 0, 0),
        *(place // 3, 2 + place % 4, 5 - place // 2, 1, place % 2, 1, 2, 0),
    )


def peopled(games: list[PlayedGame], seed: int = 5) -> list[PlayedGame]:
    """The games with ten players a side, each of whom misses one game in eight."""
    dice, found = random.Random(seed), []
    for one in games:
        lines = [
            line_of(team_id * PER_TEAM + place, team_id, dice)
            for team_id in (one.game.home_id, one.game.away_id)
            for place in range(PER_TEAM)
            if dice.random() > 1 / 8
        ]
        found.append(replace(one, lines=tuple(lines)))
    return found


@pytest.fixture(scope="module")
def games(league: list[PlayedGame]) -> list[PlayedGame]:
    return peopled(league[60:320])


@pytest.fixture(scope="module")
def rows(games: list[PlayedGame]) -> list[Rows]:
    return rows_of(games)


@pytest.fixture(scope="module")
def state(games: list[PlayedGame]) -> PlayerLeague:
    """After half of the games, in the middle of a season."""
    return after(games[:100])


def rows_of(games: list[PlayedGame]) -> list[Rows]:
    return [row for _, row in walk(games, PlayerLeague())]


def after(games: list[PlayedGame]) -> PlayerLeague:
    state = PlayerLeague()
    for one in games:
        state.advance(one)
    return state


def named(row: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(feature_names(), row, strict=True))


def changed(one: PlayedGame) -> PlayedGame:
    """The same players with other lines."""
    dice = random.Random(99)
    return replace(one, lines=tuple(line_of(x.player_id, x.team_id, dice, minutes=7.0) for x in one.lines))


def test_a_changed_game_moves_no_row_of_its_day_or_before(games: list[PlayedGame], rows: list[Rows]) -> None:
    at = 150
    other = rows_of([*games[:at], *(changed(one) for one in games[at:])])
    today = [i for i, one in enumerate(games) if one.game.league_day <= games[at].game.league_day]
    assert rows[: len(today)] == other[: len(today)]
    assert rows[-1] != other[-1]


def test_garbage_time_says_nothing_about_who_was_fit(games: list[PlayedGame]) -> None:
    """A player outside the rotation who gets in, or does not, moves no team-mate's row of that game."""
    at = 150
    state = after(games[:at])
    asked = state.described(games[at])
    team = games[at].game.home_id
    bench = {team * PER_TEAM + place for place in (8, 9)}
    without = replace(games[at], lines=tuple(one for one in games[at].lines if one.player_id not in bench))
    regulars = {one: where for one, where in asked.teams.items() if one not in bench}
    assert state.row(Asked(state.described(without).matchup, regulars)) == state.row(Asked(asked.matchup, regulars))


def test_a_missing_star_is_felt_by_his_team_mates(state: PlayerLeague, games: list[PlayedGame]) -> None:
    game = games[100].game
    star, mate = game.home_id * PER_TEAM, game.home_id * PER_TEAM + 1
    described = state.described(games[100]).matchup
    healthy, hurt = (
        named(state.row(Asked(replace(described, availability=Availability({star: one})), {mate: game.home_id}))[mate])
        for one in (1.0, 0.0)
    )
    assert hurt["missing_minutes"] - healthy["missing_minutes"] == pytest.approx(
        healthy["company_minutes"] - hurt["company_minutes"]
    )
    assert hurt["missing_minutes"] > healthy["missing_minutes"] + 30
    assert hurt["company_change_usage"] < healthy["company_change_usage"]


def test_a_player_is_no_team_mate_of_himself(state: PlayerLeague, games: list[PlayedGame]) -> None:
    game = games[100].game
    star = game.home_id * PER_TEAM
    described = state.described(games[100]).matchup
    both = [
        state.row(Asked(replace(described, availability=Availability({star: one})), {star: game.home_id}))[star]
        for one in (1.0, 0.0)
    ]
    own = {name: (a, b) for name, a, b in zip(feature_names(), *both, strict=True) if a != b}
    assert set(own) <= {"lineup_edge", "margin", "margin_size", "margin_size_x_minutes"}


def test_rows_of_a_state_that_was_stored_are_the_rows_of_training(games: list[PlayedGame], rows: list[Rows]) -> None:
    state = PlayerLeague()
    for at, one in enumerate(games[:200]):
        if at % 40 == 0:
            league = LeagueState.from_payload(json.loads(json.dumps(state.league.to_payload())))
            state = PlayerLeague.from_payload(json.loads(json.dumps(state.to_payload())), league)
        if at == 0 or games[at - 1].game.league_day < one.game.league_day:
            assert state.row(state.described(one)) == rows[at]
        state.advance(one)


def test_the_same_history_after_a_break_weighs_less(state: PlayerLeague, games: list[PlayedGame]) -> None:
    form = state.form(games[99].lines[0].player_id)
    assert form is not None
    later = form.in_season(form.season + 1)
    assert later.per_game(0, MINUTES) == pytest.approx(form.per_game(0, MINUTES))
    assert all(new < old for new, old in zip(later.weights, form.weights, strict=True))
    assert later.season_games == 0
    assert form.in_season(form.season) is form


def test_overtime_does_not_make_a_player_play_longer(games: list[PlayedGame]) -> None:
    """25 more team minutes and a line stretched with them leave expected minutes as they were."""
    one = games[0]
    longer = replace(one, home=replace(one.home, minutes=300), away=replace(one.away, minutes=300))
    stretched = tuple(replace(x, minutes=x.minutes * 300 / 240) for x in one.lines)
    plain, overtime = after([one]), after([replace(longer, lines=stretched)])
    for x in one.lines:
        forms = plain.form(x.player_id), overtime.form(x.player_id)
        assert forms[0] is not None
        assert forms[1] is not None
        assert forms[1].expected_minutes == pytest.approx(forms[0].expected_minutes)


def test_a_player_never_seen_has_no_row(state: PlayerLeague, games: list[PlayedGame]) -> None:
    matchup = state.described(games[100]).matchup
    assert state.row(Asked(matchup, {123: matchup.home_id})) == {}


def test_games_without_lines_leave_every_form_as_it_was(state: PlayerLeague, games: list[PlayedGame]) -> None:
    payload = state.to_payload()
    moved = PlayerLeague.from_payload(json.loads(json.dumps(payload)), LeagueState())
    moved.advance(replace(games[100], lines=()))
    assert moved.to_payload() == payload


@pytest.mark.parametrize("harm", ["forms", "allowed", "numbers", "contract"])
def test_damaged_player_numbers_are_one_error(state: PlayerLeague, harm: str) -> None:
    payload = json.loads(json.dumps(state.to_payload()))
    first = next(iter(payload["forms"]))
    if harm == "numbers":
        payload["forms"][first][1][2] = [1.0] * (len(COUNTS) - 1)
    else:
        payload[harm] = {"1": [None]} if harm != "contract" else "another"
    with pytest.raises(BundleError):
        PlayerLeague.from_payload(payload, LeagueState())
