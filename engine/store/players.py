"""Reading players' appearances."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from engine.core.records import Appearance, PlayerLine
from engine.store.database import Database

_APPEARANCES = """
WITH last_games AS (
    SELECT game_id, season FROM games WHERE (home_id = :team OR away_id = :team) AND status = 'final'
    AND league_day < :today AND EXISTS (SELECT 1 FROM player_boxes b WHERE b.game_id = games.game_id)
    ORDER BY league_day DESC LIMIT :limit
), recent AS (
    SELECT DISTINCT player_id FROM player_boxes WHERE team_id = :team AND game_id IN (SELECT game_id FROM last_games)
)
SELECT b.game_id, g.league_day, b.player_id, p.name, b.team_id, b.minutes, b.pts, b.oreb + b.dreb AS reb, b.ast
FROM player_boxes b JOIN games g ON g.game_id = b.game_id JOIN players p ON p.player_id = b.player_id
WHERE b.player_id IN (SELECT player_id FROM recent) AND b.minutes > 0 AND g.league_day < :today
AND g.season = (SELECT max(season) FROM last_games)
ORDER BY g.league_day, b.game_id
"""


_LINES = f"""
SELECT game_id, {", ".join(field.name for field in fields(PlayerLine))} FROM player_boxes
WHERE game_id IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - only names of columns are put in


def player_lines(database: Database, game_ids: Sequence[str]) -> dict[str, list[PlayerLine]]:
    """The players' lines of games, by game id; a game without player rows is not in it."""
    found: dict[str, list[PlayerLine]] = {}
    for game_id, *values in database.rows(_LINES, (json.dumps(game_ids),)):
        found.setdefault(game_id, []).append(PlayerLine(*values))
    return found


def recent_appearances(database: Database, team_id: int, today: date, team_games: int) -> tuple[Appearance, ...]:
    """This season's appearances, oldest first, of everyone who played in one of the team's last games before a day."""
    values = {"team": team_id, "today": today.isoformat(), "limit": team_games}
    return tuple(
        Appearance(row["game_id"], date.fromisoformat(row["league_day"]), *tuple(row)[2:])
        for row in database.rows(_APPEARANCES, values)
    )
