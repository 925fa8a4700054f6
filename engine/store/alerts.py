"""Alerts: one open row for each source and subject, however often it is found; resolved ones are kept for a while.

(found) ──> open ──> acknowledged ──> resolved    by a person, or by itself when a check finds it no more
              └──────────────────────────┘
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from engine.core.alerts import Alert, Finding, Severity
from engine.store.database import Database, utc_text

BY_ITSELF = "nbabot"
"""Who resolved an alert whose finding went away."""
_OPEN = "SELECT * FROM alerts WHERE resolved IS NULL ORDER BY id"
_LATEST = """
SELECT * FROM alerts WHERE source = ? AND subject = ? ORDER BY resolved IS NOT NULL, resolved DESC, id DESC LIMIT 1
"""
_RAISE = "INSERT INTO alerts (source, subject, severity, text, raised, seen) VALUES (?, ?, ?, ?, ?, ?)"
_SEE = "UPDATE alerts SET severity = ?, text = ?, seen = ?, resolved = NULL, resolved_by = NULL WHERE id = ?"


def settle(database: Database, findings: Sequence[Finding], checked: Collection[str], now: datetime) -> None:
    """Bring the alerts in line with what the checks named `checked` find now, in one transaction.

    A finding opens an alert or is seen again in an open one. One that went away by itself less than its cooldown ago
    opens again as the same alert; one that a person resolved stays so for as long. What is found no more is resolved.
    """
    with database.write() as connection:
        for finding in findings:
            _keep(connection, finding, now)
        found = {(one.source, one.subject) for one in findings}
        for row in connection.execute(_OPEN).fetchall():
            if row["source"] in checked and (row["source"], row["subject"]) not in found:
                _close(connection, row["id"], now, BY_ITSELF)


def open_alerts(database: Database) -> tuple[Alert, ...]:
    """The alerts that are not resolved, the worst first, then the oldest."""
    return tuple(sorted((_alert(row) for row in database.rows(_OPEN)), key=lambda one: -one.severity.rank))


def history(database: Database, limit: int) -> tuple[Alert, ...]:
    """The latest alerts, resolved ones too, newest first."""
    return tuple(_alert(row) for row in database.rows("SELECT * FROM alerts ORDER BY id DESC LIMIT ?", (limit,)))


def find(database: Database, number: int) -> Alert | None:
    """One alert, or None."""
    row = database.row("SELECT * FROM alerts WHERE id = ?", (number,))
    return None if row is None else _alert(row)


def acknowledge(database: Database, number: int, who: str, now: datetime) -> None:
    """Note who has seen an open alert; the first one stays."""
    with database.write() as connection:
        connection.execute(
            """UPDATE alerts SET acknowledged = ?, acknowledged_by = ?
               WHERE id = ? AND resolved IS NULL AND acknowledged IS NULL""",
            (utc_text(now), who, number),
        )


def resolve(database: Database, number: int, who: str, now: datetime) -> None:
    """Note who has resolved an open alert."""
    with database.write() as connection:
        _close(connection, number, now, who)


def forget(database: Database, before: datetime) -> int:
    """Delete what was resolved before a moment; returns how many that were."""
    with database.write() as connection:
        return connection.execute("DELETE FROM alerts WHERE resolved < ?", (utc_text(before),)).rowcount


def _keep(connection: sqlite3.Connection, finding: Finding, now: datetime) -> None:
    row = connection.execute(_LATEST, (finding.source, finding.subject)).fetchone()
    cooling = row is not None and row["resolved"] is not None and row["resolved"] > utc_text(now - finding.cooldown)
    if cooling and row["resolved_by"] != BY_ITSELF:
        return
    if row is None or (row["resolved"] is not None and not cooling):
        moment = utc_text(now)
        connection.execute(_RAISE, (finding.source, finding.subject, finding.severity, finding.text, moment, moment))
        return
    connection.execute(_SEE, (finding.severity, finding.text, utc_text(now), row["id"]))


def _close(connection: sqlite3.Connection, number: int, now: datetime, who: str) -> None:
    connection.execute(
        "UPDATE alerts SET resolved = ?, resolved_by = ? WHERE id = ? AND resolved IS NULL",
        (utc_text(now), who, number),
    )


def _alert(row: sqlite3.Row) -> Alert:
    return Alert(
        number=row["id"],
        source=row["source"],
        subject=row["subject"],
        severity=Severity(row["severity"]),
        text=row["text"],
        raised=datetime.fromisoformat(row["raised"]),
        seen=datetime.fromisoformat(row["seen"]),
        acknowledged=_moment(row["acknowledged"]),
        acknowledged_by=row["acknowledged_by"],
        resolved=_moment(row["resolved"]),
        resolved_by=row["resolved_by"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
