"""All that admins of servers and operators of the bot can ask, put into a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from nbabot.channels import DiscordSender
from nbabot.cogs.admin import Admin, Move
from nbabot.cogs.alerts import Acknowledge, Alerts
from nbabot.cogs.follow import Follow
from nbabot.cogs.setup import Setup
from nbabot.server_setup import ServerSetup

if TYPE_CHECKING:
    from nbabot.bot import Bot

COGS = (Follow, Setup, Alerts, Admin)


async def add_to(bot: Bot) -> None:
    """Give a bot the commands for admins, and answer the buttons below what they sent, by whichever process.

    `/admin` is registered in the operators' own server where the settings name one.
    """
    own = bot.settings.discord.operator_guild_id
    await bot.add_cog(Setup(bot, ServerSetup(bot.engine, lambda: bot.settings, DiscordSender(bot))))
    await bot.add_cog(Follow(bot.live, bot.following))
    await bot.add_cog(Alerts(bot.engine, bot.operators))
    admin = Admin(bot.engine, lambda: bot.settings, bot.operators)
    if own is None:
        await bot.add_cog(admin)
    else:
        await bot.add_cog(admin, guild=discord.Object(own))
    bot.add_dynamic_items(Acknowledge, Move)
