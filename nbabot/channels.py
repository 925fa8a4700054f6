"""Where posts go: a Discord channel or this terminal. A delivery ends as one of three plain facts."""

from __future__ import annotations

import asyncio
import re
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
from nbabot.embeds import unpacked

CONSOLE_KEY = "console"
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


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has the post under this id."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take the post; `reason` is a sentence with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The post may or may not have arrived; try again, not sooner than after `wait`."""

    reason: str
    wait: timedelta = timedelta(0)


Delivery = Delivered | Refused | Unreachable


class Channel(Protocol):
    """A place for posts. `key` is stored with each post and names the place for good."""

    @property
    def key(self) -> str:
        """Such as `console` or `discord:1234`."""

    async def deliver(self, post: Post) -> Delivery:
        """Bring the post to the place so that it stands there once, however often this is called."""


class ConsoleChannel:
    """The terminal. A program that dies after printing and before the record prints the post again."""

    key = CONSOLE_KEY

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    async def deliver(self, post: Post) -> Delivery:
        """Print the post as Discord would show it."""
        for embed in unpacked(post.payload):
            self._console.print(as_panel(embed))
        return Delivered(f"{CONSOLE_KEY}-{post.id}")


def discord_key(channel_id: int) -> str:
    """The key of a Discord channel."""
    return f"discord:{channel_id}"


class DiscordChannel:
    """A channel of Discord, reached through a client that has logged in.

    Sent with the post's fixed nonce, which Discord enforces for some minutes. The channel's history is searched first:
    an earlier attempt may have arrived without our learning of it, and a power failure may take its record along.
    """

    def __init__(self, client: discord.Client, channel_id: int) -> None:
        self._client = client
        self._channel_id = channel_id
        self.key = discord_key(channel_id)

    async def deliver(self, post: Post) -> Delivery:
        """Send the post, unless it is there already."""
        if lacking := self._lacking():
            return Refused(f"The bot may not post in channel {self._channel_id}: allow it to {_listed(lacking)} there.")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return Delivered(str((await self._find(post) or await self._send(post)).id))
        except discord.RateLimited as error:
            return Unreachable("Discord asked to wait", timedelta(seconds=error.retry_after))
        except discord.HTTPException as error:
            return self._judged(error)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Unreachable(f"Discord could not be reached ({type(error).__name__})")

    def _lacking(self) -> list[str]:
        """Permissions that are missing, as far as the client knows the channel yet; else Discord itself will judge."""
        channel = self._client.get_channel(self._channel_id)
        if not isinstance(channel, discord.abc.GuildChannel):
            return []
        granted = channel.permissions_for(channel.guild.me)
        return [words for name, words in NEEDED.items() if not getattr(granted, name)]

    async def _send(self, post: Post) -> discord.Message:
        channel = self._client.get_partial_messageable(self._channel_id)
        return await channel.send(embeds=unpacked(post.payload), nonce=post.nonce)

    async def _find(self, post: Post) -> discord.Message | None:
        """Our own message with the post's footer."""
        me = self._client.user
        footers = {embed.footer.text for embed in unpacked(post.payload)}
        channel = self._client.get_partial_messageable(self._channel_id)
        since = post.created - SEARCHED_BACK
        async for message in channel.history(limit=SEARCHED, after=since, oldest_first=False):
            if message.author == me and any(embed.footer.text in footers for embed in message.embeds):
                return message
        return None

    def _judged(self, error: discord.HTTPException) -> Delivery:
        name = f"channel {self._channel_id}"
        if error.status == 403:
            return Refused(f"The bot may not post in {name}: allow it to {_listed(list(NEEDED.values()))} there.")
        if error.status == 404:
            keys = "discord.picks_channel_id, recap_channel_id or alerts_channel_id"
            return Refused(f"Discord has no {name}: set {keys}, whichever names it, to one that exists.")
        if error.status == 400:
            return Refused(f"Discord does not accept the post for {name}: {error.text}")
        return Unreachable(f"Discord answered {error.status}")


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def as_panel(embed: discord.Embed) -> Panel:
    """An embed as the terminal can show it."""
    colour = embed.colour.value if embed.colour else 0x999999
    head = [Text(embed.author.name, style="bold yellow")] if embed.author.name else []
    blocks = [[*head, _plain(embed.description)] if embed.description else head]
    for field in embed.fields:
        blocks.append([Text((field.name or "").strip("​"), style="bold"), _plain(field.value or "")])
    if embed.footer.text:
        blocks.append([Text(embed.footer.text, style="dim")])
    shown = [[*block, Text("")] for block in blocks if block]
    parts = [line for block in shown for line in block][:-1]
    title = Text(embed.title or "", style="bold")
    return Panel(Group(*parts), title=title, title_align="left", border_style=f"#{colour:06x}", width=72)


_MARKUP = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>.+?)`|<t:(?P<moment>\d+):(?P<style>\w)>")


def _plain(text: str) -> Text:
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
