"""What a user reads when a question cannot be answered: always one sentence, for the asker alone."""

from __future__ import annotations

import re
import secrets
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.utils import escape_markdown

from engine.core.errors import NbabotError
from engine.core.usage import Ending

EXPIRED = 10062
"""Discord's code for an interaction that was answered too late; nobody is waiting for an answer any more."""
ANSWERED_ALREADY = 40060
"""Its code for a first answer to an interaction that has one."""
LONGEST = 1900
MISUSED = "That command cannot be used like this: try /help."
NOT_ALLOWED = "You are not allowed to use that command here: /help lists what you can ask."
_BREAK = "\u200b"
"""Zero-width space: after @ or < it keeps Discord from reading a mention."""

_BARE_BRACKET = re.compile(r"(?<!\\)\[")
"""One that the library leaves: the link that it begins was cut off."""

Interaction = discord.Interaction[Any]

log = structlog.get_logger(__name__)


async def tell_error(interaction: Interaction, error: Exception) -> Ending:
    """Tell the asker what an error means: an expected one in its own sentence, any other with a code for the log."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.NotFound) and cause.code == EXPIRED:
        log.warning("answered_too_late")
        return Ending.LATE
    ending, text = _judged(cause)
    await answer_privately(interaction, text)
    return ending


async def answer_privately(interaction: Interaction, text: str) -> None:
    """Answer the asker alone. A public "thinking" already shown is taken back first, since it cannot turn private.

    Where Discord cannot be reached this is logged: there is nobody left to tell.
    """
    try:
        if not interaction.response.is_done() and await _first_answer(interaction, text):
            return
        if interaction.response.type in (None, discord.InteractionResponseType.deferred_channel_message):
            await interaction.delete_original_response()
        await interaction.followup.send(text, ephemeral=True, suppress_embeds=True)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as failure:
        log.warning("error_not_told", reason=str(failure) or type(failure).__name__)


async def _first_answer(interaction: Interaction, text: str) -> bool:
    """Whether Discord takes this as the first answer: not where it had one whose arrival we never learned of."""
    try:
        await interaction.response.send_message(text, ephemeral=True, suppress_embeds=True)
    except discord.HTTPException as error:
        if error.code != ANSWERED_ALREADY:
            raise
        return False
    return True


def harmless(text: str) -> str:
    """Text that may quote the asker: no mention, markup or invisible character in it works, and it fits a message."""
    visible = "".join(letter for letter in text if letter.isprintable())
    inert = visible.replace("@", f"@{_BREAK}").replace("<", f"<{_BREAK}")
    escaped = escape_markdown(inert, ignore_links=False)
    return _BARE_BRACKET.sub(r"\\[", escaped)[:LONGEST]


def _judged(cause: Exception) -> tuple[Ending, str]:
    """How the question ends, and the sentence about it. What was typed is not logged."""
    if isinstance(cause, NbabotError):
        return Ending.REFUSED, harmless(str(cause))
    if isinstance(cause, app_commands.AppCommandError) and not isinstance(cause, app_commands.CommandInvokeError):
        log.warning("command_refused", reason=type(cause).__name__)
        return Ending.REFUSED, NOT_ALLOWED if isinstance(cause, app_commands.CheckFailure) else MISUSED
    code = secrets.token_hex(4)
    log.error("command_broke", code=code, exc_info=cause)
    sorry = f"Sorry, something went wrong on our side. It has been logged as {code}; please try again in a minute."
    return Ending.FAILED, sorry
