"""SIGTERM ends the service between two pieces of work, never within one: proved on a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.posts import PostState
from engine.engine import Engine

pytestmark = pytest.mark.end_to_end
SEND = "^POST /channels/[0-9]+/messages$"
SERVICE = """
import asyncio, sys, time
from datetime import date
from pathlib import Path
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot.bot import run_service
from nbabot.settings import Settings

engine = Engine(Path(sys.argv[1]), now=lambda: noon_of(date(2025, 1, 15)))
publish = engine.publish_picks

def slowly(day):
    print("at work", flush=True)
    time.sleep(float(sys.argv[2]))
    return publish(day)

engine.publish_picks = slowly
asyncio.run(run_service(engine, Settings(), lambda sentence: None))
engine.close()
"""
Start = Callable[[float], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
def start(stand_in: Any, discord_server: Any, home: Path) -> Start:
    """Starts the service on the home folder; freezing the picks takes so many seconds."""

    async def started(seconds: float) -> asyncio.subprocess.Process:
        channel = str(discord_server.channel_ids[1])
        own = {"DISCORD_TOKEN": discord_server.token, "NBABOT_DISCORD__PICKS_CHANNEL_ID": channel}
        environment = {**os.environ, **stand_in.subprocess_env(discord_server, **own)}
        arguments = (sys.executable, "-c", SERVICE, str(home), str(seconds))
        null, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(*arguments, env=environment, stdout=pipe, stderr=null)

    return started


async def ended(service: asyncio.subprocess.Process) -> int:
    service.send_signal(signal.SIGTERM)
    return await asyncio.wait_for(service.wait(), 20)


async def test_a_job_in_hand_is_finished(start: Start, engine: Engine) -> None:
    service = await start(1.5)
    assert service.stdout is not None
    assert await asyncio.wait_for(service.stdout.readuntil(b"at work\n"), 30)
    assert await ended(service) == 0
    run = next(run for run in engine.runs.recent() if run.job == "picks" and run.due.startswith("2025-01-15"))
    assert run.state == "done"
    assert engine.picks(engine.today())
    assert not [run for run in engine.runs.recent() if run.state == "running"]


async def test_a_post_on_its_way_arrives_and_is_recorded(start: Start, engine: Engine, discord_server: Any) -> None:
    discord_server.slow_next(1, 1.5, SEND)
    service = await start(0)
    await discord_server.wait_for(lambda: discord_server.requests_to(SEND), 30)
    assert await ended(service) == 0
    assert [post.state for post in engine.outbox.recent()] == [PostState.SENT]
    assert len(await discord_server.messages("nba-picks")) == 1
