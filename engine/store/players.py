"""Reading players: their names, lines and appearances."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date

from engine.core.calendar import COUNTED_TYPES
from engine.core.player_names import KnownPlayer
from engine.core.player_records import Appearance, PlayerGame, Stat
from engine.core.records import PlayerLine
from engine.store.database import Database

_APPEARANCES = """
SELECT league_day, player_id, name, pts, reb, ast FROM (
    SELECT g.league_day, b.player_id, p.name, b.pts, b.oreb + b.dreb AS reb, b.ast,
           row_number() OVER (PARTITION BY b.player_id ORDER BY g.league_day DESC, b.game_id DESC) AS back
    FROM player_boxes b JOIN games g ON g.game_id = b.game_id JOIN players p ON p.player_id = b.player_id
    WHERE b.player_id IN (SELECT value FROM json_each(:players)) AND b.minutes > 0 AND g.league_day < :today
    AND g.season >= :season
) WHERE back <= :limit ORDER BY player_id, back DESC
"""
_NAMES = "SELECT player_id, name FROM players WHERE player_id IN (SELECT value FROM json_each(?))"
_LAST_DAYS = """
SELECT b.player_id, max(g.league_day) AS day FROM player_boxes b JOIN games g ON g.game_id = b.game_id
WHERE b.player_id IN (SELECT value FROM json_each(:players)) AND b.minutes > 0 AND g.league_day < :today
GROUP BY b.player_id
"""
_LAST_GAMES = f"""
SELECT g.league_day, CASE b.team_id WHEN g.home_id THEN g.away_id ELSE g.home_id END AS opponent_id,
       b.team_id = g.home_id AS home, b.minutes, b.pts, b.oreb + b.dreb AS reb, b.ast, b.fg3m, b.stl, b.blk, b.tov
FROM player_boxes b JOIN games g ON g.game_id = b.game_id
WHERE b.player_id = :player AND b.minutes > 0 AND g.status = 'final' AND g.league_day < :today
AND g.season_type IN ({", ".join(f"'{kind}'" for kind in sorted(COUNTED_TYPES))})
ORDER BY g.league_day DESC, g.game_id DESC LIMIT :limit
"""  # noqa: S608 - only constants are put in
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


def recent_appearances(
    database: Database, player_ids: Iterable[int], today: date, season: int, limit: int
) -> dict[int, list[Appearance]]:
    """The last appearances before a day, oldest first, of each player who has played since a season began."""
    values = {
        "players": json.dumps(sorted(player_ids)),
        "today": today.isoformat(),
        "season": season,
        "limit": limit,
    }
    found: dict[int, list[Appearance]] = {}
    for row in database.rows(_APPEARANCES, values):
        one = Appearance(date.fromisoformat(row["league_day"]), *tuple(row)[1:])
        found.setdefault(one.player_id, []).append(one)
    return found


def last_games(database: Database, player_id: int, today: date, limit: int) -> tuple[PlayerGame, ...]:
    """What a player did in his last games before a day, oldest first."""
    rows = database.rows(_LAST_GAMES, {"player": player_id, "today": today.isoformat(), "limit": limit})
    return tuple(
        PlayerGame(
            league_day=date.fromisoformat(row["league_day"]),
            opponent_id=row["opponent_id"],
            home=bool(row["home"]),
            minutes=row["minutes"],
            counts={stat: row[stat.value] for stat in Stat if stat.parts == (stat,)},
        )
        for row in reversed(rows)
    )


def names(database: Database, player_ids: Iterable[int]) -> dict[int, str]:
    """The names of stored players by id."""
    rows = database.rows(_NAMES, (json.dumps(sorted(player_ids)),))
    return {row["player_id"]: row["name"] for row in rows}


def everyone(database: Database) -> tuple[KnownPlayer, ...]:
    """Every stored player, of any time; their teams are left open."""
    return tuple(KnownPlayer(row["player_id"], row["name"], None) for row in database.rows("SELECT * FROM players", ()))


def last_days(database: Database, player_ids: Iterable[int], today: date) -> dict[int, date]:
    """League day of each player's last appearance before a day; without those who had none."""
    rows = database.rows(_LAST_DAYS, {"players": json.dumps(sorted(player_ids)), "today": today.isoformat()})
    return {row["player_id"]: date.fromisoformat(row["day"]) for row in rows}
