"""`/privacy`: exactly what the bot keeps."""

from __future__ import annotations

from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

KEPT = """\
**Kept for each command and each press of a button:** when, which one, how long the answer took and how it ended, with \
a scrambled number for you and one for the server. The key to these numbers is thrown away each month; after that \
nobody, whoever runs this bot included, can tell whose they were. Rows are deleted after {days} days.
**Not kept:** what you type, your name, your number at Discord. What people write in a server Discord does not show \
the bot. A *Refresh* or day button holds the number of who asked, in its message and nowhere else.
**Kept for a server that was set up:** its number, channels, time and what to post, until the bot leaves it.
**Kept of the operators:** who put a model into production or marked an alert as seen.
**Log files** hold errors and the bot's own work. Where suggestions fail while you type, Discord's library notes your \
number and the server's there; old log files are overwritten."""


class Privacy(commands.Cog):
    """What is known of whoever asks. `keep_days` tells for how long, anew each time."""

    def __init__(self, keep_days: Callable[[], int]) -> None:
        self._keep_days = keep_days

    @app_commands.command(description="What this bot keeps about you, and for how long")
    async def privacy(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Tell it in private."""
        page = discord.Embed(title="What is kept", description=KEPT.format(days=self._keep_days()))
        await interaction.response.send_message(embed=page, ephemeral=True)
