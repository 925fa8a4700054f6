"""How finished games stood minute by minute: read from their timelines once and kept, for those take many seconds."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from engine.core.calendar import COUNTED_TYPES
from engine.core.minutes import minute_margins
from engine.core.timelines import Score
from engine.store import state
from engine.store.database import Database

GREATEST = 127
"""Margins are kept as signed bytes, greater ones clipped to this."""
_WHOLE = """
g.status = 'final' AND g.season_type IN (SELECT value FROM json_each(:types))
AND NOT EXISTS (SELECT 1 FROM minute_margins m WHERE m.game_id = g.game_id)
AND (g.home_points, g.away_points) = (SELECT s.home_score, s.away_score FROM scores s WHERE s.game_id = g.game_id
                                      ORDER BY s.seq DESC LIMIT 1)
"""
"""A game that is not kept yet and whose timeline ends at its result; of the others, one in a thousand, none is."""
_WAITING = f"SELECT g.game_id FROM games g WHERE {_WHOLE} ORDER BY g.league_day, g.game_id"  # noqa: S608
_SCORES = f"""
SELECT s.game_id, s.period, s.seconds_left, s.home_score, s.away_score
FROM games g JOIN scores s ON s.game_id = g.game_id
WHERE g.game_id IN (SELECT value FROM json_each(:games)) AND {_WHOLE} ORDER BY s.game_id, s.seq
"""  # noqa: S608 - only a constant is put in
_KNOWN = """
SELECT m.game_id, g.league_day, m.margins, g.home_points - g.away_points AS final_margin
FROM minute_margins m JOIN games g ON g.game_id = m.game_id ORDER BY g.league_day, m.game_id
"""
_TYPES = json.dumps(sorted(COUNTED_TYPES))


@dataclass(frozen=True, slots=True)
class KeptMinutes:
    """A finished game: its margins at the end of each minute of regulation as signed bytes, and its final margin."""

    game_id: str
    league_day: date
    margins: bytes
    final_margin: int


def version(database: Database) -> str:
    """Changes whenever what is kept does; empty before anything is."""
    row = database.row("SELECT value FROM meta WHERE key = ?", (state.MINUTES_VERSION,))
    return str(row["value"]) if row else ""


def kept(database: Database) -> list[KeptMinutes]:
    """Every game that is kept, oldest first; who asks leaves out those that are not known yet."""
    return [
        KeptMinutes(row["game_id"], date.fromisoformat(row["league_day"]), row["margins"], row["final_margin"])
        for row in database.rows(_KNOWN)
    ]


def waiting(database: Database) -> list[str]:
    """Ids of the games that can be kept and are not yet, oldest first."""
    return [row["game_id"] for row in database.rows(_WAITING, {"types": _TYPES})]


def keep(database: Database, game_ids: Sequence[str]) -> int:
    """Read those games' timelines and keep their margins, in one transaction; returns how many were not kept yet."""
    with database.write() as connection:
        scores = connection.execute(_SCORES, {"games": json.dumps(list(game_ids)), "types": _TYPES})
        rows = [
            (game_id, _packed([Score(*row[1:]) for row in course]))
            for game_id, course in groupby(scores, key=lambda row: row["game_id"])
        ]
        connection.executemany("INSERT INTO minute_margins (game_id, margins) VALUES (?, ?)", rows)
        if rows:
            state.count_minutes(connection)
    return len(rows)


def forget(connection: sqlite3.Connection, game_ids: Iterable[str]) -> None:
    """Drop, within the write that changes them, what is kept of games whose timeline or result changes."""
    dropped = connection.executemany("DELETE FROM minute_margins WHERE game_id = ?", [(one,) for one in game_ids])
    if dropped.rowcount > 0:
        state.count_minutes(connection)


def _packed(course: Sequence[Score]) -> bytes:
    return array("b", (max(-GREATEST, min(GREATEST, margin)) for margin in minute_margins(course))).tobytes()
