"""Following games under way for as long as the service runs: ask the feed, hand in what is due, have it delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from engine.core.errors import NbabotError
from engine.engine import Engine
from nbabot.destinations import Destinations
from nbabot.live_posts import LivePosts

LONGEST_WAIT_S = 60.0
"""A round at least so often: a game may be followed, or a schedule fetched, at any time."""
AFTER_TROUBLE_S = 15.0
"""How long to leave it after a round that broke."""
LAST_ROUND_S = 15.0
"""How long a round may take to end when the service is told to stop: longer than the feed is waited for."""

log = structlog.get_logger(__name__)


class LiveLoop:
    """One task beside the schedule. `places` get all games under way, `deliver` brings posts to their channels.

    `pace` is how many times faster than the machine's the engine's clock runs: waits are as much shorter.
    """

    def __init__(
        self, engine: Engine, places: Destinations, deliver: Callable[[], Awaitable[object]], pace: float = 1
    ) -> None:
        self._engine = engine
        self._posts = LivePosts(engine, places, pace)
        self._pace = pace
        self._deliver = deliver
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._told = ""

    def start(self) -> None:
        """Begin. Needs a running event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after the round in hand; what it handed in stays in the outbox."""
        self._stopping.set()
        for task in filter(None, (self._task, self._delivery)):
            await asyncio.wait((task,), timeout=LAST_ROUND_S)
            task.cancel()

    async def round(self) -> float:
        """Ask, hand in, have it delivered; returns after how many seconds to come back. Whatever breaks is logged."""
        try:
            poll = await asyncio.to_thread(self._engine.poll_live)
            wanted = await asyncio.to_thread(self._posts.publish)
        except NbabotError as error:
            self._tell(str(error))
            return AFTER_TROUBLE_S
        except Exception:
            log.exception("live_round_broke")
            return AFTER_TROUBLE_S
        self._tell(poll.problem)
        if wanted and (self._delivery is None or self._delivery.done()):
            self._delivery = asyncio.create_task(self._bring())
        return min(poll.wait_s, LONGEST_WAIT_S) / self._pace

    async def _run(self) -> None:
        while not self._stopping.is_set():
            wait = await self.round()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _bring(self) -> None:
        """Beside the rounds: a channel that hangs keeps no score from being read."""
        try:
            await self._deliver()
        except Exception:
            log.exception("live_delivery_broke")

    def _tell(self, problem: str) -> None:
        """Log what hinders, once as long as it is the same, and that it is over."""
        if problem != self._told:
            if problem:
                log.warning("live_games_not_read", reason=problem)
            else:
                log.info("live_games_read_again")
        self._told = problem
