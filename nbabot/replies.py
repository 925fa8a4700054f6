"""What answers a question in Discord: an embed, perhaps a picture, perhaps buttons; and how it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG under a file's name, and what it shows for those who do not see it."""

    name: str
    png: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. The picture becomes that of the embed; the buttons stand below in the order given."""

    embed: discord.Embed
    picture: Picture | None = None
    buttons: Sequence[discord.ui.Item[Any]] = ()


async def send(interaction: Interaction, make: Callable[[], Reply]) -> None:
    """Make the answer to a deferred question in a thread, and put it in the place of what stands there."""
    reply = await asyncio.to_thread(make)
    await interaction.edit_original_response(
        embed=reply.embed, attachments=_files(reply), view=_view(reply.buttons) if reply.buttons else None
    )


def _files(reply: Reply) -> list[discord.File]:
    if reply.picture is None:
        return []
    picture = reply.picture
    reply.embed.set_image(url=f"attachment://{picture.name}")
    return [discord.File(BytesIO(picture.png), picture.name, description=picture.words)]


def _view(buttons: Sequence[discord.ui.Item[Any]]) -> discord.ui.View:
    """A view that never ends: its buttons say in their ids what they ask, so a restarted bot answers them too."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
