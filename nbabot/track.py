"""How good the bot is, in one line, beside every answer."""

from __future__ import annotations

import threading
import time

from cachetools import TTLCache

from engine.core import player_words, words
from engine.core.player_records import Stat, StatRecord
from engine.core.reports import ModelStatus
from engine.engine import Engine


def track_line(engine: Engine) -> str:
    """The track record as it stands now, in words."""
    champion = next((one for one in engine.models() if one.status is ModelStatus.CHAMPION), None)
    return words.track(engine.record(), champion)


class CachedTrack:
    """The track record, asked for anew once a minute; may be shared between threads."""

    def __init__(self, engine: Engine, seconds: float = 60.0) -> None:
        self._engine = engine
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: tuple[float, str] | None = None

    def line(self) -> str:
        """The record in words, at most a minute old."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > self._seconds:
                self._kept = time.monotonic(), track_line(self._engine)
            return self._kept[1]


class PlayerTrack:
    """The records of published forecasts of players, each asked for anew once a minute; may be shared by threads."""

    def __init__(self, engine: Engine, seconds: float = 60.0) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: TTLCache[Stat, StatRecord | None] = TTLCache(maxsize=len(Stat), ttl=seconds)

    def line(self, stat: Stat) -> str:
        """How good the bot is at a stat, in words."""
        return player_words.record(stat, self._engine.champion("player"), self._published(stat))

    def _published(self, stat: Stat) -> StatRecord | None:
        with self._lock:
            try:
                return self._kept[stat]
            except KeyError:
                found = self._kept[stat] = next(iter(self._engine.player_record(stat=stat).stats), None)
                return found
