"""One game: who wins and how sure, why, by every model, against the line."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from engine.core import outlook_words, team_words, words
from engine.core.outlooks import PlayerOutlook
from engine.core.records import Game, GameForecast
from nbabot.embeds.parts import GOOD_TO_KNOW, RECORD, add_lines, banner, clip, stamp, team_colour

SHORT = 3
"""Reasons given without being asked for more."""
_ALL = 8
_BAR_CELLS = 14
_OF_ACCOUNT = 0.05
"""Points of margin below which a doubt is not worth a line."""
_MOST_DOUBTS = 8


def prediction(forecast: GameForecast, track: str, simulated: bool) -> discord.Embed:
    """The answer to `/predict`: who and how sure first, then the score, the reasons, the record, and as of when."""
    lines = (
        f"**{words.short_matchup(forecast)}**",
        bar(forecast),
        f"Expected score: **{words.score(forecast)}**",
        outlook_words.margin_range(forecast),
        when(forecast),
        *(_out(forecast, team_id) for team_id in (forecast.home_id, forecast.away_id)),
    )
    embed = discord.Embed(
        title=words.chance(forecast),
        description="\n".join(line for line in lines if line),
        colour=team_colour(forecast.pick_id),
    )
    banner(embed, simulated)
    if forecast.drivers:
        embed.add_field(name="Why (points of margin)", value=reasons(forecast, SHORT), inline=False)
    if forecast.line is not None:
        said = [outlook_words.line(forecast), outlook_words.edge(forecast), words.GAMBLING]
        embed.add_field(name="Against the line", value=clip("\n".join(filter(None, said))), inline=False)
    embed.add_field(name=RECORD, value=track, inline=False)
    embed.add_field(name=GOOD_TO_KNOW, value=good_to_know(forecast), inline=False)
    embed.set_footer(text=forecast.model)
    return embed


def bar(forecast: GameForecast, first_id: int | None = None) -> str:
    """Both teams' chances as a bar that fits a phone's width: `BOS 64% ▓▓▓▓▓▓▓▓▓░░░░░ 36% LAL`.

    On the left is the pick, or the team `first_id`.
    """
    first = first_id or forecast.pick_id
    second = forecast.away_id if first == forecast.home_id else forecast.home_id
    chance = forecast.pick_prob if first == forecast.pick_id else 1 - forecast.pick_prob
    return chance_bar(first, second, chance)


def chance_bar(first_id: int, second_id: int, chance: float) -> str:
    """The chance of the first of two teams and that of the second, as a bar."""
    full = round(_BAR_CELLS * chance)
    left, right = words.percent(chance), words.other_percent(chance)
    cells = "▓" * full + "░" * (_BAR_CELLS - full)
    return f"`{words.code(first_id)} {left} {cells} {right} {words.code(second_id)}`"


def when(forecast: GameForecast) -> str:
    """Where and when the game is, and whether it is one of the schedule."""
    tip = f" · tip-off {stamp(forecast.tip_utc, 't')}" if forecast.tip_utc and forecast.scheduled else ""
    return ("📅 " if forecast.scheduled else "💭 ") + words.setting(forecast) + tip


def reasons(forecast: GameForecast, most: int) -> str:
    """The weightiest reasons, one a line: what each is worth, to whom, and in words."""
    parts = (words.driver(reason, forecast) for reason in forecast.drivers[:most])
    return clip("\n".join(f"`{worth}` {text}" for worth, text in parts))


def good_to_know(forecast: GameForecast) -> str:
    """The caveats of a forecast, and what it knew when."""
    known = f"As of {stamp(forecast.as_of)}, knows {words.known_through(forecast)}."
    return clip("\n".join([*words.caveats(forecast), known]))


def _out(forecast: GameForecast, team_id: int) -> str:
    missing = outlook_words.absences(forecast, team_id)
    return f"{words.code(team_id)}: {missing}" if missing else ""


def why(forecast: GameForecast, meetings: Sequence[Game], simulated: bool) -> discord.Embed:
    """The answer to `/why`: every reason, who is in doubt and what that costs, how the two have met, how far off."""
    embed = discord.Embed(
        title=f"Why? {words.short_matchup(forecast)}",
        description=f"{words.chance(forecast)}\n{bar(forecast)}\n{when(forecast)}",
        colour=team_colour(forecast.pick_id),
    )
    banner(embed, simulated)
    if forecast.drivers:
        embed.add_field(name="Points of margin, and for whom", value=reasons(forecast, _ALL), inline=False)
    doubts = [f"{words.code(one.team_id)} {outlook_words.outlook(one)}: {one.points:+.1f}" for one in _dear(forecast)]
    add_lines(embed, "Players in doubt, and what it costs their team", doubts)
    add_lines(embed, "How far off it may be", outlook_words.spread(forecast))
    add_lines(embed, "Last meetings", [f"{words.short_day(one.league_day)}: {words.result(one)}" for one in meetings])
    embed.add_field(name=GOOD_TO_KNOW, value=good_to_know(forecast), inline=False)
    embed.set_footer(text=forecast.model)
    return embed


def comparison(forecasts: Sequence[GameForecast], simulated: bool) -> discord.Embed:
    """The answer to `/compare`: the same game by every model, the one in production first."""
    first = forecasts[0]
    embed = discord.Embed(
        title=f"{words.short_matchup(first)}: what every model says",
        description=f"{team_words.agreement(forecasts)}\n{when(first)}",
        colour=team_colour(first.pick_id),
    )
    banner(embed, simulated)
    rows = [f"{bar(one, first.pick_id)} **{one.model}** · {team_words.lead(one)}" for one in forecasts]
    add_lines(embed, "In production", rows[:1])
    add_lines(embed, "The others", rows[1:])
    embed.add_field(name=GOOD_TO_KNOW, value=good_to_know(first), inline=False)
    embed.set_footer(text=f"The bot's picks are those of {first.model}. /models says how each has done.")
    return embed


def _dear(forecast: GameForecast) -> list[PlayerOutlook]:
    """The players in doubt, dearest first, those of no account left out."""
    told = [one for one in forecast.availability if abs(one.points) >= _OF_ACCOUNT]
    return sorted(told, key=lambda one: one.points)[:_MOST_DOUBTS]
