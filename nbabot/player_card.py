"""The card of a player as a Discord embed: a pure function from the engine's record. Nothing is computed here."""

from __future__ import annotations

import discord

from engine.core import player_words, words
from engine.core.player_records import PlayerForecast, Stat
from engine.core.teams import BY_ID
from nbabot import embeds

FORM = "form.png"
"""Name of the attachment that the card shows as its picture."""


def card(forecast: PlayerForecast, stat: Stat, record: str, simulated: bool) -> discord.Embed:
    """The answer to `/player`: how many and how far off that may be first, then the game, the line, the rest of his
    game, and how good the model has been at it. The picture of his form is the sender's to attach."""
    one = forecast.stat(stat)
    lines = (
        player_words.often(one),
        player_words.playing(forecast),
        player_words.role(forecast),
        _when(forecast),
    )
    embed = discord.Embed(
        title=player_words.headline(forecast, stat),
        description="\n".join(line for line in lines if line),
        colour=BY_ID[forecast.team_id].colour or embeds.ALMOST_BLACK,
    )
    embeds.banner(embed, simulated)
    if forecast.line is not None:
        said = f"**{player_words.over(forecast.line)}**\n{words.GAMBLING}"
        embed.add_field(name="Against the line", value=said, inline=False)
    embed.add_field(name="The rest of his game", value=player_words.others(forecast, stat), inline=False)
    embed.add_field(name=embeds.RECORD, value=record, inline=False)
    embed.add_field(name="Good to know", value=embeds.clip(_good_to_know(forecast)), inline=False)
    embed.set_footer(text=forecast.model)
    return embed


def _when(forecast: PlayerForecast) -> str:
    tip = f" · tip-off <t:{int(forecast.tip_utc.timestamp())}:t>" if forecast.tip_utc and forecast.game_id else ""
    return ("📅 " if forecast.game_id else "💭 ") + player_words.setting(forecast) + tip


def _good_to_know(forecast: PlayerForecast) -> str:
    known = f"As of {embeds.stamp(forecast.as_of)}, knows {player_words.known_through(forecast)}."
    return "\n".join([*player_words.caveats(forecast), known])
