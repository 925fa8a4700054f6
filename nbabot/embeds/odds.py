"""A game against the line."""

from __future__ import annotations

import discord

from engine.core import odds_words, outlook_words, words
from engine.core.odds import GameOdds, fair_home_probability
from engine.core.records import GameForecast
from nbabot.embeds.games import bar, when
from nbabot.embeds.parts import GOOD_TO_KNOW, add_lines, banner, clip, stamp, team_colour


def odds(forecast: GameForecast, found: GameOdds | None, simulated: bool) -> discord.Embed:
    """The answer to `/odds`: what the books say, what the bot says, how far apart they are, and the best prices.

    `found` are the books' quotes; a line may be known without any.
    """
    embed = discord.Embed(
        title=f"{words.short_matchup(forecast)} against the line",
        description=f"{words.chance(forecast)}\n{bar(forecast)}\n{when(forecast)}",
        colour=team_colour(forecast.pick_id),
    )
    banner(embed, simulated)
    if forecast.line is None:
        embed.add_field(name="The line", value=odds_words.NONE_KNOWN, inline=False)
    else:
        add_lines(embed, _heading(found), [outlook_words.line(forecast)])
        said = [odds_words.verdict(forecast, fair_home_probability(forecast.line)), outlook_words.edge(forecast)]
        add_lines(embed, "The bot against it", filter(None, said))
    if found is not None:
        add_lines(embed, "Best prices", odds_words.quotes(found))
    fetched = [f"Fetched {stamp(found.fetched_at)}."] if found else []
    known = [*([odds_words.CAUTION] if forecast.line else []), *fetched, *words.caveats(forecast)]
    embed.add_field(name=GOOD_TO_KNOW, value=clip("\n".join([*known, words.GAMBLING])), inline=False)
    embed.set_footer(text=forecast.model)
    return embed


def _heading(found: GameOdds | None) -> str:
    return "The line" if found is None else f"The line, median of {odds_words.books(found.consensus.books)}"
