"""`/alerts`: what is wrong; of the whole installation for its operators, of their server for its admins."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from engine.core.alerts import Alert
from engine.core.guilds import Topic
from engine.engine import Engine
from nbabot import admin_pages
from nbabot.channels import discord_key
from nbabot.cogs.common import Interaction
from nbabot.conduct import attended
from nbabot.operators import Operators, who

MOST_BUTTONS = admin_pages.MOST_FIELDS


class Alerts(commands.Cog):
    """Answers are private."""

    def __init__(self, engine: Engine, operators: Operators) -> None:
        self._engine = engine
        self._operators = operators

    @app_commands.command(description="What is wrong, and a button to say that you have seen it")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def alerts(self, interaction: Interaction) -> None:
        """List what is open."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if self._operators.include(interaction):
            page, view = listed(await asyncio.to_thread(self._engine.alerts.open))
            await interaction.edit_original_response(embed=page, view=view)
        else:
            page = await asyncio.to_thread(self._of_server, interaction.guild_id or 0)
            await interaction.edit_original_response(embed=page)

    def _of_server(self, guild_id: int) -> discord.Embed:
        wishes = self._engine.guilds.get(guild_id)
        closed = self._engine.guilds.closed_channels()
        keys = {discord_key(number) for topic in Topic if (number := wishes.channel_of(topic))}
        return admin_pages.channels([closed[key] for key in sorted(keys & closed.keys())])


class Acknowledge(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"alerts:ack:(?P<number>[0-9]{1,9})"):
    """The button of one alert; any process can answer it."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label=f"Seen {number}", custom_id=f"alerts:ack:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Acknowledge:
        """The button that was pressed."""
        return cls(int(match["number"]))

    @attended("alerts seen")
    async def callback(self, interaction: Interaction) -> None:
        """Note who has seen the alert, and show what is open."""
        bot = interaction.client
        bot.operators.require(interaction)
        await interaction.response.defer()
        await asyncio.to_thread(bot.engine.alerts.acknowledge, self.number, who(interaction))
        page, view = listed(await asyncio.to_thread(bot.engine.alerts.open))
        await interaction.edit_original_response(embed=page, view=view)


def listed(found: tuple[Alert, ...]) -> tuple[discord.Embed, discord.ui.View]:
    """The open alerts with a button for each that nobody has seen."""
    view = discord.ui.View(timeout=None)
    for one in [one for one in found[:MOST_BUTTONS] if one.acknowledged is None]:
        view.add_item(Acknowledge(one.number))
    return admin_pages.alerts(found), view
