"""A stand-in for cdn.nba.com while games are on: its scoreboard and play-by-play, moved by hand, with every fault.

    with LiveHost(games_of(home, day)) as host:     # or [HostedGame(game, made_up_scores(1)), ...]
        access = host.access()          # a SourceAccess for open_live_feed or Engine
        host.at(0)                      # tip-off; seconds of play, negative before it
        host.at(1500)                   # the third minute of the third quarter
        host.fail("hang", 2)            # the next two answers never come
        host.fail("backwards", 3, "scoreboard")
        host.at(host.length())          # final

As a process, with the games of a day that a home folder knows (else 15 made-up ones), played at a speed. The first
line printed is the URL to put in the place of the host's (sources.cdn_url):

    python -m bench.live_host [--home FOLDER] [--day 2025-01-15] [--begin 0] [--speed 10] [--port 8130]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from bench.live_files import HostedGame, Payload, games_of, made_up_games, play_by_play, scoreboard
from engine.core.live_games import LiveStatus
from engine.core.source_access import SourceAccess
from engine.core.timelines import Score
from engine.sources.live import Sighting
from engine.sources.live_replay import length_of, sighting_at

_STATUS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "403": (403, {}, b"<HTML><BODY><H1>Access Denied</H1></BODY></HTML>"),
    "absent": (403, {}, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
    "404": (404, {}, b""),
    "429": (429, {"Retry-After": "1"}, b""),
    "500": (500, {}, b"oops"),
    "empty": (200, {}, b""),
    "html": (200, {}, b"<!DOCTYPE html><html><body>We'll be right back</body></html>"),
}
_SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda body: body[: len(body) // 2],
    "garbled": lambda body: body.replace(b'"scoreboard"', b'"board"').replace(b'"actions"', b'"moves"'),
    "broken": lambda body: body.replace(b'"gameId"', b'"gameld"', 1),
    "absurd": lambda body: body.replace(b'"score": ', b'"score": 9').replace(b'"scoreHome": "', b'"scoreHome": "-1'),
}
_SIGHTINGS: dict[str, Callable[[Sighting], Sighting]] = {
    "backwards": lambda seen: replace(seen, home=max(seen.home - 6, 0), away=max(seen.away - 6, 0)),
    "postponed": lambda seen: replace(seen, status=LiveStatus.PUT_OFF),
    "suspended": lambda seen: replace(seen, text="Suspended") if seen.status is LiveStatus.LIVE else seen,
}
FAULTS = (
    *_STATUS, *_SPOILT, *_SIGHTINGS, "hang", "cut", "stale", "stuck", "missing", "no games", "yesterday",
)  # fmt: skip
"""Kinds for `fail`: refusals and answers that are none, then answers that say something odd.

broken: the first game, or the whole play-by-play, has no id. stale: the files as they were two minutes of play ago,
and dated so. stuck: the clock stands where it was two minutes of play ago, the score goes on. missing: the first game
is not listed. yesterday: the scoreboard of the day before.
"""
_AGO = 120


@dataclass(slots=True)
class _Fault:
    kind: str
    left: int
    match: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came: its path, the status that it was answered with (0: none), and when (monotonic seconds)."""

    path: str
    status: int
    at: float


