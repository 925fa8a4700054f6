"""Writing the league's facts by natural key: only rows that are new or differ are written, and they are counted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from engine.core.records import BOX_COUNTS
from engine.store import corrections, minutes

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose key begins with game_id, and the columns that an import fills in it."""

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Key and values, in the order of the rows to write."""
        return self.key + self.values

    @property
    def select(self) -> str:
        """Query of the stored rows of the games in a JSON list."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name} WHERE game_id IN (SELECT value FROM json_each(?))"  # noqa: S608

    @property
    def upsert(self) -> str:
        """Statement that writes one row, new or in the place of the one with its key."""
        names, marks = ", ".join(self.columns), ", ".join("?" * len(self.columns))
        updates = ", ".join(f"{name} = excluded.{name}" for name in self.values)
        return (
            f"INSERT INTO {self.name} ({names}) VALUES ({marks}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {updates}"
        )


GAMES = Table(
    "games",
    ("game_id",),
    (
        "season", "season_type", "league_day", "home_id", "away_id", "neutral", "home_points", "away_points",
        "overtimes", "status",
    ),
)  # fmt: skip
TEAM_BOXES = Table("team_boxes", ("game_id", "team_id"), ("minutes", *BOX_COUNTS))
PLAYER_BOXES = Table("player_boxes", ("game_id", "player_id"), ("team_id", "minutes", *BOX_COUNTS, "plus_minus"))
SCORES = Table("scores", ("game_id", "seq"), ("period", "seconds_left", "home_score", "away_score"))
CLOSING_LINES = Table("closing_lines", ("game_id",), ("spread", "total", "moneyline_home", "moneyline_away"))


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows written as new or in place of others, rows left alone, and the games that were touched."""

    new: int
    changed: int
    unchanged: int
    games: frozenset[str]


class StoredGame(NamedTuple):
    """What an import must know of a game that is stored already."""

    home_id: int
    away_id: int
    neutral: int
    league_day: str
    home_points: int | None
    away_points: int | None


def upsert(connection: sqlite3.Connection, table: Table, rows: list[Row], moved: Collection[str] = ()) -> Tally:
    """Write the rows of a table that are new or differ. Rows of `moved` games count as changed even when equal.

    Facts that are replaced are recorded as corrections; what was read from a game's result and scores is dropped.
    """
    cursor = connection.cursor()
    cursor.row_factory = None
    stored: set[Row] = set(cursor.execute(table.select, (listed(row[0] for row in rows),)))
    fresh = [row for row in rows if row not in stored] if stored else rows
    width = len(table.key)
    known = {row[:width]: row for row in stored}
    replaced = [(known[row[:width]], row) for row in fresh if row[:width] in known] if known else []
    new = len(fresh) - len(replaced)
    cursor.executemany(table.upsert, fresh)
    corrections.record(connection, table.name, table.columns, replaced)
    equal_but_moved = sum(row[0] in moved and row in stored for row in rows) if moved else 0
    changed = len(fresh) - new + equal_but_moved
    games = frozenset(str(row[0]) for row in fresh)
    if table.name in (GAMES.name, SCORES.name):
        minutes.forget(connection, games)
    return Tally(new, changed, len(rows) - new - changed, games)


def stored_games(connection: sqlite3.Connection, game_ids: Iterable[object]) -> dict[str, StoredGame]:
    """The games among `game_ids` that are stored."""
    cursor = connection.cursor()
    cursor.row_factory = None
    sql = (
        f"SELECT game_id, {', '.join(StoredGame._fields)} FROM games WHERE game_id IN (SELECT value FROM json_each(?))"  # noqa: S608
    )
    return {row[0]: StoredGame(*row[1:]) for row in cursor.execute(sql, (listed(game_ids),))}


def trim_scores(connection: sqlite3.Connection, lengths: dict[str, int]) -> int:
    """Delete what stands behind the new end of each game's timeline; returns the number of rows deleted."""
    cursor = connection.executemany("DELETE FROM scores WHERE game_id = ? AND seq > ?", sorted(lengths.items()))
    if cursor.rowcount:
        minutes.forget(connection, lengths)
    return cursor.rowcount


