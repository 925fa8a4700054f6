"""Snapshots of the league's state, so that a forecast as of any day need not replay twenty seasons."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import dataclass
from datetime import date

from engine.store.database import Database

FACTS_CHANGED_FROM = "facts_changed_from"
"""Meta key: ISO league day of the earliest fact that no snapshot knows yet; absent when snapshots are current."""
STATE_VERSION = "state_version"
"""Meta key: counts changes of facts and rebuilds of the snapshots; forecasts are cached under it."""
NEWS_VERSION = "news_version"
"""Meta key: counts changes of what is told of the players: injury reports, lists of players."""
MINUTES_VERSION = "minutes_version"
"""Meta key: counts changes of the minute-by-minute margins of finished games."""
SIMULATED = "simulated"
"""Meta key: `1` where the stored league is simulated."""


def changed_from(database: Database) -> date | None:
    """League day from which facts have changed since the snapshots were built, or None."""
    row = database.row("SELECT value FROM meta WHERE key = ?", (FACTS_CHANGED_FROM,))
    return date.fromisoformat(row["value"]) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What every forecast depends on beside its game, read in one cheap query: other processes may change it.

    `champion` is name@version or empty; `version` counts changes of the facts and rebuilds of the snapshots, `news`
    those of injury reports and lists of players.
    """

    champion: str
    version: str
    news: str
    simulated: bool


def standing(database: Database, task: str = "game") -> Standing:
    """The present standing."""
    row = database.row(
        """SELECT (SELECT name || '@' || version FROM model_aliases WHERE task = ? AND alias = 'champion') AS champion,
                  (SELECT value FROM meta WHERE key = ?) AS version,
                  (SELECT value FROM meta WHERE key = ?) AS news,
                  (SELECT value FROM meta WHERE key = ?) AS simulated""",
        (task, STATE_VERSION, NEWS_VERSION, SIMULATED),
    )
    if row is None:
        return Standing("", "", "", simulated=False)
    return Standing(row["champion"] or "", row["version"] or "", row["news"] or "", row["simulated"] == "1")


def is_simulated(database: Database) -> bool:
    """Whether the stored league is simulated."""
    return standing(database).simulated


def mark_changed(connection: sqlite3.Connection, day: date) -> None:
    """Note, within a write, that facts of a day changed: snapshots that know it no longer count."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = min(value, excluded.value)",
        (FACTS_CHANGED_FROM, day.isoformat()),
    )
    _count_up(connection, STATE_VERSION)


def count_news(connection: sqlite3.Connection) -> None:
    """Note, within a write, that something new is told of the players: forecasts made before it no longer count."""
    _count_up(connection, NEWS_VERSION)


def count_minutes(connection: sqlite3.Connection) -> None:
    """Note, within a write, that the minute-by-minute margins of finished games changed."""
    _count_up(connection, MINUTES_VERSION)


def has_other_contract(database: Database, contract: str) -> bool:
    """Whether snapshots of another feature contract are stored, left by another version of the program."""
    return database.row("SELECT 1 FROM state_snapshots WHERE contract <> ? LIMIT 1", (contract,)) is not None


def nearest_snapshot(database: Database, day: date, contract: str) -> tuple[date, dict[str, object]] | None:
    """The newest snapshot that knows only results before `day`: (its day, its payload). A snapshot of day D knows
    every result before D. Snapshots of another feature contract or damaged ones do not count."""
    row = database.row(
        "SELECT league_day, payload FROM state_snapshots WHERE league_day <= ? AND contract = ? "
        "ORDER BY league_day DESC LIMIT 1",
        (day.isoformat(), contract),
    )
    if row is None:
        return None
    try:
        payload: dict[str, object] = json.loads(zlib.decompress(row["payload"]))
    except (zlib.error, ValueError):
        return None
    return date.fromisoformat(row["league_day"]), payload


def replace_snapshots(
    database: Database, kept: date, snapshots: list[tuple[date, str, dict[str, object]]], version: str
) -> None:
    """Put new snapshots (day, contract, payload) in the place of all after the day `kept`, and mark them as current.

    They were made of the facts of `version`; if facts have changed since, nothing is put and the mark stays.
    """
    rows = [(day.isoformat(), contract, _packed(payload)) for day, contract, payload in snapshots]
    with database.write() as connection:
        if standing(database).version != version:
            return
        connection.execute("DELETE FROM state_snapshots WHERE league_day > ?", (kept.isoformat(),))
        connection.execute("DELETE FROM player_snapshots WHERE league_day > ?", (kept.isoformat(),))
        connection.executemany(
            "INSERT OR REPLACE INTO state_snapshots (league_day, contract, payload) VALUES (?, ?, ?)", rows
        )
        connection.execute("DELETE FROM meta WHERE key = ?", (FACTS_CHANGED_FROM,))
        _count_up(connection, STATE_VERSION)


def _count_up(connection: sqlite3.Connection, key: str) -> None:
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, '1') "
        "ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)",
        (key,),
    )


def _packed(payload: dict[str, object]) -> bytes:
    return zlib.compress(json.dumps(payload, separators=(",", ":")).encode(), 6)
