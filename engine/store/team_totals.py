"""What every team has done in a season and what was done to it: box scores added up."""

from __future__ import annotations

import sqlite3
from datetime import date

from engine.core.calendar import SeasonType
from engine.core.records import BOX_COUNTS, TeamBox
from engine.core.team_cards import TeamTotals
from engine.store.database import Database

_COUNTS = ("minutes", *BOX_COUNTS)
_SUMS = ", ".join(f"sum({box}.{name}) AS {box}_{name}" for box in ("own", "allowed") for name in _COUNTS)
_TOTALS = f"""
SELECT own.team_id, count(*) AS games, {_SUMS} FROM games g
JOIN team_boxes own ON own.game_id = g.game_id
JOIN team_boxes allowed ON allowed.game_id = g.game_id AND allowed.team_id <> own.team_id
WHERE g.season = :season AND g.season_type = :regular AND g.status = 'final' AND g.league_day < :today
GROUP BY own.team_id
"""  # noqa: S608 - only names of columns are put in


def team_totals(database: Database, season: int, today: date) -> dict[int, TeamTotals]:
    """The totals of a regular season known on a day, by team id; teams without a box score are left out."""
    values = {"season": season, "regular": SeasonType.REGULAR, "today": today.isoformat()}
    return {
        row["team_id"]: TeamTotals(row["games"], _total(row, "own"), _total(row, "allowed"))
        for row in database.rows(_TOTALS, values)
    }


def _total(row: sqlite3.Row, box: str) -> TeamBox:
    return TeamBox("", row["team_id"], *(row[f"{box}_{name}"] for name in _COUNTS))
