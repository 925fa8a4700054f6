"""Which scheduled job ran for which day. A row is marked done after the effect, never before."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

from engine.core.reports import JobRun
from engine.store.database import Database, utc_text


class Runs:
    """The job runs of one database.

    `due` names an occurrence, such as "2025-01-15 console"; `now` is the machine's clock.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: str, due: str, now: datetime, lease: timedelta) -> bool:
        """Claim an occurrence; False when it is done, or was begun less than `lease` ago (here or in another process).

        The lease serves both a job that died half-way and one that failed: either may be tried again after it. What
        seems to have begun that much later than now was written before the machine's clock was set back.
        """
        with self._database.write() as connection:
            done = connection.execute(
                """INSERT INTO runs (job, due, state, started) VALUES (:job, :due, 'running', :now)
                   ON CONFLICT (job, due) DO UPDATE SET state = 'running', started = excluded.started, finished = NULL
                   WHERE runs.state <> 'done' AND (runs.started <= :stale OR runs.started > :unlikely)""",
                {
                    "job": job,
                    "due": due,
                    "now": utc_text(now),
                    "stale": utc_text(now - lease),
                    "unlikely": utc_text(now + lease),
                },
            )
            return done.rowcount == 1

    def finish(self, job: str, due: str, now: datetime, detail: str) -> None:
        """Record that the effect took place."""
        self._close(job, due, now, "done", detail)

    def fail(self, job: str, due: str, now: datetime, detail: str) -> None:
        """Record that the job could not be done this time."""
        self._close(job, due, now, "failed", detail)

    def find(self, job: str, due: str) -> JobRun | None:
        """How an occurrence last went; None when it never began."""
        row = self._database.row("SELECT * FROM runs WHERE job = ? AND due = ?", (job, due))
        return None if row is None else _run(row)

    def done(self, job: str, day: date) -> frozenset[str]:
        """The occurrences of a league day that are done, by name: the day itself, and the day with each channel."""
        rows = self._database.rows(
            "SELECT due FROM runs WHERE job = ? AND (due = ? OR due LIKE ?) AND state = 'done'",
            (job, day.isoformat(), f"{day.isoformat()} %"),
        )
        return frozenset(row["due"] for row in rows)

    def unfinished(self, job: str, day: date) -> tuple[JobRun, ...]:
        """The occurrences of a league day for single channels that are not done."""
        rows = self._database.rows(
            "SELECT * FROM runs WHERE job = ? AND due LIKE ? AND state <> 'done' ORDER BY due",
            (job, f"{day.isoformat()} %"),
        )
        return tuple(_run(row) for row in rows)

    def latest(self, job: str) -> JobRun | None:
        """How a job's work went the last time that it began, for whichever day; None for one that never ran."""
        row = self._database.row(
            "SELECT * FROM runs WHERE job = ? AND instr(due, ' ') = 0 ORDER BY started DESC LIMIT 1", (job,)
        )
        return None if row is None else _run(row)

    def last_done(self) -> dict[str, JobRun]:
        """The newest run of each job's work that was done, by the job's name."""
        rows = self._database.rows(
            """SELECT *, max(finished) FROM runs WHERE state = 'done' AND instr(due, ' ') = 0
               GROUP BY job ORDER BY job"""
        )
        return {row["job"]: _run(row) for row in rows}

    def newest(self) -> tuple[JobRun, ...]:
        """The newest run of each job's work, whatever became of it, the newest first."""
        rows = self._database.rows(
            "SELECT *, max(started) FROM runs WHERE instr(due, ' ') = 0 GROUP BY job ORDER BY started DESC, job"
        )
        return tuple(_run(row) for row in rows)

    def failing(self) -> tuple[str, ...]:
        """The jobs whose newest run failed, by name."""
        return tuple(sorted(run.job for run in self.newest() if run.state == "failed"))

    def first(self, job: str) -> datetime | None:
        """When a job began for the first time that is remembered; None for one that never ran."""
        row = self._database.row("SELECT min(started) AS moment FROM runs WHERE job = ?", (job,))
        return datetime.fromisoformat(row["moment"]) if row and row["moment"] else None

    def forget(self, before: datetime) -> int:
        """Delete the runs that began before a moment; returns how many that were."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM runs WHERE started < ?", (utc_text(before),)).rowcount

    def recent(self, limit: int = 50) -> tuple[JobRun, ...]:
        """The latest runs, newest first."""
        rows = self._database.rows("SELECT * FROM runs ORDER BY started DESC, job LIMIT ?", (limit,))
        return tuple(_run(row) for row in rows)

    def _close(self, job: str, due: str, now: datetime, state: str, detail: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, finished = ?, detail = ? WHERE job = ? AND due = ?",
                (state, utc_text(now), detail, job, due),
            )


def _run(row: sqlite3.Row) -> JobRun:
    return JobRun(
        job=row["job"],
        due=row["due"],
        state=row["state"],
        started=datetime.fromisoformat(row["started"]),
        finished=datetime.fromisoformat(row["finished"]) if row["finished"] else None,
        detail=row["detail"],
    )
