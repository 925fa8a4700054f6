"""A season's schedule into the store: games to come, when they begin, and what becomes of those that are not played.

A schedule never makes a result: games that it calls final wait for their box scores.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from engine.core.calendar import season_label
from engine.core.errors import SourceError
from engine.core.records import Game, GameStatus
from engine.sources.feed import ScheduledGame
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


def write_schedule(connection: sqlite3.Connection, season: int, listed: Sequence[ScheduledGame]) -> Written:
    """Bring the stored games of a season in line with the whole of its schedule, inside the caller's transaction.

    Results that are stored stay; a game to come that is no longer listed is called off. Raises SourceError, and
    writes nothing, when so many stored games are missing that the list cannot be whole.
    """
    stored = {game.game_id: game for game in _stored(connection, season)}
    wanted = {game.game_id: game for game in listed}
    vanished = _vanished(season, stored, wanted)
    rejected = 0
    rows: list[Row] = []
    turned: list[str] = []
    for game in wanted.values():
        known = stored.get(game.game_id)
        if known is not None and _played_by_others(known, game):
            rejected += 1
            continue
        merged = _merged(known, game)
        if known is not None and (known.home_id, known.away_id) == (merged.away_id, merged.home_id):
            turned.append(game.game_id)
        rows.append(_row(merged))
    rows += [_row(replace(game, status=GameStatus.CANCELLED)) for game in vanished]
    upserts.turn_sides(connection, turned)
    tally = upserts.upsert(connection, _TABLE, rows)
    days = [games[game_id].league_day for games in (stored, wanted) for game_id in tally.games & games.keys()]
    if days:
        state.mark_changed(connection, min(days))
    note = f"{counted(len(vanished), 'game')} no longer in the schedule: called off"
    return Written(tally, {OTHER_TEAMS: rejected} if rejected else {}, (note,) if vanished else ())


def _stored(connection: sqlite3.Connection, season: int) -> list[Game]:
    return [game_of(row) for row in connection.execute("SELECT * FROM games WHERE season = ?", (season,))]


def _vanished(season: int, stored: Mapping[str, Game], wanted: Container[str]) -> list[Game]:
    """Stored games to come that the schedule does not list any more."""
    standing = [game for game in stored.values() if game.status is not GameStatus.CANCELLED]
    missing = [game for game in standing if game.game_id not in wanted]
    if missing and (len(missing) == len(standing) or len(missing) > max(_FEW, _SHARE * len(standing))):
        raise SourceError(
            f"The schedule of {season_label(season)} lacks {len(missing)} of the {len(standing)} stored games, so it "
            "was not used: run nbabot sync again later."
        )
    return [game for game in missing if game.status is not GameStatus.FINAL]


def _played_by_others(known: Game, listed: ScheduledGame) -> bool:
    return known.status is GameStatus.FINAL and {known.home_id, known.away_id} != {listed.home_id, listed.away_id}


def _merged(known: Game | None, listed: ScheduledGame) -> Game:
    """What is known of a game after the schedule has been read; only the schedule knows the home side for sure."""
    if known is None or known.status is not GameStatus.FINAL:
        return _to_come(listed, known is not None and known.neutral)
    points = (known.home_points, known.away_points)
    home_points, away_points = points if known.home_id == listed.home_id else points[::-1]
    return replace(
        known,
        home_id=listed.home_id,
        away_id=listed.away_id,
        neutral=known.neutral or bool(listed.neutral),
        home_points=home_points,
        away_points=away_points,
        tip_utc=listed.tip_utc or known.tip_utc,
    )


def _to_come(listed: ScheduledGame, was_neutral: bool) -> Game:
    return Game(
        game_id=listed.game_id,
        season=listed.season,
        season_type=listed.season_type,
        league_day=listed.league_day,
        home_id=listed.home_id,
        away_id=listed.away_id,
        neutral=was_neutral if listed.neutral is None else listed.neutral,
        status=GameStatus.SCHEDULED if listed.status is GameStatus.FINAL else listed.status,
        tip_utc=listed.tip_utc,
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
