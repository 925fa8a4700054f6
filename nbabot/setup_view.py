"""The selects and buttons of /setup. Their state is in the store, so that any process can answer them at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from typing import Any, cast

import discord
from discord import app_commands

from engine.core.guilds import GuildSettings, Topic
from nbabot.conduct import attended
from nbabot.server_setup import TOPICS, ZONES, Change, ServerSetup

AS_MADE = "made"
NAME = "setup"
Interaction = discord.Interaction[Any]

_PUT: dict[str, Callable[[GuildSettings, int | None], GuildSettings]] = {
    "picks": lambda wishes, number: replace(wishes, picks_channel=number),
    "recap": lambda wishes, number: replace(wishes, recap_channel=number),
    "alerts": lambda wishes, number: replace(wishes, alerts_channel=number),
    "live": lambda wishes, number: replace(wishes, live_channel=number),
}


class SetupView(discord.ui.View):
    """The first page: picks, what to post, time and zone; the second one: the other channels."""

    def __init__(self, setup: ServerSetup, wishes: GuildSettings, second: bool = False) -> None:
        super().__init__(timeout=None)
        self.setup = setup
        self.second = second
        if second:
            items: Sequence[discord.ui.Item[Any]] = (
                ChannelChoice("recap", "Channel for results, if not that of the picks", wishes.recap_channel),
                ChannelChoice("live", "Channel that shows games under way", wishes.live_channel),
                ChannelChoice("alerts", "Channel that is told what is wrong here", wishes.alerts_channel),
                Act("back", "Back"),
            )
        else:
            items = (
                ChannelChoice("picks", "Channel for the picks", wishes.picks_channel),
                TopicChoice(wishes),
                TimeChoice(wishes, setup.times(wishes.zone)),
                ZoneChoice(wishes),
                Act("test", "Test post", discord.ButtonStyle.primary),
                Act("more", "More channels"),
                Act("undo", "Undo"),
                Act("on", "Turn on") if wishes.off else Act("off", "Turn off", discord.ButtonStyle.danger),
            )
        for item in items:
            self.add_item(item)

    async def change(self, interaction: Interaction, make: Change) -> None:
        """Change the server's wishes and show them."""
        guild_id = await _begin(interaction)
        wishes = await asyncio.to_thread(self.setup.change, guild_id, make)
        await self.show(interaction, wishes)

    async def show(self, interaction: Interaction, wishes: GuildSettings, said: str = "") -> None:
        """Show the wishes in the message that was pressed."""
        page = await asyncio.to_thread(self.setup.page, wishes, said)
        await interaction.edit_original_response(embed=page, view=SetupView(self.setup, wishes, self.second))


class ChannelChoice(discord.ui.ChannelSelect[SetupView]):
    """The channel for one purpose; choosing none takes it away."""

    def __init__(self, what: str, says: str, chosen: int | None) -> None:
        default = (
            []
            if chosen is None
            else [discord.SelectDefaultValue(id=chosen, type=discord.SelectDefaultValueType.channel)]
        )
        kinds = [discord.ChannelType.text, discord.ChannelType.news]
        super().__init__(
            custom_id=f"{NAME}:{what}", placeholder=says, min_values=0, channel_types=kinds, default_values=default
        )
        self.put = _PUT[what]

    @attended(NAME)
    async def callback(self, interaction: Interaction) -> None:
        """Keep the choice."""
        view = _view(self)
        chosen = self.values[0].id if self.values else None

        def choose(wishes: GuildSettings) -> GuildSettings:
            number = None if chosen is None else view.setup.belongs(interaction.guild, chosen)
            return self.put(replace(wishes, off=False), number)

        await view.change(interaction, choose)


class TopicChoice(discord.ui.Select[SetupView]):
    """What to post."""

    def __init__(self, wishes: GuildSettings) -> None:
        options = [
            discord.SelectOption(label=name, value=topic.value, description=what, default=topic in wishes.topics)
            for topic, (name, what) in TOPICS.items()
        ]
        super().__init__(
            custom_id=f"{NAME}:topics", placeholder="What to post", options=options, max_values=len(options)
        )

    @attended(NAME)
    async def callback(self, interaction: Interaction) -> None:
        """Keep the choice."""
        wanted = frozenset(topic for topic in Topic if topic.value in self.values)
        await _view(self).change(interaction, lambda wishes: replace(wishes, topics=wanted))


class TimeChoice(discord.ui.Select[SetupView]):
    """When picks are posted, on the server's clocks."""

    def __init__(self, wishes: GuildSettings, offered: Sequence[time]) -> None:
        first = discord.SelectOption(label="As soon as the picks are made", value=AS_MADE, default=wishes.at is None)
        others = [
            discord.SelectOption(label=f"At {at:%H:%M}", value=f"{at:%H:%M}", default=at == wishes.at) for at in offered
        ]
        super().__init__(custom_id=f"{NAME}:time", placeholder="When", options=[first, *others])

    @attended(NAME)
    async def callback(self, interaction: Interaction) -> None:
        """Keep the choice."""
        at = None if self.values[0] == AS_MADE else _time(self.values[0])
        await _view(self).change(interaction, lambda wishes: replace(wishes, at=at))


class ZoneChoice(discord.ui.Select[SetupView]):
    """The server's time zone."""

    def __init__(self, wishes: GuildSettings) -> None:
        zones = ZONES if wishes.zone in ZONES else (wishes.zone, *ZONES)
        options = [discord.SelectOption(label=zone, default=zone == wishes.zone) for zone in zones]
        super().__init__(custom_id=f"{NAME}:zone", placeholder="Time zone", options=options)

    @attended(NAME)
    async def callback(self, interaction: Interaction) -> None:
        """Keep the choice."""
        zone = self.values[0]
        await _view(self).change(interaction, lambda wishes: replace(wishes, zone=zone))


class Act(discord.ui.Button[SetupView]):
    """A button: test post, undo, on and off, and the way between the pages."""

    def __init__(self, what: str, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> None:
        super().__init__(custom_id=f"{NAME}:{what}", label=label, style=style, row=4)
        self.what = what

    @attended(NAME)
    async def callback(self, interaction: Interaction) -> None:
        """Do what the button says."""
        view = _view(self)
        if self.what in ("on", "off"):
            await view.change(interaction, lambda wishes: replace(wishes, off=self.what == "off"))
            return
        guild_id = await _begin(interaction)
        setup, said = view.setup, ""
        if self.what == "undo":
            wishes, said = await asyncio.to_thread(setup.undo, guild_id), "The last change is undone."
        else:
            wishes = await asyncio.to_thread(setup.wishes, guild_id)
        if self.what == "test":
            said = await setup.test(wishes)
        await SetupView(setup, wishes, second=self.what == "more").show(interaction, wishes, said)


def persistent(setup: ServerSetup) -> tuple[SetupView, ...]:
    """Views that answer the presses of every message of /setup, whichever process sent it."""
    nobody = GuildSettings(0)
    return SetupView(setup, nobody), SetupView(setup, replace(nobody, off=True)), SetupView(setup, nobody, second=True)


async def _begin(interaction: Interaction) -> int:
    """Refuse whoever may not manage the server; else let Discord know that the answer comes. Returns the server."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    await interaction.response.defer()
    return interaction.guild_id


def _view(item: discord.ui.Item[SetupView]) -> SetupView:
    """The view of an item that was pressed: it is in one."""
    return cast("SetupView", item.view)


def _time(text: str) -> time | None:
    """A time as a select sends it; None for what no select of ours sends."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
