"""Following a game in a channel: who may ask for it, the first card, and the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from engine.core import live_words
from engine.core.errors import UsageError
from engine.core.live_games import LiveStatus
from engine.core.named_games import NamedGame
from engine.engine import Engine
from nbabot import live_messages
from nbabot.channels import DiscordSender, discord_key, not_allowed
from nbabot.live_answers import LiveAnswers, named
from nbabot.replies import Interaction

NEEDED = discord.Permissions(manage_messages=True)
"""Who may have the bot write unasked in a channel: those who keep it in order."""
SERVER_ONLY = "A game is followed in a channel of a server: /live answers anywhere."
NOT_HERE = "The bot is not in this server, so it cannot write here unasked: /live answers anywhere."
ONLY_ANSWERS = "This program only answers: games are followed where nbabot run is running with sources.enabled."


class Following:
    """What /follow and /unfollow do. `deliver` brings posts to their channels; None where the program posts nothing."""

    def __init__(self, engine: Engine, answers: LiveAnswers, sender: DiscordSender) -> None:
        self._engine = engine
        self._answers = answers
        self._sender = sender
        self.deliver: Callable[[], Awaitable[None]] | None = None

    async def answer(self, interaction: Interaction, act: Callable[[int], str]) -> None:
        """Do what was asked for the channel of a question, and tell the asker alone what came of it."""
        if interaction.guild_id is None or interaction.channel_id is None:
            raise UsageError(SERVER_ONLY)
        if not (interaction.permissions.administrator or interaction.permissions >= NEEDED):
            raise app_commands.MissingPermissions(["manage_messages"])
        if not interaction.is_guild_integration():
            raise UsageError(NOT_HERE)
        if self.deliver is None:
            raise UsageError(ONLY_ANSWERS)
        await interaction.response.defer(ephemeral=True, thinking=True)
        said = await asyncio.to_thread(act, interaction.channel_id)
        await interaction.edit_original_response(content=said)
        await self.deliver()

    def follow(self, channel_id: int, text: str) -> str:
        """Follow the game that a text names in a channel. Raises UsageError where that cannot be."""
        if lacking := self._sender.lacking(channel_id):
            raise UsageError(not_allowed(channel_id, lacking))
        state = self._answers.meant(text).state
        game = live_words.teams(state)
        if state.status not in (LiveStatus.UPCOMING, LiveStatus.LIVE):
            raise UsageError(f"{game}: {live_words.clock(state)}. /live shows how it went.")
        engine, key = self._engine, discord_key(channel_id)
        if not engine.follows.add(key, state.game_id, state.league_day, engine.now()):
            return f"{game} is followed here already: its card is further up."
        found = next(one for one in engine.follows.of_channel(key) if one.game_id == state.game_id)
        engine.outbox.put(live_messages.card(engine.live(state.game_id), found).draft(key))
        return f"{game}: the card below changes by itself until the game is over. /unfollow ends it."

    def unfollow(self, channel_id: int, text: str) -> str:
        """Follow it no longer; its card says so, and stays. Raises UsageError where it is not followed there."""
        state = self._answers.meant(text).state
        engine, key = self._engine, discord_key(channel_id)
        game = live_words.teams(state)
        found = next((one for one in engine.follows.of_channel(key) if one.game_id == state.game_id), None)
        if found is None:
            raise UsageError(f"{game} is not followed in this channel.")
        engine.follows.remove(key, state.game_id)
        engine.outbox.revise(live_messages.card(engine.live(state.game_id), found, ended=True).draft(key))
        return f"{game} is no longer followed here."

    def followed(self, channel_id: int) -> list[tuple[str, NamedGame]]:
        """What a channel follows, for choosing one."""
        ids = {one.game_id for one in self._engine.follows.of_channel(discord_key(channel_id))}
        return named(view for view in self._answers.tonight() if view.state.game_id in ids)
