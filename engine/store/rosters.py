"""Who belongs to which team in a season, by the league's own list of players."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.calendar import league_day, season_label
from engine.core.errors import SourceError
from engine.sources.feed import PlayerListing
from engine.store.database import Database, utc_text
from engine.store.facts import Written
from engine.store.state import count_news
from engine.store.upserts import Tally

_READ = "SELECT moment FROM sync_cursors WHERE task = 'players' AND subject = ? AND moment <= ?"


@dataclass(frozen=True, slots=True)
class Roster:
    """Team by player id of everybody under contract, as read on a league day."""

    read_on: date
    teams: dict[int, int]


def roster(database: Database, season: int, now: datetime) -> Roster | None:
    """A season's list of players; None where none is stored, or only one that was read after `now`."""
    read = database.row(_READ, (season_label(season), utc_text(now)))
    if read is None:
        return None
    rows = database.rows("SELECT player_id, team_id FROM rosters WHERE season = ?", (season,))
    return Roster(
        league_day(datetime.fromisoformat(read["moment"])), {row["player_id"]: row["team_id"] for row in rows}
    )


def write_roster(connection: sqlite3.Connection, season: int, listed: Sequence[PlayerListing]) -> Written:
    """Put the season's list in the place of the stored one, inside the caller's transaction; players keep their names.

    Raises SourceError, and writes nothing, when less than half of the players of the stored list still have a team.
    """
    stored = dict(
        tuple(row) for row in connection.execute("SELECT player_id, team_id FROM rosters WHERE season = ?", (season,))
    )
    fresh = {one.player_id: one.team_id for one in listed if one.active and one.team_id is not None}
    if 2 * len(fresh.keys() & stored.keys()) < len(stored):
        raise SourceError(
            f"The list of players of {season_label(season)} lacks most of those stored, so it was not used: "
            "run nbabot sync again later."
        )
    names = [(one.player_id, one.name) for one in listed if one.player_id in fresh]
    connection.executemany("INSERT OR IGNORE INTO players (player_id, name) VALUES (?, ?)", names)
    gone = stored.keys() - fresh.keys()
    connection.executemany("DELETE FROM rosters WHERE season = ? AND player_id = ?", [(season, one) for one in gone])
    connection.executemany(
        "INSERT INTO rosters (season, player_id, team_id) VALUES (?, ?, ?) "
        "ON CONFLICT (season, player_id) DO UPDATE SET team_id = excluded.team_id",
        [(season, player_id, team_id) for player_id, team_id in fresh.items()],
    )
    count_news(connection)
    new = len(fresh.keys() - stored.keys())
    moved = sum(stored[player_id] != team_id for player_id, team_id in fresh.items() if player_id in stored)
    return Written(Tally(new, moved + len(gone), len(fresh) - new - moved, frozenset()), {})
