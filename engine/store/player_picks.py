"""Published forecasts of players: frozen when published, graded when the box score is known, never removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from engine.core.calendar import league_day
from engine.core.player_records import PlayerForecast, PlayerRecord, Stat, StatRecord
from engine.store.database import Database, utc_text
from engine.store.state import is_simulated

_COUNTS = {
    Stat.PTS: "b.pts",
    Stat.REB: "b.oreb + b.dreb",
    Stat.AST: "b.ast",
    Stat.FG3M: "b.fg3m",
    Stat.STL: "b.stl",
    Stat.BLK: "b.blk",
    Stat.TOV: "b.tov",
}
"""How each count is read from a player's box score."""
_VALUES = " ".join(f"WHEN '{stat}' THEN {' + '.join(_COUNTS[part] for part in stat.parts)}" for stat in Stat)
_SETTLE = f"""
WITH seen AS (
    SELECT p.game_id, p.league_day, p.player_id, p.stat, p.outcome AS was, p.value AS had,
           CASE p.stat {_VALUES} END AS did, p.low_80, p.high_80,
           g.league_day <> p.league_day OR g.status IN ('cancelled', 'postponed') AS put_off,
           g.status = 'final' AND g.league_day < :today
           AND EXISTS (SELECT 1 FROM player_boxes one WHERE one.game_id = g.game_id) AS known
    FROM player_picks p JOIN games g ON g.game_id = p.game_id
    LEFT JOIN player_boxes b ON b.game_id = p.game_id AND b.player_id = p.player_id AND b.minutes > 0
    WHERE p.league_day < :today AND p.published_at <= :now
), judged AS (
    SELECT *, CASE WHEN put_off THEN 'void' WHEN NOT known THEN 'pending' WHEN did IS NULL THEN 'void'
                   WHEN did BETWEEN low_80 AND high_80 THEN 'hit' ELSE 'miss' END AS outcome FROM seen
), changed AS (
    SELECT game_id, league_day, player_id, stat, outcome, value FROM (
        SELECT *, iif(outcome IN ('hit', 'miss'), did, NULL) AS value FROM judged
    ) WHERE outcome <> was OR value IS NOT had
)
UPDATE player_picks SET graded_at = :now, outcome = changed.outcome, value = changed.value FROM changed
WHERE changed.game_id = player_picks.game_id AND changed.league_day = player_picks.league_day
AND changed.player_id = player_picks.player_id AND changed.stat = player_picks.stat
"""  # noqa: S608 - only names of columns are put in
_RECORD = """
SELECT stat, min(league_day) AS first_day, max(league_day) AS last_day, count(*) AS n,
       sum(so_far = 'hit') AS hits, sum(so_far = 'miss') AS misses, sum(so_far = 'void') AS voids,
       sum(so_far = 'pending') AS pending, avg(abs(did - median)) AS mae,
       avg(did BETWEEN low_50 AND high_50) AS share_50, avg(did BETWEEN low_80 AND high_80) AS share_80,
       avg(did BETWEEN low_95 AND high_95) AS share_95
FROM (
    SELECT p.*, iif(p.league_day < :today, p.outcome, 'pending') AS so_far,
           iif(p.league_day < :today, p.value, NULL) AS did
    FROM player_picks p JOIN games g ON g.game_id = p.game_id
    WHERE p.league_day BETWEEN :first AND :last AND p.published_at <= :now
    AND (:season IS NULL OR g.season = :season) AND (:stat IS NULL OR p.stat = :stat)
) GROUP BY stat
"""
_GAMES = """
SELECT DISTINCT game_id FROM player_picks
WHERE game_id IN (SELECT value FROM json_each(?)) AND league_day = ?
"""


def publish(database: Database, forecasts: Sequence[PlayerForecast]) -> int:
    """Freeze forecasts of scheduled games, every stat of them; what is published stays. Returns how many were new."""
    rows = [
        (
            one.game_id,
            one.league_day.isoformat(),
            one.player_id,
            said.stat.value,
            said.mean,
            said.median,
            *said.interval_50,
            *said.interval_80,
            *said.interval_95,
            one.minutes,
            one.model,
            utc_text(one.as_of),
        )
        for one in forecasts
        for said in one.stats
    ]
    with database.write() as connection:
        before = connection.total_changes
        connection.executemany(
            """INSERT OR IGNORE INTO player_picks (game_id, league_day, player_id, stat, mean, median, low_50, high_50,
                   low_80, high_80, low_95, high_95, minutes, model, published_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
        return connection.total_changes - before


def games_published(database: Database, game_ids: Iterable[str], day: date) -> frozenset[str]:
    """Which of these games have published forecasts of players for a day."""
    rows = database.rows(_GAMES, (json.dumps(list(game_ids)), day.isoformat()))
    return frozenset(row["game_id"] for row in rows)


def grade(database: Database, now: datetime) -> int:
    """Settle every published forecast by what is known at `now`, those graded before too: box scores are corrected.

    A game without any player's line yet leaves its forecasts pending. Returns how many changed.
    """
    with database.write() as connection:
        return connection.execute(_SETTLE, {"now": utc_text(now), "today": league_day(now).isoformat()}).rowcount


def record(
    database: Database, days: tuple[date, date], now: datetime, season: int | None = None, stat: Stat | None = None
) -> PlayerRecord:
    """How forecasts of the league days first..last that were published by `now` have done, as known then.

    Of one season's games only, and of one stat only, where these are named.
    """
    values = {
        "first": days[0].isoformat(),
        "last": days[1].isoformat(),
        "now": utc_text(now),
        "today": league_day(now).isoformat(),
        "season": season,
        "stat": stat,
    }
    rows = {row["stat"]: row for row in database.rows(_RECORD, values)}
    found = [(one, rows[one.value]) for one in Stat if one.value in rows]
    figures = ("n", "hits", "misses", "voids", "pending", "mae", "share_50", "share_80", "share_95")
    return PlayerRecord(
        first_day=min((date.fromisoformat(row["first_day"]) for _, row in found), default=None),
        last_day=max((date.fromisoformat(row["last_day"]) for _, row in found), default=None),
        stats=tuple(StatRecord(one, *(row[key] for key in figures)) for one, row in found),
        simulated=is_simulated(database),
    )
