"""Fixtures for the faces: a stand-in for Discord on loopback, and the real bot connected to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bench import tables
from engine.engine import Engine

COMMANDS = ["predict", "today", "player", "help"]
RunBot = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture(scope="session")
def stand_in() -> Any:
    """The module `fake_discord` of the tools folder."""
    module = tables.tool("fake_discord")
    if module is None:
        pytest.skip("the stand-in for Discord is absent: set NBABOT_TOOLS to the folder with fake_discord.py")
    return module


@pytest.fixture
async def discord_server(stand_in: Any) -> AsyncIterator[Any]:
    """A running stand-in to which discord.py is pointed."""
    async with stand_in.FakeDiscord() as server:
        with stand_in.pointed_at(server):
            yield server


@pytest.fixture
def bot_on(discord_server: Any) -> RunBot:
    """Runs the real bot on an engine, connected to the stand-in, for the length of a block; few limits unless told."""
    from nbabot.bot import Bot
    from nbabot.sections import LimitsSettings
    from nbabot.settings import Settings

    patient = Settings(limits=LimitsSettings(user_commands=10_000, user_presses=10_000, server=100_000))

    @asynccontextmanager
    async def run(engine: Engine, settings: Settings = patient) -> AsyncIterator[Bot]:
        bot = Bot(engine, settings)
        running = asyncio.create_task(bot.start(discord_server.token))
        try:
            await discord_server.wait_commands(COMMANDS)
            yield bot
        finally:
            await bot.close()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(running, 5)

    return run
