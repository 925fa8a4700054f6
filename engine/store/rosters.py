"""Who belongs to which team in a season, by the league's own list of players."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from engine.core.calendar import season_label
from engine.core.errors import SourceError
from engine.sources.feed import PlayerListing
from engine.store.facts import Written
from engine.store.upserts import Tally


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
    new = len(fresh.keys() - stored.keys())
    moved = sum(stored[player_id] != team_id for player_id, team_id in fresh.items() if player_id in stored)
    return Written(Tally(new, moved + len(gone), len(fresh) - new - moved, frozenset()), {})
