"""Checked rows of a file into the store: what fits the stored games is written, the rest is counted by reason.

Every function here runs inside the caller's write transaction.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import cast

from engine.core.errors import SourceError
from engine.core.records import GameStatus
from engine.sources.files import Batch, Kind, counted
from engine.store import state, upserts
from engine.store.upserts import Row, StoredGame, Tally

NOT_STORED = "the game is not stored: import the team log of its season first"
NOT_PLAYING = "TEAM_ID did not play in the game"
_UNMARK = "DELETE FROM meta WHERE key = 'simulated'"
OTHER_TEAMS = "HOME and AWAY are not the teams of the game"


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a batch came to: rows counted, rows that do not fit the stored games, oddities that were kept."""

    tally: Tally
    rejected: dict[str, int]
    notes: tuple[str, ...] = ()


def refuse_other_league(connection: sqlite3.Connection, simulated: bool) -> None:
    """Raise SourceError when the database holds the other league, real for simulated or the reverse."""
    sql = "SELECT (SELECT value FROM meta WHERE key = 'simulated'), EXISTS (SELECT 1 FROM games)"
    flag, filled = connection.execute(sql).fetchone()
    if filled and (flag == "1") != simulated:
        here, there = ("simulated", "real") if simulated else ("real", "simulated")
        raise SourceError(
            f"These files are {here} and this database holds {there} games: import them into another folder "
            "with --home; nothing was imported."
        )


def claim_league(connection: sqlite3.Connection, simulated: bool) -> None:
    """Refuse the other league, and mark the database as simulated or real."""
    refuse_other_league(connection, simulated)
    mark = "INSERT OR REPLACE INTO meta (key, value) VALUES ('simulated', '1')" if simulated else _UNMARK
    connection.execute(mark)


def write(connection: sqlite3.Connection, batch: Batch) -> Written:
    """The checked rows of any kind of batch."""
    return _WRITERS[batch.kind](connection, batch)


