"""Snapshots of the league's state, so that a forecast as of any day need not replay twenty seasons."""

from __future__ import annotations

import json
import zlib
from datetime import date

from engine.store.database import Database

FACTS_CHANGED_FROM = "facts_changed_from"
"""Meta key: ISO league day of the earliest fact that no snapshot knows yet; absent when snapshots are current."""
STATE_VERSION = "state_version"
"""Meta key: counts the rebuilds of the snapshots; forecasts are cached under it."""


def changed_from(database: Database) -> date | None:
    """League day from which facts have changed since the snapshots were built, or None."""
    row = database.row("SELECT value FROM meta WHERE key = ?", (FACTS_CHANGED_FROM,))
    return date.fromisoformat(row["value"]) if row else None


def versions(database: Database, task: str) -> tuple[str, str, str]:
    """What a cached forecast depends on: champion's name@version, state version, changed-from day; one cheap query."""
    row = database.row(
        """SELECT (SELECT name || '@' || version FROM model_aliases WHERE task = ? AND alias = 'champion') AS champion,
                  (SELECT value FROM meta WHERE key = ?) AS state, (SELECT value FROM meta WHERE key = ?) AS changed""",
        (task, STATE_VERSION, FACTS_CHANGED_FROM),
    )
    return ("", "", "") if row is None else (row["champion"] or "", row["state"] or "", row["changed"] or "")


def has_other_contract(database: Database, contract: str) -> bool:
    """Whether snapshots of another feature contract are stored, left by another version of the program."""
    return database.row("SELECT 1 FROM state_snapshots WHERE contract <> ? LIMIT 1", (contract,)) is not None


def nearest_snapshot(database: Database, day: date, contract: str) -> tuple[date, dict[str, object]] | None:
    """The newest snapshot that knows only results before `day`: (its day, its payload). A snapshot of day D knows
    every result before D. Snapshots of another feature contract do not count."""
    row = database.row(
        "SELECT league_day, payload FROM state_snapshots WHERE league_day <= ? AND contract = ? "
        "ORDER BY league_day DESC LIMIT 1",
        (day.isoformat(), contract),
    )
    if row is None:
        return None
    payload: dict[str, object] = json.loads(zlib.decompress(row["payload"]))
    return date.fromisoformat(row["league_day"]), payload


def replace_snapshots(
    database: Database, kept: date, contract: str, snapshots: list[tuple[date, dict[str, object]]]
) -> None:
    """Put new snapshots in the place of all after the day `kept`, and mark the state as current, in one transaction."""
    rows = [(day.isoformat(), contract, _packed(payload)) for day, payload in snapshots]
    with database.write() as connection:
        connection.execute(
            "DELETE FROM state_snapshots WHERE league_day > ? OR contract <> ?", (kept.isoformat(), contract)
        )
        connection.executemany("INSERT OR REPLACE INTO state_snapshots VALUES (?, ?, ?)", rows)
        connection.execute("DELETE FROM meta WHERE key = ?", (FACTS_CHANGED_FROM,))
        connection.execute(
            "INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
            (STATE_VERSION,),
        )


def _packed(payload: dict[str, object]) -> bytes:
    return zlib.compress(json.dumps(payload, separators=(",", ":")).encode(), 6)
