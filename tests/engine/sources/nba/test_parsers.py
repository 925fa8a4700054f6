"""Reading payloads: made-up ones, one falsehood at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.core.calendar import SeasonType
from engine.core.errors import FeedEmptyError, FeedMissingError, FeedShapeError
from engine.core.records import GameStatus
from engine.core.teams import TEAMS
from engine.sources.feed import CDN, STATS, Parsed, PlayerListing, ScheduledGame
from engine.sources.files.batch import Kind
from engine.sources.nba import boxes, plays, schedule, tables

Maker = Callable[..., dict[str, Any]]


def season_of(*games: dict[str, Any]) -> dict[str, Any]:
    """A schedule of 2024-25 with these games."""
    dates = [{"gameDate": "11/01/2024 00:00:00", "games": list(games)}]
    return {"leagueSchedule": {"seasonYear": "2024-25", "gameDates": dates}}


def read(*games: dict[str, Any]) -> Parsed[ScheduledGame]:
    return schedule.read_schedule(CDN, season_of(*games), 2024)


def teams(home: int, away: int, scores: tuple[object, object] = (0, 0)) -> dict[str, Any]:
    return {"homeTeam": {"teamId": home, "score": scores[0]}, "awayTeam": {"teamId": away, "score": scores[1]}}


BOS, NYK = 1610612738, 1610612752


def test_a_game_to_come_has_a_day_a_tip_off_and_no_points(make_game: Maker) -> None:
    (game,) = read(make_game(gameSubtype="in-season")).rows
    assert (game.game_id, game.season, game.season_type) == ("0022400001", 2024, SeasonType.REGULAR)
    assert (game.league_day, game.tip_utc) == (date(2024, 11, 1), datetime(2024, 11, 1, 23, 30, tzinfo=UTC))
    assert (game.status, game.home_points, game.neutral, game.subtype) == (
        GameStatus.SCHEDULED, None, False, "in-season",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"gameStatus": 2, "gameStatusText": "Q3 04:11", **teams(BOS, NYK, (71, 70))}, GameStatus.SCHEDULED),
        ({"gameStatus": 3, "gameStatusText": "Final/OT", **teams(BOS, NYK, (111, 110))}, GameStatus.FINAL),
        ({"gameStatus": "3", "gameStatusText": "Final", **teams(BOS, NYK, ("111", "110"))}, GameStatus.FINAL),
        ({"gameStatusText": "PPD"}, GameStatus.POSTPONED),
        ({"postponedStatus": "Y"}, GameStatus.POSTPONED),
        ({"gameStatus": 3, "gameStatusText": "PPD"}, GameStatus.POSTPONED),
        ({"gameStatusText": "Cancelled"}, GameStatus.CANCELLED),
        ({"postponedStatus": "N"}, GameStatus.SCHEDULED),
    ],
)
def test_where_a_game_stands_is_read_from_all_that_says_so(
    changes: dict[str, Any], status: GameStatus, make_game: Maker
) -> None:
    (game,) = read(make_game(**changes)).rows
    assert game.status is status
    assert (game.home_points is not None) == (status is GameStatus.FINAL)


@pytest.mark.parametrize(
    ("game_id", "changes", "reason"),
    [
        ("0012400001", {}, "pre-season game: not counted"),
        ("0032400001", teams(1610616833, 1610616834), "all-star game: not counted"),
        ("0092400001", {}, "gameId names an unknown kind of game"),
        ("x", {}, "gameId is not a game id"),
        ("0042400101", teams(0, NYK), "the teams are not known yet"),
        ("0022400001", teams(BOS, 12345), "teamId is not one of the 30 teams"),
        ("0022400001", teams(BOS, BOS), "teamId is not one of the 30 teams"),
        ("0022400001", {"gameStatus": 3, **teams(BOS, NYK, (None, 110))}, "the game is final without a score"),
        ("0022400001", {"gameStatus": 3, **teams(BOS, NYK, (100, 100))}, "the game is final without a score"),
    ],
)
def test_a_game_that_is_left_out_is_counted_by_its_reason(
    game_id: str, changes: dict[str, Any], reason: str, make_game: Maker
) -> None:
    parsed = read(make_game(game_id, **changes), make_game("0022400002"))
    assert [game.game_id for game in parsed.rows] == ["0022400002"]
    assert (parsed.read, dict(parsed.rejected)) == (2, {reason: 1})


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("004", SeasonType.PLAYOFFS), ("005", SeasonType.PLAY_IN), ("006", SeasonType.CUP_FINAL)],
)
def test_games_outside_the_82_keep_their_type(prefix: str, kind: SeasonType, make_game: Maker) -> None:
    assert read(make_game(f"{prefix}2400001")).rows[0].season_type is kind


def test_a_game_listed_twice_is_one_game_as_last_listed(make_game: Maker) -> None:
    parsed = read(make_game(), make_game(gameStatusText="PPD"))
    assert [game.status for game in parsed.rows] == [GameStatus.POSTPONED]
    assert (parsed.read, parsed.repeated) == (2, 1)


def test_a_neutral_site_is_read_and_silence_about_it_is_not_a_no(make_game: Maker) -> None:
    silent = make_game("0022400002")
    del silent["isNeutral"]
    flags = [game.neutral for game in read(make_game(isNeutral=True), silent, make_game("0022400003")).rows]
    assert flags == [True, None, False]


@pytest.mark.parametrize(
    "changes",
    [{"gameStatusText": "TBD"}, {"gameDateTimeUTC": ""}, {"gameDateTimeUTC": "1900-01-01T00:00:00Z"}],
)
def test_a_time_to_be_decided_is_no_time(changes: dict[str, Any], make_game: Maker) -> None:
    assert read(make_game(**changes)).rows[0].tip_utc is None


def test_a_morning_game_abroad_and_a_late_one_out_west_keep_their_league_day(make_game: Maker) -> None:
    games = read(
        make_game(gameDateTimeUTC="2024-11-01T10:00:00Z"),
        make_game("0022400002", gameDateTimeUTC="2024-11-02T05:30:00Z"),
    ).rows
    assert [game.league_day for game in games] == [date(2024, 11, 1)] * 2
    assert all(game.tip_utc is not None for game in games)


def test_all_30_teams_are_known_by_their_ids_whatever_their_names(make_game: Maker) -> None:
    games = [
        make_game(f"00224{number:05d}", **teams(home.team_id, TEAMS[number - 1].team_id))
        for number, home in enumerate(TEAMS)
    ]
    assert len(read(*games).rows) == 30


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"leagueSchedule": None},
        {"leagueSchedule": {"seasonYear": "2024-25"}},
        {"leagueSchedule": {"seasonYear": "2024-25", "gameDates": None}},
        {"leagueSchedule": {"seasonYear": "2024-25", "gameDates": [{"gameDate": "11/01/2024"}]}},
        season_of({"gameId": "0022400001"}),
        season_of({"game_id": "0022400001"}),
    ],
)
def test_a_schedule_with_a_key_gone_is_no_schedule(payload: dict[str, Any]) -> None:
    with pytest.raises(FeedShapeError, match=r"sent data without|is no list"):
        schedule.read_schedule(CDN, payload, 2024)


def test_a_season_without_games_is_not_published_yet() -> None:
    payload = {"leagueSchedule": {"seasonYear": "2024-25", "gameDates": []}}
    with pytest.raises(FeedEmptyError, match="publishes a season in August"):
        schedule.read_schedule(STATS, payload, 2024)


def test_a_scoreboard_is_that_of_the_day_that_it_states(make_game: Maker) -> None:
    day, parsed = schedule.read_scoreboard(CDN, {"scoreboard": {"gameDate": "2024-11-01", "games": []}})
    assert (day, parsed.rows) == (date(2024, 11, 1), ())
    with pytest.raises(FeedShapeError):
        schedule.read_scoreboard(CDN, {"scoreboard": {"games": [make_game()]}})


def test_a_box_score_becomes_rows_of_the_log(league: Any) -> None:
    delivery = boxes.delivered(CDN, [boxes.read_live_box(CDN, league.live_box(), "0022400001")], ["0022400001"])
    team_log, player_log = delivery.batches
    assert team_log.tables["games"]["home_points"] == [111]
    assert team_log.tables["games"]["league_day"] == ["2024-11-01"]
    assert team_log.tables["team_boxes"]["tov"] == [league.games[0][0]["TOV"], league.games[0][1]["TOV"]]
    assert player_log.tables["player_boxes"]["name"].count("BOS Player 1") == 1
    assert set(player_log.tables["player_boxes"]["minutes"]) == {31.0}
    assert "Sat Out" not in player_log.tables["player_boxes"]["name"]


@pytest.mark.parametrize("status", [1, 2])
def test_a_game_in_progress_has_no_box_score_yet(status: int, league: Any) -> None:
    with pytest.raises(FeedMissingError, match="no final box score"):
        boxes.read_live_box(CDN, league.live_box(status=status), "0022400001")


def test_the_box_score_of_another_game_is_refused(league: Any) -> None:
    with pytest.raises(FeedShapeError, match="of game 0022400002 for 0022400001"):
        boxes.read_live_box(CDN, league.live_box(1), "0022400001")


def test_points_that_do_not_add_up_cost_both_teams_and_their_players_and_the_game_is_named(league: Any) -> None:
    bad = league.live_box(1)
    bad["game"]["homeTeam"]["statistics"]["points"] += 1
    answers = [
        boxes.read_live_box(CDN, league.live_box(0), "0022400001"),
        boxes.read_live_box(CDN, bad, "0022400002"),
    ]
    delivery = boxes.delivered(CDN, answers, ["0022400001", "0022400002"])
    assert delivery.missing == ("0022400002",)
    assert delivery.batches[0].rejected == {
        "PTS is not the sum of the shots made": 1,
        "the row of the other team is missing": 1,
    }
    assert delivery.batches[1].rejected == {boxes.ALONE: 4}


def test_when_no_game_can_be_used_the_reasons_are_told(league: Any) -> None:
    bad = league.live_box()
    bad["game"]["homeTeam"]["score"] += 5
    with pytest.raises(FeedShapeError, match=r"no usable box score of 1 game, .*does not fit the two scores \(2\)"):
        boxes.delivered(CDN, [boxes.read_live_box(CDN, bad, "0022400001")], ["0022400001"])


def actions(*steps: tuple[int, str, object, object]) -> dict[str, Any]:
    names = ("period", "clock", "scoreHome", "scoreAway")
    return {"game": {"gameId": "0022400001", "actions": [dict(zip(names, step, strict=True)) for step in steps]}}


def test_plays_become_changes_of_score_in_the_order_of_the_clock() -> None:
    batch = plays.read_plays(
        STATS,
        actions(
            (1, "PT12M00.00S", "0", "0"), (1, "PT11M43.50S", "2", "0"), (1, "PT11M40.00S", "", ""),
            (4, "PT00M00.00S", "3", "2"), (1, "PT11M00.00S", "2", "2"), (4, "PT00M00.00S", "3", "2"),
        ),
        "0022400001",
    )  # fmt: skip
    scores = batch.tables["scores"]
    columns = [scores[name] for name in ("period", "seconds_left", "home_score", "away_score")]
    assert list(zip(*columns, strict=True)) == [
        (1, 703, 2, 0), (1, 660, 2, 2), (4, 0, 3, 2),
    ]  # fmt: skip


def test_plays_without_a_score_or_a_clock_are_not_a_game() -> None:
    with pytest.raises(FeedEmptyError, match="without a score"):
        plays.read_plays(STATS, actions((1, "PT12M00.00S", "0", "0")), "0022400001")
    with pytest.raises(FeedShapeError, match="no period or clock"):
        plays.read_plays(STATS, actions((1, "soon", "2", "0")), "0022400001")


def table(name: str, headers: list[str], *rows: list[object]) -> dict[str, Any]:
    return {"resultSets": [{"name": name, "headers": headers, "rowSet": list(rows)}]}


def test_players_are_listed_with_their_team_retired_and_two_way_ones_too() -> None:
    headers = ["TEAM_ID", "PERSON_ID", "DISPLAY_FIRST_LAST", "ROSTERSTATUS"]
    payload = table(
        "CommonAllPlayers", headers, [BOS, 1, "Ann Able", 1], [0, 2, "Bob Bye", 0], [99, 3, "Cy Cup", 1],
        [BOS, 1, "Ann Able", 1], [BOS, None, "Nobody", 1], [BOS, 5, "", 1],
    )  # fmt: skip
    parsed = tables.read_players(STATS, payload)
    assert parsed.rows == (
        PlayerListing(1, "Ann Able", BOS, True),
        PlayerListing(2, "Bob Bye", None, False),
        PlayerListing(3, "Cy Cup", None, True),
    )
    assert (parsed.read, parsed.repeated, sum(parsed.rejected.values())) == (6, 1, 2)


@pytest.mark.parametrize(
    "payload",
    [
        {"resultSets": None},
        {"resultSets": [{"headers": [], "rowSet": []}]},
        table("Other", ["GAME_ID"]),
        table("LeagueGameLog", ["GAME_ID"], ["0022400001", 2]),
        table("LeagueGameLog", ["GAME_ID", "Game_ID"]),
    ],
)
def test_a_table_with_a_part_gone_is_no_log(payload: dict[str, Any]) -> None:
    with pytest.raises(FeedShapeError):
        tables.read_log(STATS, payload, Kind.TEAM_LOG)
