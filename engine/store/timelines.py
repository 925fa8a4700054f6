"""Reading how games went."""

from __future__ import annotations

from datetime import date

from engine.core.timelines import Score, Timeline
from engine.store.database import Database

_SCORES = """
SELECT s.period, s.seconds_left, s.home_score, s.away_score FROM scores s JOIN games g ON g.game_id = s.game_id
WHERE s.game_id = :game_id AND g.league_day < :today ORDER BY s.seq
"""


def timeline(database: Database, game_id: str, today: date) -> Timeline:
    """The scores of a game whose result is known on `today`; of any other none."""
    rows = database.rows(_SCORES, {"game_id": game_id, "today": today.isoformat()})
    return Timeline(game_id, tuple(Score(*row) for row in rows))
