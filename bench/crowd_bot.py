"""The bot that a crowd asks, in a process of its own: `python -m bench.crowd_bot HOME DAY`.

It answers like any bot; beside that it does what it is told on standard input, as the schedule would do it (in a
thread), and says in a line of JSON how long that took and by how much the event loop was ever late meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine.core.calendar import noon_of
from engine.core.errors import NbabotError
from engine.core.sync_reports import SyncRequest
from engine.engine import Engine
from nbabot import logs
from nbabot.bot import run_bot
from nbabot.settings import load

TICK = 0.01


class Pulse:
    """By how many seconds the event loop was ever late, and when it was last asked."""

    worst = 0.0

    async def beat(self) -> None:
        """Measure until cancelled."""
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.worst = max(self.worst, time.perf_counter() - due)


def works(engine: Engine) -> dict[str, Callable[[], object]]:
    """What the bot's process can be told to do."""

    def sync() -> None:
        engine.sync(SyncRequest((2024,), only=("schedule", "results")))
        engine.refresh_players()

    def grade() -> None:
        engine.publish_picks()
        engine.grade()

    return {
        "idle": lambda: time.sleep(5),
        "sync": sync,
        "train": lambda: engine.train_game(["xgboost"]),
        "grade": grade,
    }


async def obey(engine: Engine, pulse: Pulse) -> None:
    """Do what standard input says, one thing after another."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().strip():
        pulse.worst, start = 0.0, time.perf_counter()
        failed = ""
        try:
            await asyncio.to_thread(works(engine)[line])
        except NbabotError as error:
            failed = str(error)
        seconds = time.perf_counter() - start
        took = {"work": line, "failed": failed, "seconds": seconds, "late_ms": 1000 * pulse.worst}
        print(json.dumps(took), flush=True)


async def main() -> None:
    """Answer until terminated."""
    home, day = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    settings = load(home=home)
    logs.configure(home, terminal_level="error")
    engine = Engine(home, now=lambda: noon_of(day), access=settings.sources.access)
    pulse = Pulse()
    beside = [asyncio.create_task(pulse.beat()), asyncio.create_task(obey(engine, pulse))]
    await run_bot(engine, settings)
    for task in beside:
        task.cancel()
    engine.close()


if __name__ == "__main__":
    asyncio.run(main())
