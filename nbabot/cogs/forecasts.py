"""`/predict`, `/today` and `/help`: defer, ask the engine in a thread, send an embed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from engine.core import words
from engine.core.calendar import parse_day
from engine.engine import Engine
from nbabot import embeds
from nbabot.cogs import suggestions
from nbabot.track import CachedTrack

DAYS_OFFERED = 10

Interaction = discord.Interaction[discord.Client]
DayName = app_commands.Range[str, 1, 30]


class Forecasts(commands.Cog):
    """Questions about games. Every answer is the engine's, unchanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._track = CachedTrack(engine)

    @app_commands.command(description="Who wins, how sure, the expected score and why")
    @app_commands.describe(
        home="The home team: BOS, Celtics, Boston ...",
        away="The visiting team",
        date="Their next game if left out; or today, tomorrow, 2025-01-15",
    )
    async def predict(
        self, interaction: Interaction, home: suggestions.Name, away: suggestions.Name, date: DayName | None = None
    ) -> None:
        """Forecast one game."""
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(embed=await asyncio.to_thread(self._predict, home, away, date))

    @app_commands.command(description="All games of a day, with a pick for each")
    @app_commands.describe(date="Today if left out; or tomorrow, yesterday, 2025-01-15")
    async def today(self, interaction: Interaction, date: DayName | None = None) -> None:
        """Forecast a day's games."""
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(embed=await asyncio.to_thread(self._slate, date))

    @app_commands.command(description="What you can ask, and how to read the answers")
    async def help(self, interaction: Interaction) -> None:
        """Explain the commands."""
        await interaction.response.send_message(embed=embeds.help_page(self._engine.simulated), ephemeral=True)

    @predict.autocomplete("home")
    @predict.autocomplete("away")
    async def _teams(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions.teams(typed)

    @predict.autocomplete("date")
    @today.autocomplete("date")
    async def _days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=name, value=value)
            for name, value in self._offered_days()
            if typed.strip().lower() in name.lower() or typed.strip() in value
        ]

    def _offered_days(self) -> list[tuple[str, str]]:
        today = self._engine.today()
        offered = [("Today", 0), ("Tomorrow", 1), ("Yesterday", -1), *(("", ahead) for ahead in range(2, DAYS_OFFERED))]
        days = [(name, today + timedelta(days=shift)) for name, shift in offered]
        return [(f"{name} ({words.day(day)})" if name else words.day(day), day.isoformat()) for name, day in days]

    def _predict(self, home: str, away: str, date: str | None) -> discord.Embed:
        day = parse_day(date, self._engine.today()) if date else None
        forecast = self._engine.predict(home, away, day)
        return embeds.prediction(forecast, self._track.line(), self._engine.simulated)

    def _slate(self, date: str | None) -> discord.Embed:
        day = parse_day(date, self._engine.today()) if date else None
        return embeds.slate(self._engine.slate(day), self._track.line())
