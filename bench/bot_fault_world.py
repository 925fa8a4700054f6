"""One home folder, the stand-in for Discord and the services that run on both: what a fault is done to."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.tables import tool
from engine.core.calendar import LEAGUE_ZONE
from engine.engine import DATABASE

POSTED = "^POST /channels/[0-9]+/messages"
WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
HEARTBEATS = 1.0
"""Seconds between the heartbeats that the stand-in asks for."""
_MARK = re.compile(r"nbabot · ")
Process = asyncio.subprocess.Process


@dataclass(frozen=True)
class Found:
    """What came of a fault. `due`: posts that should stand in the channel in the end."""

    due: int
    sent: int
    lost: int
    doubled: int
    asked: int
    unanswered: int
    seen: str


@dataclass(frozen=True)
class Clock:
    """The clock of a world: where it stood when the world began, in New York, and how fast it goes."""

    start: str
    speed: float
    began: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """The moment that it shows."""
        passed = (time.time() - self.began) * self.speed
        return datetime.fromisoformat(self.start).replace(tzinfo=LEAGUE_ZONE) + timedelta(seconds=passed)

    async def reaches(self, moment: str) -> None:
        """Wait until it shows a moment, in New York."""
        left = datetime.fromisoformat(moment).replace(tzinfo=LEAGUE_ZONE).astimezone(UTC) - self.now().astimezone(UTC)
        await asyncio.sleep(max(0.0, left.total_seconds() / self.speed))


@dataclass
class World:
    """A home folder, a stand-in, and the processes that were started, with settings in `variables`."""

    home: Path
    server: Any
    clock: Clock
    variables: Mapping[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def around(
        cls, home: Path, clock: Clock, variables: Mapping[str, str] | None = None, limits: bool = False
    ) -> AsyncIterator[World]:
        """A world whose processes are ended with it. With `limits` the stand-in has Discord's rate limits."""
        stand_in = tool("fake_discord")
        assert stand_in is not None
        async with stand_in.FakeDiscord(heartbeat_interval=HEARTBEATS, realistic_limits=limits) as server:
            world = cls(home, server, clock, variables or {})
            try:
                yield world
            finally:
                for process in world.processes:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()

    @property
    def channel(self) -> int:
        """The channel for the picks."""
        return int(self.server.channel_ids[1])

    async def start(self, step: str = "") -> Process:
        """Start a service; wait until it answers or, if it is to kill itself at a step, until it has."""
        stand_in = tool("fake_discord")
        assert stand_in is not None
        picks = {"NBABOT_DISCORD__PICKS_CHANNEL_ID": str(self.channel)}
        variables = {"DISCORD_TOKEN": self.server.token, **(self.variables or picks)}
        start = datetime.fromisoformat(self.clock.start).replace(tzinfo=LEAGUE_ZONE).isoformat()
        clock = (start, str(self.clock.began), str(self.clock.speed))
        arguments = ["-m", "bench.fault_bot", str(self.home), *clock, *([step] if step else [])]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=stand_in.subprocess_env(self.server, **variables)
        )
        self.processes.append(process)
        if step:
            assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL, step
        else:
            before = self.server.identifies
            await self.server.wait_for(lambda: self.server.identifies > before, 60)
            await self.server.wait_commands(["predict"], timeout=60)
        return process

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database of the home folder says."""
        database = sqlite3.connect(self.home / DATABASE, timeout=20)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    async def ask(self, count: int = 1) -> None:
        """Have users ask; what they get is kept."""
        people = [self.server.add_user(f"user {len(self.server.users)}") for _ in range(count)]
        options = {"home": "BOS", "away": "LAL"}
        self.answers += await asyncio.gather(
            *(self.server.invoke("predict", options, user=one, settle=0) for one in people)
        )

    async def marks(self) -> Counter[str]:
        """How often each post stands in the channel, by its footer."""
        found: Counter[str] = Counter()
        for message in await self.server.messages(self.channel):
            found.update(_marks(message.embeds))
        return found

    async def found(self, seen: str = "", due: int = 1, seconds: float = 40.0) -> Found:
        """Wait until as many posts stand as are due and none waits; then, a moment later, count.

        `seen` is said beside when.
        """
        end = time.monotonic() + seconds
        while (len(await self.marks()) < due or self.query(WAITING) != [(0,)]) and time.monotonic() < end:
            await asyncio.sleep(0.2)
        await asyncio.sleep(1.5)
        marks = await self.marks()
        unanswered = [answer for answer in self.answers if not _told(answer)]
        return Found(
            due=due,
            sent=len(marks),
            lost=max(0, due - len(marks)),
            doubled=sum(marks.values()) - len(marks),
            asked=len(self.answers),
            unanswered=len(unanswered),
            seen="; ".join(filter(None, (self._when(), seen, *(str(answer.error) for answer in unanswered[:1])))),
        )

    def _when(self) -> str:
        """Which posts came when, by the clock."""
        rows = self.query("SELECT kind, sent_at FROM outbox WHERE state = 'sent' ORDER BY id")
        return ", ".join(f"{kind} at {datetime.fromisoformat(at).astimezone(LEAGUE_ZONE):%H:%M}" for kind, at in rows)

    async def stop(self, process: Process) -> int:
        """Tell a service to stop; its exit code."""
        process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(process.wait(), 30)


def _marks(embeds: Sequence[dict[str, Any]]) -> set[str]:
    footers = [str(embed.get("footer", {}).get("text", "")) for embed in embeds]
    return {text for text in footers if _MARK.search(text)}


def _told(answer: Any) -> bool:
    """Whether an asker got a forecast or was told why not."""
    return bool(answer.callback and answer.text and not answer.thinking)
