"""What embeds are put together from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

import discord

from engine.core import words
from engine.core.teams import BY_ID

BRAND = 0xF58426
GOOD, BAD, QUIET = 0x2E8B57, 0xB03A2E, 0x7F8C8D
ALMOST_BLACK = 0x010101
"""For black: Discord shows an embed of colour 0 as one without a colour."""
RECORD = "How good is the bot?"
GOOD_TO_KNOW = "Good to know"
FIELD_LIMIT = 1024
_NAMELESS = "​"
"""Name of a field that goes on with the one before it: a zero-width space, since Discord wants a name."""


def team_colour(team_id: int) -> int:
    """The colour of a team, as Discord can show it."""
    return BY_ID[team_id].colour or ALMOST_BLACK


def banner(embed: discord.Embed, simulated: bool) -> None:
    """Say on an embed that the league is simulated, where it is."""
    if simulated:
        embed.set_author(name=f"⚠️ {words.SIMULATED}")


def clip(text: str) -> str:
    """Text that fits a field."""
    return text if len(text) <= FIELD_LIMIT else text[: FIELD_LIMIT - 1] + "…"


def stamp(moment: datetime, style: str = "f") -> str:
    """A moment that Discord shows in the reader's own time: date and time, or with "R" how long ago, "t" the time."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def add_lines(embed: discord.Embed, name: str, lines: Iterable[str]) -> None:
    """Add lines as one field, or as several where they would not fit Discord's 1,024 characters."""
    chunk = ""
    for line in map(clip, lines):
        if chunk and len(chunk) + len(line) + 1 > FIELD_LIMIT:
            embed.add_field(name=name, value=chunk, inline=False)
            name, chunk = _NAMELESS, ""
        chunk += f"\n{line}" if chunk else line
    if chunk:
        embed.add_field(name=name, value=chunk, inline=False)


def packed(embeds: Iterable[discord.Embed]) -> str:
    """Embeds as text to be stored."""
    return json.dumps([embed.to_dict() for embed in embeds], ensure_ascii=False)


def unpacked(payload: str) -> list[discord.Embed]:
    """Stored embeds, ready to be sent."""
    return [discord.Embed.from_dict(one) for one in json.loads(payload)]
