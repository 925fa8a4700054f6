"""Posts on their way to a channel. A post is stored whole before anything is sent, and its row says how far it came.

    waiting ──claim──> waiting, leased until `not_before` ──> sent
                                                         ├──> failed    the channel will never take it
                                                         └──> expired   too late to be useful

A claim counts an attempt and leases the row, so that two processes never send the same post at once. A process that
dies leaves nothing to mend: the lease runs out, the next claim takes the post up, and the sender first looks whether
the channel has it already.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

from engine.core.calendar import machine_clock
from engine.core.posts import Draft, Post, PostState
from engine.store.database import Database, utc_text


class Outbox:
    """The posts of one database. `now` is the machine's clock: leases and waits are about this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, draft: Draft) -> bool:
        """Store a post; False when its day, kind and channel already have one, which stays as it is."""
        values = (
            draft.league_day.isoformat(),
            draft.kind,
            draft.channel,
            draft.nonce,
            draft.payload,
            utc_text(machine_clock()),
            utc_text(draft.expires),
        )
        with self._database.write() as connection:
            done = connection.execute(
                """INSERT OR IGNORE INTO outbox (league_day, kind, channel, nonce, payload, created, expires)
                   VALUES (?, ?, ?, ?, ?, ?, ?)""",
                values,
            )
            return done.rowcount == 1

    def claim(self, channel: str, now: datetime, lease: timedelta) -> Post | None:
        """Take the oldest post of a channel that may be tried now, for the length of the lease; None when none may."""
        with self._database.write() as connection:
            row = connection.execute(
                """UPDATE outbox SET attempts = attempts + 1, not_before = :until WHERE id = (
                       SELECT id FROM outbox WHERE channel = :channel AND state = 'waiting'
                       AND (not_before IS NULL OR not_before <= :now) ORDER BY id LIMIT 1)
                   RETURNING *""",
                {"channel": channel, "now": utc_text(now), "until": utc_text(now + lease)},
            ).fetchone()
        return None if row is None else _post(row)

    def expire(self, channel: str, moment: datetime) -> tuple[Post, ...]:
        """Drop a channel's waiting posts that are of no use any more at `moment`; returns them.

        `moment` is the engine's clock: whether the day's games have begun is a question about the league's day.
        """
        with self._database.write() as connection:
            rows = connection.execute(
                """UPDATE outbox SET state = 'expired', error = 'not sent in time'
                   WHERE channel = ? AND state = 'waiting' AND expires <= ? RETURNING *""",
                (channel, utc_text(moment)),
            ).fetchall()
        return tuple(_post(row) for row in rows)

    def sent(self, post: Post, message_id: str) -> None:
        """Record that the channel has the post."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, error = NULL WHERE id = ?",
                (utc_text(machine_clock()), message_id, post.id),
            )

    def failed(self, post: Post, reason: str) -> None:
        """Record that the channel will never take the post."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox SET state = 'failed', error = ? WHERE id = ? AND state = 'waiting'", (reason, post.id)
            )

    def retry(self, post: Post, not_before: datetime, reason: str) -> None:
        """Leave the post waiting for a later attempt."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox SET not_before = ?, error = ? WHERE id = ? AND state = 'waiting'",
                (utc_text(not_before), reason, post.id),
            )

    def recent(self, limit: int = 50) -> tuple[Post, ...]:
        """The newest posts in any state, newest first."""
        rows = self._database.rows("SELECT * FROM outbox ORDER BY id DESC LIMIT ?", (limit,))
        return tuple(_post(row) for row in rows)


def _post(row: sqlite3.Row) -> Post:
    return Post(
        id=row["id"],
        league_day=date.fromisoformat(row["league_day"]),
        kind=row["kind"],
        channel=row["channel"],
        nonce=row["nonce"],
        payload=row["payload"],
        state=PostState(row["state"]),
        attempts=row["attempts"],
        created=datetime.fromisoformat(row["created"]),
        expires=datetime.fromisoformat(row["expires"]),
        message_id=row["message_id"],
        error=row["error"],
    )
