"""The rows that monitoring judges are the rows that training would see."""

from datetime import date
from pathlib import Path

import pytest

from engine.engine import Engine
from engine.models.training import build_training_set
from engine.monitoring.drift import HISTORY, STEP, WINDOW
from engine.monitoring.game import _rows_since
from engine.predictions.state import StateKeeper
from engine.store import games
from engine.store.database import Database


@pytest.mark.parametrize("today", [date(2025, 2, 3), date(2025, 3, 1), date(2025, 4, 10)])
def test_rows_of_a_window_are_the_training_rows_even_where_it_begins_within_a_day(engine: Engine, today: date) -> None:
    database = Database(engine.home / "nbabot.db")
    keeper = StateKeeper(database, Path("nothing shipped"))
    trained = build_training_set(games.played_games(database, before=today))
    rows = _rows_since(database, keeper, date(2024, 1, 1), today)
    wanted = WINDOW + (HISTORY - 1) * STEP
    assert wanted <= len(rows) < wanted + 15
    assert rows.tolist() == trained.x[-len(rows) :].tolist()
