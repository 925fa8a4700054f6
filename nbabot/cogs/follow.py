"""`/follow` and `/unfollow`: a game under way in a channel, for those who keep the channel in order."""

from __future__ import annotations

import asyncio

from discord import app_commands
from discord.ext import commands

from engine.core.errors import NbabotError
from nbabot.cogs import suggestions
from nbabot.cogs.common import Interaction, Name
from nbabot.following import Following
from nbabot.live_answers import LiveAnswers

_GAME = "A game of tonight, or one of its teams: LAL at BOS, Lakers"


class Follow(commands.Cog):
    """Answers are private; what is followed is not."""

    def __init__(self, answers: LiveAnswers, following: Following) -> None:
        self._following = following
        self._games = suggestions.Games(answers.games_to_follow)

    @app_commands.command(description="Follow a game in this channel: one message that changes until the game is over")
    @app_commands.describe(game=_GAME)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def follow(self, interaction: Interaction, game: Name) -> None:
        """Post the card of a game, and keep it up to date."""
        await self._following.answer(interaction, lambda channel: self._following.follow(channel, game))

    @app_commands.command(description="Stop following a game in this channel")
    @app_commands.describe(game=_GAME)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def unfollow(self, interaction: Interaction, game: Name) -> None:
        """Leave the card of a game as it is."""
        await self._following.answer(interaction, lambda channel: self._following.unfollow(channel, game))

    @follow.autocomplete("game")
    async def _not_over(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return await self._games.like(typed)

    @unfollow.autocomplete("game")
    async def _followed_here(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        try:
            found = await asyncio.to_thread(self._following.followed, interaction.channel_id or 0)
        except NbabotError:
            return []
        return [app_commands.Choice(name=name, value=str(game)) for name, game in found]
