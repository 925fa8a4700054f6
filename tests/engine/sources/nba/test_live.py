"""Games under way as the CDN tells of them, read from made-up files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bench.live_files import made_up_games, made_up_scores, play_by_play
from engine.core.errors import FeedEmptyError, FeedShapeError
from engine.core.live import moment_at
from engine.core.live_games import LiveStatus
from engine.core.timelines import Score
from engine.sources.live import LivePlays, Sighting
from engine.sources.nba.live import read_live_plays, read_live_scoreboard

HOST = "cdn.example"
GAME = "0022400001"
BOS, NYK = 1610612738, 1610612752
Maker = Callable[..., dict[str, Any]]


def board(*games: object) -> Any:
    return read_live_scoreboard(HOST, {"scoreboard": {"gameDate": "2024-11-01", "games": list(games)}})


def under_way(make_game: Maker, home: object = 50, away: object = 48, **changes: Any) -> dict[str, Any]:
    """BOS against NYK in the third quarter."""
    live = {"gameStatus": 2, "gameStatusText": "Q3 04:12", "period": 3, "gameClock": "PT04M12.00S"}
    game = make_game(**{**live, **changes})
    game["homeTeam"] = {"teamId": BOS, "score": home}
    game["awayTeam"] = {"teamId": NYK, "score": away}
    return game


def action(order: int, clock: str, score: tuple[object, object] = ("", ""), **changes: Any) -> dict[str, Any]:
    """One action of the first quarter unless told otherwise."""
    line = {"actionNumber": order, "orderNumber": order * 10000, "period": 1, "clock": clock}
    return {**line, "scoreHome": score[0], "scoreAway": score[1], "possession": 0, **changes}


def plays(*actions: object, home_id: int | None = BOS) -> LivePlays:
    return read_live_plays(HOST, {"game": {"gameId": GAME, "actions": list(actions)}}, GAME, home_id)


@pytest.mark.parametrize(
    ("changes", "stand"),
    [
        ({}, (3, 252)),
        ({"period": 1, "gameClock": "PT12M00.00S"}, (1, 720)),
        ({"period": 0, "gameClock": ""}, (1, 720)),
        ({"period": 2, "gameClock": "", "gameStatusText": "Half"}, (2, 0)),
        ({"period": 2, "gameClock": "PT00M00.00S", "gameStatusText": "Half"}, (2, 0)),
        ({"period": 3, "gameClock": None, "gameStatusText": "End Q3"}, (3, 0)),
        ({"period": "4", "gameClock": "PT00M00.40S"}, (4, 1)),
        ({"period": 5, "gameClock": "PT05M00.00S"}, (5, 300)),
        ({"period": 7, "gameClock": "PT01M02.30S"}, (7, 63)),
    ],
)
def test_a_game_under_way_stands_where_its_clock_says(
    changes: dict[str, Any], stand: tuple[int, int], make_game: Maker
) -> None:
    seen = board(under_way(make_game, "50", 48.0, **changes)).games[0]
    assert (seen.status, seen.period, seen.seconds_left, seen.home, seen.away) == (LiveStatus.LIVE, *stand, 50, 48)


def test_a_game_at_tip_off_has_all_of_its_first_quarter_left_though_it_shows_no_clock(make_game: Maker) -> None:
    seen = board(under_way(make_game, 0, 0, period=1, gameClock="")).games[0]
    assert (seen.period, seen.seconds_left) == (1, 720)


def test_games_that_are_not_on_stand_at_tip_off_or_at_their_end(make_game: Maker) -> None:
    over = under_way(make_game, 111, 109, gameId="0022400002", gameStatus=3, gameStatusText="Final/OT", period=5)
    off = under_way(make_game, gameId="0022400003", gameStatusText="PPD")
    found = board(make_game(), over, off)
    assert found.league_day == date(2024, 11, 1)
    tip = datetime(2024, 11, 1, 23, 30, tzinfo=UTC)
    assert found.games == (
        Sighting(GAME, BOS, NYK, tip, LiveStatus.UPCOMING, 1, 720, 0, 0, "7:30 pm ET"),
        Sighting("0022400002", BOS, NYK, tip, LiveStatus.FINAL, 5, 0, 111, 109, "Final/OT"),
        Sighting("0022400003", BOS, NYK, tip, LiveStatus.PUT_OFF, 1, 720, 0, 0, "PPD"),
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"gameStatus": 4},
        {"gameStatus": None},
        {"gameClock": "soon"},
        {"gameClock": "PT13M00.00S"},
        {"gameClock": "-1:00"},
        {"period": 5, "gameClock": "PT06M00.00S"},
        {"period": -1},
        {"period": 99},
        {"period": None},
        {"homeTeam": {"teamId": BOS, "score": -1}},
        {"homeTeam": {"teamId": BOS, "score": 1000}},
        {"homeTeam": {"teamId": BOS, "score": None}},
        {"homeTeam": {"teamId": BOS}},
        {"homeTeam": "Boston"},
        {"gameId": "one"},
        {"gameStatus": 3, "homeTeam": {"teamId": BOS, "score": 48}},
    ],
)
def test_one_odd_game_costs_that_game_alone(odd: dict[str, Any], make_game: Maker) -> None:
    sound = under_way(make_game, gameId="0022400009")
    found = board({**under_way(make_game), **odd}, 7, None, sound)
    assert [game.game_id for game in found.games] == ["0022400009"]


def test_games_that_do_not_count_are_left_out_and_an_evening_of_them_is_an_empty_one(make_game: Maker) -> None:
    assert board(make_game("0012400001"), make_game("0032400001")).games == ()
    assert board().games == ()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"scoreboard": {"games": []}},
        {"scoreboard": {"gameDate": "soon", "games": []}},
        {"scoreboard": {"gameDate": "2024-11-01", "games": None}},
        {"scoreboard": {"gameDate": "2024-11-01", "games": [{"game_id": GAME}, {"game_id": "0022400002"}]}},
    ],
)
def test_a_scoreboard_with_a_key_gone_is_no_empty_evening(payload: dict[str, Any]) -> None:
    with pytest.raises(FeedShapeError, match=HOST):
        read_live_scoreboard(HOST, payload)


def test_words_that_cannot_be_kept_or_shown_are_left_out(make_game: Maker) -> None:
    seen = board(under_way(make_game, gameStatusText="Q3\x00 \ud800 04:12\n" + "x" * 500)).games[0]
    assert seen.text.startswith("Q3  04:12")
    assert len(seen.text.encode()) <= 40


def test_the_course_of_a_game_is_every_change_of_its_score() -> None:
    found = plays(
        action(1, "PT12M00.00S", ("0", "0")),
        action(2, "PT11M40.50S", ("2", "0"), possession=NYK),
        action(3, "PT11M20.00S", ("2", "0"), possession=BOS),
        action(4, "PT11M02.00S", (2, 3), possession=BOS),
        action(5, "PT00M00.00S", ("2", "3"), period=2, possession=NYK),
    )
    assert found == LivePlays(GAME, (Score(1, 701, 2, 0), Score(1, 662, 2, 3)), 2, 0, -1)


@pytest.mark.parametrize(
    ("team", "home", "side"), [(BOS, BOS, 1), (NYK, BOS, -1), (0, BOS, 0), (NYK, None, 0), (5, BOS, 0)]
)
def test_the_ball_is_with_a_side_only_where_both_are_known(team: int, home: int | None, side: int) -> None:
    assert plays(action(1, "PT11M00.00S", ("0", "0"), possession=team), home_id=home).possession == side


@pytest.mark.parametrize(
    ("kind", "side"), [("2pt", 0), ("3pt", 0), ("freethrow", 0), ("turnover", 0), ("rebound", 1), ("timeout", 1)]
)
def test_a_shot_or_a_turnover_names_the_side_that_had_the_ball_and_not_the_one_that_has_it_now(
    kind: str, side: int
) -> None:
    assert plays(action(1, "PT11M00.00S", ("2", "0"), possession=BOS, actionType=kind)).possession == side


def test_actions_in_any_order_tell_the_same_course() -> None:
    hosted = made_up_games(date(2025, 1, 15))[0]
    payload = play_by_play(hosted, 2000)
    straight = read_live_plays(HOST, payload, hosted.game.game_id, hosted.game.home_id)
    assert straight.scores == tuple(score for score in hosted.scores if score.played <= 2000)
    assert (straight.period, straight.seconds_left) == (3, 160)
    random.Random(1).shuffle(payload["game"]["actions"])
    assert read_live_plays(HOST, payload, hosted.game.game_id, hosted.game.home_id) == straight


def test_an_overtime_game_is_told_to_its_end() -> None:
    scores = made_up_scores(3, overtime=True)
    assert scores[-1].period == 5
    lines = [
        action(
            order,
            f"PT{one.seconds_left // 60:02}M{one.seconds_left % 60:02}.00S",
            (one.home, one.away),
            period=one.period,
        )
        for order, one in enumerate(scores)
    ]
    assert plays(*lines).scores == scores


def test_a_basket_taken_back_is_one_drop_after_which_nobody_counts_as_the_last_to_score() -> None:
    found = plays(
        action(1, "PT05M00.00S", (10, 8)),
        action(2, "PT04M50.00S", (12, 8)),
        action(3, "PT04M50.00S", (10, 8)),
        action(4, "PT04M40.00S", (10, 8)),
        action(5, "PT04M30.00S", (10, 10)),
    ).scores
    assert [(one.home, one.away) for one in found] == [(10, 8), (12, 8), (10, 8), (10, 10)]
    assert moment_at(found, 430).last == 0
    assert moment_at(found, 450).last == -1


def test_what_is_told_late_of_an_earlier_moment_counts_from_now_on_so_that_the_newest_score_is_the_last() -> None:
    found = plays(
        action(1, "PT05M00.00S", (10, 8)), action(2, "PT04M30.00S", (12, 8)), action(3, "PT04M45.00S", (12, 9))
    ).scores
    assert [(one.seconds_left, one.home, one.away) for one in found] == [(300, 10, 8), (270, 12, 8), (270, 12, 9)]


def test_one_odd_action_costs_that_action_alone() -> None:
    sound = action(9, "PT04M00.00S", (14, 9))
    odd = [
        7, None, {}, action(10, "late", (15, 9)), action(11, "PT13M00.00S", (15, 9)),
        action(12, "PT03M00.00S", (-5, 9)), action(13, "PT03M00.00S", (500, 9)),
        action(14, "PT03M00.00S", (15, 9), period=99), action(15, "PT03M00.00S", (None, 9)),
        action(16, "PT03M00.00S", (15, 9), period="first"),
    ]  # fmt: skip
    assert plays(sound, *odd).scores == (Score(1, 240, 14, 9),)


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({}, FeedShapeError),
        ({"game": {"gameId": "0022400002", "actions": []}}, FeedShapeError),
        ({"game": {"gameId": GAME}}, FeedShapeError),
        ({"game": {"gameId": GAME, "actions": []}}, FeedEmptyError),
        ({"game": {"gameId": GAME, "actions": [{"period": 1}, 7]}}, FeedShapeError),
        ({"game": {"gameId": GAME, "actions": [action(1, "PT11M00.00S", (-2, 0))]}}, FeedShapeError),
    ],
)
def test_plays_without_a_sound_action_are_none(payload: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=HOST):
        read_live_plays(HOST, payload, GAME)


def test_a_number_beyond_all_numbers_is_none(make_game: Maker) -> None:
    huge = json.loads(f"[{'9' * 400}]")[0]
    assert board(under_way(make_game, huge), under_way(make_game, gameId="0022400009")).games[0].game_id == "0022400009"
