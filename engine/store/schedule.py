"""A season's schedule into the store: games to come, when they begin, and what becomes of those that are not played.

A schedule never makes a result: games that it calls final wait for their box scores.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from engine.core.calendar import COUNTED_TYPES, season_label
from engine.core.errors import SourceError
from engine.core.records import Game, GameStatus
from engine.sources.files import counted
from engine.store import state, upserts
from engine.store.database import utc_text
from engine.store.facts import Written
from engine.store.games import game_of
from engine.store.upserts import Row, Table

OTHER_TEAMS = "the game was played by other teams"
_TABLE = Table("games", upserts.GAMES.key, (*upserts.GAMES.values, "tip_utc"))
_FEW = 3
_SHARE = 0.04
"""A whole round of sweeps leaves 24 games of 1,300 unplayed: more than this share never vanishes at once."""


def write_schedule(connection: sqlite3.Connection, season: int, listed: Sequence[Game]) -> Written:
    """Bring the stored games of a season in line with the whole of its schedule, inside the caller's transaction.

    Results that are stored stay; a game to come that is no longer listed is called off. Raises SourceError, and
    writes nothing, when so many stored games are missing that the list cannot be whole.
    """
    stored = {game.game_id: game for game in _stored(connection, season)}
    wanted = {game.game_id: game for game in listed if game.season_type in COUNTED_TYPES}
    vanished = _vanished(season, stored, wanted)
    rejected = Counter(f"{game.season_type} game: not counted" for game in listed if game.game_id not in wanted)
    rows: list[Row] = []
    turned: list[str] = []
    for game in wanted.values():
        known = stored.get(game.game_id)
        if known is not None and _played_by_others(known, game):
            rejected[OTHER_TEAMS] += 1
            continue
        merged = _merged(known, game)
        if known is not None and (known.home_id, known.away_id) == (merged.away_id, merged.home_id):
            turned.append(game.game_id)
        rows.append(_row(merged))
    rows += [_row(replace(game, status=GameStatus.CANCELLED)) for game in vanished]
    upserts.turn_sides(connection, turned)
    tally = upserts.upsert(connection, _TABLE, rows)
    _mark(connection, tally.games, (*stored.values(), *wanted.values()))
    note = f"{counted(len(vanished), 'game')} no longer in the schedule: called off"
    return Written(tally, dict(rejected), (note,) if vanished else ())


def _stored(connection: sqlite3.Connection, season: int) -> list[Game]:
    return [game_of(row) for row in connection.execute("SELECT * FROM games WHERE season = ?", (season,))]


def _vanished(season: int, stored: dict[str, Game], wanted: dict[str, Game]) -> list[Game]:
    """Stored games to come that the schedule does not list any more."""
    standing = [game for game in stored.values() if game.status is not GameStatus.CANCELLED]
    missing = [game for game in standing if game.game_id not in wanted]
    if missing and (not wanted or len(missing) > max(_FEW, _SHARE * len(standing))):
        raise SourceError(
            f"The schedule of {season_label(season)} lacks {len(missing)} of the {len(standing)} stored games, so it "
            "was not used: run nbabot sync again later."
        )
    return [game for game in missing if game.status is not GameStatus.FINAL]


def _played_by_others(known: Game, listed: Game) -> bool:
    return known.status is GameStatus.FINAL and {known.home_id, known.away_id} != {listed.home_id, listed.away_id}


def _merged(known: Game | None, listed: Game) -> Game:
    """What is known of a game after the schedule has been read; only the schedule knows the home side for sure."""
    if known is None or known.status is not GameStatus.FINAL:
        status = GameStatus.SCHEDULED if listed.status is GameStatus.FINAL else listed.status
        return replace(listed, status=status, home_points=None, away_points=None, overtimes=0)
    points = (known.home_points, known.away_points)
    home_points, away_points = points if known.home_id == listed.home_id else points[::-1]
    return replace(
        known,
        home_id=listed.home_id,
        away_id=listed.away_id,
        neutral=known.neutral or listed.neutral,
        home_points=home_points,
        away_points=away_points,
        tip_utc=listed.tip_utc or known.tip_utc,
    )


def _row(game: Game) -> Row:
    """The columns of `_TABLE`."""
    return (
        game.game_id,
        game.season,
        game.season_type.value,
        game.league_day.isoformat(),
        game.home_id,
        game.away_id,
        int(game.neutral),
        game.home_points,
        game.away_points,
        game.overtimes,
        game.status.value,
        None if game.tip_utc is None else utc_text(game.tip_utc),
    )


def _mark(connection: sqlite3.Connection, changed: frozenset[str], games: Sequence[Game]) -> None:
    """Note the first day that has changed; a moved game changes the day that it left too."""
    days = [game.league_day for game in games if game.game_id in changed]
    if days:
        state.mark_changed(connection, min(days))
