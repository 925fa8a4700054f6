"""What synchronisation remembers: what became of each task, and how far each one came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from engine.core.sync_reports import SyncTask
from engine.store.database import Database, utc_text

_PUT = "INSERT INTO sync_cursors (task, subject, moment) VALUES (?, ?, ?)"
_RECENT = "SELECT * FROM sync_tasks ORDER BY id DESC LIMIT ?"
_NEWEST = "SELECT * FROM sync_tasks WHERE id IN (SELECT max(id) FROM sync_tasks GROUP BY task) ORDER BY id DESC"
_LAST_DONE = "SELECT max(started) AS moment FROM sync_tasks WHERE task = ? AND state = 'done'"


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


def recent_reports(database: Database, limit: int) -> tuple[SyncTask, ...]:
    """The latest tasks, newest first."""
    return tuple(_task(row) for row in database.rows(_RECENT, (limit,)))


def last_done(database: Database, task: str) -> datetime | None:
    """When a task last began that then succeeded."""
    row = database.row(_LAST_DONE, (task,))
    return datetime.fromisoformat(row["moment"]) if row and row["moment"] else None


def put_cursors(connection: sqlite3.Connection, task: str, subjects: Iterable[str], moment: datetime) -> None:
    """Note, within the write that stores their rows, that subjects (a season, a game) were fetched whole."""
    rows = [(task, subject, utc_text(moment)) for subject in subjects]
    connection.executemany(f"{_PUT} ON CONFLICT (task, subject) DO UPDATE SET moment = excluded.moment", rows)


def cursors(database: Database, task: str) -> dict[str, datetime]:
    """When each subject of a task was last fetched whole."""
    rows = database.rows("SELECT subject, moment FROM sync_cursors WHERE task = ?", (task,))
    return {row["subject"]: datetime.fromisoformat(row["moment"]) for row in rows}


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
