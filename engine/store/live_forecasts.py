"""The log of what was said of games under way, each forecast as it was made, and what became of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.core.live import Moment
from engine.core.live_games import LiveForecast
from engine.store.database import Database, utc_text

_GRADE = """
UPDATE live_forecasts SET final_margin = g.home_points - g.away_points FROM games g
WHERE g.game_id = live_forecasts.game_id AND g.status = 'final' AND g.league_day < ?
AND live_forecasts.final_margin IS NOT g.home_points - g.away_points
"""
_GRADE_HALFTIME = """
UPDATE halftime_forecasts SET halftime_margin = t.margin FROM (
    SELECT s.game_id, s.home_score - s.away_score AS margin FROM scores s JOIN games g ON g.game_id = s.game_id
    WHERE g.status = 'final' AND g.league_day < :today AND s.game_id IN (SELECT game_id FROM halftime_forecasts)
    AND s.seq = (SELECT max(seq) FROM scores b WHERE b.game_id = s.game_id AND b.period <= 2)
) t WHERE t.game_id = halftime_forecasts.game_id AND halftime_forecasts.halftime_margin IS NOT t.margin
"""
_SEEN_HALFTIME = """
UPDATE halftime_forecasts SET halftime_margin = (
    SELECT s.home - s.away FROM live_scores s
    WHERE s.game_id = :game_id AND s.period = 2 AND s.seconds_left <= 180 ORDER BY s.seq DESC LIMIT 1)
WHERE game_id = :game_id AND halftime_margin IS NULL
"""
_SPOKEN_LAST = """
SELECT f.model FROM live_games g JOIN {table} f ON f.game_id = g.game_id
WHERE g.league_day < :today AND f.{outcome} IS NOT NULL ORDER BY g.league_day DESC, f.made_at DESC LIMIT 1
"""
_GRADED = """
WITH newest AS (
    SELECT g.league_day, g.game_id FROM live_games g WHERE g.league_day < :today AND EXISTS (
        SELECT 1 FROM live_forecasts f
        WHERE f.game_id = g.game_id AND f.model = :model AND f.final_margin IS NOT NULL)
    ORDER BY g.league_day DESC, g.game_id DESC LIMIT :games)
