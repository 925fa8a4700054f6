"""How the bot is used. Users and servers are stored as salted hashes; the salt lives for a calendar month.

With the salt of a month gone its hashes can be tied to nobody, not even by trying every id there is.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from engine.core.calendar import machine_clock
from engine.core.usage import CommandUse, UsageReport, Use
from engine.store.database import Database, utc_text

SALT = "usage salt"
"""The key in `meta`, in a text "2025-01 <hexadecimal>"."""

_BY_COMMAND = """
WITH placed AS (
    SELECT command, milliseconds, row_number() OVER (PARTITION BY command ORDER BY milliseconds) AS place,
           count(*) OVER (PARTITION BY command) AS answers
    FROM usage WHERE moment >= :since AND ending = 'answered'
), times AS (
    SELECT command, min(milliseconds) FILTER (WHERE 2 * place >= answers) AS p50,
           min(milliseconds) FILTER (WHERE 20 * place >= 19 * answers) AS p95
    FROM placed GROUP BY command
)
SELECT command, count(*) AS asked, p50, p95, sum(ending = 'refused') AS refused, sum(ending = 'limited') AS limited,
       sum(ending = 'failed') AS failed, sum(ending = 'late') AS late
FROM usage LEFT JOIN times USING (command) WHERE moment >= :since GROUP BY command ORDER BY asked DESC, command
"""
_HEADS = "SELECT count(DISTINCT asker) AS askers, count(DISTINCT server) AS servers FROM usage WHERE moment >= :since"


class Usage:
    """The usage rows of one database. Their times are those of the machine, whatever day the engine looks at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, uses: Iterable[Use]) -> None:
        """Store questions as they ended."""
        with self._database.write() as connection:
            salt = _salt(connection, machine_clock())
            connection.executemany(
                "INSERT INTO usage (moment, asker, server, command, milliseconds, ending) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        utc_text(use.moment),
                        _hash(salt, use.user_id),
                        None if use.guild_id is None else _hash(salt, use.guild_id),
                        use.command,
                        use.milliseconds,
                        use.ending.value,
                    )
                    for use in uses
                ],
            )

    def report(self, days: int) -> UsageReport:
        """The questions of the last days, by command, the most asked first."""
        since = machine_clock() - timedelta(days=days)
        known = {"since": utc_text(since)}
        rows = self._database.rows(_BY_COMMAND, known)
        heads = self._database.rows(_HEADS, known)[0]
        return UsageReport(since, heads["askers"], heads["servers"], tuple(_command(row) for row in rows))

    def clean(self, keep_days: int) -> int:
        """Delete rows older than so many days, and a salt of a past month; returns how many rows went."""
        now = machine_clock()
        with self._database.write() as connection:
            connection.execute("DELETE FROM meta WHERE key = ? AND value NOT LIKE ?", (SALT, f"{_month(now)} %"))
            gone = connection.execute(
                "DELETE FROM usage WHERE moment < ?", (utc_text(now - timedelta(days=keep_days)),)
            )
            return gone.rowcount


def _salt(connection: sqlite3.Connection, now: datetime) -> bytes:
    """The salt of the month; a new one takes the place of the month before's, which is then gone for good."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (SALT,)).fetchone()
    if row is None or not row["value"].startswith(_month(now)):
        text = f"{_month(now)} {secrets.token_hex(16)}"
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (SALT, text))
    else:
        text = str(row["value"])
    return bytes.fromhex(text.split()[1])


def _month(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m}"


def _hash(salt: bytes, number: int) -> str:
    return hashlib.blake2b(str(number).encode(), key=salt, digest_size=8).hexdigest()


def _command(row: sqlite3.Row) -> CommandUse:
    return CommandUse(
        command=row["command"],
        asked=row["asked"],
        p50_ms=row["p50"],
        p95_ms=row["p95"],
        refused=row["refused"],
        limited=row["limited"],
        failed=row["failed"],
        late=row["late"],
    )
