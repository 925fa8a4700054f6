"""`/admin`: what the operators of the bot do from Discord. Everybody else is refused, whatever their client sends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from engine.core.errors import UsageError
from engine.core.reports import ModelVersion
from engine.engine import Engine
from nbabot import admin_pages
from nbabot.cogs.common import Interaction
from nbabot.conduct import attended
from nbabot.job_runs import standing
from nbabot.jobs import scheduled
from nbabot.operators import Operators, who
from nbabot.settings import Settings

BACK = "back"
MOST_SUGGESTED = 25
LONGEST_LABEL = 80
Label = app_commands.Range[str, 1, LONGEST_LABEL]


class Admin(commands.GroupCog, group_name="admin", group_description="For the operators of this bot"):
    """Answers are private."""

    models = app_commands.Group(name="models", description="Which model answers")

    def __init__(self, engine: Engine, settings: Callable[[], Settings], operators: Operators) -> None:
        self._engine = engine
        self._settings = settings
        self._operators = operators

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Whether an operator asks."""
        return self._operators.include(interaction)

    @models.command(description="Put a version into production: shows how it compares, then asks")
    @app_commands.describe(version="The version, as name@version")
    async def promote(self, interaction: Interaction, version: Label) -> None:
        """Compare a version with the champion, and ask."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await asyncio.to_thread(self._engine.model_gate, *_named(version))
        view = discord.ui.View(timeout=None)
        if found.holds:
            view.add_item(Move(found.version.label))
        await interaction.edit_original_response(embed=admin_pages.gate(found), view=view)

    @models.command(description="Go back to the version that was in production before: asks first")
    async def rollback(self, interaction: Interaction) -> None:
        """Ask whether to go back."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        champion = await asyncio.to_thread(self._engine.champion)
        view = discord.ui.View(timeout=None)
        view.add_item(Move(BACK))
        await interaction.edit_original_response(embed=admin_pages.roll_back(champion), view=view)

    @app_commands.command(description="Fetch now what is new from the feeds; may take minutes")
    async def sync(self, interaction: Interaction) -> None:
        """Bring the store up to date."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        report = await asyncio.to_thread(self._engine.sync)
        await asyncio.to_thread(self._engine.refresh_players)
        await interaction.edit_original_response(embed=admin_pages.synced(report))

    @app_commands.command(description="What runs when, how it last went, and where its posts are")
    async def jobs(self, interaction: Interaction) -> None:
        """Tell how the jobs stand."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(embed=await asyncio.to_thread(self._jobs))

    @promote.autocomplete("version")
    async def _versions(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if not self._operators.include(interaction):
            return []
        labels = [one.label for one in await asyncio.to_thread(self._engine.models, None)]
        found = [label for label in labels if typed.lower() in label.lower() and len(label) <= LONGEST_LABEL]
        return [app_commands.Choice(name=label, value=label) for label in found[:MOST_SUGGESTED]]

    def _jobs(self) -> discord.Embed:
        settings = self._settings()
        found = [standing(self._engine, settings, job) for job in scheduled(self._engine, settings)]
        return admin_pages.jobs(sorted(found, key=lambda one: one.next), len(self._engine.guilds.closed_channels()))


class Move(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"admin:move:(?P<what>[\w.@-]{1,80})"):
    """The button below the question; it asks for the reason. Any process can answer it."""

    def __init__(self, what: str) -> None:
        label = "Roll back…" if what == BACK else "Promote…"
        super().__init__(
            discord.ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id=f"admin:move:{what}")
        )
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Move:
        """The button that was pressed."""
        return cls(match["what"])

    @attended("admin models")
    async def callback(self, interaction: Interaction) -> None:
        """Ask for the reason."""
        interaction.client.operators.require(interaction)
        await interaction.response.send_modal(Reason(self.what))


class Reason(discord.ui.Modal, title="Why? It is kept in the audit trail"):
    """The last step: with a reason the role is moved."""

    why: discord.ui.TextInput[Reason] = discord.ui.TextInput(label="Reason", min_length=3, max_length=200)

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    @attended("admin models")
    async def on_submit(self, interaction: Interaction) -> None:
        """Move the role, and say what is in production."""
        bot = interaction.client
        bot.operators.require(interaction)
        await interaction.response.defer()
        by, why = who(interaction), self.why.value.strip()
        made = await asyncio.to_thread(_move, bot.engine, self._what, by, why)
        await interaction.edit_original_response(embed=admin_pages.moved(made, by, why), view=None)


def _move(engine: Engine, what: str, by: str, why: str) -> ModelVersion:
    if what == BACK:
        return engine.roll_back(by, why)
    return engine.promote(*_named(what), by, why)


def _named(label: str) -> tuple[str, str]:
    """Name and version of a label. Raises UsageError."""
    name, at, version = label.strip().partition("@")
    if not (name and at and version):
        raise UsageError("A version is written name@version: choose one of those suggested.")
    return name, version
