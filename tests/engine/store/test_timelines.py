"""How games went: read back as stored, period by period, and only once the result may be known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.timelines import Score, Timeline, period_name
from engine.store.database import Database
from engine.store.games import games_per_day
from engine.store.timelines import timeline

DAY = date(2025, 1, 15)
SCORES = ((1, 700, 0, 2), (1, 30, 28, 25), (2, 1, 50, 55), (3, 9, 80, 80), (4, 0, 101, 101), (5, 0, 112, 109))


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "nbabot.db")
    with database.write() as connection:
        connection.execute(
            "INSERT INTO games (game_id, season, season_type, league_day, home_id, away_id, status, home_points, "
            "away_points) VALUES ('0022400001', 2024, 'regular', ?, 1, 2, 'final', 112, 109)",
            (DAY.isoformat(),),
        )
        rows = [("0022400001", seq, *score) for seq, score in enumerate(SCORES)]
        connection.executemany("INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?)", rows)
    yield database
    database.close()


def test_a_game_is_told_in_order_and_adds_up_to_its_result(stored: Database) -> None:
    found = timeline(stored, "0022400001", DAY + timedelta(days=1))
    assert found.scores == tuple(Score(*score) for score in SCORES)
    assert found.periods == ((28, 25), (22, 30), (30, 25), (21, 21), (11, 8))
    assert [score.played for score in found.scores] == [20, 690, 1439, 2151, 2880, 3180]
    assert found.scores[2].margin == -5


def test_a_game_of_today_or_unheard_of_has_no_timeline_yet(stored: Database) -> None:
    assert timeline(stored, "0022400001", DAY) == Timeline("0022400001")
    assert timeline(stored, "0022400002", DAY + timedelta(days=9)).periods == ()


def test_a_period_without_a_change_of_score_has_no_points_and_overtimes_are_named() -> None:
    assert Timeline("g", (Score(1, 0, 20, 10), Score(3, 0, 30, 15))).periods == ((20, 10), (0, 0), (10, 5))
    assert [period_name(period) for period in (1, 4, 5, 6)] == ["Q1", "Q4", "OT", "2OT"]


def test_days_with_games_are_counted_and_what_does_not_count_is_left_out(stored: Database) -> None:
    rows = [("0022400002", "regular", DAY), ("0042400001", "playoffs", date(2025, 4, 20)), ("3", "all-star", DAY)]
    with stored.write() as connection:
        connection.executemany(
            "INSERT INTO games (game_id, season, season_type, league_day, home_id, away_id, status) "
            "VALUES (?, 2024, ?, ?, 3, 4, 'scheduled')",
            [(game_id, kind, day.isoformat()) for game_id, kind, day in rows],
        )
    assert games_per_day(stored) == {DAY: 2, date(2025, 4, 20): 1}
