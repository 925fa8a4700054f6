"""The ways to a channel: Discord or this terminal. A delivery ends as one of three plain facts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
import discord
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from engine.core.calendar import LEAGUE_ZONE
from engine.core.posts import Post
from nbabot.chart_style import on_ground
from nbabot.embeds import unpacked

CONSOLE, DISCORD = "console", "discord"
"""Schemes of the keys of channels: what stands before the colon, or all of it."""
PANEL_WIDTH = 72
"""Cells of a post on the terminal."""
SEND_SECONDS = 60.0
"""Longest time that one delivery may take, the library's own retries included."""

SEARCHED = 1000
SEARCHED_BACK = timedelta(days=1)
"""How many messages of a channel are searched for a post, newest first, and how far back before it was stored."""

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
"""Permissions that a post takes, by their names in the library and in Discord; the last one to find a post again."""
_UNKNOWN_MESSAGE = 10008


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has the post under this id."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take the post; `reason` is a sentence with the next step. `closed`: nor any other."""

    reason: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The post may or may not have arrived; try again, not sooner than after `wait`."""

    reason: str
    wait: timedelta = timedelta(0)


Delivery = Delivered | Refused | Unreachable


class Sender(Protocol):
    """The way to the channels of a scheme."""

    @property
    def scheme(self) -> str:
        """What the keys of its channels begin with."""

    async def deliver(self, post: Post) -> Delivery:
        """Bring the post to its channel so that it stands there once, as it now reads, however often this is called."""


class ConsoleSender:
    """The terminal. A program that dies after printing and before the record prints the post again."""

    scheme = CONSOLE

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    async def deliver(self, post: Post) -> Delivery:
        """Print the post as Discord would show it; one that was changed is printed again."""
        for embed in unpacked(post.payload):
            self._console.print(as_panel(embed))
        return Delivered(f"{CONSOLE}-{post.id}")


def discord_key(channel_id: int) -> str:
    """The key of a Discord channel."""
    return f"{DISCORD}:{channel_id}"


def channel_number(key: str) -> int:
    """The number of the Discord channel with this key."""
    return int(key.removeprefix(f"{DISCORD}:"))


class DiscordSender:
    """The channels of Discord, reached through a client that has logged in.

    Sent with the post's fixed nonce, which Discord enforces for some minutes. The channel's history is searched first:
    an earlier attempt may have arrived without our learning of it, and a power failure may take its record along. A
    post that has its message already was changed since: the message is edited, which may be repeated at will.
    """

    scheme = DISCORD

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def deliver(self, post: Post) -> Delivery:
        """Send the post unless it is there already, or edit the message that it became."""
        number = channel_number(post.channel)
        if lacking := self.lacking(number):
            return Refused(not_allowed(number, lacking), closed=True)
        return await self._tried(number, lambda: self._bring(post))

    async def try_out(self, number: int, embed: discord.Embed) -> Delivery:
        """Send a message that is no post to a channel, to see whether it takes any."""
        if lacking := self.lacking(number):
            return Refused(not_allowed(number, lacking), closed=True)
        return await self._tried(number, lambda: self._client.get_partial_messageable(number).send(embed=embed))

    def lacking(self, number: int) -> list[str]:
        """Permissions that are missing, as far as the client knows the channel yet; else Discord itself will judge."""
        channel = self._client.get_channel(number)
        if not isinstance(channel, discord.abc.GuildChannel):
            return []
        granted = channel.permissions_for(channel.guild.me)
        return [words for name, words in NEEDED.items() if not getattr(granted, name)]

    async def _tried(self, number: int, attempt: Callable[[], Awaitable[discord.Message]]) -> Delivery:
        """What came of an attempt, within the time allowed."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return Delivered(str((await attempt()).id))
        except discord.RateLimited as error:
            return Unreachable("Discord asked to wait", timedelta(seconds=error.retry_after))
        except discord.HTTPException as error:
            return _judged(number, error)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Unreachable(f"Discord could not be reached ({type(error).__name__})")

    async def _bring(self, post: Post) -> discord.Message:
        channel = self._client.get_partial_messageable(channel_number(post.channel))
        shown = unpacked(post.payload)
        if post.message_id is not None:
            return await channel.get_partial_message(int(post.message_id)).edit(embeds=shown)
        found = await self._find(channel, post)
        if found is None:
            return await channel.send(embeds=shown, nonce=post.nonce)
        return await found.edit(embeds=shown) if post.revision else found

    async def _find(self, channel: discord.PartialMessageable, post: Post) -> discord.Message | None:
        """Our own message with the post's footer."""
        me = self._client.user
        footers = {embed.footer.text for embed in unpacked(post.payload)}
        since = post.created - SEARCHED_BACK
        async for message in channel.history(limit=SEARCHED, after=since, oldest_first=False):
            if message.author == me and any(embed.footer.text in footers for embed in message.embeds):
                return message
        return None


def not_allowed(number: int, lacking: Sequence[str]) -> str:
    """The sentence about permissions that a channel does not give."""
    return f"The bot may not post in channel {number}: allow it to {_listed(list(lacking))} there."


def _judged(number: int, error: discord.HTTPException) -> Delivery:
    if error.status == 403:
        return Refused(not_allowed(number, list(NEEDED.values())), closed=True)
    if error.status == 404 and error.code == _UNKNOWN_MESSAGE:
        return Refused(
            f"The message in channel {number} was deleted before it could be changed: nothing is left to do."
        )
    if error.status == 404:
        return Refused(f"Discord has no channel {number}: choose another one.", closed=True)
    if error.status == 400:
        return Refused(f"Discord does not accept the post for channel {number}: {error.text}")
    return Unreachable(f"Discord answered {error.status}")


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def as_panel(embed: discord.Embed) -> Panel:
    """An embed as the terminal can show it."""
    colour = on_ground(embed.colour.value if embed.colour else 0x999999)
    head = [Text(embed.author.name, style="bold yellow")] if embed.author.name else []
    blocks = [[*head, plain(embed.description)] if embed.description else head]
    for field in embed.fields:
        blocks.append([Text((field.name or "").strip("​"), style="bold"), plain(field.value or "")])
    if embed.footer.text:
        blocks.append([Text(embed.footer.text, style="dim")])
    shown = [[*block, Text("")] for block in blocks if block]
    parts = [line for block in shown for line in block][:-1]
    title = Text(embed.title or "", style="bold default")
    return Panel(Group(*parts), title=title, title_align="left", border_style=colour, width=PANEL_WIDTH)


_MARKUP = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>.+?)`|<t:(?P<moment>\d+):(?P<style>\w)>")


def plain(text: str) -> Text:
    """Discord's markdown as far as the embeds use it: bold, code and time stamps."""
    shown = Text()
    end = 0
    for match in _MARKUP.finditer(text):
        shown.append(text[end : match.start()])
        if match["bold"]:
            shown.append(match["bold"], style="bold")
        elif match["code"]:
            shown.append(match["code"])
        else:
            moment = datetime.fromtimestamp(int(match["moment"]), LEAGUE_ZONE)
            shown.append(f"{moment:%H:%M} ET" if match["style"] == "t" else f"{moment:%a %d %b %Y %H:%M} ET")
        end = match.end()
    shown.append(text[end:])
    return shown
