"""`/team` and `/record`: how good a team is, and how good the bot is."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from nbabot.cogs import suggestions
from nbabot.cogs.common import BOT, GROUP, PEOPLE, Interaction, Name, everywhere
from nbabot.fan_answers import FanAnswers
from nbabot.replies import send

MOST_DAYS = 3650

Days = app_commands.Range[int, 1, MOST_DAYS]


class Teams(commands.Cog):
    """Every answer is deferred at once and made in a thread."""

    def __init__(self, answers: FanAnswers) -> None:
        self._answers = answers

    @app_commands.command(
        description="How good a team is: record, ratings, last and next games, who is in doubt", extras={GROUP: PEOPLE}
    )
    @app_commands.describe(name="The team: BOS, Celtics, Boston ...")
    @everywhere
    async def team(self, interaction: Interaction, name: Name) -> None:
        """Show a team's card."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.team(name))

    @app_commands.command(
        description="How the published picks have done, and whether the chances came true", extras={GROUP: BOT}
    )
    @app_commands.describe(days="Only the last so many days; all time if left out")
    @everywhere
    async def record(self, interaction: Interaction, days: Days | None = None) -> None:
        """Show the track record."""
        await interaction.response.defer(thinking=True)
        await send(interaction, lambda: self._answers.record(days))

    @team.autocomplete("name")
    async def _teams(self, interaction: Interaction, typed: str) -> suggestions.Choices:
        return suggestions.teams(typed)

    @record.autocomplete("days")
    async def _spans(self, interaction: Interaction, typed: str | int) -> list[app_commands.Choice[int]]:
        offered = ((7, "The last week"), (30, "The last 30 days"), (365, "The last year"))
        return [app_commands.Choice(name=name, value=days) for days, name in offered]
