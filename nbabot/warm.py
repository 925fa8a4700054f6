"""Models are loaded before anybody asks for them: a bot that runs notices within seconds who is in production."""

from __future__ import annotations

import asyncio

import structlog

from engine.core.errors import NbabotError
from engine.engine import Engine

SECONDS = 2.0
"""How often the roles are looked at."""

log = structlog.get_logger(__name__)


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
