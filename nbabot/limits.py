"""How often one user and one server may ask: whoever asks too often is told when to ask again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache
from discord.app_commands import Cooldown

from nbabot.sections import LimitsSettings

SPAN = 60.0
"""Seconds in which questions are counted, from the first one on."""
MOST_KNOWN = 100_000
"""Users and servers counted at a time; beyond it those that were counted first are forgotten."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """A question over the limit. `wait` in seconds."""

    whose: str
    limit: int
    wait: float

    def sentence(self, now: float) -> str:
        """What the asker reads, with a stamp that Discord turns into "in 40 seconds"; `now` in Unix seconds."""
        return f"{self.whose} {self.limit} times within a minute: ask again <t:{int(now + self.wait) + 1}:R>."


class Limits:
    """The questions of the last minute, counted in memory: a server's questions all come to one process."""

    def __init__(self, settings: LimitsSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._counted: TTLCache[tuple[str, int], Cooldown] = TTLCache(MOST_KNOWN, SPAN, timer=clock)

    def renew(self, settings: LimitsSettings) -> None:
        """Count by other limits from now on; what was counted within the last minute is forgotten."""
        self._settings = settings
        self._counted.clear()

    def count(self, user_id: int, guild_id: int | None, *, press: bool) -> TooMany | None:
        """Count a question of a user; what is wrong when it is one too many.

        Commands and presses of buttons are counted apart. A question that the user's own limit refuses does not count
        for the server.
        """
        asked = "You have pressed" if press else "You have asked"
        limit = self._settings.user_presses if press else self._settings.user_commands
        if wait := self._wait("press" if press else "command", user_id, limit):
            return TooMany(asked, limit, wait)
        if guild_id is not None and (wait := self._wait("server", guild_id, self._settings.server)):
            return TooMany("This server has asked", self._settings.server, wait)
        return None

    def _wait(self, kind: str, number: int, limit: int) -> float | None:
        counted = self._counted.get((kind, number))
        if counted is None:
            counted = self._counted[kind, number] = Cooldown(limit, SPAN)
        return counted.update_rate_limit(self._clock())
