"""How finished games stood minute by minute: kept once, in step with their timelines and results."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.sources.files import Batch, Kind
from engine.store import facts, minutes, upserts
from engine.store.database import Database

DAY = date(2025, 1, 15)
COURSE = ((1, 700, 0, 2), (1, 600, 5, 2), (1, 30, 28, 25), (2, 1, 50, 55), (3, 9, 80, 80), (4, 0, 101, 101))
OVERTIME = (5, 0, 112, 109)
GAME = "0022400001"


def play(database: Database, game_id: str, course: tuple[tuple[int, int, int, int], ...], day: date = DAY) -> None:
    """A finished game whose result is the last of its scores."""
    with database.write() as connection:
        connection.execute(
            "INSERT INTO games (game_id, season, season_type, league_day, home_id, away_id, status, home_points, "
            "away_points) VALUES (?, 2024, 'regular', ?, 1, 2, 'final', ?, ?)",
            (game_id, day.isoformat(), *course[-1][2:]),
        )
    deliver(database, game_id, course)


def deliver(database: Database, game_id: str, course: tuple[tuple[int, int, int, int], ...]) -> None:
    """The timeline as a feed or a file brings it."""
    rows = [(game_id, seq, *score) for seq, score in enumerate(course, start=1)]
    with database.write() as connection:
        columns = dict(zip(upserts.SCORES.columns, map(list, zip(*rows, strict=True)), strict=True))
        facts.write(connection, Batch(Kind.TIMELINE, (2024,), len(rows), {"scores": columns}))


def kept(database: Database) -> dict[str, list[int]]:
    return {one.game_id: array("b", one.margins).tolist() for one in minutes.kept(database)}


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "nbabot.db")
    play(database, GAME, (*COURSE, OVERTIME))
    yield database
    database.close()


def test_a_minute_stands_as_the_last_score_by_its_end_and_overtime_counts_in_the_final_margin_alone(
    stored: Database,
) -> None:
    assert minutes.waiting(stored) == [GAME]
    assert minutes.keep(stored, [GAME]) == 1
    (one,) = minutes.kept(stored)
    margins = array("b", one.margins).tolist()
    assert margins == [-2, *[3] * 22, *[-5] * 12, *[0] * 13]
    assert (one.league_day, one.final_margin) == (DAY, 3)
    assert minutes.waiting(stored) == []
    assert minutes.keep(stored, [GAME]) == 0


def test_games_that_end_elsewhere_or_are_not_over_or_do_not_count_are_not_kept(stored: Database) -> None:
    for number, change in enumerate(("home_points = 111", "status = 'scheduled'", "season_type = 'all-star'"), start=2):
        play(stored, f"002240000{number}", COURSE)
        with stored.write() as connection:
            connection.execute(f"UPDATE games SET {change} WHERE game_id = ?", (f"002240000{number}",))
    assert minutes.waiting(stored) == [GAME]
    assert minutes.keep(stored, ["0022400002", "0022400003", "0022400004"]) == 0


def test_a_lead_beyond_a_signed_byte_is_clipped(stored: Database) -> None:
    play(stored, "0022400002", ((1, 0, 0, 140), (4, 0, 10, 150)))
    minutes.keep(stored, minutes.waiting(stored))
    assert set(kept(stored)["0022400002"]) == {0, -127}


def test_a_new_timeline_drops_what_was_read_from_the_old_one_and_an_equal_one_does_not(stored: Database) -> None:
    minutes.keep(stored, [GAME])
    before = minutes.version(stored)
    deliver(stored, GAME, (*COURSE, OVERTIME))
    assert GAME in kept(stored)
    assert minutes.version(stored) == before
    deliver(stored, GAME, (*COURSE[1:], OVERTIME))
    assert (kept(stored), minutes.waiting(stored)) == ({}, [GAME])
    minutes.keep(stored, [GAME])
    assert kept(stored)[GAME][:2] == [0, 3]
    assert minutes.version(stored) not in ("", before)


def test_a_timeline_that_only_grows_shorter_drops_it_too(stored: Database) -> None:
    minutes.keep(stored, [GAME])
    deliver(stored, GAME, COURSE)
    assert (kept(stored), minutes.waiting(stored)) == ({}, [])  # it no longer ends at the result


def test_a_corrected_result_drops_what_was_read_before_it(stored: Database) -> None:
    minutes.keep(stored, [GAME])
    row = (GAME, 2024, "regular", DAY.isoformat(), 1, 2, 0, 113, 109, 1, "final")
    with stored.write() as connection:
        upserts.upsert(connection, upserts.GAMES, [row])
    assert (kept(stored), minutes.waiting(stored)) == ({}, [])


def test_a_write_that_fails_keeps_what_was_known(stored: Database) -> None:
    minutes.keep(stored, [GAME])
    with pytest.raises(RuntimeError), stored.write() as connection:
        minutes.forget(connection, [GAME])
        raise RuntimeError
    assert GAME in kept(stored)


def test_games_come_oldest_first(stored: Database) -> None:
    play(stored, "0022400009", COURSE[:-1], date(2024, 12, 1))
    play(stored, "0022400002", (*COURSE, OVERTIME), date(2025, 2, 1))
    minutes.keep(stored, minutes.waiting(stored))
    assert [one.game_id for one in minutes.kept(stored)] == ["0022400009", GAME, "0022400002"]
