"""The check-up: `doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from engine.core.errors import DiscordAccessError, StateError
from engine.core.private import access_check
from engine.core.progress import Progress
from engine.core.sync_reports import Check, Health
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_table
from nbabot.cli.session import Session, command

if TYPE_CHECKING:
    from nbabot.sections import DiscordSettings
    from nbabot.settings import Settings

_PATIENCE = 15.0
_DISCORD = "discord"


def add_to(app: typer.Typer) -> None:
    """Register this group's command."""
    command(app, as_json=True)(doctor)


def doctor(session: Session) -> None:
    """Check the installation, the data and the feeds, and say what to do.

    The exit code is 1 when a check failed; a warning leaves it at 0.
    """
    with progress_bar() as progress:
        checks = check_all(session.settings, progress)
    failed = sum(check.health is Health.FAILED for check in checks)
    if session.as_json:
        show_json({"sound": not failed, "checks": [json_output.check(check) for check in checks]})
    else:
        show_table(("check", "state", "found", "what to do"), [_row(check) for check in checks])
        show("\nAll is well." if not failed else "")
    if failed:
        raise StateError(f"{failed} of {len(checks)} checks failed: the last column above says what to do.")


def check_all(settings: Settings, progress: Progress) -> tuple[Check, ...]:
    """What the engine checks, then the secrets, then what Discord says."""
    from engine.engine import Engine

    found = Engine.doctor(settings.home, settings.sources.access(), settings.backup.folder, progress)
    return (*found, *check_secrets(settings), check_token(settings.discord))


def check_secrets(settings: Settings) -> Iterator[Check]:
    """Whether files that hold secrets are kept from other users of the machine."""
    files = [path for path in (settings.discord.token_file, settings.sources.odds_key_file) if path and path.exists()]
    if files:
        yield access_check("secrets", files)


def check_token(settings: DiscordSettings) -> Check:
    """Whether Discord takes the token, asked only where one is set: posting to a terminal needs none."""
    try:
        token = settings.token_if_set()
        if token is None:
            return Check(_DISCORD, Health.OK, "no token is set: nbabot run --console posts to this terminal")
        return Check(_DISCORD, Health.OK, f"the token is that of {asyncio.run(_who_is(token))}")
    except DiscordAccessError as error:
        return Check(_DISCORD, Health.FAILED, *error.parts)


async def _who_is(token: str) -> str:
    """The bot's name, as Discord says. Raises DiscordAccessError."""
    import aiohttp
    import discord

    try:
        async with asyncio.timeout(_PATIENCE), discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token)
            return str(client.user)
    except discord.LoginFailure as error:
        raise DiscordAccessError("Discord does not take the token: copy it again from the developer portal.") from error
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DiscordAccessError("Discord cannot be reached: check this machine's network.") from error


def _row(check: Check) -> tuple[str, ...]:
    state = check.health.value.upper() if check.health is Health.FAILED else check.health.value
    return check.name, state, check.found, check.remedy
