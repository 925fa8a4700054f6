"""How tests drive the terminal UI: press keys, wait until it has come to rest, read the screen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from tests.tui.small_house import House, HouseDesk
from tui.app import NbabotApp


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every question is answered and the screen has come to rest."""
    seen, calm = "", 0
    while calm < 3:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        asking = not all(worker.is_finished for worker in pilot.app.workers)
        now = painted(pilot)
        calm = calm + 1 if now == seen and not asking else 0
        seen = now


async def until(pilot: Pilot[None], text: str, seconds: float = 20) -> str:
    """Wait until the screen says `text`; return the screen. Fails when it does not come to say it."""
    end = time.monotonic() + seconds
    while text not in (seen := painted(pilot)):
        assert time.monotonic() < end, f"{text!r} did not appear in:\n{seen}"
        await pilot.pause()
    return seen


async def press(pilot: Pilot[None], *keys: str) -> str:
    """Press keys, wait for the answers, and return the screen as text."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    return painted(pilot)


async def type_in(pilot: Pilot[None], *keys: str) -> str:
    """Press keys one right after another, then wait for the answers."""
    await pilot.press(*keys)
    await settle(pilot)
    return painted(pilot)


def painted(pilot: Pilot[None]) -> str:
    """The screen as lines of text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def told(pilot: Pilot[None]) -> list[str]:
    """Sentences of the notifications so far."""
    return [notification.message for notification in pilot.app._notifications]


class Tui:
    """Opens the app on the small engine: `async with tui() as pilot`. A long refresh leaves the heartbeat out."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.press, self.type_in, self.painted, self.told = press, type_in, painted, told
        self.settle, self.until = settle, until

    @asynccontextmanager
    async def house(self, house: House, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
        """The app on an engine with all that the operator's screens ask for."""
        app = NbabotApp(house, 60, desk=HouseDesk(house, house.folder / "nbabot.log"))
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot

    @asynccontextmanager
    async def __call__(self, size: tuple[int, int] = (80, 24), refresh: float = 60) -> AsyncIterator[Pilot[None]]:
        async with NbabotApp(self.engine, refresh).run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot
