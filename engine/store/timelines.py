"""Reading how games went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from engine.core.timelines import Score, Timeline
from engine.store import games
from engine.store.database import Database

_SCORES = """
SELECT s.period, s.seconds_left, s.home_score, s.away_score FROM scores s JOIN games g ON g.game_id = s.game_id
WHERE s.game_id = :game_id AND g.league_day < :today ORDER BY s.seq
"""
_SEASON = """
SELECT s.game_id, s.period, s.seconds_left, s.home_score, s.away_score
FROM games g JOIN scores s ON g.game_id = s.game_id
WHERE g.season = :season AND g.league_day < :today AND g.status = 'final' ORDER BY g.league_day, s.game_id, s.seq
"""


def timeline(database: Database, game_id: str, today: date) -> Timeline:
    """The scores of a game whose result is known on `today`; of any other none."""
    rows = database.rows(_SCORES, {"game_id": game_id, "today": today.isoformat()})
    return Timeline(game_id, tuple(Score(*row) for row in rows))


def all_timelines(database: Database, today: date) -> Iterator[Timeline]:
    """The timelines of all games whose results are known on `today`, oldest first."""
    for season in games.seasons(database, today):
        rows = database.rows(_SEASON, {"season": season, "today": today.isoformat()})
        for game_id, scores in groupby(rows, key=lambda row: row["game_id"]):
            yield Timeline(game_id, tuple(Score(*row[1:]) for row in scores))
