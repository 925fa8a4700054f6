"""How long the daily post takes to two hundred servers, and whether each has it once, whatever goes wrong.

    python -m bench.guild_posts [--guilds 200]

The real service runs in a process of its own, on a simulated league, against the stand-in for Discord in NBABOT_TOOLS
(default ../shared/tools) with Discord's rate limits. Service and stand-in share the machine's cores. First nothing goes
wrong; then answers are lost, servers fail and five channels take no posts; then every post is changed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from bench.crowd import trained_home
from bench.tables import show, tool
from engine.core.calendar import noon_of
from engine.core.guilds import GuildSettings
from engine.core.posts import Draft, PostState
from engine.engine import Engine
from nbabot import embeds

DAY = date(2025, 1, 15)
TARGET_SECONDS = 60
PATIENCE_SECONDS = 240
SEND = r"^POST /channels/[0-9]+/messages$"
EDIT = r"^PATCH /channels/[0-9]+/messages/[0-9]+$"
SERVICE = """
import asyncio, sys
from datetime import date
from pathlib import Path
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot.bot import run_service
from nbabot.settings import Settings
engine = Engine(Path(sys.argv[1]), now=lambda: noon_of(date.fromisoformat(sys.argv[2])))
asyncio.run(run_service(engine, Settings(), lambda sentence: None))
"""


def main() -> int:
    """Measure and print the table; 1 when a post was lost or doubled, or the target missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guilds", type=int, default=200)
    guilds = parser.parse_args().guilds
    stand_in = tool("fake_discord")
    if stand_in is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        home = trained_home(Path(folder))
        for faults in (False, True):
            os.sync()
            rows += asyncio.run(_measure(stand_in, home, guilds, faults))
            _forget_posts(home)
    headings = ("what", "channels", "once", "lost", "doubled", "closed", "429", "seconds", "target")
    show(f"the day's post to {guilds} servers", headings, [row for row, _ in rows])
    return 0 if all(good for _, good in rows) else 1


async def _measure(stand_in: Any, home: Path, guilds: int, faults: bool) -> list[tuple[tuple[str, ...], bool]]:
    async with stand_in.FakeDiscord(realistic_limits=True) as server:
        channels = [int(server._new_guild(f"server {n}", [f"picks-{n}"])["id"]) for n in range(guilds)]
        channels = [server.channel_id(gid=guild) for guild in channels]
        engine = Engine(home, now=lambda: noon_of(DAY))
        for number, channel in enumerate(channels):
            engine.guilds.put(GuildSettings(number + 1, picks_channel=channel))
        refusing = set(_make_trouble(server, channels)) if faults else set()
        environment = {**stand_in.subprocess_env(server, DISCORD_TOKEN=server.token)}
        arguments = (sys.executable, "-c", SERVICE, str(home), DAY.isoformat())
        service = await asyncio.create_subprocess_exec(*arguments, env=environment, stdout=asyncio.subprocess.DEVNULL)
        try:
            await _settled(engine, guilds)
            rows = [await _row(server, engine, channels, refusing, SEND, "with faults" if faults else "no faults")]
            if not faults:
                _change_every_post(engine)
                await _settled(engine, guilds)
                rows.append(await _row(server, engine, channels, refusing, EDIT, "every post changed"))
        finally:
            service.terminate()
            await service.wait()
            engine.close()
        return rows


def _make_trouble(server: Any, channels: list[int]) -> list[int]:
    """Lose answers, fail and refuse; returns the channels that take no posts."""
    server.fail_next(10, 500, SEND)
    server.drop_next(10, SEND)
    server.drop_next(10, SEND, after=True)
    server.rate_limit_next(5, 0.5, SEND)
    server.rate_limit_next(1, 1.0, SEND, global_=True)
    server.slow_next(5, 5.0, SEND)
    for channel in channels[:3]:
        server.deny_channel(channel)
    for channel in channels[3:5]:
        server.channels.pop(channel)
    return channels[:5]


async def _settled(engine: Engine, guilds: int) -> None:
    """Wait until every post of the day is sent or given up."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        tally = await asyncio.to_thread(engine.outbox.tally, "picks", DAY)
        if tally.total() == guilds and not tally[PostState.WAITING]:
            return
        await asyncio.sleep(0.2)


async def _row(
    server: Any, engine: Engine, channels: list[int], refusing: set[int], match: str, what: str
) -> tuple[tuple[str, ...], bool]:
    stored: Counter[int] = Counter(message.channel_id for message in server.message_store.values())
    taking = [channel for channel in channels if channel not in refusing]
    once, lost = sum(stored[one] == 1 for one in taking), sum(stored[one] == 0 for one in taking)
    doubled = sum(stored[one] > 1 for one in taking)
    made = [request for request in server.requests_to(match) if request.method in match]
    seconds = made[-1].t - made[0].t if made else float("inf")
    limited = sum(request.status == 429 for request in server.requests)
    closed = len(engine.guilds.closed_channels())
    in_time = bool(refusing) or seconds < TARGET_SECONDS
    good = once == len(taking) and closed == len(refusing) and in_time
    figures = (once, lost, doubled, closed, limited)
    row = (
        what,
        f"{len(channels)}",
        *(f"{n}" for n in figures),
        f"{seconds:.1f}",
        "–" if refusing else f"< {TARGET_SECONDS}",
    )
    return row, good


def _change_every_post(engine: Engine) -> None:
    for post in engine.outbox.posts("picks", DAY):
        shown = embeds.unpacked(post.payload)
        shown[0].title = "Changed"
        engine.outbox.revise(Draft(DAY, "picks", post.channel, embeds.packed(shown), post.expires))


def _forget_posts(home: Path) -> None:
    """The same day anew."""
    engine = Engine(home, now=lambda: noon_of(DAY))
    with engine._database.write() as connection:
        for table in ("outbox", "runs", "guilds", "closed_channels"):
            connection.execute(f"DELETE FROM {table}")
    engine.close()


if __name__ == "__main__":
    sys.exit(main())
