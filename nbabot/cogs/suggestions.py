"""What is offered while somebody types, from memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from cachetools import TTLCache
from discord import app_commands

from engine.core import words
from engine.core.errors import NbabotError
from engine.core.named_games import NamedGame
from engine.core.teams import suggest_teams
from engine.engine import Engine

MOST = 25
"""Discord shows no more suggestions than that."""
DAYS_AHEAD = 10
_KEY, _KEPT_SECONDS = "games", 60.0

Choices = list[app_commands.Choice[str]]


def teams(typed: str) -> Choices:
    """Teams whose name begins or reads like what is typed; all of them for nothing."""
    return [app_commands.Choice(name=team.name, value=team.abbreviation) for team in suggest_teams(typed)]


def days(engine: Engine, typed: str) -> Choices:
    """Today and its neighbours whose name or date holds what is typed."""
    today = engine.today()
    offered = [("Today", 0), ("Tomorrow", 1), ("Yesterday", -1), *(("", ahead) for ahead in range(2, DAYS_AHEAD))]
    named = [(name, today + timedelta(days=shift)) for name, shift in offered]
    shown = [(f"{name} ({words.day(day)})" if name else words.day(day), day.isoformat()) for name, day in named]
    part = typed.strip().lower()
    return [app_commands.Choice(name=name, value=day) for name, day in shown if part in f"{name} {day}".lower()]


class Games:
    """Games by what they are called, asked for anew once a minute through `read`."""

    def __init__(self, read: Callable[[], list[tuple[str, NamedGame]]]) -> None:
        self._named = read
        self._kept: TTLCache[str, Choices] = TTLCache(maxsize=1, ttl=_KEPT_SECONDS)

    async def like(self, typed: str) -> Choices:
        """The games in whose name or teams' abbreviations all typed words stand; none where the engine cannot say."""
        parts = typed.lower().split()
        known = self._kept.get(_KEY)
        if known is None:
            known = self._kept[_KEY] = await asyncio.to_thread(self._read)
        return [one for one in known if all(part in f"{one.name} {one.value}".lower() for part in parts)][:MOST]

    def _read(self) -> Choices:
        try:
            found = self._named()
        except NbabotError:
            return []
        return [app_commands.Choice(name=name, value=str(game)) for name, game in found]
