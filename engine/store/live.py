"""What the feed showed of games under way: their states, the course of their scores, and when it was asked last."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.core.live import Moment
from engine.core.live_games import LiveState, LiveStatus
from engine.core.timelines import Score
from engine.store.database import Database, utc_text

_STATE = """
INSERT INTO live_games (game_id, league_day, home_id, away_id, tip_utc, status, period, seconds_left, home, away,
    possession, text, seen_at, changed_at)
VALUES (:game_id, :day, :home_id, :away_id, :tip, :status, :period, :seconds_left, :home, :away, :possession, :text,
    :seen, :changed)
ON CONFLICT (game_id) DO UPDATE SET league_day = excluded.league_day, home_id = excluded.home_id,
    away_id = excluded.away_id, tip_utc = excluded.tip_utc, status = excluded.status, period = excluded.period,
    seconds_left = excluded.seconds_left, home = excluded.home, away = excluded.away, text = excluded.text,
    possession = excluded.possession, seen_at = excluded.seen_at, changed_at = excluded.changed_at
"""
_CLAIM = """
INSERT INTO live_feed (id, next_poll) VALUES (1, :until)
ON CONFLICT (id) DO UPDATE SET next_poll = :until WHERE next_poll <= :now OR next_poll > :unlikely
"""
_NEAR = timedelta(minutes=15)
"""No turn lies further ahead: a later one was written before the clock was set back. One that was left unused for so
long was the last of an evening."""
_FORGET = (
    "DELETE FROM live_scores WHERE game_id IN (SELECT game_id FROM live_games WHERE league_day < ?)",
    "DELETE FROM live_follows WHERE league_day < ?",
)


@dataclass(frozen=True, slots=True)
class FeedState:
    """When the feed was last asked with success, and why it does not answer since (a sentence), if it does not."""

    polled_at: datetime | None = None
    problem: str = ""


def states(database: Database, days: Sequence[date], now: datetime) -> dict[str, LiveState]:
    """What the feed showed of the games of some league days by `now`, by game id."""
    found: dict[str, LiveState] = {}
    for day in days:
        rows = database.rows(
            "SELECT * FROM live_games WHERE league_day = ? AND seen_at <= ? ORDER BY game_id",
            (day.isoformat(), utc_text(now)),
        )
        found |= {row["game_id"]: _state(row) for row in rows}
    return found


def state(database: Database, game_id: str, now: datetime) -> LiveState | None:
    """What the feed showed of a game by `now`, or None."""
    row = database.row("SELECT * FROM live_games WHERE game_id = ? AND seen_at <= ?", (game_id, utc_text(now)))
    return _state(row) if row else None


def scores(database: Database, game_id: str) -> tuple[Score, ...]:
    """Every change of a game's score that was seen, in order."""
    rows = database.rows(
        "SELECT period, seconds_left, home, away FROM live_scores WHERE game_id = ? ORDER BY seq", (game_id,)
    )
    return tuple(Score(*row) for row in rows)


def keep(database: Database, seen: LiveState, course: Sequence[Score]) -> None:
    """Write down the state of a game and the whole course of its score; what stands there already is left alone."""
    moment = seen.moment
    values = {
        "game_id": seen.game_id,
        "day": seen.league_day.isoformat(),
        "home_id": seen.home_id,
        "away_id": seen.away_id,
        "tip": utc_text(seen.tip_utc) if seen.tip_utc else None,
        "status": seen.status.value,
        "period": moment.period,
        "seconds_left": moment.seconds_left,
        "home": moment.home,
        "away": moment.away,
        "possession": moment.possession,
        "text": seen.text,
        "seen": utc_text(seen.seen_at),
        "changed": utc_text(seen.changed_at),
    }
    with database.write() as connection:
        known = scores(database, seen.game_id)
        same = 0
        while same < min(len(known), len(course)) and known[same] == course[same]:
            same += 1
        fresh = [
            (seen.game_id, seq, one.period, one.seconds_left, one.home, one.away)
            for seq, one in enumerate(course[same:], start=same)
        ]
        connection.execute(_STATE, values)
        connection.execute("DELETE FROM live_scores WHERE game_id = ? AND seq >= ?", (seen.game_id, same))
        connection.executemany("INSERT INTO live_scores VALUES (?, ?, ?, ?, ?, ?)", fresh)


def claim(database: Database, now: datetime, lease: timedelta) -> bool:
    """Take the turn to ask the feed, for the length of the lease; False where it is another's or not time yet."""
    values = {"now": utc_text(now), "until": utc_text(now + lease), "unlikely": utc_text(now + _NEAR)}
    with database.write() as connection:
        return connection.execute(_CLAIM, values).rowcount == 1


def asked(database: Database, now: datetime, next_poll: datetime, problem: str = "") -> None:
    """Note that the feed was asked, with success unless a problem is named, and when it is to be asked again."""
    values = {"now": None if problem else utc_text(now), "next": utc_text(next_poll), "problem": problem}
    with database.write() as connection:
        connection.execute(
            """UPDATE live_feed SET next_poll = :next, problem = :problem, polled_at = coalesce(:now, polled_at)
               WHERE id = 1""",
            values,
        )


def feed_state(database: Database, now: datetime) -> FeedState:
    """How the feed had fared by `now`; why it failed counts only while somebody keeps asking."""
    row = database.row("SELECT polled_at, next_poll, problem FROM live_feed WHERE id = 1")
    if row is None:
        return FeedState()
    polled_at = datetime.fromisoformat(row["polled_at"]) if row["polled_at"] else None
    is_asked = abs(datetime.fromisoformat(row["next_poll"]) - now) <= _NEAR
    return FeedState(polled_at if polled_at and polled_at <= now else None, row["problem"] if is_asked else "")


def forget(database: Database, before: date) -> int:
    """Delete the courses of games of earlier league days, which the feeds' own timelines replace, and who followed.

    Returns how many rows these were. Forecasts are kept.
    """
    with database.write() as connection:
        return sum(connection.execute(sql, (before.isoformat(),)).rowcount for sql in _FORGET)


def _state(row: sqlite3.Row) -> LiveState:
    return LiveState(
        game_id=row["game_id"],
        league_day=date.fromisoformat(row["league_day"]),
        home_id=row["home_id"],
        away_id=row["away_id"],
        tip_utc=datetime.fromisoformat(row["tip_utc"]) if row["tip_utc"] else None,
        status=LiveStatus(row["status"]),
        moment=Moment(row["period"], row["seconds_left"], row["home"], row["away"], possession=row["possession"]),
        text=row["text"],
        seen_at=datetime.fromisoformat(row["seen_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )
