"""A crowd of users in front of the real bot: the stand-in for Discord (NBABOT_TOOLS), a bot process, many servers.

Bot, stand-in and crowd share the machine's cores, so every figure contains all three. Times are from a question's
dispatch to Discord's receipt of the answer. The bot keeps its usual limits: the crowd is large enough to stay below.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.tables import tool
from engine.core.calendar import noon_of
from engine.core.teams import TEAMS
from engine.engine import Engine
from engine.sources.simulated import write_league

DAY = date(2025, 1, 15)
SERVERS, USERS = 200, 3000
NOTHING: Mapping[str, str] = {}


@dataclass
class Crowd:
    """Users of many servers, each asking in turn, and the process of the bot that they ask."""

    server: Any
    bot: asyncio.subprocess.Process
    people: Iterator[tuple[Any, int]] = field(init=False)

    def __post_init__(self) -> None:
        guilds = [guild for guild in self.server.guilds if guild != self.server.guild_id]
        users = [self.server.add_user(f"user {number}") for number in range(USERS)]
        self.people = itertools.cycle(zip(users, itertools.cycle(guilds), strict=False))

    async def ask(self, command: str, **options: object) -> Any:
        """Whoever is next asks; the whole answer as the stand-in saw it."""
        user, guild = next(self.people)
        return await self.server.invoke(command, options, user=user, guild=guild, settle=0)

    async def work(self, name: str) -> dict[str, Any]:
        """Have the bot's process do something beside answering; what it says of it. A failure ends the measurement."""
        assert self.bot.stdin is not None
        assert self.bot.stdout is not None
        self.bot.stdin.write(f"{name}\n".encode())
        line = await self.bot.stdout.readline()
        found: dict[str, Any] = json.loads(line)
        if found["failed"]:
            raise SystemExit(f"{name}: {found['failed']}")
        return found

    def rss_mb(self) -> float:
        """The memory of the bot's process."""
        pages = int(Path(f"/proc/{self.bot.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def gathered(
    home: Path, day: date = DAY, heartbeats: float = 41.25, variables: Mapping[str, str] = NOTHING
) -> AsyncIterator[Crowd]:
    """A crowd in front of a bot on a home folder, whose clock stands at noon of a day.

    `heartbeats`: seconds between those that the stand-in asks for. `variables` are set for the bot's process.
    """
    stand_in = tool("fake_discord")
    assert stand_in is not None
    async with stand_in.FakeDiscord(heartbeat_interval=heartbeats) as server:
        for number in range(SERVERS):
            server._new_guild(f"server {number}", ("general",))
        environment = {**stand_in.subprocess_env(server, DISCORD_TOKEN=server.token), **variables}
        pipe = asyncio.subprocess.PIPE
        arguments = ("-m", "bench.crowd_bot", str(home), day.isoformat())
        bot = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdin=pipe, stdout=pipe)
        try:
            await server.wait_commands(["predict"], timeout=60)
            yield Crowd(server, bot)
        finally:
            bot.terminate()
            await bot.wait()


def trained_home(folder: Path) -> Path:
    """A home folder with a simulated league of two seasons and its own model."""
    write_league(folder / "league", seed=7, seasons=(2023, 2024))
    engine = Engine(folder / "home", now=lambda: noon_of(DAY))
    engine.import_paths([folder / "league"])
    engine.refresh_players()
    for version in engine.train_game(["elo", "logistic"]):
        if version.family == "logistic":
            engine.promote(version.name, version.version, "bench", "the league is simulated")
    engine.close()
    return folder / "home"


def pairs() -> Iterator[tuple[str, str]]:
    """All 870 pairs of teams, again and again; from the second time on the engine has them cached."""
    return itertools.cycle(itertools.permutations([team.abbreviation for team in TEAMS], 2))


def answered(answer: Any) -> bool:
    """Whether a question was answered; a refusal, an apology or nothing at all is a lost answer."""
    return bool(answer.ok and answer.embeds)


def unanswered(answers: Iterable[Any]) -> int:
    """How many were not answered; says why the first one was not."""
    missing = [answer for answer in answers if not answered(answer)]
    for answer in missing[:1]:
        print(f"lost: {answer.label}: {answer.error or answer.text}")
    return len(missing)


def times(answers: Iterable[Any]) -> tuple[str, ...]:
    """How many were answered; first p50 and p95, final p50 and p95, in milliseconds."""
    given = [answer for answer in answers if answered(answer)]
    found = [[one.first_ms for one in given], [one.last_ms for one in given]]
    shown = (f"{np.percentile(values, q):.0f}" for values in found for q in (50, 95))
    return (f"{len(given):,}", *shown)


HEADINGS = ("answers", "first p50 ms", "first p95 ms", "final p50 ms", "final p95 ms")
