"""Answers that both hosts really gave, recorded: every one is read, and agrees with what the logs say of the game."""

from __future__ import annotations

import csv
import gzip
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import SeasonType
from engine.core.errors import FeedMissingError, FeedShapeError
from engine.core.live_games import LiveStatus
from engine.core.records import GameStatus
from engine.core.timelines import Score
from engine.sources.feed import CDN, STATS
from engine.sources.files.batch import BOX_COLUMNS, Kind
from engine.sources.nba import boxes, live, plays, schedule, tables

pytestmark = pytest.mark.real_data

DATA = Path(os.environ.get("NBABOT_DATA", "../shared/data"))


def sample(name: str) -> dict[str, Any]:
    """A recorded answer; those of the logs are wrapped with their URL."""
    path = DATA / "api_samples" / name
    if not path.is_file():
        pytest.skip(f"recorded answers are absent: {path} (set NBABOT_DATA)")
    payload: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return payload.get("response", payload)


def logged(name: str, game_id: str) -> dict[int, dict[str, str]]:
    """The team rows of a game in the files of logs."""
    with gzip.open(DATA / "team_game_logs" / name, "rt", encoding="utf-8") as file:
        return {int(row["TEAM_ID"]): row for row in csv.DictReader(file) if row["GAME_ID"].zfill(10) == game_id}


def test_a_box_score_of_the_cdn_is_the_row_of_the_log_column_by_column() -> None:
    rows = boxes.read_live_box(CDN, sample("cdn_nba/boxscore_0042200123.json"), "0042200123")
    log = logged("2022-23_playoffs.csv.gz", "0042200123")
    assert {row["TEAM_ID"] for row in rows.teams.to_dict("records")} == set(log)
    for row in rows.teams.to_dict("records"):
        of_log = log[row["TEAM_ID"]]
        for column in (*BOX_COLUMNS, "MIN", "PLUS_MINUS"):
            assert int(row[column]) == int(of_log[column]), column
        assert [row[column] for column in ("MATCHUP", "WL", "GAME_DATE")] == [
            of_log[column] for column in ("MATCHUP", "WL", "GAME_DATE")
        ]
    team_log, player_log = boxes.checked(rows)
    assert (len(team_log.tables["team_boxes"]["game_id"]), dict(team_log.rejected)) == (2, {})
    assert (len(player_log.tables["player_boxes"]["game_id"]), dict(player_log.rejected)) == (18, {})


def test_a_shortened_box_score_is_read_as_far_as_it_goes() -> None:
    team_log, player_log = boxes.checked(boxes.read_live_box(CDN, sample("cdn_nba/boxscore_sample.json"), "0022000180"))
    assert team_log.tables["games"]["home_points"] == [124]
    assert len(player_log.tables["player_boxes"]["game_id"]) == 2


def test_the_box_score_of_stats_adds_up() -> None:
    rows = boxes.read_box(STATS, sample("stats_nba/boxscoretraditionalv3.json"), "0022500165", date(2025, 11, 4))
    team_log, player_log = boxes.checked(rows)
    assert (dict(team_log.rejected), dict(player_log.rejected)) == ({}, {})
    assert team_log.tables["games"]["home_points"] == [128]
    assert team_log.tables["games"]["away_points"] == [100]
    assert "Brandon Ingram" in player_log.tables["player_boxes"]["name"]


def test_the_log_of_teams_is_read_as_its_file_would_be() -> None:
    frame = tables.read_log(STATS, sample("stats_nba/leaguegamelog.json"), Kind.TEAM_LOG)
    assert len(frame) == 60
    with pytest.raises(FeedShapeError, match="PLAYER_ID"):
        tables.read_log(STATS, sample("stats_nba/leaguegamelog.json"), Kind.PLAYER_LOG)


@pytest.mark.parametrize("name", ["leaguegamefinder_2021-01", "leaguegamefinder_2024-01", "playergamelog"])
def test_another_table_of_stats_is_not_taken_for_the_log(name: str) -> None:
    with pytest.raises(FeedShapeError, match="without the table LeagueGameLog"):
        tables.read_log(STATS, sample(f"stats_nba/{name}.json"), Kind.TEAM_LOG)


def test_standings_of_the_cup_are_not_taken_for_a_scoreboard() -> None:
    with pytest.raises(FeedShapeError, match="scoreboard"):
        schedule.read_scoreboard(STATS, sample("stats_nba/iststandings.json"))


def test_the_plays_of_stats_end_at_the_final_score() -> None:
    batch = plays.read_plays(STATS, sample("stats_nba/playbyplayv3.json"), "0022400001")
    scores = batch.tables["scores"]
    assert dict(batch.rejected) == {}
    assert (scores["home_score"][-1], scores["away_score"][-1]) == (116, 117)
    assert len(scores["seq"]) > 100


