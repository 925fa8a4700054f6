"""What the cogs for fans share: where their commands may be used, and the kinds of their options."""

from __future__ import annotations

from typing import Any, TypeVar

import discord
from discord import app_commands

LONGEST_NAME = 100
"""Longest name that can be typed or suggested: Discord's own limit for suggested values."""

Interaction = discord.Interaction[Any]
Name = app_commands.Range[str, 1, LONGEST_NAME]
DayName = app_commands.Range[str, 1, 30]
C = TypeVar("C")

GAMES, PEOPLE, BOT = "Games", "Teams and players", "The bot"
GROUP = "group"
"""Key of a command's extras that says under which heading /help lists it."""


def everywhere(command: C) -> C:
    """A command for servers, direct messages and group chats, of the bot in a server or added to one's own account."""
    command = app_commands.allowed_installs(guilds=True, users=True)(command)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
