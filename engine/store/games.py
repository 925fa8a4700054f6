"""Reading the league's facts: games, box scores, closing lines.

`today` is the league day of the question: results of that day and later are not known yet, so such games are
returned as scheduled, without points, whatever is stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from engine.core.calendar import COUNTED_TYPES, SeasonType
from engine.core.records import BOX_COUNTS, ClosingLine, Game, GameStatus, PlayedGame, TeamBox
from engine.store.database import Database
from engine.store.players import player_lines

_COUNTED = ", ".join(f"'{kind}'" for kind in sorted(COUNTED_TYPES))
_BOX = ("minutes", *BOX_COUNTS)
_GAME = (
    "g.game_id, g.season, g.season_type, g.league_day, g.tip_utc, g.home_id, g.away_id, g.neutral, g.status, "
    "g.home_points, g.away_points, g.overtimes"
)
_BOTH_BOXES = ", ".join(f"{side}.{name} AS {side}_{name}" for side in ("h", "a") for name in _BOX)
_PLAYED = f"""
SELECT {_GAME}, {_BOTH_BOXES} FROM games g
JOIN team_boxes h ON h.game_id = g.game_id AND h.team_id = g.home_id
JOIN team_boxes a ON a.game_id = g.game_id AND a.team_id = g.away_id
WHERE g.status = 'final' AND g.season_type IN ({_COUNTED}) AND g.league_day > :after AND g.league_day < :before
ORDER BY g.league_day, g.game_id
"""  # noqa: S608 - only names of columns and constants are put in
_LAST_DAY = f"""
SELECT league_day FROM games WHERE (home_id = :team OR away_id = :team) AND league_day < :before
AND status IN ('scheduled', 'final') AND season_type IN ({_COUNTED}) ORDER BY league_day DESC LIMIT 1
"""  # noqa: S608 - only constants are put in


def played_games(database: Database, before: date | None = None, after: date | None = None) -> Iterator[PlayedGame]:
    """Final games with both box scores and their players' lines, oldest first; both bounds (days) are excluded."""
    bounds = {"after": after.isoformat() if after else "", "before": before.isoformat() if before else "9999"}
    for _, month in groupby(database.rows(_PLAYED, bounds), key=lambda row: row["league_day"][:7]):
        rows = list(month)
        lines = player_lines(database, [row["game_id"] for row in rows])
        for row in rows:
            boxes = _box(row, "h", row["home_id"]), _box(row, "a", row["away_id"])
            yield PlayedGame(game_of(row), *boxes, tuple(lines.get(row["game_id"], ())))


def games_on(database: Database, day: date, today: date) -> tuple[Game, ...]:
    """Games of a league day in order of their ids, as known on `today`."""
    return _games(database, f"g.league_day = :day AND g.season_type IN ({_COUNTED})", today, {"day": day.isoformat()})


def game(database: Database, game_id: str, today: date) -> Game | None:
    """The game with this id as known on `today`, or None."""
    found = _games(database, "g.game_id = :game_id", today, {"game_id": game_id})
    return found[0] if found else None


def meeting(database: Database, teams: tuple[int, int], days: tuple[date, date], today: date) -> Game | None:
    """The first game between two teams, whoever is at home, from days[0] to days[1] inclusive, or None."""
    where = """g.league_day BETWEEN :first AND :last AND g.status IN ('scheduled', 'final') AND
               ((g.home_id = :one AND g.away_id = :two) OR (g.home_id = :two AND g.away_id = :one))"""
    values = {"first": days[0].isoformat(), "last": days[1].isoformat(), "one": teams[0], "two": teams[1]}
    games = _games(database, f"{where} AND g.season_type IN ({_COUNTED})", today, values)
    return games[0] if games else None


