"""What synchronisation remembers: what became of each task, and how far each one came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from engine.core.records import Game
from engine.core.sync_reports import SyncTask
from engine.store.database import Database, utc_text
from engine.store.games import game_of

_MONTH = timedelta(days=31)
_PUT = "INSERT INTO sync_cursors (task, subject, moment) VALUES (?, ?, ?)"
_NEWEST = "SELECT * FROM sync_tasks WHERE id IN (SELECT max(id) FROM sync_tasks GROUP BY task) ORDER BY id DESC"
_DUE = """
SELECT g.* FROM games g WHERE g.season = :season AND g.league_day BETWEEN :first AND :last AND (
    g.status = 'scheduled'
    OR g.status = 'final' AND NOT EXISTS (SELECT 1 FROM player_boxes b WHERE b.game_id = g.game_id)
) ORDER BY g.league_day, g.game_id
"""
_FINAL = """
SELECT * FROM games WHERE season = :season AND league_day BETWEEN :first AND :last AND status = 'final'
ORDER BY league_day, game_id
"""
_WITHOUT_PLAYS = """
SELECT g.* FROM games g WHERE g.season = :season AND g.league_day BETWEEN :first AND :last AND g.status = 'final'
AND NOT EXISTS (SELECT 1 FROM scores s WHERE s.game_id = g.game_id)
AND NOT EXISTS (SELECT 1 FROM sync_cursors c WHERE c.task = 'plays' AND c.subject = g.game_id)
ORDER BY g.league_day DESC, g.game_id
"""
_OPEN = """
SELECT DISTINCT season FROM games WHERE status = 'scheduled' AND league_day BETWEEN :first AND :last
OR status = 'final' AND league_day BETWEEN :late AND :today ORDER BY season
"""
_LAST_GOOD = "SELECT max(started) AS moment FROM sync_tasks WHERE task = ? AND state <> 'failed'"
_LAST_FAILURE = "SELECT * FROM sync_tasks WHERE task = ? AND state = 'failed' ORDER BY id DESC LIMIT 1"


def put_report(database: Database, run: datetime, task: SyncTask) -> None:
    """Keep what became of a task of the run that began at a moment."""
    with database.write() as connection:
        connection.execute(
            """INSERT INTO sync_tasks (run, task, state, started, seconds, source, calls, new, changed, unchanged,
                   rejected, notes, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                utc_text(run),
                task.task,
                task.state,
                utc_text(task.started),
                task.seconds,
                task.source,
                task.calls,
                task.new,
                task.changed,
                task.unchanged,
                json.dumps(task.rejected),
                json.dumps(task.notes),
                task.detail,
            ),
        )


def newest_reports(database: Database) -> tuple[SyncTask, ...]:
    """How each task last went, newest first."""
    return tuple(_task(row) for row in database.rows(_NEWEST))


def last_good(database: Database, task: str) -> datetime | None:
    """When a task last began that then succeeded, or found nothing to do."""
    row = database.row(_LAST_GOOD, (task,))
    return datetime.fromisoformat(row["moment"]) if row and row["moment"] else None


def last_failure(database: Database, task: str) -> SyncTask | None:
    """How a task last failed, or None."""
    row = database.row(_LAST_FAILURE, (task,))
    return None if row is None else _task(row)


def put_cursors(connection: sqlite3.Connection, task: str, subjects: Iterable[str], moment: datetime) -> None:
    """Note, within the write that stores their rows, that subjects (a season, a game) were fetched whole."""
    rows = [(task, subject, utc_text(moment)) for subject in subjects]
    connection.executemany(f"{_PUT} ON CONFLICT (task, subject) DO UPDATE SET moment = excluded.moment", rows)


def cursors(database: Database, task: str) -> dict[str, datetime]:
    """When each subject of a task was last fetched whole."""
    rows = database.rows("SELECT subject, moment FROM sync_cursors WHERE task = ?", (task,))
    return {row["subject"]: datetime.fromisoformat(row["moment"]) for row in rows}


def due_games(database: Database, season: int, days: tuple[date, date]) -> tuple[Game, ...]:
    """Games of the league days days[0]..days[1] that still want a result, or the rows of their players."""
    return _games(database, _DUE, season, days)


def final_games(database: Database, season: int, days: tuple[date, date]) -> tuple[Game, ...]:
    """Games of the league days days[0]..days[1] whose result is stored."""
    return _games(database, _FINAL, season, days)


def games_without_plays(database: Database, season: int, days: tuple[date, date]) -> tuple[Game, ...]:
    """Final games of these days whose score timeline has not been asked for yet, newest first."""
    return _games(database, _WITHOUT_PLAYS, season, days)


def season_end(database: Database, season: int) -> date | None:
    """The last league day of a season's stored games, or None when none is stored."""
    row = database.row("SELECT max(league_day) AS day FROM games WHERE season = ?", (season,))
    return date.fromisoformat(row["day"]) if row and row["day"] else None


def open_seasons(database: Database, today: date, late: timedelta) -> tuple[int, ...]:
    """Seasons with games to come within a month of today or without a result since, or with results of late."""
    values = {"first": today - _MONTH, "last": today + _MONTH, "late": today - late, "today": today}
    rows = database.rows(_OPEN, {name: day.isoformat() for name, day in values.items()})
    return tuple(row["season"] for row in rows)


def _games(database: Database, sql: str, season: int, days: tuple[date, date]) -> tuple[Game, ...]:
    values = {"season": season, "first": days[0].isoformat(), "last": days[1].isoformat()}
    return tuple(game_of(row) for row in database.rows(sql, values))


def _task(row: sqlite3.Row) -> SyncTask:
    return SyncTask(
        task=row["task"],
        state=row["state"],
        source=row["source"],
        calls=row["calls"],
        new=row["new"],
        changed=row["changed"],
        unchanged=row["unchanged"],
        seconds=row["seconds"],
        started=datetime.fromisoformat(row["started"]),
        rejected=json.loads(row["rejected"]),
        notes=tuple(json.loads(row["notes"])),
        detail=row["detail"],
    )
