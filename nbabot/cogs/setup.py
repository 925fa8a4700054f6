"""`/setup`: a server's admin says in a minute what is posted, where and when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast
from zoneinfo import available_timezones

import discord
from discord import app_commands
from discord.ext import commands

from engine.core.guilds import GuildSettings
from nbabot.cogs.common import Interaction
from nbabot.server_setup import ServerSetup
from nbabot.setup_view import SetupView, persistent

MOST_SUGGESTED = 25
Zone = app_commands.Range[str, 1, 60]


class Setup(commands.Cog):
    """The page is private, every choice on it is kept at once, and its buttons outlive the process."""

    def __init__(self, bot: commands.AutoShardedBot, setup: ServerSetup) -> None:
        self._bot = bot
        self._setup = setup

    async def cog_load(self) -> None:
        """Answer the presses of messages sent before."""
        for view in persistent(self._setup):
            self._bot.add_view(view)

    @app_commands.command(description="What is posted in this server, where and when; with a test post")
    @app_commands.describe(zone="A time zone that the page does not offer, such as Europe/Lisbon")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def setup(self, interaction: Interaction, zone: Zone | None = None) -> None:
        """Show how the server's wishes stand, with the means to change them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        wishes, page = await asyncio.to_thread(self._page, cast("int", interaction.guild_id), zone)
        await interaction.edit_original_response(embed=page, view=SetupView(self._setup, wishes))

    def _page(self, guild_id: int, zone: str | None) -> tuple[GuildSettings, discord.Embed]:
        wishes = self._setup.wishes(guild_id)
        if zone is not None:
            wishes = self._setup.change(guild_id, lambda before: replace(before, zone=zone))
        return wishes, self._setup.page(wishes)

    @setup.autocomplete("zone")
    async def _zones(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        like = typed.strip().lower().replace(" ", "_")
        found = sorted(zone for zone in available_timezones() if like in zone.lower() and "/" in zone)
        return [app_commands.Choice(name=zone, value=zone) for zone in found[:MOST_SUGGESTED]]

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the wishes of a server that the bot has left."""
        channels = [channel.id for channel in guild.text_channels]
        await asyncio.to_thread(self._setup.forget, guild.id, channels)
