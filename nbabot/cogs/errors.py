"""What a user reads when a command cannot answer."""

from __future__ import annotations

import secrets
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.utils import escape_markdown

from engine.core.errors import NbabotError

EXPIRED = 10062
"""Discord's code for an interaction that was answered too late; nobody is waiting for an answer any more."""
LONGEST = 1900
MISUSED = "That command cannot be used like this: try /help."
_Kind = discord.AppCommandOptionType
_BREAK = "\u200b"
"""Zero-width space: after @ or < it keeps Discord from reading a mention."""

log = structlog.get_logger(__name__)


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The slash commands, with one handler for everything that goes wrong in them."""

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """Refuse an interaction whose options are not of the types that its command asks for: it is forged.

        Where suggestions are asked for, a number may just be half typed: then there are none.
        """
        if _as_declared(interaction):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            log.warning("interaction_forged", user=interaction.user.id)
            await _answer(interaction, MISUSED)
        return False

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the asker alone: an expected error in its own sentence, any other with a code to find it in the log."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.NotFound) and cause.code == EXPIRED:
            log.warning("answered_too_late", command=_name(interaction))
            return
        text = _sentence(interaction, cause)
        try:
            await _answer(interaction, text)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as failure:
            log.warning("error_not_told", command=_name(interaction), reason=str(failure))


def _sentence(interaction: discord.Interaction[discord.Client], cause: Exception) -> str:
    if isinstance(cause, NbabotError):
        return harmless(str(cause))
    if isinstance(cause, app_commands.AppCommandError) and not isinstance(cause, app_commands.CommandInvokeError):
        log.warning("command_refused", command=_name(interaction), reason=str(cause))
        return MISUSED
    code = secrets.token_hex(4)
    log.error("command_broke", command=_name(interaction), code=code, exc_info=cause)
    return f"Sorry, something went wrong on our side. It has been logged as {code}; please try again in a minute."


def harmless(text: str) -> str:
    """Text that may quote the asker: no mention, markup or invisible character in it works, and it fits a message."""
    visible = "".join(letter for letter in text if letter.isprintable())
    inert = visible.replace("@", f"@{_BREAK}").replace("<", f"<{_BREAK}")
    return escape_markdown(inert, ignore_links=False)[:LONGEST]


async def _answer(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Answer in private. A public "thinking" already shown is taken back first, since it cannot turn private."""
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True, suppress_embeds=True)
        return
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.delete_original_response()
    await interaction.followup.send(text, ephemeral=True, suppress_embeds=True)


def _as_declared(interaction: discord.Interaction[discord.Client]) -> bool:
    data: Any = interaction.data or {}
    command = interaction.command
    declared = command.parameters if isinstance(command, app_commands.Command) else []
    kinds = {one.display_name: one.type for one in declared}
    return all(_fits(option, kinds.get(option.get("name"), _Kind.string)) for option in data.get("options", []))


def _fits(option: dict[str, Any], kind: _Kind) -> bool:
    """Whether an option as it came is of a kind; no command asks for other things than text and numbers."""
    value = option.get("value")
    wanted = (int, float) if kind is _Kind.number else str
    return option.get("type") == kind.value and isinstance(value, wanted) and not isinstance(value, bool)


def _name(interaction: discord.Interaction[discord.Client]) -> str:
    return interaction.command.qualified_name if interaction.command else "?"