class LiveHost:
    """Serves `games` as far as they are played on a port of 127.0.0.1; `asked` are the requests that came.

    With `validators` (as the real host) answers carry ETag and Last-Modified, and an unchanged file is a 304.
    """

    def __init__(self, games: Sequence[HostedGame], validators: bool = True, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.games = tuple(games)
        self._games = {one.game.game_id: one for one in games}
        self._played = dict.fromkeys(self._games, -1)
        self._validators = validators
        self._faults: list[_Fault] = []
        self._moves = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up and free the port."""
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What stands in the place of https://cdn.nba.com/static/json."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/static/json"

    def access(self, **changes: Any) -> SourceAccess:
        """How to ask this host in the place of the real one."""
        return SourceAccess(**{"prefer": "cdn", "cdn_url": self.url, **changes})

    def length(self, game_id: str | None = None) -> int:
        """Seconds of play after which a game (or the longest of all) is over."""
        wanted = [self._games[game_id]] if game_id else list(self._games.values())
        return max(length_of(one.scores) for one in wanted)

    def at(self, played: int, game_id: str | None = None) -> None:
        """Have a game, or all, stand after so many seconds of play; negative is before tip-off."""
        with self._lock:
            self._moves += 1
            for one in [game_id] if game_id else list(self._games):
                self._played[one] = played

    def hosted(self, game_id: str) -> HostedGame:
        """A game as it is told now."""
        return self._games[game_id]

    def retell(self, scores: Sequence[Score], game_id: str) -> None:
        """Have a game be one that went otherwise, as when a basket is taken back."""
        with self._lock:
            self._moves += 1
            self._games[game_id] = replace(self._games[game_id], scores=tuple(scores))

    def fail(self, kind: str, times: int = 1, match: str = "") -> None:
        """Have the next answers go wrong: those to paths that contain `match` ("scoreboard", "playbyplay", an id)."""
        if kind not in FAULTS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(FAULTS)}")
        with self._lock:
            self._faults.append(_Fault(kind, times, match))

    def heal(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults.clear()

    def answer(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body for a request with these headers; None to let it hang."""
        with self._lock:
            kind = self._fault(path)
            moves = self._moves - (_AGO if kind == "stale" else 0)
            payload = self._payload(path, kind)
        if kind == "hang":
            return None
        if kind in _STATUS or payload is None:
            return _STATUS[kind if kind in _STATUS else "absent"]
        body = _SPOILT.get(kind, bytes)(json.dumps(payload).encode())
        written = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=moves)
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Last-Modified": format_datetime(written, usegmt=True)
        }  # fmt: skip
        if not self._validators:
            return 200, {}, body
        if asked.get("If-None-Match") == headers["ETag"]:
            return 304, headers, b""
        if kind == "cut":
            return 200, {**headers, "Content-Length": str(len(body))}, body[:-9]
        return 200, headers, body

    def _fault(self, path: str) -> str:
        for fault in self._faults:
            if fault.left > 0 and fault.match in path:
                fault.left -= 1
                return fault.kind
        return ""

    def _payload(self, path: str, kind: str) -> Payload | None:
        """What a file says under a fault; None for one that is not there."""
        back = _AGO if kind == "stale" else 0
        if path.endswith("/todaysScoreboard_00.json"):
            return self._board(kind, back)
        hosted = self._games.get(path.rpartition("_")[2].removesuffix(".json"))
        if "/playbyplay/" not in path or hosted is None or self._played[hosted.game.game_id] - back < 0:
            return None
        found = play_by_play(hosted, self._played[hosted.game.game_id] - back)
        return {**found, "game": {**found["game"], "actions": []}} if kind == "no games" else found

    def _board(self, kind: str, back: int) -> Payload:
        day = min(one.game.league_day for one in self._games.values())
        shown = [self._sighting(one, kind, back) for one in self._games.values()]
        if kind in ("no games", "missing"):
            shown = shown[1:] if kind == "missing" else []
        if kind == "yesterday":
            return scoreboard(day - timedelta(days=1), [])
        return scoreboard(day, shown)

    def _sighting(self, hosted: HostedGame, kind: str, back: int) -> Sighting:
        played = self._played[hosted.game.game_id]
        seen = sighting_at(hosted.game, hosted.scores, played - back, hosted.tip)
        if kind == "stuck":
            clock = sighting_at(hosted.game, hosted.scores, played - _AGO, hosted.tip)
            seen = replace(clock, home=seen.home, away=seen.away)
        return _SIGHTINGS[kind](seen) if kind in _SIGHTINGS else seen


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], host: LiveHost) -> None:
        self.host = host
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer a request."""
        host = self.server.host
        found = host.answer(self.path, dict(self.headers))
        host.asked.append(Asked(self.path, found[0] if found else 0, time.monotonic()))
        if found is None:
            host._closing.wait(30)
            self.close_connection = True
            return
        status, headers, body = found
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "Content-Length" in headers

    def log_message(self, *parts: object) -> None:
        """Stay quiet."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2025, 1, 15))
    parser.add_argument("--begin", type=float, default=0.0, help="seconds of play that have gone by")
    parser.add_argument("--speed", type=float, default=1.0, help="seconds of play in one second")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    games = games_of(given.home, given.day) if given.home else made_up_games(given.day)
    with LiveHost(games, port=given.port) as host, suppress(KeyboardInterrupt):
        print(host.url, flush=True)
        began = time.monotonic()
        while True:
            host.at(int(given.begin + (time.monotonic() - began) * given.speed))
            time.sleep(0.5)


if __name__ == "__main__":
    main()