def games_of(database: Database, team_id: int, days: tuple[date, date], today: date) -> tuple[Game, ...]:
    """A team's games from days[0] to days[1] inclusive, played or scheduled, oldest first."""
    where = f"""g.league_day BETWEEN :first AND :last AND g.status IN ('scheduled', 'final')
               AND (g.home_id = :team OR g.away_id = :team) AND g.season_type IN ({_COUNTED})"""
    values = {"first": days[0].isoformat(), "last": days[1].isoformat(), "team": team_id}
    return _games(database, where, today, values)


def next_game(database: Database, team_id: int, days: tuple[date, date], today: date) -> Game | None:
    """The first of those games, or None."""
    return next(iter(games_of(database, team_id, days, today)), None)


def season_results(database: Database, season: int, today: date) -> tuple[Game, ...]:
    """The regular season's results known on a day, oldest first."""
    where = "g.season = :season AND g.season_type = :regular AND g.status = 'final' AND g.league_day < :today"
    return _games(database, where, today, {"season": season, "regular": SeasonType.REGULAR})


def newest_season(database: Database, today: date) -> int | None:
    """The season of the newest regular-season result known on a day, or None."""
    row = database.row(
        """SELECT season FROM games WHERE season_type = :regular AND status = 'final' AND league_day < :today
           ORDER BY league_day DESC LIMIT 1""",
        {"regular": SeasonType.REGULAR, "today": today.isoformat()},
    )
    return int(row["season"]) if row else None


def meetings(database: Database, teams: tuple[int, int], today: date, limit: int) -> tuple[Game, ...]:
    """Last known results between two teams, newest first."""
    where = """g.league_day < :today AND g.status = 'final' AND
               ((g.home_id = :one AND g.away_id = :two) OR (g.home_id = :two AND g.away_id = :one))"""
    return _games(database, where, today, {"one": teams[0], "two": teams[1]}, newest=limit)


def recent_games(database: Database, team_id: int, today: date, limit: int) -> tuple[Game, ...]:
    """Last known results of a team, newest first."""
    where = f"""g.league_day < :today AND g.status = 'final' AND g.season_type IN ({_COUNTED})
               AND (g.home_id = :team OR g.away_id = :team)"""
    return _games(database, where, today, {"team": team_id}, newest=limit)


def last_day_of(database: Database, team_id: int, before: date) -> date | None:
    """League day of a team's last game before a day, played or scheduled: what its rest is counted from."""
    row = database.row(_LAST_DAY, {"team": team_id, "before": before.isoformat()})
    return date.fromisoformat(row["league_day"]) if row else None


def game_days(database: Database) -> tuple[date, date] | None:
    """First and last league day with a stored game, or None when there is none."""
    row = database.row("SELECT min(league_day) AS first, max(league_day) AS last FROM games")
    if row is None or row["first"] is None:
        return None
    return date.fromisoformat(row["first"]), date.fromisoformat(row["last"])


def games_per_day(database: Database) -> dict[date, int]:
    """Every league day with stored games that count, and how many, oldest first."""
    rows = database.rows(
        f"SELECT league_day, count(*) AS n FROM games WHERE season_type IN ({_COUNTED}) GROUP BY league_day"  # noqa: S608
    )
    return {date.fromisoformat(row["league_day"]): row["n"] for row in rows}


def newest_result(database: Database, today: date) -> date | None:
    """League day of the newest result known on `today`, or None."""
    row = database.row(
        "SELECT max(league_day) AS day FROM games WHERE status = 'final' AND league_day < ?", (today.isoformat(),)
    )
    return date.fromisoformat(row["day"]) if row and row["day"] else None


def results_missing(database: Database, since: date, today: date) -> bool:
    """Whether results between two days (both excluded) are wanting: games without one, or no schedule that goes on."""
    row = database.row(
        """SELECT EXISTS (SELECT 1 FROM games WHERE league_day > :since AND league_day < :today
                          AND status = 'scheduled') AS without_result,
                  EXISTS (SELECT 1 FROM games WHERE league_day >= :today) AS goes_on""",
        {"since": since.isoformat(), "today": today.isoformat()},
    )
    return row is None or bool(row["without_result"]) or not row["goes_on"]


