"""What questions need is there before anybody asks: the models in production, noticed within seconds, and the players'
numbers, which take a walk through whole seasons where nothing has built them yet."""

from __future__ import annotations

import asyncio

import structlog

from engine.core.errors import NbabotError
from engine.engine import Engine

SECONDS = 2.0
"""How often the roles are looked at."""
NUMBERS_SECONDS = 60.0
"""How often the players' numbers are: what brings results builds them itself."""

log = structlog.get_logger(__name__)


async def keep_warm(engine: Engine) -> None:
    """Keep models and players' numbers warm, until cancelled."""
    async with asyncio.TaskGroup() as both:
        both.create_task(keep_models_warm(engine))
        both.create_task(keep_players_warm(engine))


async def keep_players_warm(engine: Engine, seconds: float = NUMBERS_SECONDS) -> None:
    """Build the players' numbers whenever nobody has, until cancelled; a question meanwhile is told to come back.

    What hinders that is logged once: the questions themselves tell what to do about it.
    """
    said = ""
    while True:
        try:
            await asyncio.to_thread(engine.refresh_players)
        except NbabotError as error:
            if str(error) != said:
                log.error("no_player_numbers", reason=str(error))
            said = str(error)
        else:
            said = ""
        await asyncio.sleep(seconds)


async def keep_models_warm(engine: Engine, seconds: float = SECONDS) -> None:
    """Load each new champion and challenger as soon as it has its role, until cancelled.

    One that cannot be loaded is logged, and the one before goes on answering.
    """
    said = ""
    while True:
        try:
            found = ", ".join(await asyncio.to_thread(engine.refresh_models))
        except NbabotError as error:
            found = str(error)
            if found != said:
                log.error("no_model", reason=found)
        else:
            if found != said:
                log.info("models_answer", models=found)
        said = found
        await asyncio.sleep(seconds)
