"""Posts on their way to a channel. A post is stored whole before anything is sent, and its row says how far it came.

    waiting ──claim──> waiting, leased until `not_before` ──> sent ──revise──> waiting, to change the message it became
                                                         ├──> failed    the channel will never take it
                                                         └──> expired   too late to be useful

A claim counts an attempt and leases the row, so that two processes never send the same post at once. A process that
dies leaves nothing to mend: the lease runs out, the next claim takes the post up, and the sender first looks whether
the channel has it already. Channels are named `scheme:number` or by the scheme alone; a sender serves one scheme.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date, datetime, timedelta

from engine.core.calendar import machine_clock
from engine.core.posts import Draft, Post, PostState
from engine.store.database import Database, utc_text

_AHEAD = timedelta(days=1)
"""No post is put off for longer: a later moment was written before the machine's clock was set back."""
_CLAIM = """
UPDATE outbox SET attempts = attempts + 1, not_before = :until WHERE id = (
    SELECT id FROM outbox WHERE state = 'waiting'
    AND :scheme IN (channel, substr(channel, 1, instr(channel, ':') - 1))
    AND (not_before IS NULL OR not_before <= :now OR not_before > :unlikely)
    ORDER BY message_id IS NOT NULL, sent_at, id LIMIT 1)
RETURNING *
"""
_EXPIRE = """
UPDATE outbox SET state = CASE WHEN message_id IS NULL THEN 'expired' ELSE 'sent' END, error = 'not sent in time'
WHERE state = 'waiting' AND :scheme IN (channel, substr(channel, 1, instr(channel, ':') - 1)) AND expires <= :moment
RETURNING *
"""
_REVISE = """
UPDATE outbox SET payload = :payload, expires = :expires, revision = revision + 1, error = NULL,
    attempts = CASE state WHEN 'sent' THEN 0 ELSE attempts END, state = 'waiting'
WHERE league_day = :day AND kind = :kind AND channel = :channel AND state IN ('waiting', 'sent') AND payload <> :payload
"""
_SENT = """
UPDATE outbox SET state = CASE revision WHEN :revision THEN 'sent' ELSE 'waiting' END, sent_at = :now,
    message_id = :message, not_before = NULL, error = NULL
WHERE id = :id
"""


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

    def revise(self, draft: Draft) -> bool:
        """Change the content of the post of this day, kind and channel; its message, if there is one, is edited.

        False when there is none, it was given up, or it reads so already. One that is being sent meanwhile is edited
        afterwards.
        """
        values = {
            "day": draft.league_day.isoformat(),
            "kind": draft.kind,
            "channel": draft.channel,
            "payload": draft.payload,
            "expires": utc_text(draft.expires),
        }
        with self._database.write() as connection:
            return connection.execute(_REVISE, values).rowcount == 1

    def claim(self, scheme: str, now: datetime, lease: timedelta) -> Post | None:
        """Take a post of a scheme that may be tried now, for the length of the lease; None when none may.

        New ones come first, the oldest of them before the others; then changes, those first whose message has stood
        unchanged for longest, so that messages that change every few seconds leave none behind.
        """
        values = {
            "scheme": scheme,
            "now": utc_text(now),
            "until": utc_text(now + lease),
            "unlikely": utc_text(now + _AHEAD),
        }
        with self._database.write() as connection:
            row = connection.execute(_CLAIM, values).fetchone()
        return None if row is None else _post(row)

    def expire(self, scheme: str, moment: datetime) -> tuple[Post, ...]:
        """Drop a scheme's waiting posts and edits that are of no use any more at `moment`; returns them.

        `moment` is the engine's clock: whether the day's games have begun is a question about the league's day.
        """
        with self._database.write() as connection:
            rows = connection.execute(_EXPIRE, {"scheme": scheme, "moment": utc_text(moment)}).fetchall()
        return tuple(_post(row) for row in rows)

    def sent(self, post: Post, message_id: str) -> None:
        """Record that the channel has the post as it was claimed; if it was revised meanwhile the edit waits."""
        values = {
            "id": post.id,
            "revision": post.revision,
            "now": utc_text(machine_clock()),
            "message": message_id,
        }
        with self._database.write() as connection:
            connection.execute(_SENT, values)

    def failed(self, post: Post, reason: str) -> None:
        """Record that the channel will never take the post."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE outbox SET state = 'failed', error = ? WHERE id = ? AND state = 'waiting'", (reason, post.id)
            )

    def give_up(self, channel: str, reason: str) -> int:
        """Record that a channel will take none of what waits for it; returns how many posts that were."""
        with self._database.write() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'failed', error = ? WHERE channel = ? AND state = 'waiting'",
                (reason, channel),
            ).rowcount

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

    def find(self, day: date, kind: str, channel: str) -> Post | None:
        """The post of a league day and kind for a channel, or None."""
        row = self._database.row(
            "SELECT * FROM outbox WHERE league_day = ? AND kind = ? AND channel = ?", (day.isoformat(), kind, channel)
        )
        return None if row is None else _post(row)

    def posts(self, kind: str, day: date) -> tuple[Post, ...]:
        """Every channel's post of a kind and league day, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM outbox WHERE kind = ? AND league_day = ? ORDER BY id", (kind, day.isoformat())
        )
        return tuple(_post(row) for row in rows)

    def tally(self, kind: str, day: date | None = None) -> Counter[PostState]:
        """How many posts of a kind and league day, the latest one that has any if left out, stand where."""
        rows = self._database.rows(
            """SELECT state, count(*) AS n FROM outbox WHERE kind = :kind
               AND league_day = coalesce(:day, (SELECT max(league_day) FROM outbox WHERE kind = :kind))
               GROUP BY state""",
            {"kind": kind, "day": day.isoformat() if day else None},
        )
        return Counter({PostState(row["state"]): row["n"] for row in rows})

    def depth(self) -> Counter[PostState]:
        """How many posts are remembered in each state."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM outbox GROUP BY state")
        return Counter({PostState(row["state"]): row["n"] for row in rows})

    def delays(self) -> dict[str, float]:
        """Seconds from being stored to being sent, of the newest sent post of each kind (its first word)."""
        rows = self._database.rows(
            """SELECT substr(kind, 1, instr(kind || ' ', ' ') - 1) AS sort, created, sent_at, max(id) FROM outbox
               WHERE state = 'sent' AND revision = 0 AND sent_at IS NOT NULL GROUP BY sort"""
        )
        moments = {row["sort"]: (row["created"], row["sent_at"]) for row in rows}
        return {
            kind: max((datetime.fromisoformat(sent) - datetime.fromisoformat(created)).total_seconds(), 0.0)
            for kind, (created, sent) in moments.items()
        }

    def edits(self, since: date) -> dict[str, int]:
        """How often posts of a league day or later were changed since they were stored, by kind (its first word)."""
        rows = self._database.rows(
            """SELECT substr(kind, 1, instr(kind || ' ', ' ') - 1) AS sort, sum(revision) AS n FROM outbox
               WHERE league_day >= ? GROUP BY sort HAVING n > 0""",
            (since.isoformat(),),
        )
        return {row["sort"]: row["n"] for row in rows}

    def expired_since(self, moment: datetime) -> tuple[Post, ...]:
        """The posts that were stored since a moment of the machine's clock and came too late, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM outbox WHERE state = 'expired' AND created >= ? ORDER BY id", (utc_text(moment),)
        )
        return tuple(_post(row) for row in rows)

    def forget(self, before: datetime) -> int:
        """Delete what was stored before a moment and no longer waits; returns how many posts that were."""
        with self._database.write() as connection:
            return connection.execute(
                "DELETE FROM outbox WHERE created < ? AND state <> 'waiting'", (utc_text(before),)
            ).rowcount


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
        revision=row["revision"],
        sent_at=datetime.fromisoformat(row["sent_at"]) if row["sent_at"] else None,
    )
