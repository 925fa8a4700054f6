"""The programs that keep running: `run` and `bot`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from engine.core.errors import DatabaseError
from nbabot.cli.output import show
from nbabot.cli.session import Session, command

if TYPE_CHECKING:
    from engine.engine import Engine

Console = Annotated[bool, typer.Option("--console", help="Post to this terminal; needs no Discord token.")]

LOOK_SECONDS = 2.0
"""How long the start may take to look for damage in the database; twenty seasons take a quarter of it."""


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app)(run)
    command(app, as_of=True)(bot)


def run(session: Session, console: Console = False) -> None:
    """Post each day's picks and results on time; answer in Discord.

    With --console it posts to this terminal and needs no Discord.
    """
    import asyncio

    from nbabot.bot import run_service

    if not console:
        _ = session.settings.discord.token()
    reread = partial(session.reread, terminal_level="warning")
    asyncio.run(run_service(_sound(session.engine), session.settings, _tell, console, reread))
    show("Stopped.")


def _sound(engine: Engine) -> Engine:
    """The engine, where no damage is seen in its database: nothing is added to a file that is falling apart."""
    if found := engine.damage(LOOK_SECONDS):
        raise DatabaseError(
            f"The database in {engine.home} is damaged ({found}): put a backup in its place with nbabot restore."
        )
    return engine


def _tell(sentence: str) -> None:
    """Show a sentence at once, in a pipe too."""
    show(sentence)
    sys.stdout.flush()


def bot(session: Session) -> None:
    """Answer slash commands in Discord; post nothing on a schedule.

    With --as-of the bot's clock stands still on that day: a way to try it out on past games.
    """
    import asyncio

    from nbabot.bot import run_bot

    _ = session.settings.discord.token()
    session.log_to_terminal()
    asyncio.run(run_bot(_sound(session.engine), session.settings, session.reread))
