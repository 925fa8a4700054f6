"""From answered questions to usage rows: written in batches beside the answers, which never wait for it."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from engine.core.errors import NbabotError
from engine.core.usage import Use
from engine.engine import Engine

SECONDS = 2.0
"""How often what has gathered is written."""
MOST_WAITING = 20_000
"""Rows kept while the store cannot be written; beyond it the oldest are lost."""

log = structlog.get_logger(__name__)


class UsageLog:
    """The rows of one engine on their way to its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Use] = deque(maxlen=MOST_WAITING)

    def add(self, use: Use) -> None:
        """Have a row written soon."""
        self._waiting.append(use)

    async def keep_writing(self) -> None:
        """Write every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write what has gathered; what cannot be written waits for the next time."""
        batch, self._waiting = self._waiting, deque(maxlen=MOST_WAITING)
        if not batch:
            return
        try:
            await asyncio.to_thread(self._engine.usage.record, batch)
        except NbabotError as error:
            self._waiting = deque([*batch, *self._waiting], maxlen=MOST_WAITING)
            log.warning("usage_not_written", waiting=len(self._waiting), reason=str(error))
