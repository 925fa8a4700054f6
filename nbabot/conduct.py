"""How every question is treated, be it a command or a press of a button: limits, a request id, errors, a usage row.

Commands come through `nbabot.cogs.tree.CommandTree`. Whatever answers a button, a select or a form is marked with
`attended`; presses that nothing answers (forged, or of a message that is no longer served) are told so.
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import discord
import structlog

from engine.core.calendar import machine_clock
from engine.core.usage import Ending, Use
from engine.engine import Engine
from nbabot.cogs.errors import answer_privately, tell_error
from nbabot.limits import Limits
from nbabot.sections import LimitsSettings
from nbabot.usage_log import UsageLog

if TYPE_CHECKING:
    from nbabot.bot import Bot

EXPIRED = "This button is no longer in use: ask again with a command, /help lists them."
UNKNOWN = "expired"
"""The name under which presses that nothing answers are counted."""
UNANSWERED_SECONDS = 0.5
"""How long a press may go unclaimed: whoever answers it does so at once."""
LAST_ANSWERS_SECONDS = 8.0
"""How long the answers in hand may take when the bot is told to stop."""

Interaction = discord.Interaction[Any]
P = ParamSpec("P")
Owner = TypeVar("Owner")
Answer = Callable[Concatenate[Owner, Interaction, P], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


def uncounted(use: Use) -> None:
    """Count nothing."""


class Conduct:
    """The questions that one bot is answering, and the rules for them. `count` is told how each one ended."""

    def __init__(self, engine: Engine, limits: LimitsSettings, count: Callable[[Use], None]) -> None:
        self._count = count
        self.limits = Limits(limits)
        self._usage = UsageLog(engine)
        self._answering: set[asyncio.Task[Any]] = set()

    async def begin(self, interaction: Interaction, name: str) -> bool:
        """Take up a question in the task that will answer it; False when it is one too many, which the asker is told.

        What is logged from here on, in threads too, carries the request's id.
        """
        structlog.contextvars.bind_contextvars(request=secrets.token_hex(4), command=name)
        if task := asyncio.current_task():
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        interaction.extras["asked"] = name, time.perf_counter()
        press = interaction.type is not discord.InteractionType.application_command
        refused = self.limits.count(interaction.user.id, interaction.guild_id, press=press)
        if refused is None:
            return True
        await self.refuse(interaction, refused.sentence(time.time()), Ending.LIMITED)
        return False

    async def refuse(self, interaction: Interaction, sentence: str, ending: Ending = Ending.REFUSED) -> None:
        """End a question with a sentence for the asker alone."""
        await answer_privately(interaction, sentence)
        self.end(interaction, ending)

    async def fail(self, interaction: Interaction, error: Exception) -> None:
        """End a question with an error; the asker is told what it means."""
        self.end(interaction, await tell_error(interaction, error))

    def end(self, interaction: Interaction, ending: Ending) -> None:
        """Note how a question that was taken up ended; only the first word on it counts."""
        if (asked := interaction.extras.pop("asked", None)) is None:
            return
        name, started = asked
        took = 1000 * (time.perf_counter() - started)
        use = Use(machine_clock(), interaction.user.id, interaction.guild_id, name, took, ending)
        self._usage.add(use)
        self._count(use)

    async def catch_unanswered(self, interaction: Interaction) -> None:
        """Tell whoever pressed what nothing answers that it is over."""
        await asyncio.sleep(UNANSWERED_SECONDS)
        if interaction.extras.get("attended") or interaction.response.is_done():
            return
        if await self.begin(interaction, UNKNOWN):
            await self.refuse(interaction, EXPIRED)

    async def keep_books(self) -> None:
        """Write usage rows until cancelled."""
        await self._usage.keep_writing()

    async def settle(self) -> None:
        """Let the answers in hand be given, for some seconds, and write the last usage rows."""
        if others := self._answering - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=LAST_ANSWERS_SECONDS)
        await self._usage.flush()


def attended(name: str) -> Callable[[Answer[Owner, P]], Answer[Owner, P]]:
    """Mark what answers a button, a select or a form: it is treated as a command called `name` would be.

    For the callback of an item, of a view's decorated item, or a form's `on_submit`: a method that is given the
    interaction first.
    """

    def mark(answer: Answer[Owner, P]) -> Answer[Owner, P]:
        @functools.wraps(answer)
        async def treated(owner: Owner, interaction: Interaction, /, *args: P.args, **others: P.kwargs) -> None:
            interaction.extras["attended"] = True
            conduct = conduct_of(interaction)
            if not await conduct.begin(interaction, name):
                return
            try:
                await answer(owner, interaction, *args, **others)
            except Exception as error:
                await conduct.fail(interaction, error)
            else:
                conduct.end(interaction, Ending.ANSWERED)

        treated.attended = name  # type: ignore[attr-defined]
        return treated

    return mark


def conduct_of(interaction: Interaction) -> Conduct:
    """The rules of the bot that was asked."""
    return cast("Bot", interaction.client).conduct