def test_the_plays_of_the_cdn_keep_the_score_and_the_clock() -> None:
    scores = plays.read_plays(CDN, sample("cdn_nba/playbyplay_sample.json"), "0022000180").tables["scores"]
    assert [scores[name] for name in ("period", "seconds_left", "home_score", "away_score")] == [[1], [653], [72], [68]]


def test_the_scoreboard_of_stats_has_every_game_with_its_score() -> None:
    day, parsed = schedule.read_scoreboard(STATS, sample("stats_nba/scoreboardv3.json"))
    assert (day, len(parsed.rows), dict(parsed.rejected)) == (date(2025, 11, 5), 11, {})
    assert {game.status for game in parsed.rows} == {GameStatus.FINAL}
    assert all(game.tip_utc is not None and game.neutral is False for game in parsed.rows)


def test_the_scoreboard_of_the_cdn_tells_games_in_progress_from_final_ones() -> None:
    day, parsed = schedule.read_scoreboard(CDN, sample("cdn_nba/todaysScoreboard_00.json"))
    states = {game.game_id: (game.status, game.home_points) for game in parsed.rows}
    assert day == date(2023, 4, 20)
    assert states["0042200123"] == (GameStatus.FINAL, 97)
    assert states["0042200163"] == (GameStatus.SCHEDULED, None)
    assert {game.season_type for game in parsed.rows} == {SeasonType.PLAYOFFS}
    assert {game.neutral for game in parsed.rows} == {None}


def test_the_older_scoreboard_of_the_cdn_is_read_too() -> None:
    day, parsed = schedule.read_scoreboard(CDN, sample("cdn_nba/scoreboard_sample.json"))
    assert (day, [game.home_points for game in parsed.rows]) == (date(2021, 1, 15), [106])
    assert parsed.rows[0].tip_utc == datetime.fromisoformat("2021-01-16T00:30:00Z")


def test_the_schedule_of_the_cdn_counts_its_pre_season_game_and_has_no_other_season() -> None:
    payload = sample("cdn_nba/scheduleLeagueV2_TRIMMED_1game_TRANSCRIBED.json")
    parsed = schedule.read_schedule(CDN, payload, 2025)
    assert (parsed.rows, dict(parsed.rejected)) == ((), {"pre-season game: not counted": 1})
    with pytest.raises(FeedMissingError, match="2025-26 only"):
        schedule.read_schedule(CDN, payload, 2024)


def test_the_sample_of_odds_is_not_taken_for_a_box_score() -> None:
    with pytest.raises(FeedShapeError):
        boxes.read_live_box(CDN, sample("cdn_nba/odds_sample.json"), "0022400913")


def test_a_scoreboard_of_an_evening_shows_its_games_as_they_stood() -> None:
    board = live.read_live_scoreboard(CDN, sample("cdn_nba/todaysScoreboard_00.json"))
    assert board.league_day == date(2023, 4, 20)
    stands = {one.game_id: (one.status, one.period, one.seconds_left, one.home, one.away) for one in board.games}
    assert stands == {
        "0042200163": (LiveStatus.LIVE, 2, 435, 39, 30),
        "0042200173": (LiveStatus.LIVE, 1, 365, 10, 12),
        "0042200123": (LiveStatus.FINAL, 4, 0, 97, 102),
    }


def test_the_course_of_a_recorded_game_ends_at_its_score_and_agrees_with_its_timeline() -> None:
    payload = sample("stats_nba/playbyplayv3.json")
    game_id = payload["game"]["gameId"]
    course = live.read_live_plays(STATS, payload, game_id)
    columns = plays.read_plays(STATS, payload, game_id).tables["scores"]
    assert [(one.period, one.home, one.away) for one in course.scores] == list(
        zip(columns["period"], columns["home_score"], columns["away_score"], strict=True)
    )
    assert all(
        one.seconds_left - told in (0, 1) for one, told in zip(course.scores, columns["seconds_left"], strict=True)
    )
    assert (course.period, course.seconds_left, course.possession) == (4, 0, 0)
    assert (course.scores[-1].home, course.scores[-1].away) == (116, 117)


def test_an_action_of_the_cdn_is_read_with_who_has_the_ball() -> None:
    orlando = 1610612753
    course = live.read_live_plays(CDN, sample("cdn_nba/playbyplay_sample.json"), "0022000180", orlando)
    assert (course.scores, course.possession) == ((Score(1, 653, 72, 68),), 1)
