"""The track record."""

from __future__ import annotations

from datetime import datetime

import discord

from engine.core import record_words
from engine.core.reports import TrackRecord
from nbabot.embeds.parts import BRAND, GOOD_TO_KNOW, add_lines, banner, stamp

_HOW = (
    "Every pick is written down before the game and counted, none is taken back. The picture: of the home sides to "
    "which a like chance was given, how many won; the number is how many games, the grey bar what luck explains."
)


def record(found: TrackRecord, days: int | None, test: str, as_of: datetime) -> discord.Embed:
    """The answer to `/record`: how often right and on how many games, beside what to hold it.

    `days` is the span asked for, None for all time; `test` says how the model did in testing where nothing is graded.
    """
    span = "all time" if days is None else "the last day" if days == 1 else f"the last {days} days"
    graded = found.hits + found.misses
    lines = [record_words.counted(found), record_words.luck(found), record_words.baseline(found)]
    embed = discord.Embed(
        title=record_words.headline(found),
        description="\n".join([f"**Track record, {span}**", *filter(None, lines)]),
        colour=BRAND,
    )
    banner(embed, found.simulated)
    if graded:
        add_lines(embed, "The chances", [record_words.scores(found)])
        add_lines(embed, "The market", [record_words.market(found)])
    else:
        add_lines(embed, "Until then", [f"{test}."])
    embed.add_field(name=GOOD_TO_KNOW, value=f"{_HOW}\nAs of {stamp(as_of)}.", inline=False)
    return embed
