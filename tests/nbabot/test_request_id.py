"""What the engine logs in a worker thread carries the id of the question that it works for."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any, cast

import discord
import structlog
from structlog.testing import capture_logs

from engine.core.errors import NbabotError
from engine.engine import Engine
from nbabot.conduct import Conduct, uncounted
from nbabot.sections import LimitsSettings


def _question() -> Any:
    kind, asker = discord.InteractionType.application_command, SimpleNamespace(id=1)
    return cast(Any, SimpleNamespace(type=kind, user=asker, guild_id=None, extras={}))


async def test_the_engines_lines_carry_the_request_whatever_thread_writes_them(engine: Engine) -> None:
    for manifest in engine.home.glob("models/**/model.json"):
        manifest.write_text("torn")
    conduct = Conduct(engine, LimitsSettings(), uncounted)

    async def answer(command: str) -> str:
        await conduct.begin(_question(), command)
        with contextlib.suppress(NbabotError):
            await asyncio.to_thread(engine.refresh_models)
        return str(structlog.contextvars.get_contextvars()["request"])

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as told:
        first, second = await asyncio.gather(*(asyncio.create_task(answer(one)) for one in ("predict", "today")))
    lines = [one for one in told if one["event"] == "model_unusable"]
    assert lines
    assert {(one["command"], one["request"]) for one in lines} <= {("predict", first), ("today", second)}
    assert first != second
    assert not structlog.contextvars.get_contextvars(), "nothing is left for the next question"
