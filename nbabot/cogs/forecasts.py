"""Questions about games: `/predict`, `/today`, `/compare`, `/why` and `/odds`."""

from __future__ import annotations

import asyncio

import structlog
from discord import app_commands
from discord.ext import commands, tasks

from engine.core.calendar import parse_day
from engine.core.errors import NbabotError
from engine.core.named_games import NamedGame, parse_game
from engine.engine import Engine
from nbabot.cogs import suggestions
from nbabot.cogs.common import GAMES, GROUP, DayName, Interaction, Name, everywhere
from nbabot.game_answers import GameAnswers
from nbabot.replies import send

WARM_SECONDS = 60.0
FIRST_WARM_SECONDS = 2.0
"""How long after the start the first forecasts are made unasked."""
_OF = {GROUP: GAMES}
_TEAMS = {
    "home": "The home team: BOS, Celtics, Boston ...",
    "away": "The visiting team",
    "date": "Their next game if left out; or today, tomorrow, 2025-01-15",
}
_GAME = "A game of today or tomorrow, or any two teams: LAL at BOS"

log = structlog.get_logger(__name__)


class Forecasts(commands.Cog):
    """Every answer is deferred at once and made in a thread."""

    def __init__(self, engine: Engine, answers: GameAnswers) -> None:
        self._engine = engine
        self._answers = answers
        self._games = suggestions.Games(answers.games_ahead)
        self._cold = ""

    async def cog_load(self) -> None:
        """Begin to keep the day's forecasts and pictures ready."""
        self._keep_warm.start()

    async def cog_unload(self) -> None:
        """Stop it."""
        self._keep_warm.cancel()

    @app_commands.command(description="Who wins, how sure, the expected score and why", extras=_OF)
    @app_commands.describe(**_TEAMS)
    @everywhere
    async def predict(self, interaction: Interaction, home: Name, away: Name, date: DayName | None = None) -> None:
        """Forecast one game."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.predict(self._asked(home, away, date), interaction.user.id))

    @app_commands.command(description="All games of a day, with a pick for each", extras=_OF)
    @app_commands.describe(date="Today if left out; or tomorrow, yesterday, 2025-01-15")
    @everywhere
    async def today(self, interaction: Interaction, date: DayName | None = None) -> None:
        """Forecast a day's games."""
        await interaction.response.defer(thinking=True)
        day = parse_day(date, self._engine.today()) if date else None
        await send(interaction, lambda: self._answers.slate(day, interaction.user.id))

    @app_commands.command(description="What every model says of the same game", extras=_OF)
    @app_commands.describe(**_TEAMS)
    @everywhere
    async def compare(self, interaction: Interaction, home: Name, away: Name, date: DayName | None = None) -> None:
        """Put the models side by side."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.compare(self._asked(home, away, date)))

    @app_commands.command(
        description="All that is behind a forecast: reasons, players in doubt, how far off", extras=_OF
    )
    @app_commands.describe(game=_GAME)
    @everywhere
    async def why(self, interaction: Interaction, game: Name) -> None:
        """Explain one forecast."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.why(self._named(game)))

    @app_commands.command(
        description="A game against the line: what the books say, and where the bot differs", extras=_OF
    )
    @app_commands.describe(game=_GAME)
    @everywhere
    async def odds(self, interaction: Interaction, game: Name) -> None:
        """Hold one forecast against the line."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.odds(self._named(game)))

    @predict.autocomplete("home")
    @predict.autocomplete("away")
    @compare.autocomplete("home")
    @compare.autocomplete("away")
    async def _teams(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return suggestions.teams(typed)

    @predict.autocomplete("date")
    @compare.autocomplete("date")
    @today.autocomplete("date")
    async def _days(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return suggestions.days(self._engine, typed)

    @why.autocomplete("game")
    @odds.autocomplete("game")
    async def _like(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return await self._games.like(typed)

    def _asked(self, home: str, away: str, date: str | None) -> NamedGame:
        return NamedGame(home, away, parse_day(date, self._engine.today()) if date else None)

    def _named(self, game: str) -> NamedGame:
        return parse_game(game, self._engine.today())

    @tasks.loop(seconds=WARM_SECONDS)
    async def _keep_warm(self) -> None:
        """Have the forecasts and pictures of today and tomorrow ready before anybody asks."""
        try:
            await asyncio.to_thread(self._answers.warm)
        except NbabotError as error:
            if str(error) != self._cold:
                log.info("nothing_to_warm", reason=str(error))
            self._cold = str(error)

    @_keep_warm.before_loop
    async def _let_others_start(self) -> None:
        await asyncio.sleep(FIRST_WARM_SECONDS)
