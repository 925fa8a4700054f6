"""The bot itself: `/models`, `/status`, `/help` and `/about`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from engine.engine import Engine
from nbabot.cogs.common import BOT, GAMES, GROUP, PEOPLE, Interaction, everywhere
from nbabot.embeds.about import help_page
from nbabot.fan_answers import FanAnswers
from nbabot.replies import Reply, send

ADMINS = "For who runs this server or the bot"
_ORDER = (GAMES, PEOPLE, BOT, ADMINS)
_OF = {GROUP: BOT}


class About(commands.Cog):
    """Every answer is deferred at once and made in a thread."""

    def __init__(self, engine: Engine, answers: FanAnswers) -> None:
        self._engine = engine
        self._answers = answers

    @app_commands.command(description="Which models there are, who answers, and how it did in testing", extras=_OF)
    @everywhere
    async def models(self, interaction: Interaction) -> None:
        """List the model versions."""
        await interaction.response.defer(thinking=True)
        await send(interaction, self._answers.models)

    @app_commands.command(description="How old the data are, and how feeds and jobs are doing", extras=_OF)
    @everywhere
    async def status(self, interaction: Interaction) -> None:
        """Tell the state of the data."""
        await interaction.response.defer(thinking=True)
        await send(interaction, self._answers.status)

    @app_commands.command(description="How the forecasts are made, their limits, and a word on betting", extras=_OF)
    @everywhere
    async def about(self, interaction: Interaction) -> None:
        """Explain the bot."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send(interaction, self._answers.about)

    @app_commands.command(description="What you can ask, and how to read the answers", extras=_OF)
    @everywhere
    async def help(self, interaction: Interaction) -> None:
        """List the commands."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        groups = grouped(interaction)
        await send(interaction, lambda: Reply(help_page(groups, self._engine.simulated)))


def grouped(interaction: Interaction) -> Mapping[str, Sequence[tuple[str, str]]]:
    """How each command that the asker may use here is written and what it answers, by heading."""
    tree, here = interaction.client.tree, interaction.guild_id
    tops = [*tree.get_commands(), *(tree.get_commands(guild=discord.Object(here)) if here else ())]
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in _ORDER}
    for top in tops:
        if heading := _heading(top, interaction):
            found[heading] += [(_usage(one), one.description) for one in _commands(top)]
    return {name: listed for name, listed in found.items() if listed}


def _heading(top: Any, interaction: Interaction) -> str | None:
    """Under which heading a command stands; None where the asker may not use it. Groups are the operators'."""
    if isinstance(top, app_commands.Group):
        return ADMINS if interaction.client.operators.include(interaction) else None
    if top.default_permissions is None:
        return str(top.extras.get(GROUP, BOT))
    permitted = interaction.guild_id is not None and top.default_permissions <= interaction.permissions
    return ADMINS if permitted else None


def _commands(top: Any) -> Iterator[app_commands.Command[Any, ..., Any]]:
    if isinstance(top, app_commands.Group):
        for one in top.walk_commands():
            if isinstance(one, app_commands.Command):
                yield one
    else:
        yield top


def _usage(command: app_commands.Command[Any, ..., Any]) -> str:
    """`/predict home away [date]`."""
    options = [one.display_name if one.required else f"[{one.display_name}]" for one in command.parameters]
    return " ".join([f"/{command.qualified_name}", *options])