SELECT f.*, n.league_day FROM newest n JOIN live_forecasts f ON f.game_id = n.game_id
WHERE f.model = :model AND f.final_margin IS NOT NULL ORDER BY n.league_day, f.game_id, f.made_at
"""
_GRADED_HALVES = f"""
SELECT f.*, g.league_day FROM halftime_forecasts f JOIN live_games g ON g.game_id = f.game_id
WHERE f.halftime_margin IS NOT NULL AND g.league_day < :today
AND f.model = ({_SPOKEN_LAST.format(table="halftime_forecasts", outcome="halftime_margin")})
ORDER BY g.league_day DESC, f.game_id DESC LIMIT :games
"""  # noqa: S608 - only constants are put in


@dataclass(frozen=True, slots=True)
class GradedForecast:
    """A forecast and what became of it: `left` seconds before the end, margins home minus away in points.

    Whether the intervals of 80% and 95% held is said by `in_80` and `in_95`.
    """

    game_id: str
    league_day: date
    left: int
    home_win_prob: float
    margin: float
    final_margin: int
    in_80: bool
    in_95: bool


def log(database: Database, made: Sequence[LiveForecast]) -> None:
    """Write forecasts down as they were made; one of the same game, moment and model stays as it is."""
    rows = []
    halves = []
    for one in made:
        moment, numbers, when = one.moment, one.numbers, utc_text(one.made_at)
        rows.append(
            (
                one.game_id, when, one.model, moment.period, moment.seconds_left, moment.home, moment.away,
                one.pregame.home_win_prob, one.pregame.margin, numbers.home_win_prob, numbers.margin,
                *numbers.margin_80, *numbers.margin_95,
            )
        )  # fmt: skip
        if (half := one.halftime) is not None:
            parts = json.dumps(dict(half.parts))
            halves.append((one.game_id, one.halftime_model, when, half.margin, *half.margin_80, *half.margin_95, parts))
    with database.write() as connection:
        connection.executemany(
            """INSERT OR IGNORE INTO live_forecasts (game_id, made_at, model, period, seconds_left, home, away,
                   pregame_prob, pregame_margin, home_win_prob, margin, low_80, high_80, low_95, high_95)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )
        connection.executemany(
            """INSERT OR IGNORE INTO halftime_forecasts (game_id, model, made_at, margin, low_80, high_80, low_95,
                   high_95, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            halves,
        )


def newest_moment(database: Database, game_id: str) -> Moment | None:
    """The moment of a game from which the newest forecast was made; None where there is none."""
    row = database.row(
        """SELECT period, seconds_left, home, away FROM live_forecasts WHERE game_id = ?
           ORDER BY made_at DESC LIMIT 1""",
        (game_id,),
    )
    return Moment(*row) if row else None


def grade(database: Database, today: date) -> int:
    """Settle every forecast by the results now known, corrected ones too; returns how many forecasts changed."""
    with database.write() as connection:
        changed = connection.execute(_GRADE, (today.isoformat(),)).rowcount
        return changed + connection.execute(_GRADE_HALFTIME, {"today": today.isoformat()}).rowcount


def settle_halftime(database: Database, game_id: str) -> None:
    """Settle a half-time forecast by the course, where the end of the half was seen; a timeline has the last word."""
    with database.write() as connection:
        connection.execute(_SEEN_HALFTIME, {"game_id": game_id})


def forget(database: Database, before: date) -> int:
    """Delete the forecasts of games of earlier league days; returns how many."""
    which = "WHERE game_id IN (SELECT game_id FROM live_games WHERE league_day < ?)"
    with database.write() as connection:
        done = [
            connection.execute(f"DELETE FROM {table} {which}", (before.isoformat(),)).rowcount  # noqa: S608 - constants
            for table in ("live_forecasts", "halftime_forecasts")
        ]
    return sum(done)


def spoken_last(database: Database, today: date) -> str:
    """The model that spoke last of those whose forecasts had a result by a day; empty where none had."""
    row = database.row(
        _SPOKEN_LAST.format(table="live_forecasts", outcome="final_margin"), {"today": today.isoformat()}
    )
    return str(row["model"]) if row else ""


def graded(database: Database, model: str, games: int, today: date) -> tuple[GradedForecast, ...]:
    """A model's graded forecasts of the last games that have them and a result known on a day, in order."""
    values = {"model": model, "today": today.isoformat(), "games": games}
    return tuple(_graded(row) for row in database.rows(_GRADED, values))


def graded_halves(database: Database, games: int, today: date) -> tuple[GradedForecast, ...]:
    """The last graded forecasts of half-time margins by the model that spoke last.

    Their `final_margin` is the margin at half-time; chances are not forecast for it.
    """
    values = {"today": today.isoformat(), "games": games}
    return tuple(_settled(row, 0, 0.5, row["halftime_margin"]) for row in database.rows(_GRADED_HALVES, values))


def _graded(row: sqlite3.Row) -> GradedForecast:
    left = Moment(row["period"], row["seconds_left"], row["home"], row["away"]).left
    return _settled(row, left, row["home_win_prob"], row["final_margin"])


def _settled(row: sqlite3.Row, left: int, chance: float, outcome: int) -> GradedForecast:
    return GradedForecast(
        game_id=row["game_id"],
        league_day=date.fromisoformat(row["league_day"]),
        left=left,
        home_win_prob=chance,
        margin=row["margin"],
        final_margin=outcome,
        in_80=row["low_80"] <= outcome <= row["high_80"],
        in_95=row["low_95"] <= outcome <= row["high_95"],
    )
