"""What is posted unasked, beside the day's games: how the picks did, and what the operator should know."""

from __future__ import annotations

import discord

from engine.core import words
from engine.core.alerts import Alert, Severity
from engine.core.records import Outcome, Pick
from nbabot.embeds.parts import BAD, BRAND, GOOD, QUIET, RECORD, add_lines, banner, clip, stamp


def recap(picks: tuple[Pick, ...], track: str, simulated: bool, marker: str) -> discord.Embed:
    """How the picks of one day did; there must be at least one. `marker` is the footer that tells the post apart."""
    outcomes = [pick.outcome for pick in picks]
    ahead = outcomes.count(Outcome.HIT) - outcomes.count(Outcome.MISS)
    embed = discord.Embed(
        title=f"{words.day(picks[0].league_day)}: {words.tally(outcomes)}",
        colour=GOOD if ahead > 0 else BAD if ahead < 0 else QUIET,
    )
    banner(embed, simulated)
    add_lines(embed, "Results", [words.recap_line(pick, bold="**") for pick in picks])
    embed.add_field(name=RECORD, value=track, inline=False)
    embed.set_footer(text=marker)
    return embed


def alert(found: Alert, simulated: bool, marker: str) -> discord.Embed:
    """What the operator should know, and how to answer it."""
    embed = discord.Embed(
        title=f"{words.alert_title(found)}",
        description=clip(found.text),
        colour={Severity.INFO: QUIET, Severity.WARNING: BRAND, Severity.CRITICAL: BAD}[found.severity],
    )
    banner(embed, simulated)
    embed.add_field(name="Since", value=stamp(found.raised))
    embed.add_field(name="Seen it?", value=f"`nbabot alerts ack {found.number}`")
    embed.set_footer(text=marker)
    return embed
