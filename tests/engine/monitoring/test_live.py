"""The record of forecasts of games under way: whose, of which games, and by how much time was left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.live import LiveNumbers, Moment, Pregame
from engine.core.live_games import HalftimeNumbers, LiveForecast, LiveState, LiveStatus
from engine.monitoring.live import live_record
from engine.store import live, live_forecasts
from engine.store.database import Database

FIRST = date(2025, 1, 10)
NUMBERS = LiveNumbers(0.8, 5.0, (-4.0, 14.0), (-9.0, 19.0))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "nbabot.db")
    yield found
    found.close()


def play(database: Database, day: date, model: str, *moments: Moment, final_margin: int = 4) -> None:
    """A game of a day that the home side won, and what a model said of it at these moments."""
    tip = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    end = Moment(4, 0, 100 + final_margin, 100)
    game_id = f"00224{day.toordinal() % 100000:05}"
    live.keep(database, LiveState(game_id, day, 1, 2, tip, LiveStatus.FINAL, end, "Final", tip, tip), ())
    half = HalftimeNumbers(3.0, (-2.0, 8.0), (-6.0, 12.0))
    for minute, one in enumerate(moments):
        at = tip + timedelta(minutes=minute)
        said = LiveForecast(game_id, one, Pregame(0.6, 3.0), NUMBERS, f"live-{model}", at, half, f"halftime-{model}")
        live_forecasts.log(database, (said,))
    with database.write() as connection:
        connection.execute("UPDATE live_forecasts SET final_margin = ? WHERE game_id = ?", (final_margin, game_id))
        connection.execute("UPDATE halftime_forecasts SET halftime_margin = 3 WHERE game_id = ?", (game_id,))


def test_the_record_of_a_past_day_is_that_of_the_model_that_spoke_then(database: Database):
    play(database, FIRST, "old@1.0.0", Moment(2, 300))
    play(database, FIRST + timedelta(days=5), "new@1.0.0", Moment(2, 300), Moment(2, 200))
    then = live_record(database, FIRST + timedelta(days=1), 300)
    assert (then.model, then.games, then.last_day) == ("live-old@1.0.0", 1, FIRST)
    assert then.halftime is not None
    assert then.halftime.n == 1
    now = live_record(database, FIRST + timedelta(days=6), 300)
    assert (now.model, sum(band.n for band in now.bands)) == ("live-new@1.0.0", 2)
    assert live_record(database, FIRST, 300).model == ""


def test_forecasts_are_counted_in_the_bands_that_their_intervals_were_fitted_for(database: Database):
    edges = (Moment(1, 720), Moment(1, 0), Moment(2, 0), Moment(3, 0), Moment(4, 300), Moment(4, 0), Moment(5, 300))
    play(database, FIRST, "one@1.0.0", *edges)
    bands = live_record(database, FIRST + timedelta(days=1), 300).bands
    assert [(band.left, band.n) for band in bands] == [
        ((0, 300), 3),
        ((300, 720), 1),
        ((720, 1440), 1),
        ((1440, 2160), 1),
        ((2160, 2880), 1),
    ]


def test_only_the_last_games_count(database: Database):
    for days in range(3):
        play(database, FIRST + timedelta(days=days), "one@1.0.0", Moment(2, 300), Moment(3, 300))
    record = live_record(database, FIRST + timedelta(days=9), 2)
    assert (record.games, record.first_day) == (2, FIRST + timedelta(days=1))
    assert [band.n for band in record.bands] == [2, 2]