def season_of_games(database: Database, season: int) -> frozenset[str]:
    """Ids of a season's stored games."""
    return frozenset(row["game_id"] for row in database.rows("SELECT game_id FROM games WHERE season = ?", (season,)))


def season_on(database: Database, day: date) -> int | None:
    """Season whose stored games lie on both sides of a day (or on it), or None."""
    row = database.row(
        """SELECT (SELECT season FROM games WHERE league_day <= :day ORDER BY league_day DESC LIMIT 1) AS before,
                  (SELECT season FROM games WHERE league_day >= :day ORDER BY league_day LIMIT 1) AS after""",
        {"day": day.isoformat()},
    )
    return int(row["before"]) if row and row["before"] is not None and row["before"] == row["after"] else None


def closing_lines(database: Database) -> dict[str, ClosingLine]:
    """Every stored closing line by game id."""
    rows = database.rows("SELECT game_id, spread, total, moneyline_home, moneyline_away FROM closing_lines")
    return {row["game_id"]: ClosingLine(*row) for row in rows}


def closing_line(database: Database, game_id: str) -> ClosingLine | None:
    """The stored closing line of one game, or None."""
    row = database.row(
        "SELECT game_id, spread, total, moneyline_home, moneyline_away FROM closing_lines WHERE game_id = ?", (game_id,)
    )
    return None if row is None else ClosingLine(*row)


def counts(database: Database, today: date) -> dict[str, int]:
    """Rows known on a day: games, player rows, score rows, closing lines."""
    row = database.row(
        """WITH known AS (SELECT game_id FROM games WHERE status = 'final' AND league_day < :today)
           SELECT (SELECT count(*) FROM known) AS games,
                  (SELECT count(*) FROM player_boxes WHERE game_id IN known) AS player_rows,
                  (SELECT count(*) FROM scores WHERE game_id IN known) AS score_rows,
                  (SELECT count(*) FROM closing_lines WHERE game_id IN known) AS closing_lines""",
        {"today": today.isoformat()},
    )
    return dict(row) if row else {}


def seasons(database: Database, today: date) -> tuple[int, ...]:
    """Starting years of the seasons of which results are known on a day."""
    rows = database.rows(
        "SELECT DISTINCT season FROM games WHERE status = 'final' AND league_day < ? ORDER BY season",
        (today.isoformat(),),
    )
    return tuple(row["season"] for row in rows)


def _games(
    database: Database, where: str, today: date, values: dict[str, object], newest: int | None = None
) -> tuple[Game, ...]:
    order = "g.league_day, g.game_id" if newest is None else "g.league_day DESC, g.game_id DESC LIMIT :newest"
    sql = f"SELECT {_GAME} FROM games g WHERE {where} ORDER BY {order}"  # noqa: S608
    rows = database.rows(sql, {**values, "today": today.isoformat(), "newest": newest})
    return tuple(game_of(row, today) for row in rows)


def game_of(row: sqlite3.Row, today: date | None = None) -> Game:
    """The game in a row of the table; with `today`, as it was known on that day."""
    day = date.fromisoformat(row["league_day"])
    hidden = today is not None and day >= today and row["status"] == GameStatus.FINAL
    return Game(
        game_id=row["game_id"],
        season=row["season"],
        season_type=SeasonType(row["season_type"]),
        league_day=day,
        home_id=row["home_id"],
        away_id=row["away_id"],
        neutral=bool(row["neutral"]),
        status=GameStatus.SCHEDULED if hidden else GameStatus(row["status"]),
        home_points=None if hidden else row["home_points"],
        away_points=None if hidden else row["away_points"],
        overtimes=0 if hidden else row["overtimes"],
        tip_utc=datetime.fromisoformat(row["tip_utc"]) if row["tip_utc"] else None,
    )


def _box(row: sqlite3.Row, side: str, team_id: int) -> TeamBox:
    return TeamBox(row["game_id"], team_id, *(row[f"{side}_{name}"] for name in _BOX))
