"""What servers want, one row each, with what they wanted before; and the channels that take no posts."""

from __future__ import annotations

import json
from datetime import datetime, time

from engine.core.calendar import machine_clock
from engine.core.errors import UsageError
from engine.core.guilds import ClosedChannel, GuildSettings, Topic
from engine.store.database import Database, utc_text

_PUT = """
INSERT INTO guilds (guild_id, settings, changed) VALUES (:guild, :settings, :now)
ON CONFLICT (guild_id) DO UPDATE SET previous = settings, settings = excluded.settings, changed = excluded.changed
WHERE settings <> excluded.settings
"""
_UNDO = """
UPDATE guilds SET settings = previous, previous = settings, changed = ? WHERE guild_id = ? AND previous IS NOT NULL
"""


class Guilds:
    """The servers and closed channels of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, guild_id: int) -> GuildSettings:
        """What a server wants; the defaults, with no channel, for one that never said."""
        row = self._database.row("SELECT * FROM guilds WHERE guild_id = ?", (guild_id,))
        return GuildSettings(guild_id) if row is None else _settings(guild_id, row["settings"])

    def every(self) -> tuple[GuildSettings, ...]:
        """All servers that said what they want, by number."""
        rows = self._database.rows("SELECT guild_id, settings FROM guilds ORDER BY guild_id")
        return tuple(_settings(row["guild_id"], row["settings"]) for row in rows)

    def put(self, wanted: GuildSettings) -> None:
        """Remember what a server wants in place of what it wanted before. Raises UsageError for a wrong one."""
        wanted.check()
        values = {"guild": wanted.guild_id, "settings": _text(wanted), "now": utc_text(machine_clock())}
        with self._database.write() as connection:
            connection.execute(_PUT, values)

    def undo(self, guild_id: int) -> GuildSettings:
        """Go back to what a server wanted before its last change; once more undoes the undoing. Raises UsageError."""
        with self._database.write() as connection:
            done = connection.execute(_UNDO, (utc_text(machine_clock()), guild_id)).rowcount
        if not done:
            raise UsageError("There is nothing to undo: no setting was changed yet.")
        return self.get(guild_id)

    def forget(self, guild_id: int) -> bool:
        """Delete what a server wanted; whether there was anything."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM guilds WHERE guild_id = ?", (guild_id,)).rowcount == 1

    def close_channel(self, channel: str, reason: str) -> bool:
        """Note that a channel takes no posts; False where that was known."""
        values = (channel, reason, utc_text(machine_clock()))
        with self._database.write() as connection:
            return connection.execute("INSERT OR IGNORE INTO closed_channels VALUES (?, ?, ?)", values).rowcount == 1

    def reopen_channel(self, channel: str) -> None:
        """Forget that a channel took no posts."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM closed_channels WHERE channel = ?", (channel,))

    def closed_channels(self) -> dict[str, ClosedChannel]:
        """The channels that take no posts, by key."""
        rows = self._database.rows("SELECT * FROM closed_channels ORDER BY since, channel")
        return {
            row["channel"]: ClosedChannel(row["channel"], row["reason"], datetime.fromisoformat(row["since"]))
            for row in rows
        }


def _text(wanted: GuildSettings) -> str:
    values = {
        "picks_channel": wanted.picks_channel,
        "recap_channel": wanted.recap_channel,
        "alerts_channel": wanted.alerts_channel,
        "live_channel": wanted.live_channel,
        "at": wanted.at.isoformat("minutes") if wanted.at else None,
        "zone": wanted.zone,
        "topics": sorted(wanted.topics),
        "off": wanted.off,
    }
    return json.dumps(values, sort_keys=True)


def _settings(guild_id: int, text: str) -> GuildSettings:
    values = json.loads(text)
    return GuildSettings(
        guild_id=guild_id,
        picks_channel=values["picks_channel"],
        recap_channel=values["recap_channel"],
        alerts_channel=values["alerts_channel"],
        live_channel=values["live_channel"],
        at=time.fromisoformat(values["at"]) if values["at"] else None,
        zone=values["zone"],
        topics=frozenset(Topic(one) for one in values["topics"]),
        off=values["off"],
    )
