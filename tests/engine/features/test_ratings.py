"""What players are worth: decayed, shrunken, carried over seasons, and who is in a rotation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.core.calendar import SeasonType
from engine.core.records import Game, PlayedGame, TeamBox
from engine.features import ratings
from engine.features.ratings import DEFENCE, OFFENCE, PRIOR_VARIANCE, Players, credit

ONE, OTHER = 1610612738, 1610612747
START = date(2024, 11, 1)
EMPTY = TeamBox("g", ONE, 240, *[0] * 14)


def game(number: int, lines: list, season: int = 2024, start: date = START) -> PlayedGame:
    day = start + timedelta(days=number)
    made = Game(f"002{season % 100}{number:05d}", season, SeasonType.REGULAR, day, ONE, OTHER)
    return PlayedGame(made, EMPTY, replace(EMPTY, team_id=OTHER), tuple(lines))


@pytest.fixture
def squad(cast):
    """Ten players of one team, from 34 minutes down to 7, and one of the other team."""

    def lines(*missing: int, good: int | None = None) -> list:
        own = [cast.line(n, ONE, 34 - 3 * n, 0.4, margin=48 if n == good else 0) for n in range(10)]
        return [*(line for line in own if line.player_id not in missing), cast.line(50, OTHER, 30, 0.4)]

    return lines


def played(lines_of_games: list) -> Players:
    players = Players()
    for number, lines in enumerate(lines_of_games):
        players.advance(game(number, lines))
    return players


def test_a_rotation_holds_who_is_expected_to_play_at_least_twelve_minutes_most_first(squad) -> None:
    members = played([squad()] * 10).rotation(ONE, 2024)
    assert [one.player_id for one in members] == list(range(8))
    assert all(one.minutes >= ratings.EXPECTED_MINUTES for one in members)
    assert played([squad()] * 10).squad(ONE, 2024) == frozenset(range(10))


def test_a_player_with_whom_the_team_wins_is_rated_higher_on_both_sides_of_the_ball(squad) -> None:
    better, plain = played([squad(good=2)] * 40).member(2, ONE, 2024), played([squad()] * 40).member(2, ONE, 2024)
    assert better.offence > plain.offence + 0.5
    assert better.defence > plain.defence + 0.5


def test_a_rating_grows_from_replacement_level_as_minutes_are_seen(squad) -> None:
    gaps, variances = [], [PRIOR_VARIANCE]
    for games in (1, 5, 20, 80):
        better, plain = (played([squad(good=good)] * games).member(2, ONE, 2024) for good in (2, None))
        gaps.append(better.value - plain.value)
        variances.append(better.variance)
    assert 0 < gaps[0] < gaps[1] < gaps[2] < gaps[3]
    assert variances == sorted(variances, reverse=True)


def test_games_missed_in_a_row_are_counted_and_forgotten_at_the_next_appearance(squad) -> None:
    away = played([squad()] * 10 + [squad(3)] * 4)
    assert {one.player_id: one.missed for one in away.rotation(ONE, 2024)}[3] == 4
    back = played([squad()] * 10 + [squad(3)] * 4 + [squad()])
    assert {one.player_id: one.missed for one in back.rotation(ONE, 2024)}[3] == 0


def test_who_has_missed_the_last_twelve_games_has_left_the_rotation(squad) -> None:
    for missed, inside in ((11, True), (12, False)):
        players = played([squad()] * 10 + [squad(3)] * missed)
        assert (3 in {one.player_id for one in players.rotation(ONE, 2024)}) is inside
    assert players.member(3, ONE, 2024) is not None


def test_a_traded_player_counts_for_the_team_of_his_last_game(squad, cast) -> None:
    games = [squad()] * 10 + [[*squad(0), cast.line(0, OTHER, 33, 0.4)]]
    players = played(games)
    assert 0 not in {one.player_id for one in players.rotation(ONE, 2024)}
    assert 0 in {one.player_id for one in players.rotation(OTHER, 2024)}


def test_a_player_who_has_moved_without_playing_counts_where_he_is_now_and_is_less_sure(squad) -> None:
    players = played([squad()] * 30)
    before = players.member(0, ONE, 2024)
    assert 0 not in {one.player_id for one in players.rotation(ONE, 2024, {0: OTHER})}
    after = next(one for one in players.rotation(OTHER, 2024, {0: OTHER}) if one.player_id == 0)
    assert before is not None
    assert (after.team_id, after.minutes, after.value) == (OTHER, before.minutes, before.value)
    assert after.variance == PRIOR_VARIANCE > before.variance


def test_a_new_season_keeps_most_of_a_rating_and_half_of_the_minutes_known(squad) -> None:
    players = played([squad(good=2)] * 40)
    now, next_year = players.member(2, ONE, 2024), players.member(2, ONE, 2025)
    assert now is not None
    assert next_year is not None
    assert 0.8 * abs(now.value) < abs(next_year.value) < abs(now.value)
    assert next_year.variance > now.variance
    assert ratings.MINUTES.start < next_year.minutes < now.minutes


def test_a_player_not_seen_for_five_seasons_starts_anew_whether_the_state_was_stored_or_not(squad, cast) -> None:
    def return_of_2(players: Players) -> Players:
        for number in range(3):
            lines = [cast.line(n, ONE, 30, 0.4) for n in (2, 60, 61)]
            players.advance(game(number, lines, season=2029, start=date(2029, 11, 1)))
        return players

    kept, stored = played([squad(good=2)] * 40), played([squad(good=2)] * 40)
    for players in (kept, stored):
        players.advance(game(0, [cast.line(70, OTHER, 30, 0.4)], season=2029, start=date(2029, 10, 25)))
    stored = Players.from_payload(json.loads(json.dumps(stored.to_payload())))
    assert return_of_2(kept).to_payload() == return_of_2(stored).to_payload()
    assert kept.member(2, ONE, 2029) == stored.member(2, ONE, 2029)
    assert kept.member(0, ONE, 2029) is None


def test_deep_bench_players_set_the_replacement_level(squad, cast) -> None:
    bench = [cast.line(30, ONE, 8, 0.4, margin=96)]
    plain, strong = played([squad()] * 40), played([[*squad(), *bench]] * 40)
    one, other = plain.member(0, ONE, 2024), strong.member(0, ONE, 2024)
    assert one is not None
    assert other is not None
    assert other.value < one.value


def test_a_game_without_lines_leaves_everybody_as_he_was(squad) -> None:
    players = played([squad()] * 5)
    before = players.to_payload()
    players.advance(game(9, []))
    assert players.to_payload() == before


def test_credit_is_the_sum_of_worth_times_count(cast) -> None:
    line = cast.line(1, ONE, 30, 0.5)
    assert credit(line, {"pts": 2.0, "tov": -1.0}) == 2 * line.pts - line.tov
    assert OFFENCE.keys() == DEFENCE.keys()


@pytest.mark.parametrize("values", [[1, 2024], [1, 2024, None, 0, 1, 1, 1, 1, 1, 1], [1, 2024, "2024-11-01", 0, 1, -1]])
def test_damaged_players_are_not_read(squad, values: list) -> None:
    payload = played([squad()]).to_payload()
    payload["players"]["0"] = values
    with pytest.raises((TypeError, ValueError)):
        Players.from_payload(payload)


def test_games_missed_at_the_end_of_a_season_say_nothing_of_the_next_one(squad) -> None:
    players = played([squad()] * 10 + [squad(2)] * 2)
    assert players.member(2, ONE, 2024).missed == 2
    assert players.member(2, ONE, 2025).missed == 0
    players.advance(game(0, squad(2), season=2025, start=date(2025, 10, 22)))
    assert players.member(2, ONE, 2025).missed == 1
