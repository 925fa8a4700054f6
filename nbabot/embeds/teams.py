"""The card of a team."""

from __future__ import annotations

import discord

from engine.core import outlook_words, team_words, words
from engine.core.records import GameForecast
from engine.core.team_cards import TeamCard
from nbabot.embeds.parts import GOOD_TO_KNOW, add_lines, banner, clip, stamp, team_colour


def team(card: TeamCard) -> discord.Embed:
    """The answer to `/team`: how they stand, their figures and places, last and next games, who is in doubt."""
    embed = discord.Embed(
        title=team_words.headline(card), description=team_words.season(card), colour=team_colour(card.team_id)
    )
    banner(embed, card.simulated)
    add_lines(embed, "Among the league's 30", [_figure(*row) for row in team_words.strengths(card)])
    add_lines(embed, "Four factors: own · opponents'", [_factor(*row) for row in team_words.factors(card)])
    played = [f"{words.short_day(one.league_day)}: {team_words.played(one, card.team_id)}" for one in card.last_games]
    add_lines(embed, "Last games", played)
    add_lines(embed, "Next games", [_next(one, card.team_id) for one in card.next_games])
    add_lines(embed, "In doubt for the next one", map(outlook_words.outlook, card.doubtful))
    known = [*card.notes, f"As of {stamp(card.as_of)}, knows {words.through(card.data_through)}."]
    embed.add_field(name=GOOD_TO_KNOW, value=clip("\n".join(known)), inline=False)
    models = dict.fromkeys(one.model for one in card.next_games)
    embed.set_footer(text=", ".join(models) or "nbabot")
    return embed


def _figure(name: str, figure: str, place: str) -> str:
    return f"`{figure:>6} {place:>5}` {name}"


def _factor(name: str, own: str, place: str, other: str, other_place: str) -> str:
    return f"`{own:>4} {place:>4} · {other:>4} {other_place:>4}` {name}"


def _next(forecast: GameForecast, team_id: int) -> str:
    when = stamp(forecast.tip_utc) if forecast.tip_utc else words.day(forecast.league_day)
    return f"{when}: {team_words.to_play(forecast, team_id)}"