def write_team_log(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Games and their team rows. A tip-off time or a neutral site known from a schedule stays."""
    columns = upserts.GAMES.columns
    fresh = batch.rows("games", columns[:-1])
    stored = upserts.stored_games(connection, (row[0] for row in fresh))
    rows = [(*_with_stored_venue(row, stored.get(str(row[0]))), GameStatus.FINAL.value) for row in fresh]
    games = upserts.upsert(connection, upserts.GAMES, rows)
    home, away = columns.index("home_id"), columns.index("away_id")
    swapped = [row[0] for row in rows if _sides_swapped(row, stored.get(str(row[0])))]
    upserts.turn_sides(connection, swapped)
    upserts.drop_boxes_of_others(connection, [(row[0], row[home], row[away]) for row in rows if row[0] in stored])
    boxes = batch.rows("team_boxes", upserts.TEAM_BOXES.columns)
    tally = upserts.upsert(connection, upserts.TEAM_BOXES, boxes, moved=games.games)
    day = columns.index("league_day")
    touched = tally.games | games.games
    days = [str(row[day]) for row in rows if row[0] in touched]
    days += [stored[game_id].league_day for game_id in touched if game_id in stored]
    _mark(connection, days)
    note = f"home and away were corrected in {counted(len(swapped), 'stored game')}: odds and timelines turned too"
    return Written(tally, {}, (note,) if swapped else ())


def write_player_log(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Player rows of stored games, and the players' names."""
    rows = batch.rows("player_boxes", (*upserts.PLAYER_BOXES.columns, "name"))
    games = upserts.stored_games(connection, (row[0] for row in rows))
    rejected: Counter[str] = Counter()
    kept: list[Row] = []
    names: dict[int, tuple[str, str]] = {}
    for row in rows:
        game = games.get(str(row[0]))
        if game is None or row[2] not in (game.home_id, game.away_id):
            rejected[NOT_STORED if game is None else NOT_PLAYING] += 1
            continue
        kept.append(row[:-1])
        player_id, name = cast(int, row[1]), str(row[-1])
        if game.league_day >= names.get(player_id, ("", ""))[0]:
            names[player_id] = (game.league_day, name)
    upserts.name_players(connection, names)
    tally = upserts.upsert(connection, upserts.PLAYER_BOXES, upserts.with_finer_minutes(connection, kept))
    _mark(connection, [games[game_id].league_day for game_id in tally.games])
    unequal = upserts.unequal_sums(connection, (row[0] for row in kept))
    note = f"the players do not add up to the team in {counted(unequal, 'team row')} (kept)"
    return Written(tally, dict(rejected), (note,) if unequal else ())


def write_timelines(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Score timelines of stored games; a game's stored timeline is replaced by the file's.

    A timeline that ends at the box score with the sides swapped (seen at neutral sites) is turned round. One that
    ends elsewhere is kept, and noted.
    """
    rows = batch.rows("scores", upserts.SCORES.columns)
    games = upserts.stored_games(connection, (row[0] for row in rows))
    rejected: Counter[str] = Counter()
    kept: list[Row] = []
    lengths: dict[str, int] = {}
    turned = elsewhere = 0
    for key, group in groupby(rows, key=itemgetter(0)):
        game_id, own = str(key), list(group)
        game = games.get(game_id)
        if game is None:
            rejected[NOT_STORED] += len(own)
            continue
        box, end = (game.home_points, game.away_points), own[-1][-2:]
        if end == box[::-1]:
            own = [(*row[:-2], row[-1], row[-2]) for row in own]
            turned += 1
        elsewhere += end not in (box, box[::-1])
        kept += own
        lengths[game_id] = len(own)
    tally = upserts.upsert(connection, upserts.SCORES, kept)
    trimmed = upserts.trim_scores(connection, lengths)
    notes = {
        f"the two sides were listed the other way round in {counted(turned, 'game')} (turned)": turned,
        f"the last score is not the box score in {counted(elsewhere, 'game')} (kept)": elsewhere,
        f"{counted(trimmed, 'stored row')} no longer in the file, removed": trimmed,
    }
    return Written(tally, dict(rejected), tuple(note for note, count in notes.items() if count))


def write_odds(connection: sqlite3.Connection, batch: Batch) -> Written:
    """Closing lines of stored games. A neutral-site game may be listed the other way round: its line is turned."""
    rows = batch.rows("closing_lines", ("home_id", "away_id", *upserts.CLOSING_LINES.columns))
    games = upserts.stored_games(connection, (row[2] for row in rows))
    rejected: Counter[str] = Counter()
    kept: list[Row] = []
    for row in rows:
        game = games.get(str(row[2]))
        if game is None:
            rejected[NOT_STORED] += 1
        elif row[:2] == (game.home_id, game.away_id):
            kept.append(row[2:])
        elif row[:2] == (game.away_id, game.home_id) and game.neutral:
            kept.append(_turned_line(row[2:]))
        else:
            rejected[OTHER_TEAMS] += 1
    return Written(upserts.upsert(connection, upserts.CLOSING_LINES, kept), dict(rejected))


_WRITERS: dict[Kind, Callable[[sqlite3.Connection, Batch], Written]] = {
    Kind.TEAM_LOG: write_team_log,
    Kind.PLAYER_LOG: write_player_log,
    Kind.TIMELINE: write_timelines,
    Kind.ODDS: write_odds,
}


def _with_stored_venue(row: Row, stored: StoredGame | None) -> Row:
    """A games row whose home side and neutral flag follow the stored game where the log cannot know better."""
    values = dict(zip(upserts.GAMES.columns, row, strict=False))
    if stored is None or {stored.home_id, stored.away_id} != {values["home_id"], values["away_id"]}:
        return row
    if values["neutral"] and stored.home_id != values["home_id"]:
        values["home_id"], values["away_id"] = values["away_id"], values["home_id"]
        values["home_points"], values["away_points"] = values["away_points"], values["home_points"]
    elif stored.neutral and stored.home_id == values["home_id"]:
        values["neutral"] = 1
    return tuple(values.values())


def _sides_swapped(row: Row, stored: StoredGame | None) -> bool:
    values = dict(zip(upserts.GAMES.columns, row, strict=False))
    return stored is not None and (stored.home_id, stored.away_id) == (values["away_id"], values["home_id"])


def _turned_line(line: Row) -> Row:
    game_id, spread, total, home, away = line
    return game_id, None if spread is None else -cast(float, spread), total, away, home


def _mark(connection: sqlite3.Connection, days: list[str]) -> None:
    if days:
        state.mark_changed(connection, date.fromisoformat(min(days)))
