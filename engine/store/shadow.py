"""Forecasts that other versions made of the games whose picks were published: kept to compare, never shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.core.records import GameForecast
from engine.store.database import Database, utc_text


@dataclass(frozen=True, slots=True)
class Played:
    """A game's league day, and whether the home side won."""

    league_day: date
    home_won: bool


def keep(database: Database, forecasts: Sequence[GameForecast]) -> int:
    """Keep shadow forecasts; a version that has forecast a game's day keeps its word. Returns how many are new."""
    rows = [
        (
            one.game_id,
            one.league_day.isoformat(),
            one.model,
            one.home_id,
            one.home_win_prob,
            one.margin,
            one.total,
            utc_text(one.as_of),
        )
        for one in forecasts
    ]
    with database.write() as connection:
        before = connection.total_changes
        connection.executemany(
            """INSERT OR IGNORE INTO shadow_forecasts
                   (game_id, league_day, model, home_id, home_win_prob, margin, total, made_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
        return connection.total_changes - before


def said_by(database: Database, model: str) -> dict[str, float]:
    """The home win probabilities that a version gave before the games, published or in the shadow, by game id.

    Only of games that were played on the day and with the sides that it spoke of.
    """
    rows = database.rows(
        """SELECT s.game_id, s.home_win_prob FROM (
               SELECT game_id, league_day, model, home_id, home_win_prob FROM picks
               UNION ALL SELECT game_id, league_day, model, home_id, home_win_prob FROM shadow_forecasts
           ) s JOIN games g ON g.game_id = s.game_id AND g.league_day = s.league_day AND g.home_id = s.home_id
           WHERE s.model = ?""",
        (model,),
    )
    return {row["game_id"]: row["home_win_prob"] for row in rows}


def played(database: Database, before: date) -> dict[str, Played]:
    """Every game with a result from before a day, by game id."""
    rows = database.rows(
        "SELECT game_id, league_day, home_points > away_points AS won FROM games "
        "WHERE status = 'final' AND league_day < ?",
        (before.isoformat(),),
    )
    return {row["game_id"]: Played(date.fromisoformat(row["league_day"]), bool(row["won"])) for row in rows}
