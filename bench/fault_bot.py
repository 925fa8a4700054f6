"""The whole service in a process of its own, on a clock that runs fast, to be broken at will.

    python -m bench.fault_bot HOME START BEGAN SPEED [STEP]

The clock stood at START (ISO) when the machine's stood at BEGAN (Unix seconds), and SPEED of its seconds pass in one:
several processes agree on it. The waits of posting are shortened in step, so that a lease is still longer than any
delivery. STEP is where the process kills itself: a method of the store or the engine, and whether before or after it,
such as `Outbox.claim:after`.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.triggers.interval import IntervalTrigger

from engine.core import calendar
from engine.engine import Engine
from engine.store.outbox import Outbox
from engine.store.runs import Runs
from engine.sync import live_source
from nbabot import bot, channels, live_loop, logs, posting, scheduler
from nbabot.settings import load

DELIVERY_SECONDS = 7.0
"""Longest delivery, in real seconds; a lease is two longer."""
SHORTEST_WAKE = 0.25
FEED_SECONDS = 1.0
"""How long an answer of the feed of games under way may take, in real seconds."""
HEARTBEAT_SECONDS = 5.0
"""After how long without a sign of life the library gives a connection up; its own setting is a minute."""
CLASSES = {"Outbox": Outbox, "Runs": Runs, "Engine": Engine}


def fast_clock(start: datetime, began: float, speed: float) -> Callable[[], datetime]:
    """A clock that goes on while the process is stopped, as a machine's does."""
    return lambda: start + timedelta(seconds=(time.time() - began) * speed)


def put_everywhere(clock: Callable[[], datetime]) -> None:
    """Have every module that asks the machine's clock ask this one."""
    real = calendar.machine_clock
    for module in list(sys.modules.values()):
        if getattr(module, "machine_clock", None) is real:
            module.machine_clock = clock  # type: ignore[attr-defined]


def hurry(speed: float) -> None:
    """Shorten the waits in step with the clock."""
    channels.SEND_SECONDS = DELIVERY_SECONDS
    posting.LEASE = timedelta(seconds=(DELIVERY_SECONDS + 2) * speed)
    posting.LOOK_AGAIN_S /= speed
    live_loop.AFTER_TROUBLE_S /= speed
    live_source.LIVE_PATIENCE = replace(
        live_source.LIVE_PATIENCE, read_s=FEED_SECONDS, answer_s=FEED_SECONDS, gap_s=0.1 / speed, jitter_s=0.05 / speed
    )
    scheduler.IntervalTrigger = functools.partial(_wakes, speed)  # type: ignore[attr-defined]
    looped, real = live_loop.LiveLoop.__init__, bot.Bot.setup_hook

    def quick_rounds(self: live_loop.LiveLoop, *arguments: Any) -> None:
        looped(self, *arguments)
        self._pace = speed  # of the rounds alone: the clock by which messages are left alone is fast already

    async def quick_to_doubt(self: bot.Bot) -> None:
        self._connection.heartbeat_timeout = HEARTBEAT_SECONDS
        await real(self)

    live_loop.LiveLoop.__init__ = quick_rounds  # type: ignore[method-assign]
    bot.Bot.setup_hook = quick_to_doubt  # type: ignore[method-assign]


def _wakes(speed: float, minutes: float = 0, seconds: float = 0) -> IntervalTrigger:
    return IntervalTrigger(seconds=max(SHORTEST_WAKE, (60 * minutes + seconds) / speed))


def die_at(step: str) -> None:
    """Kill this process, as a power failure would, before or after a method is called for the first time."""
    name, when = step.split(":")
    owner, method = name.split(".")
    real = getattr(CLASSES[owner], method)

    @functools.wraps(real)
    def deadly(*arguments: Any, **named: Any) -> None:
        if when == "after":
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(CLASSES[owner], method, deadly)


def main() -> None:
    """Run until told to stop."""
    home, start, began, speed = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), *map(float, sys.argv[3:5])
    clock = fast_clock(start, began, speed)
    put_everywhere(clock)
    hurry(speed)
    if len(sys.argv) > 5:
        die_at(sys.argv[5])
    settings = load(home=home)
    logs.configure(home, terminal_level="critical")
    engine = Engine(home, now=clock, access=settings.sources.access)
    asyncio.run(bot.run_service(engine, settings, lambda sentence: None))
    engine.close()


if __name__ == "__main__":
    main()
