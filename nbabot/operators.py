"""Who runs this bot: the application's owner or team, and the users and roles that the settings name."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from nbabot.sections import DiscordSettings

Interaction = discord.Interaction[Any]


class OperatorOnly(app_commands.CheckFailure):
    """Somebody else asked for what only the bot's operators may do."""


class Operators:
    """The operators of one bot."""

    def __init__(self, settings: DiscordSettings) -> None:
        self._users = frozenset(settings.operator_ids)
        self._roles = frozenset(settings.operator_role_ids)

    def include(self, interaction: Interaction) -> bool:
        """Whether the one who asks is an operator. Roles have numbers of their own: no other server can give them."""
        if interaction.user.id in self._users | _owners(interaction.client.application):
            return True
        roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
        return any(role.id in self._roles for role in roles)

    def require(self, interaction: Interaction) -> None:
        """Raise OperatorOnly for anybody else."""
        if not self.include(interaction):
            raise OperatorOnly


def who(interaction: Interaction) -> str:
    """The one who asks, as the audit trail names users of Discord."""
    return f"discord:{interaction.user.id}"


def _owners(application: discord.AppInfo | None) -> frozenset[int]:
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    return frozenset(member.id for member in application.team.members)
