"""What a synchronisation fetches, stores and says, on a season that moves on day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import FeedDownError, FeedEmptyError, FeedMissingError, FeedPausedError, FeedShapeError
from engine.core.records import GameStatus
from engine.sources.feed import CDN, STATS
from engine.store import corrections, games, picks
from engine.store import sync as memory
from engine.store.state import changed_from

NOVEMBER = date(2024, 11, 1)


def said(report: Any) -> tuple[str, int, int, int]:
    return report.state, report.new, report.changed, report.unchanged


def test_the_first_run_fetches_the_schedule_and_every_result_so_far(season: Any) -> None:
    season.feed.today = NOVEMBER
    reports = season.sync()
    assert list(reports) == ["schedule", "results", "players", "odds", "injuries"]
    assert said(reports["schedule"]) == ("done", 60, 0, 0)
    assert said(reports["results"]) == ("done", 30 * 6, 0, 0)
    assert reports["odds"].state == "skipped"
    assert reports["results"].source == STATS
    assert season.results() == 30
    assert changed_from(season.database) == date(2024, 10, 22)


def test_a_second_run_asks_for_nothing_that_cannot_have_changed(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    again = season.sync()
    assert again["results"].state == again["players"].state == "skipped"
    assert "boxes" not in season.feed.asked
    assert again["schedule"].unchanged == 60


def test_the_next_day_brings_last_nights_games_in_few_calls(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    season.feed.today += timedelta(days=1)
    reports = season.sync("schedule", "results", "players")
    assert Counter(season.feed.asked) == {"schedule": 1, "boxes": 1, "players": 1}
    assert [report.calls for report in reports.values()] == [1, 1, 1]
    assert reports["results"].new == 3 * 6
    assert season.results() == 33


def test_a_late_correction_replaces_the_rows_and_stands_on_record(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    season.feed.today += timedelta(days=1)
    game = "0022400028"
    row, other = season.feed.rows[game]
    row |= {"FGM": row["FGM"] - 1, "PTS": row["PTS"] - 2, "PLUS_MINUS": row["PLUS_MINUS"] - 2}
    other["PLUS_MINUS"] += 2
    reports = season.sync("results")
    assert reports["results"].changed > 0
    found = corrections.recent(season.database, datetime.now().astimezone(), 50)
    assert {one.game_id for one in found} == {game}
    by_what = {one.what: one for one in found}
    assert by_what["game"].changes == {"home_points": (127, 125)}
    assert by_what["team box"].changes == {"pts": (127, 125), "fgm": (row["FGM"] + 1, row["FGM"])}
    assert by_what["team box"].who == "Boston Celtics"


def test_a_correction_that_turns_a_result_turns_the_pick(season: Any, engine_picks: Any) -> None:
    season.feed.today = NOVEMBER
    game = engine_picks(season)
    season.sync()
    assert picks.grade(season.database, noon_of(NOVEMBER)) == 1
    row, other = season.feed.rows[game]
    for name in ("WL", "PTS", "FGM", "FTM", "FG3M", "PLUS_MINUS"):
        row[name], other[name] = other[name], row[name]
    season.feed.today += timedelta(days=1)
    season.sync("results")
    assert picks.grade(season.database, noon_of(season.feed.today)) == 1


def test_on_the_cdn_games_are_fetched_day_by_day_so_that_little_is_lost_by_a_kill(season: Any) -> None:
    season.feed.name = CDN
    season.feed.today = NOVEMBER
    season.sync("schedule", "results")
    assert season.results() == 30
    assert season.feed.asked == ["schedule", *["boxes"] * 10]


def test_on_the_cdn_a_night_of_fifteen_games_asks_for_eighteen_and_old_ones_take_turns(busy: Any) -> None:
    busy.feed.name = CDN
    busy.feed.today = date(2024, 10, 25)
    busy.sync("schedule", "results")
    for day in range(1, 4):
        busy.feed.today = date(2024, 10, 25) + timedelta(days=day)
        busy.sync("schedule", "results")
        asked = memory.cursors(busy.database, "results")
        assert sum(moment == noon_of(busy.feed.today) for moment in asked.values()) == 18
    assert busy.results() == 90


def test_games_without_their_player_rows_are_asked_for_until_they_have_them(season: Any) -> None:
    season.feed.today = date(2024, 10, 24)
    season.feed.without_players = {"0022400001"}
    first = season.sync("schedule", "results")
    assert first["results"].state == "failed"
    assert "0022400001" in first["results"].detail
    assert season.results() == 6
    season.feed.without_players = set()
    assert season.sync("results")["results"].new == 4
    assert season.sync("results")["results"].state == "skipped"


def test_a_missing_game_fails_the_task_by_name_keeps_the_others_and_heals(season: Any) -> None:
    season.feed.today = date(2024, 10, 24)
    season.feed.lost = {"0022400002"}
    broken = season.sync("schedule", "results")["results"]
    assert (broken.state, broken.new) == ("failed", 5 * 6)
    assert broken.detail.startswith("stats.nba.com sent no whole box score of 1 final game (0022400002):")
    season.feed.lost = set()
    assert season.sync("results")["results"].new == 6


def test_a_feed_that_is_down_stops_its_task_only(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.feed.errors = {"schedule": FeedDownError(STATS, "stats.nba.com is down: try again later.")}
    reports = season.sync()
    assert (reports["schedule"].state, reports["schedule"].calls) == ("failed", 1)
    assert reports["results"].state == "done"
    assert season.results() == 30
    season.feed.errors = {}
    assert said(season.sync("schedule")["schedule"]) == ("done", 30, 30, 0)


def test_an_empty_schedule_is_never_taken_for_no_games(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync("schedule")
    season.feed.errors = {"schedule": FeedEmptyError(STATS, "an empty schedule")}
    assert season.sync("schedule")["schedule"].state == "failed"
    assert len(games.season_of_games(season.database, 2024)) == 60


def test_before_the_schedule_is_published_there_is_nothing_to_do_and_nothing_fails(league: Any) -> None:
    league.feed.today = date(2024, 7, 5)
    reports = league.sync("schedule", "results")
    assert reports["schedule"].detail == "the schedule of 2024-25 is not published yet"
    assert {report.state for report in reports.values()} == {"skipped"}
    league.feed.today = date(2024, 10, 2)
    assert league.sync("schedule")["schedule"].state == "failed"


def test_at_the_turn_of_the_season_the_old_one_is_finished_and_the_new_one_begun(season: Any) -> None:
    season.feed.today = date(2024, 10, 24)
    season.sync()
    last = season.feed.play("0042400407", date(2025, 6, 22))
    season.feed.today = date(2025, 6, 21)
    season.sync()
    season.feed.play("0022500001", date(2025, 10, 21))
    season.feed.today = date(2025, 7, 1)
    season.sync()
    assert games.season_of_games(season.database, 2025) == {"0022500001"}
    assert last in games.season_of_games(season.database, 2024)
    assert season.results() == 61


def test_a_postponed_game_is_no_failure_and_its_result_comes_with_the_new_day(season: Any) -> None:
    season.feed.today = date(2024, 10, 23)
    season.sync()
    game = "0022400004"
    season.feed.listed[game] = _changed(season.feed.listed[game], status=GameStatus.POSTPONED)
    season.feed.today = date(2024, 10, 25)
    assert season.sync("schedule", "results")["results"].state == "done"
    moved = date(2024, 10, 30)
    season.feed.listed[game] = _changed(season.feed.listed[game], status=GameStatus.SCHEDULED, league_day=moved)
    for row in season.feed.rows[game]:
        row["GAME_DATE"] = moved.isoformat()
    season.feed.today = date(2024, 10, 31)
    season.sync("schedule", "results")
    found = games.games_on(season.database, moved, date(2024, 11, 30))
    assert game in {one.game_id for one in found if one.status is GameStatus.FINAL}


def test_a_game_that_was_put_off_voids_the_pick_for_its_day(season: Any, engine_picks: Any) -> None:
    season.feed.today = date(2024, 10, 31)
    game = engine_picks(season)
    season.feed.listed[game] = _changed(season.feed.listed[game], league_day=date(2024, 12, 1))
    season.feed.today = NOVEMBER
    season.sync("schedule")
    assert picks.grade(season.database, noon_of(NOVEMBER)) == 1
    assert season.database.row("SELECT outcome FROM picks")["outcome"] == "void"


def test_a_list_of_players_that_the_feed_does_not_have_is_no_failure(season: Any) -> None:
    season.feed.today = NOVEMBER
    for error in (FeedMissingError(CDN, "no list."), FeedPausedError(STATS, "left alone.")):
        season.feed.errors = {"players": error}
        assert season.sync("players")["players"].state == "skipped"


def test_a_past_season_that_is_stored_whole_is_left_alone(season: Any) -> None:
    season.feed.today = date(2026, 1, 5)
    season.sync("schedule", "results", seasons=(2024,))
    assert season.results() == 60
    reports = season.sync("schedule", "results", seasons=(2024,))
    assert season.feed.asked == []
    assert {report.state for report in reports.values()} == {"skipped"}


def test_one_day_can_be_looked_at_again(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    report = season.sync("results", day=date(2024, 10, 25))["results"]
    assert said(report) == ("done", 0, 0, 3 * 6)


def test_a_day_of_a_season_that_is_not_stored_is_not_taken_for_a_day_without_games(league: Any) -> None:
    league.feed.today = NOVEMBER
    report = league.sync("results", day=date(2024, 10, 25))["results"]
    assert report.state == "failed"
    assert report.detail == "The games of 2024-10-25 are not known: run nbabot sync without --only."


def test_a_shape_error_in_one_season_does_not_stop_the_next(season: Any) -> None:
    season.feed.today = date(2024, 10, 24)
    season.feed.play("0022300001", date(2023, 10, 24))
    season.feed.errors = {"season_boxes": FeedShapeError(STATS, "another format")}
    season.sync("schedule", seasons=(2023, 2024))
    report = season.sync("results", seasons=(2022, 2023, 2024))["results"]
    assert (report.state, report.detail) == ("failed", "another format")
    assert season.results() == 7


def test_timelines_come_only_when_asked_for_and_stop_after_some_failures(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    assert "plays" not in season.feed.asked
    report = season.sync("plays")["plays"]
    assert report.state == "failed"
    assert season.feed.asked == ["plays"] * 5


def test_reports_are_kept(season: Any) -> None:
    season.feed.today = NOVEMBER
    kept = season.sync()
    found = {one.task: one for one in memory.newest_reports(season.database)}
    assert {task: said(one) for task, one in found.items()} == {task: said(one) for task, one in kept.items()}
    assert found["odds"].detail == kept["odds"].detail
    assert memory.last_good(season.database, "results") == found["results"].started
    assert memory.last_good(season.database, "plays") is None


def _changed(game: Any, **values: Any) -> Any:
    from dataclasses import replace

    return replace(game, **values)


@pytest.fixture
def engine_picks(season: Any) -> Any:
    """Publishes a pick on the home side of the last game of October; returns its id."""

    def publish(league: Any) -> str:
        league.sync("schedule")
        game = "0022400030"
        row = league.database.row("SELECT * FROM games WHERE game_id = ?", (game,))
        with league.database.write() as connection:
            connection.execute(
                """INSERT INTO picks (game_id, league_day, home_id, away_id, neutral, home_win_prob, margin, total,
                       drivers, notes, model, published_at)
                   VALUES (?, ?, ?, ?, 0, 0.7, 5, 210, '[]', '[]', 'm@1', ?)""",
                (game, row["league_day"], row["home_id"], row["away_id"], "2024-10-30T15:00:00.000+00:00"),
            )
        return game

    return publish
