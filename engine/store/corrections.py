"""Facts that turned out different after they were stored: what was changed, from what to what, and when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.core.calendar import machine_clock
from engine.core.records import GameStatus
from engine.core.sync_reports import Correction
from engine.core.teams import BY_ID
from engine.store.database import Database, utc_text

GAME, TEAM_BOX, PLAYER_BOX = "game", "team box", "player box"
_WHAT = {"games": GAME, "team_boxes": TEAM_BOX, "player_boxes": PLAYER_BOX}
_PUT = "INSERT INTO corrections (moment, game_id, what, who, changes) VALUES (?, ?, ?, ?, ?)"
_RECENT = """
SELECT c.*, g.league_day, p.name FROM corrections c JOIN games g ON g.game_id = c.game_id
LEFT JOIN players p ON p.player_id = c.who AND c.what = 'player box'
WHERE c.moment <= ? ORDER BY c.id DESC LIMIT ?
"""

Row = tuple[object, ...]
Changes = dict[str, tuple[object, object]]


def record(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], pairs: Iterable[tuple[Row, Row]]
) -> None:
    """Write down, within a write, the rows of a table of facts that were replaced, as (before, after).

    That a game to come has been played is no correction; that it was moved, put off or called off is one.
    """
    what = _WHAT.get(table)
    if what is None:
        return
    moment = utc_text(machine_clock())
    rows: list[Row] = []
    for before, after in pairs:
        changes = {name: (old, new) for name, old, new in zip(columns, before, after, strict=True) if old != new}
        if what == GAME:
            changes = _of_a_game(changes, dict(zip(columns, before, strict=True)))
        if changes:
            rows.append((moment, before[0], what, None if what == GAME else before[1], json.dumps(changes)))
    connection.executemany(_PUT, rows)


def recent(database: Database, now: datetime, limit: int) -> tuple[Correction, ...]:
    """The latest corrections made by `now`, newest first."""
    return tuple(_correction(row) for row in database.rows(_RECENT, (utc_text(now), limit)))


def newest(connection: sqlite3.Connection) -> int:
    """Number of the newest correction; 0 before the first."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM corrections").fetchone()[0])


def condense(connection: sqlite3.Connection, after: int) -> None:
    """Make one of all corrections of a row with a higher number than `after`; none where all is as it was before."""
    whole: dict[tuple[str, str, int | None], Changes] = {}
    moments: dict[tuple[str, str, int | None], str] = {}
    for row in connection.execute("SELECT * FROM corrections WHERE id > ? ORDER BY id", (after,)):
        key = row["game_id"], row["what"], row["who"]
        moments[key] = row["moment"]
        changes = whole.setdefault(key, {})
        for name, (old, new) in json.loads(row["changes"]).items():
            changes[name] = (changes[name][0] if name in changes else old, new)
    connection.execute("DELETE FROM corrections WHERE id > ?", (after,))
    rows = [
        (key, {name: pair for name, pair in changes.items() if pair[0] != pair[1]}) for key, changes in whole.items()
    ]
    connection.executemany(_PUT, [(moments[key], *key, json.dumps(changes)) for key, changes in rows if changes])


def _of_a_game(changes: Changes, before: dict[str, object]) -> Changes:
    if before["status"] == GameStatus.FINAL:
        return {name: change for name, change in changes.items() if name != "tip_utc"}
    played = changes.get("status", ("", ""))[1] == GameStatus.FINAL
    told = ("league_day",) if played else ("league_day", "status")
    return {name: changes[name] for name in told if name in changes}


def _correction(row: sqlite3.Row) -> Correction:
    team = BY_ID.get(row["who"]) if row["what"] == TEAM_BOX else None
    changes: dict[str, list[object]] = json.loads(row["changes"])
    return Correction(
        moment=datetime.fromisoformat(row["moment"]),
        game_id=row["game_id"],
        league_day=row["league_day"],
        what=row["what"],
        who=team.name if team else row["name"] or "",
        changes={name: (old, new) for name, (old, new) in changes.items()},
    )
