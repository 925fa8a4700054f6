"""Published picks: frozen when they are published, graded when the result is known, never removed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from datetime import date, datetime

from engine.core.calendar import league_day
from engine.core.outlooks import PlayerOutlook
from engine.core.records import ClosingLine, Driver, GameForecast, Outcome, Pick, Range
from engine.store.database import Database, utc_text

INTERVALS = ("margin_50", "margin_80", "total_50", "total_80")
"""The intervals of a forecast that are kept with its pick."""
_PICKS = """
SELECT p.*, g.home_id AS game_home_id, g.home_points, g.away_points,
       c.spread, c.total AS line_total, c.moneyline_home, c.moneyline_away
FROM picks p JOIN games g ON g.game_id = p.game_id LEFT JOIN closing_lines c ON c.game_id = p.game_id
WHERE p.league_day BETWEEN ? AND ? AND p.published_at <= ? ORDER BY p.league_day, p.game_id
"""
_SETTLE = """
UPDATE picks SET graded_at = :now, outcome = judged.outcome FROM (
    SELECT p.game_id, p.league_day, CASE
        WHEN g.league_day <> p.league_day OR g.status IN ('cancelled', 'postponed') THEN 'void'
        WHEN g.status <> 'final' OR g.league_day >= :today THEN 'pending'
        WHEN ((g.home_points > g.away_points) = (g.home_id = p.home_id)) = (p.home_win_prob >= 0.5) THEN 'hit'
        ELSE 'miss' END AS outcome
    FROM picks p JOIN games g ON g.game_id = p.game_id WHERE p.league_day < :today AND p.published_at <= :now
) AS judged
WHERE judged.game_id = picks.game_id AND judged.league_day = picks.league_day AND judged.outcome <> picks.outcome
"""


def publish(database: Database, forecasts: list[GameForecast]) -> int:
    """Freeze forecasts as picks; a game that has a pick for its day keeps it. Returns how many were new."""
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
            json.dumps(one.notes),
            one.model,
            utc_text(one.as_of),
            one.data_through.isoformat() if one.data_through else None,
            json.dumps({name: getattr(one, name) for name in INTERVALS}),
            json.dumps([asdict(outlook) for outlook in one.availability]),
            json.dumps(asdict(one.line)) if one.line else None,
        )
        for one in forecasts
    ]
    with database.write() as connection:
        before = connection.total_changes
        connection.executemany(
            """INSERT OR IGNORE INTO picks (game_id, league_day, home_id, away_id, neutral, home_win_prob, margin,
                   total, drivers, notes, model, published_at, data_through, intervals, availability,
                   line)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
        return connection.total_changes - before


def picks_between(database: Database, first: date, last: date, now: datetime) -> tuple[Pick, ...]:
    """Picks of the league days first..last that were published by `now`; outcomes not known then show as pending."""
    rows = database.rows(_PICKS, (first.isoformat(), last.isoformat(), utc_text(now)))
    return tuple(_pick(row, league_day(now)) for row in rows)


def count(database: Database, now: datetime) -> int:
    """How many picks had been published by `now`."""
    row = database.row("SELECT count(*) AS n FROM picks WHERE published_at <= ?", (utc_text(now),))
    return int(row["n"]) if row else 0


def forecasts_on(database: Database, day: date, now: datetime) -> dict[str, GameForecast]:
    """The forecasts behind a day's picks as they were published by `now`, by game id."""
    rows = database.rows(
        "SELECT * FROM picks WHERE league_day = ? AND published_at <= ?", (day.isoformat(), utc_text(now))
    )
    return {row["game_id"]: _forecast(row) for row in rows}


def grade(database: Database, now: datetime) -> int:
    """Settle every pick by what is known at `now`, those graded before too, since results are corrected at times.

    A game that was not played on the pick's day voids it. Returns how many outcomes changed.
    """
    with database.write() as connection:
        return connection.execute(_SETTLE, {"now": utc_text(now), "today": league_day(now).isoformat()}).rowcount


def _pick(row: sqlite3.Row, today: date) -> Pick:
    day = date.fromisoformat(row["league_day"])
    outcome = Outcome(row["outcome"]) if day < today else Outcome.PENDING
    settled = outcome in (Outcome.HIT, Outcome.MISS)
    points = (row["home_points"], row["away_points"]) if settled else (None, None)
    line = ClosingLine(row["game_id"], row["spread"], row["line_total"], row["moneyline_home"], row["moneyline_away"])
    kept = _intervals(row)
    same_sides = row["game_home_id"] == row["home_id"]
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
        outcome=outcome,
        home_points=points[0] if same_sides else points[1],
        away_points=points[1] if same_sides else points[0],
        closing=line if settled and same_sides and row["moneyline_home"] is not None else None,
        margin_80=kept.get("margin_80"),
        total_80=kept.get("total_80"),
        line=_line(row),
    )


def _forecast(row: sqlite3.Row) -> GameForecast:
    kept = _intervals(row)
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
        notes=tuple(json.loads(row["notes"])),
        game_id=row["game_id"],
        margin_50=kept.get("margin_50"),
        margin_80=kept.get("margin_80"),
        total_50=kept.get("total_50"),
        total_80=kept.get("total_80"),
        availability=tuple(PlayerOutlook(**one) for one in json.loads(row["availability"])),
        line=_line(row),
    )


def _line(row: sqlite3.Row) -> ClosingLine | None:
    """What the market said when the pick was published."""
    return ClosingLine(**json.loads(row["line"])) if row["line"] else None


def _intervals(row: sqlite3.Row) -> dict[str, Range]:
    """The intervals published with a pick; those from before there were any have none."""
    stored = json.loads(row["intervals"] or "{}")
    return {name: (stored[name][0], stored[name][1]) for name in INTERVALS if stored.get(name)}
