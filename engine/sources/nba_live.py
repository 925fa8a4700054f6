"""cdn.nba.com while games are on: each file is asked for again and again, and read only when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar

from engine.sources.http import Answer, Call, Fetcher
from engine.sources.live import LivePlays, Scoreboard
from engine.sources.nba.live import read_live_plays, read_live_scoreboard
from engine.sources.nba.shape import Payload
from engine.sources.nba_cdn import BASE_URL, HEADERS
from engine.sources.pacing import Patience

BOARD, PLAYS = "cdn.nba.com/scoreboard", "cdn.nba.com/playbyplay"
"""Names by which the two kinds of files are paced, remembered and counted: each apart from the other, whose trouble
does not stop it, and from the daily feed of the same host."""
LIVE_PATIENCE = Patience(
    connect_s=3.0,
    read_s=4.0,
    answer_s=6.0,
    attempts=1,
    longest_wait_s=5.0,
    gap_s=0.1,
    gaps={},
    jitter_s=0.05,
    failures=3,
    pause_s=15.0,
    longest_pause_s=120.0,
)
"""An answer that takes long is worth less than the next one: one attempt each, and short pauses."""

_SCOREBOARD = "liveData/scoreboard/todaysScoreboard_00.json"
_STALE = 3
"""So many answers in a row that are older than one read before are stragglers; the next one is believed."""
_VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}

R = TypeVar("R")


@dataclass(slots=True)
class _Read:
    """The newest answer that was read of one file: how to ask for a newer one, and how to know it again."""

    validators: Mapping[str, str]
    digest: bytes
    written: float | None
    stragglers: int = 0


class CdnLive:
    """The live feed of cdn.nba.com; see engine.sources.live.LiveFeed. One thread at a time.

    `base_url` is the part of the addresses before `/liveData`. An answer that could not be read is asked for again
    in full. Caches of the host may answer with an older file than the last one: that counts as unchanged.
    """

    def __init__(self, fetcher: Fetcher, base_url: str = BASE_URL, headers: Mapping[str, str] | None = None) -> None:
        self._fetcher = fetcher
        self._base_url = base_url.rstrip("/")
        self._headers = {**HEADERS, **(headers or {})}
        self._read: dict[str, _Read] = {}
        self._home: dict[str, int] = {}

    def scoreboard(self) -> Scoreboard | None:
        """The games of the day that the feed is at; None while unchanged."""
        found = self._changed(BOARD, "today", _SCOREBOARD, lambda one: read_live_scoreboard(BOARD, one))
        if found is not None:
            self._home = {game.game_id: game.home_id for game in found.games}
            kept = {_SCOREBOARD, *map(_plays_of, self._home)}
            self._read = {path: read for path, read in self._read.items() if path in kept}
        return found

    def plays(self, game_id: str) -> LivePlays | None:
        """The course of one game; None while unchanged. Who has the ball is known for games of the last scoreboard."""
        home = self._home.get(game_id)
        path = _plays_of(game_id)
        return self._changed(PLAYS, game_id, path, lambda one: read_live_plays(PLAYS, one, game_id, home))

    def close(self) -> None:
        """Close the connections."""
        self._fetcher.close()

    def _changed(self, host: str, key: str, path: str, read: Callable[[Payload], R]) -> R | None:
        """What `read` makes of a file, None where it is the one that was read before."""
        known = self._read.get(path)
        validators = known.validators if known else {}
        call = Call(host, "live file", key, f"{self._base_url}/{path}", headers=self._headers, validators=validators)

        def news(answer: Answer) -> R | None:
            if answer.unchanged:
                return None
            now = _Read(_validators(answer), hashlib.sha256(answer.content).digest(), _written(answer))
            if known is not None and _straggles(known, now):
                return None
            same = known is not None and known.digest == now.digest
            result = None if same else read(answer.json())
            self._read[path] = now
            return result

        return self._fetcher.fetch(call, news)


def _plays_of(game_id: str) -> str:
    return f"liveData/playbyplay/playbyplay_{game_id}.json"


def _validators(answer: Answer) -> dict[str, str]:
    """The headers that ask for a newer version than this answer, as far as they can be sent."""
    stated = {ask: answer.headers.get(name, "") for name, ask in _VALIDATORS.items()}
    return {ask: value for ask, value in stated.items() if value and value.isascii()}


def _written(answer: Answer) -> float | None:
    """When the file was written, by its Last-Modified header, in seconds since 1970."""
    try:
        return parsedate_to_datetime(answer.headers.get("Last-Modified", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _straggles(known: _Read, now: _Read) -> bool:
    """Whether an answer was written before the one that is known, as a cache that lags behind sends it."""
    older = known.written is not None and now.written is not None and now.written < known.written
    known.stragglers = known.stragglers + 1 if older else 0
    return older and known.stragglers <= _STALE
