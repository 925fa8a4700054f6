"""Published picks: frozen when they are published, graded when the result is known, never removed."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime

from engine.core.records import ClosingLine, Driver, GameForecast, Outcome, Pick
from engine.store.database import Database

_PICKS = """
SELECT p.*, g.home_points, g.away_points, g.status AS game_status, c.spread, c.total AS line_total,
       c.moneyline_home, c.moneyline_away
FROM picks p JOIN games g ON g.game_id = p.game_id LEFT JOIN closing_lines c ON c.game_id = p.game_id
"""


def publish(database: Database, forecasts: list[GameForecast]) -> int:
    """Freeze forecasts as picks; a game that has a pick keeps it. Returns how many were new."""
    rows = [
        (
            one.game_id,
            one.league_day.isoformat(),
            one.home_id,
            one.away_id,
            int(one.neutral),
            one.home_win_prob,
            one.margin,
            one.total,
            json.dumps([[driver.text, driver.points] for driver in one.drivers]),
            one.model,
            one.as_of.isoformat(),
            one.data_through.isoformat() if one.data_through else None,
        )
        for one in forecasts
    ]
    with database.write() as connection:
        before = connection.total_changes
        connection.executemany(
            """INSERT OR IGNORE INTO picks (game_id, league_day, home_id, away_id, neutral, home_win_prob, margin,
                   total, drivers, model, published_at, data_through) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
        return connection.total_changes - before


def picks_between(database: Database, first: date, last: date, today: date) -> tuple[Pick, ...]:
    """Picks of the league days first..last, as known on `today`: later outcomes show as pending."""
    rows = database.rows(
        f"{_PICKS} WHERE p.league_day BETWEEN ? AND ? ORDER BY p.league_day, p.game_id",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(_pick(row, today) for row in rows)


def count(database: Database) -> int:
    """How many picks have ever been published."""
    row = database.row("SELECT count(*) AS n FROM picks")
    return int(row["n"]) if row else 0


def forecasts_on(database: Database, day: date) -> dict[str, GameForecast]:
    """The forecasts behind a day's picks as they were published, by game id."""
    rows = database.rows("SELECT * FROM picks WHERE league_day = ?", (day.isoformat(),))
    return {row["game_id"]: _forecast(row) for row in rows}


def grade(database: Database, today: date, moment: datetime) -> int:
    """Settle pending picks whose result is known on `today`; a game that was never played is void. Returns how many."""
    with database.write() as connection:
        done = connection.execute(
            """UPDATE picks SET graded_at = :moment, outcome = (
                   SELECT CASE WHEN g.status <> 'final' THEN 'void'
                               WHEN (g.home_points > g.away_points) = (picks.home_win_prob >= 0.5) THEN 'hit'
                               ELSE 'miss' END
                   FROM games g WHERE g.game_id = picks.game_id)
               WHERE outcome = 'pending' AND league_day < :today AND EXISTS (
                   SELECT 1 FROM games g WHERE g.game_id = picks.game_id
                   AND g.status IN ('final', 'cancelled', 'postponed'))""",
            {"moment": moment.isoformat(), "today": today.isoformat()},
        )
        return done.rowcount


def _pick(row: sqlite3.Row, today: date) -> Pick:
    day = date.fromisoformat(row["league_day"])
    known = day < today and row["outcome"] != Outcome.PENDING
    line = ClosingLine(row["game_id"], row["spread"], row["line_total"], row["moneyline_home"], row["moneyline_away"])
    return Pick(
        game_id=row["game_id"],
        league_day=day,
        home_id=row["home_id"],
        away_id=row["away_id"],
        home_win_prob=row["home_win_prob"],
        margin=row["margin"],
        total=row["total"],
        model=row["model"],
        published_at=datetime.fromisoformat(row["published_at"]),
        outcome=Outcome(row["outcome"]) if known else Outcome.PENDING,
        home_points=row["home_points"] if known else None,
        away_points=row["away_points"] if known else None,
        closing=line if known and row["moneyline_home"] is not None else None,
    )


def _forecast(row: sqlite3.Row) -> GameForecast:
    return GameForecast(
        home_id=row["home_id"],
        away_id=row["away_id"],
        league_day=date.fromisoformat(row["league_day"]),
        neutral=bool(row["neutral"]),
        scheduled=True,
        home_win_prob=row["home_win_prob"],
        margin=row["margin"],
        total=row["total"],
        drivers=tuple(Driver(text, points) for text, points in json.loads(row["drivers"])),
        model=row["model"],
        as_of=datetime.fromisoformat(row["published_at"]),
        data_through=date.fromisoformat(row["data_through"]) if row["data_through"] else None,
        game_id=row["game_id"],
    )
