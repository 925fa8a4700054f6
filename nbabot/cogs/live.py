"""`/live`: how the games of the evening stand, or one of them."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from nbabot.cogs import suggestions
from nbabot.cogs.common import GAMES, GROUP, Interaction, Name, everywhere
from nbabot.live_answers import LiveAnswers
from nbabot.replies import send


class Live(commands.Cog):
    """Every answer is deferred at once and made in a thread."""

    def __init__(self, answers: LiveAnswers) -> None:
        self._answers = answers
        self._games = suggestions.Games(answers.games)

    @app_commands.command(
        description="Games under way: the score, who wins from here and how sure, with a picture", extras={GROUP: GAMES}
    )
    @app_commands.describe(
        game="All of tonight's if left out; else one of them, or one of its teams: LAL at BOS, Lakers"
    )
    @everywhere
    async def live(self, interaction: Interaction, game: Name | None = None) -> None:
        """Show the evening, or one game of it."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.asked(game, interaction.user.id))

    @live.autocomplete("game")
    async def _of_tonight(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return await self._games.like(typed)
