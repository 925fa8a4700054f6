"""What was published about picks after their publication: one row each time the news moved one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from engine.core.outlooks import PlayerOutlook
from engine.core.updates import PickUpdate
from engine.store.database import Database, utc_text


def keep(database: Database, updates: Sequence[PickUpdate]) -> None:
    """Write updates down; one of the same game and moment stays as it is."""
    rows = [
        (
            one.game_id,
            one.league_day.isoformat(),
            utc_text(one.made_at),
            one.home_id,
            one.away_id,
            one.before,
            one.home_win_prob,
            one.margin,
            one.total,
            json.dumps(one.reasons),
            json.dumps([asdict(outlook) for outlook in one.availability]),
            one.model,
        )
        for one in updates
    ]
    with database.write() as connection:
        connection.executemany("INSERT OR IGNORE INTO pick_updates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def on(database: Database, day: date, now: datetime) -> tuple[PickUpdate, ...]:
    """A league day's updates that were made by `now`, oldest first."""
    rows = database.rows(
        "SELECT * FROM pick_updates WHERE league_day = ? AND made_at <= ? ORDER BY made_at, game_id",
        (day.isoformat(), utc_text(now)),
    )
    return tuple(_update(row) for row in rows)


def _update(row: sqlite3.Row) -> PickUpdate:
    return PickUpdate(
        game_id=row["game_id"],
        league_day=date.fromisoformat(row["league_day"]),
        home_id=row["home_id"],
        away_id=row["away_id"],
        before=row["before"],
        home_win_prob=row["after"],
        margin=row["margin"],
        total=row["total"],
        reasons=tuple(json.loads(row["reasons"])),
        availability=tuple(PlayerOutlook(**one) for one in json.loads(row["availability"])),
        model=row["model"],
        made_at=datetime.fromisoformat(row["made_at"]),
    )
