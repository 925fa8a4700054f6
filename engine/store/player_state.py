"""Snapshots of the players' numbers beside those of the league, so that a forecast need not replay ten seasons."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import date

from engine.store.database import Database
from engine.store.state import standing

Payload = dict[str, object]


def nearest_player_snapshot(database: Database, day: date, contract: str) -> tuple[date, Payload] | None:
    """The newest snapshot that knows only results before `day`: (its day, its payload); damaged ones do not count."""
    row = database.row(
        "SELECT league_day, payload FROM player_snapshots WHERE league_day <= ? AND contract = ? "
        "ORDER BY league_day DESC LIMIT 1",
        (day.isoformat(), contract),
    )
    if row is None:
        return None
    try:
        payload: Payload = json.loads(zlib.decompress(row["payload"]))
    except (zlib.error, ValueError):
        return None
    return date.fromisoformat(row["league_day"]), payload


def has_player_snapshot(database: Database, day: date, contract: str) -> bool:
    """Whether a snapshot of just that day is stored."""
    sql = "SELECT 1 FROM player_snapshots WHERE league_day = ? AND contract = ?"
    return database.row(sql, (day.isoformat(), contract)) is not None


def save_player_snapshots(
    database: Database, contract: str, snapshots: Sequence[tuple[date, Payload]], version: str
) -> None:
    """Keep snapshots made of the facts of `version`, unless facts have changed since.

    Those of another contract are dropped, and those within a month that newer ones follow.
    """
    rows = [(day.isoformat(), contract, zlib.compress(json.dumps(one).encode(), 6)) for day, one in snapshots]
    with database.write() as connection:
        if standing(database).version != version:
            return
        connection.execute(
            "DELETE FROM player_snapshots WHERE contract <> ? OR (league_day NOT LIKE '%-01' AND league_day < ?)",
            (contract, max(rows)[0]),
        )
        connection.executemany(
            "INSERT OR REPLACE INTO player_snapshots (league_day, contract, payload) VALUES (?, ?, ?)", rows
        )


def first_day_with_players(database: Database) -> date | None:
    """League day of the first game with players' lines, or None."""
    row = database.row(
        "SELECT min(league_day) AS day FROM games WHERE EXISTS "
        "(SELECT 1 FROM player_boxes b WHERE b.game_id = games.game_id)"
    )
    return date.fromisoformat(row["day"]) if row and row["day"] else None