def with_finer_minutes(connection: sqlite3.Connection, rows: list[Row]) -> list[Row]:
    """Rows of PLAYER_BOXES that keep the stored minutes where a feed tells the same ones rounded to whole minutes."""
    cursor = connection.cursor()
    cursor.row_factory = None
    sql = """SELECT game_id, player_id, minutes FROM player_boxes
             WHERE game_id IN (SELECT value FROM json_each(?)) AND minutes <> round(minutes)"""
    finer = {row[:2]: row[2] for row in cursor.execute(sql, (listed(row[0] for row in rows),))}
    place = PLAYER_BOXES.columns.index("minutes")
    return [
        (*row[:place], known, *row[place + 1 :])
        if (known := finer.get(row[:2])) is not None and _rounded(known, row[place])
        else row
        for row in rows
    ]


def _rounded(fine: float, told: object) -> bool:
    return isinstance(told, (int, float)) and float(told).is_integer() and abs(told - fine) < 1


def drop_boxes_of_others(connection: sqlite3.Connection, games: Iterable[Row]) -> None:
    """Delete team rows of (game_id, home_id, away_id) games that belong to neither team."""
    connection.executemany("DELETE FROM team_boxes WHERE game_id = ? AND team_id NOT IN (?, ?)", games)


def name_players(connection: sqlite3.Connection, named: dict[int, tuple[str, str]]) -> None:
    """Store players' names, given as player_id -> (league day, name); the name of the newest game stands."""
    stored = dict(
        tuple(row)
        for row in connection.execute(
            "SELECT player_id, name FROM players WHERE player_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(named)),),
        )
    )
    newest = """SELECT coalesce(max(g.league_day), '') FROM player_boxes b JOIN games g ON g.game_id = b.game_id
                WHERE b.player_id = ?"""
    other = {player_id: known for player_id, known in named.items() if stored.get(player_id) != known[1]}
    rows = [
        (player_id, name)
        for player_id, (day, name) in other.items()
        if day >= connection.execute(newest, (player_id,)).fetchone()[0]
    ]
    put = (
        "INSERT INTO players (player_id, name) VALUES (?, ?) ON CONFLICT (player_id) DO UPDATE SET name = excluded.name"
    )
    connection.executemany(put, rows)


def unequal_sums(connection: sqlite3.Connection, game_ids: Iterable[object]) -> int:
    """Team rows of these games whose players do not add up to them. Turnovers of the team itself belong to nobody."""
    counted = [name for name in BOX_COUNTS if name != "tov"]
    sums = ", ".join(f"sum(b.{name}) AS {name}" for name in counted)
    differs = " OR ".join(f"p.{name} <> t.{name}" for name in counted)
    sql = f"""SELECT count(*) FROM (
                SELECT b.game_id, b.team_id, {sums} FROM player_boxes b
                WHERE b.game_id IN (SELECT value FROM json_each(?)) GROUP BY b.game_id, b.team_id
              ) p JOIN team_boxes t ON t.game_id = p.game_id AND t.team_id = p.team_id WHERE {differs}"""  # noqa: S608
    return int(connection.execute(sql, (listed(game_ids),)).fetchone()[0])


def turn_sides(connection: sqlite3.Connection, game_ids: Iterable[object]) -> None:
    """Swap home and away in the closing lines and score timelines of games whose home side was corrected."""
    these = (listed(game_ids),)
    connection.execute(
        """UPDATE closing_lines SET spread = -spread, moneyline_home = moneyline_away, moneyline_away = moneyline_home
           WHERE game_id IN (SELECT value FROM json_each(?))""",
        these,
    )
    connection.execute(
        """UPDATE scores SET home_score = away_score, away_score = home_score
           WHERE game_id IN (SELECT value FROM json_each(?))""",
        these,
    )


def listed(game_ids: Iterable[object]) -> str:
    """Distinct ids as the JSON list that the queries here take."""
    return json.dumps(sorted({str(game_id) for game_id in game_ids}))
