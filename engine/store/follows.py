"""Which channels follow which games under way, until the games are over."""

from __future__ import annotations

from datetime import date, datetime

from engine.core.errors import UsageError
from engine.core.live_games import Follow
from engine.store.database import Database, utc_text

MOST = 5
"""Games of one league day that a channel may follow: more of them make a channel nobody can read."""
_ADD = """
INSERT OR IGNORE INTO live_follows (channel, game_id, league_day, created)
SELECT :channel, :game_id, :day, :now
WHERE (SELECT count(*) FROM live_follows WHERE channel = :channel AND league_day = :day) < :most
"""


class Follows:
    """The follows of one database. Channels are keys as in the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, channel: str, game_id: str, day: date, now: datetime) -> bool:
        """Follow a game of a league day in a channel; False where it does already.

        Raises UsageError where the channel follows MOST games of that day.
        """
        values = {"channel": channel, "game_id": game_id, "day": day.isoformat(), "now": utc_text(now), "most": MOST}
        with self._database.write() as connection:
            if connection.execute(_ADD, values).rowcount == 1:
                return True
        if any(one.game_id == game_id for one in self.of_channel(channel)):
            return False
        raise UsageError(f"This channel follows {MOST} games already: /unfollow ends one.")

    def remove(self, channel: str, game_id: str) -> bool:
        """Follow a game in a channel no longer; whether it did."""
        with self._database.write() as connection:
            return (
                connection.execute(
                    "DELETE FROM live_follows WHERE channel = ? AND game_id = ?", (channel, game_id)
                ).rowcount
                == 1
            )

    def leave(self, channel: str) -> int:
        """Follow nothing in a channel any more; returns how many games that were."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM live_follows WHERE channel = ?", (channel,)).rowcount

    def since(self, day: date) -> tuple[Follow, ...]:
        """Every follow of a game of a league day or later, by game."""
        rows = self._database.rows(
            "SELECT * FROM live_follows WHERE league_day >= ? ORDER BY league_day, game_id, created, channel",
            (day.isoformat(),),
        )
        return tuple(_follow(**row) for row in rows)

    def of_channel(self, channel: str) -> tuple[Follow, ...]:
        """What a channel follows, the oldest first."""
        rows = self._database.rows("SELECT * FROM live_follows WHERE channel = ? ORDER BY created", (channel,))
        return tuple(_follow(**row) for row in rows)


def _follow(channel: str, game_id: str, league_day: str, created: str) -> Follow:
    return Follow(channel, game_id, date.fromisoformat(league_day), datetime.fromisoformat(created))
