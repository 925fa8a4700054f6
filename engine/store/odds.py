"""Odds in the store: every quote with the moment it was fetched, so that a later one is never seen earlier.

A quote belongs to a game by its teams and tip-off, and to a team by its id: which side the feed calls home, as it
differs at neutral sites, changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.core.calendar import league_day
from engine.core.odds import (
    GameOdds,
    Market,
    OddsBoard,
    OddsEvent,
    OddsQuota,
    Quote,
    best_prices,
    closing_line,
    consensus,
)
from engine.core.records import ClosingLine, Game
from engine.core.teams import BY_ID
from engine.store import games
from engine.store.database import Database, utc_text
from engine.store.meta import Meta
from engine.store.upserts import Tally

MOVED_TIP = timedelta(hours=6)
"""An event whose tip-off is further from the stored one than this is another game of the two teams."""
CLOSING_DAYS = 7
"""Closing lines of games older than this are left as they are."""
_QUOTA = "odds_quota"
_MEETINGS = """
SELECT * FROM games WHERE status IN ('scheduled', 'final') AND :one IN (home_id, away_id) AND :two IN (home_id, away_id)
AND league_day BETWEEN date(:day, '-1 day') AND date(:day, '+1 day')
"""


@dataclass(frozen=True, slots=True)
class StoredOdds:
    """What storing an answer came to: quotes counted, and events that belong to no stored game."""

    tally: Tally
    unmatched: tuple[str, ...]


def store_odds(database: Database, events: Sequence[OddsEvent], fetched: datetime) -> StoredOdds:
    """Write the quotes of events that have not begun. An event that matches no stored game is named, not guessed."""
    rows: list[tuple[object, ...]] = []
    unmatched: list[str] = []
    for event in events:
        game = _game_of(database, event)
        if game is None or (game.tip_utc is not None and game.tip_utc <= fetched):
            teams = f"{BY_ID[event.away_id].abbreviation} at {BY_ID[event.home_id].abbreviation}"
            unmatched.append(f"{teams} on {league_day(event.tip_utc)}")
            continue
        rows += [
            (game.game_id, utc_text(fetched), one.book, one.market, one.side, one.player, one.point or 0.0, one.price)
            for one in event.quotes
        ]
    with database.write() as connection:
        new = _insert(connection, rows)
    tally = Tally(new, 0, len(rows) - new, frozenset(str(row[0]) for row in rows))
    return StoredOdds(tally, tuple(unmatched))


def odds_on(database: Database, day: date, now: datetime) -> OddsBoard:
    """The newest quotes fetched by `now` of every game of a league day, in the order of the slate."""
    found = []
    for game in games.games_on(database, day, league_day(now)):
        newest = _newest(database, game, now)
        if newest is not None:
            found.append(newest)
    return OddsBoard(day, now, tuple(found), quota(database, now))


def line_of(database: Database, game: Game, now: datetime) -> ClosingLine | None:
    """What the market says of a game as known at a moment: its closing line once it has begun, else the last odds."""
    begun = game.tip_utc <= now if game.tip_utc else game.league_day < league_day(now)
    said = games.closing_line(database, game.game_id) if begun else None
    if said is None:
        newest = _newest(database, game, min(game.tip_utc, now) if game.tip_utc else now)
        said = None if newest is None else closing_line(game.game_id, newest.consensus)
    if said is None or (said.spread, said.total, said.moneyline_home, said.moneyline_away) == (None,) * 4:
        return None
    return said


def close_lines(database: Database, now: datetime) -> int:
    """Write the closing line of every recent game that has begun: the consensus of its last quotes before tip-off.

    Returns how many lines are new or differ. A game without a known tip-off closes when its day is over.
    """
    today = league_day(now)
    lines: list[ClosingLine] = []
    for back in range(CLOSING_DAYS + 1):
        for game in games.games_on(database, today - timedelta(days=back), today):
            begun = game.tip_utc <= now if game.tip_utc else game.league_day < today
            last = _newest(database, game, game.tip_utc or now) if begun else None
            if last is not None:
                lines.append(closing_line(game.game_id, last.consensus))
    stored = games.closing_lines(database)
    fresh = [line for line in lines if stored.get(line.game_id) != line]
    with database.write() as connection:
        connection.executemany(
            """INSERT INTO closing_lines (game_id, spread, total, moneyline_home, moneyline_away)
               VALUES (?, ?, ?, ?, ?) ON CONFLICT (game_id) DO UPDATE SET spread = excluded.spread,
               total = excluded.total, moneyline_home = excluded.moneyline_home,
               moneyline_away = excluded.moneyline_away""",
            [(line.game_id, line.spread, line.total, line.moneyline_home, line.moneyline_away) for line in fresh],
        )
    return len(fresh)


def quota(database: Database, now: datetime) -> OddsQuota | None:
    """What is left of the account's requests, as last told by `now`; None before the first answer."""
    text = Meta(database).get(_QUOTA)
    if text is None:
        return None
    values = json.loads(text)
    told = OddsQuota(values["remaining"], values["used"], datetime.fromisoformat(values["moment"]))
    return told if told.moment <= now else None


def store_quota(database: Database, told: OddsQuota) -> None:
    """Remember what the feed said of the account's requests."""
    values = {"remaining": told.remaining, "used": told.used, "moment": utc_text(told.moment)}
    Meta(database).put(_QUOTA, json.dumps(values))


def _game_of(database: Database, event: OddsEvent) -> Game | None:
    """The stored game of an event's two teams nearest to its tip-off; by the league day where none is stored."""
    day = league_day(event.tip_utc)
    values = {"one": event.home_id, "two": event.away_id, "day": day.isoformat()}
    meetings = [games.game_of(row) for row in database.rows(_MEETINGS, values)]
    away = {game: abs(game.tip_utc - event.tip_utc) for game in meetings if game.tip_utc}
    away |= {game: timedelta(0) for game in meetings if not game.tip_utc and game.league_day == day}
    nearest = min(away, key=away.__getitem__, default=None)
    return nearest if nearest and away[nearest] <= MOVED_TIP else None


def _newest(database: Database, game: Game, by: datetime) -> GameOdds | None:
    """A game's newest quotes fetched by a moment, or None."""
    rows = database.rows(
        """SELECT fetched_at, book, market, side, price, point, player FROM odds_quotes
           WHERE game_id = :game AND fetched_at = (
               SELECT max(fetched_at) FROM odds_quotes WHERE game_id = :game AND fetched_at <= :by)""",
        {"game": game.game_id, "by": utc_text(by)},
    )
    if not rows:
        return None
    quotes = [_quote(row) for row in rows]
    return GameOdds(
        game=game,
        fetched_at=datetime.fromisoformat(rows[0]["fetched_at"]),
        consensus=consensus(quotes, game.home_id, game.away_id),
        best=best_prices(quotes),
    )


def _quote(row: sqlite3.Row) -> Quote:
    point = None if row["market"] == Market.MONEYLINE else row["point"]
    return Quote(row["book"], row["market"], row["side"], row["price"], point, row["player"])


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> int:
    cursor = connection.executemany(
        """INSERT INTO odds_quotes (game_id, fetched_at, book, market, side, player, point, price)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        rows,
    )
    return max(0, cursor.rowcount)
