"""The slash commands: who may use them, what a well-formed use is, and what happens when one ends."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

from engine.core.usage import Ending
from nbabot.cogs.errors import MISUSED, NOT_ALLOWED
from nbabot.conduct import conduct_of

SERVER_ONLY = "That command works in a server only."
_Kind = discord.AppCommandOptionType
_NESTING = (_Kind.subcommand.value, _Kind.subcommand_group.value)
_TYPES: dict[_Kind, tuple[type, ...]] = {_Kind.integer: (int,), _Kind.number: (int, float), _Kind.boolean: (bool,)}
"""How the values of options come; all others, ids included, come as text."""

Interaction = discord.Interaction[Any]

log = structlog.get_logger(__name__)


class CommandTree(app_commands.CommandTree[Any]):
    """The slash commands of the bot."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Take up a command, unless it is one too many, forged, or not for this user.

        Discord's own clients send no options of other types than declared, and no command to who lacks its permissions;
        anybody can write another client. Where suggestions are asked for, a number may just be half typed: then there
        are none.
        """
        if interaction.type is discord.InteractionType.autocomplete:
            if well_formed := _as_declared(interaction):
                return well_formed
            await interaction.response.autocomplete([])
            return False
        conduct = conduct_of(interaction)
        if not await conduct.begin(interaction, _name(interaction)):
            return False
        if refusal := _refusal(interaction):
            log.warning("interaction_forged", reason=refusal)
            await conduct.refuse(interaction, refusal)
        return refusal is None

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """End a command with an error; where suggestions are asked for there is nobody to tell."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await conduct_of(interaction).fail(interaction, error)


async def note_answered(interaction: Interaction, command: object) -> None:
    """The bot's `on_app_command_completion`: the command was answered."""
    conduct_of(interaction).end(interaction, Ending.ANSWERED)


def _refusal(interaction: Interaction) -> str | None:
    """Why a command as it came is not carried out."""
    if not _as_declared(interaction):
        return MISUSED
    for part in _with_parents(interaction.command):
        if part.guild_only and interaction.guild_id is None:
            return SERVER_ONLY
        if interaction.guild_id is not None and not _permitted(interaction.permissions, part.default_permissions):
            return NOT_ALLOWED
    return None


def _permitted(has: discord.Permissions, needed: discord.Permissions | None) -> bool:
    """As Discord reads the permissions of a command: none given is for all, an empty set for administrators."""
    if needed is None or has.administrator:
        return True
    return bool(needed.value) and needed <= has


def _with_parents(command: Any) -> list[Any]:
    found = []
    while command is not None:
        found.append(command)
        command = getattr(command, "parent", None)
    return found


def _as_declared(interaction: Interaction) -> bool:
    command = interaction.command
    declared = command.parameters if isinstance(command, app_commands.Command) else []
    kinds = {one.display_name: one.type for one in declared}
    return all(_fits(option, kinds.get(option.get("name"))) for option in _options(interaction.data or {}))


def _options(data: Any) -> list[Any]:
    """The options of a command or of the subcommand that is meant."""
    options: list[Any] = data.get("options", [])
    if len(options) == 1 and options[0].get("type") in _NESTING:
        return _options(options[0])
    return options


def _fits(option: dict[str, Any], kind: _Kind | None) -> bool:
    """Whether an option as it came is of a kind; the value of a boolean alone may be one."""
    if kind is None or option.get("type") != kind.value:
        return False
    value = option.get("value")
    return isinstance(value, _TYPES.get(kind, (str,))) and isinstance(value, bool) == (kind is _Kind.boolean)


def _name(interaction: Interaction) -> str:
    return interaction.command.qualified_name if interaction.command else "unknown"
