"""`/player`: defer, ask the engine and draw in a thread, send the card with the picture of the player's form."""

from __future__ import annotations

import asyncio

from discord import app_commands
from discord.ext import commands

from engine.core.errors import NbabotError
from engine.core.player_records import MOST_LINE, Stat
from engine.engine import Engine
from nbabot import player_card
from nbabot.cogs import suggestions
from nbabot.cogs.common import GROUP, PEOPLE, Interaction, Name, everywhere
from nbabot.player_chart import form_png, form_words
from nbabot.replies import Picture, Reply, send
from nbabot.track import PlayerTrack

Line = app_commands.Range[float, 0.0, MOST_LINE]
STATS = [app_commands.Choice(name=stat.words.capitalize(), value=stat.value) for stat in Stat]


class Players(commands.Cog):
    """Questions about players. Every answer is the engine's, unchanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._track = PlayerTrack(engine)

    @app_commands.command(
        description="What a player is expected to do in his next game, and how sure that is", extras={GROUP: PEOPLE}
    )
    @app_commands.describe(
        name="The player: Jayson Tatum, Jokic, SGA ...",
        stat="Points if left out",
        opponent="His next game if left out; else a game against this team",
        line="Chances over and under it, such as 27.5",
    )
    @app_commands.choices(stat=STATS)
    @everywhere
    async def player(
        self,
        interaction: Interaction,
        name: Name,
        stat: app_commands.Choice[str] | None = None,
        opponent: Name | None = None,
        line: Line | None = None,
    ) -> None:
        """Forecast one player's game."""
        await interaction.response.defer(thinking=True)
        wanted = Stat(stat.value) if stat else Stat.PTS
        await send(interaction, lambda: self._card(name, wanted, opponent, line))

    @player.autocomplete("name")
    async def _names(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await asyncio.to_thread(self._suggested, typed)

    @player.autocomplete("opponent")
    async def _teams(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions.teams(typed)

    def _suggested(self, typed: str) -> list[app_commands.Choice[str]]:
        """Active players; nobody where the engine cannot say, for whom the command itself has the sentence."""
        try:
            found = self._engine.players(typed, suggestions.MOST)
        except NbabotError:
            return []
        return [app_commands.Choice(name=one.called, value=one.called) for one in found if one.team_id is not None]

    def _card(self, name: str, stat: Stat, opponent: str | None, line: float | None) -> Reply:
        """The card, with the picture where the player has played."""
        forecast = self._engine.player(name, opponent, stat=stat, line=line)
        embed = player_card.card(forecast, stat, self._track.line(stat), self._engine.simulated)
        recent = self._engine.player_games(forecast.player_id)
        if not recent:
            return Reply(embed)
        png = form_png(forecast, stat, recent)
        return Reply(embed, Picture(player_card.FORM, png, form_words(forecast, stat, recent)))
