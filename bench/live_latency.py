"""How long after a score has changed in the feed the message in Discord says so.

    python -m bench.live_latency [--rounds 5]

The real service runs in a process of its own against the stand-in for Discord in NBABOT_TOOLS (default
../shared/tools) and a host that shows 15 made-up games under way (bench.live_host). Three channels follow five games
each. In every round each game scores once, at a moment of its own; rounds are longer than the time for which a message
is left alone. Measured is the time from the host's first showing of a score to the request that edits the message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.live_evening import evening, quiet
from bench.live_files import HostedGame
from bench.live_host import LiveHost
from bench.tables import show, tool
from engine.core import words
from engine.core.calendar import machine_clock
from engine.core.live import moment_at
from engine.engine import Engine
from nbabot.channels import discord_key
from nbabot.live_posts import EDIT_EVERY

BEGIN_S, ROUND_S, TARGET_S = 800, 40.0, 10.0
FOLLOWED = 5
PATIENCE_S = 60.0
SENT = r"^(POST|PATCH) /channels/[0-9]+/messages"
SERVICE = """
import asyncio, sys
from pathlib import Path
from engine.engine import Engine
from nbabot import logs
from nbabot.bot import run_service
from nbabot.settings import load
home = Path(sys.argv[1])
settings = load(home=home)
logs.configure(home, terminal_level="critical")
asyncio.run(run_service(Engine(home, access=settings.sources.access), settings, lambda sentence: None))
"""


def main() -> int:
    """Print the table; 1 where a message came too late, or not at all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    stand_in = tool("fake_discord")
    if stand_in is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_measure(stand_in, Path(folder), rounds))
    taken = [one for one in found if one is not None]
    p50, p95 = np.percentile(taken, [50, 95])
    row = [f"{len(found)}", f"{len(found) - len(taken)}", f"{p50:.1f}", f"{p95:.1f}", f"{max(taken):.1f}"]
    headings = ["changes", "never told", "p50 s", "p95 s", "most s", "target"]
    show("From a score change in the feed to the edited message", headings, [[*row, f"most < {TARGET_S:g}"]])
    return int(len(taken) < len(found) or max(taken) >= TARGET_S)


async def _measure(stand_in: Any, home: Path, rounds: int) -> list[float | None]:
    """Seconds of every change, None for one that was never told."""
    async with stand_in.FakeDiscord() as server:
        games = evening(home, machine_clock() - timedelta(seconds=BEGIN_S))
        guild = server._new_guild("games", [f"games-{number}" for number in range(len(games) // FOLLOWED)])["id"]
        _follow(home, games, [server.channel_id(f"games-{n}", gid=int(guild)) for n in range(len(games) // FOLLOWED)])
        with LiveHost(games) as host:
            host.at(BEGIN_S)
            url = host.url
            feeds = {f"NBABOT_SOURCES__{name}_URL": url for name in ("CDN", "STATS", "INJURIES")}
            environment = stand_in.subprocess_env(server, DISCORD_TOKEN=server.token, **feeds)
            service = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVICE, str(home), env=environment)
            try:
                await _until(lambda: len(server.requests_to(SENT)) >= len(games))
                await asyncio.sleep(EDIT_EVERY.total_seconds())
                return await _play(server, host, games, rounds)
            finally:
                service.terminate()
                await service.wait()


def _follow(home: Path, games: list[HostedGame], channels: list[int]) -> None:
    engine = Engine(home)
    for number, one in enumerate(games):
        key = discord_key(channels[number // FOLLOWED])
        engine.follows.add(key, one.game.game_id, one.game.league_day, engine.now())
    engine.close()


async def _play(server: Any, host: LiveHost, games: list[HostedGame], rounds: int) -> list[float | None]:
    """Have every game score once a round, one after the other."""
    scores = [_next_scores(one) for one in games]
    waits = []
    for _ in range(rounds):
        began = time.monotonic()
        for number, one in enumerate(games):
            await asyncio.sleep(max(0.0, began + number * ROUND_S / len(games) - time.monotonic()))
            seen = len(server.requests)
            played = next(scores[number])
            host.at(played, one.game.game_id)
            waits.append(asyncio.create_task(_told(server, one, played, seen)))
        await asyncio.sleep(max(0.0, began + ROUND_S - time.monotonic()))
    return list(await asyncio.gather(*waits))


def _next_scores(one: HostedGame) -> Iterator[int]:
    """Seconds of play at which a game scores, at least half a minute apart."""
    last = BEGIN_S
    for score in one.scores:
        if score.played >= last + 30:
            last = score.played
            yield last


async def _told(server: Any, one: HostedGame, played: int, seen: int) -> float | None:
    """Seconds until a request tells of the score that the host has just begun to show."""
    began = time.monotonic()
    moment = moment_at(one.scores, played)
    sides = ((one.game.home_id, moment.home), (one.game.away_id, moment.away))
    told = [f"{words.nickname(team_id)} {points}" for team_id, points in sides]
    while time.monotonic() - began < PATIENCE_S:
        fresh = server.requests[seen:]
        seen += len(fresh)
        if any(all(part in json.dumps(request.json) for part in told) for request in fresh if request.json):
            return time.monotonic() - began
        await asyncio.sleep(0.05)
    return None


async def _until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not met():
        if time.monotonic() > end:
            raise SystemExit("the service posted no games: see its log")
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
