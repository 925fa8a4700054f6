"""What operators read in Discord: alerts, jobs, a synchronisation, and the comparison before a promotion."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from engine.core import words
from engine.core.alerts import Alert, AlertState, Severity
from engine.core.backtests import Difference
from engine.core.guilds import ClosedChannel
from engine.core.model_reports import Comparison, Gate, VersionScore
from engine.core.reports import ModelVersion
from engine.core.sync_reports import SyncReport
from nbabot import embeds
from nbabot.job_runs import JobStanding

MOST_FIELDS = 20
"""Fields of one page: Discord takes 25, and 6,000 characters in all."""
_MARKS = {Severity.INFO: "🔵", Severity.WARNING: "🟠", Severity.CRITICAL: "🔴"}
_LONGEST = 230


def alerts(found: Sequence[Alert]) -> discord.Embed:
    """What is open, the worst first."""
    count = "1 alert is open" if len(found) == 1 else f"{len(found)} alerts are open"
    embed = discord.Embed(title=count if found else "Nothing is open", colour=embeds.BAD if found else embeds.GOOD)
    for one in found[:MOST_FIELDS]:
        seen = f"\nSeen by {one.acknowledged_by}" if one.state is AlertState.ACKNOWLEDGED else ""
        value = f"{_short(one.text)}\nSince {embeds.stamp(one.raised)}{seen}"
        embed.add_field(name=f"{_MARKS[one.severity]} {words.alert_title(one)}", value=value, inline=False)
    if len(found) > MOST_FIELDS:
        embed.set_footer(text=f"{len(found) - MOST_FIELDS} more: nbabot alerts list")
    return embed


def channels(closed: Sequence[ClosedChannel]) -> discord.Embed:
    """The channels of a server that take no posts."""
    if not closed:
        return discord.Embed(title="Nothing is wrong in this server", colour=embeds.GOOD)
    embed = discord.Embed(title="Posts do not arrive", colour=embeds.BAD)
    for one in closed:
        value = f"{one.reason}\nSince {embeds.stamp(one.since)}. Then press *Test post* in /setup."
        embed.add_field(name="To be mended", value=embeds.clip(value), inline=False)
    return embed


def jobs(found: Sequence[JobStanding], closed: int) -> discord.Embed:
    """Each job, when it runs next, how it last went, and where the posts of its latest day are."""
    embed = discord.Embed(title="Jobs", colour=embeds.BRAND)
    for one in found:
        due = "now" if one.due else embeds.stamp(one.next, "R")
        last = f"{one.last.state} for {one.last.due}: {_short(one.last.detail)}" if one.last else "never ran"
        posts = f"\nPosts: {one.posts}" if one.posts else ""
        embed.add_field(name=f"{one.job.name} · next {due}", value=f"{last}{posts}", inline=False)
    if closed:
        embed.set_footer(text="1 channel takes no posts" if closed == 1 else f"{closed} channels take no posts")
    return embed


def synced(report: SyncReport) -> discord.Embed:
    """What a synchronisation did, task by task."""
    colour = embeds.BAD if report.failed else embeds.GOOD
    embed = discord.Embed(title=f"Synchronised in {report.seconds:.0f} s", colour=colour)
    lines = [
        f"**{task.task}** {task.state}: {task.new:,} new, {task.changed:,} changed"
        + (f" · {_short(task.detail)}" if task.failed else "")
        for task in report.tasks
    ]
    embed.description = "\n".join(lines)[:4000] or "Nothing was due."
    return embed


def gate(found: Gate) -> discord.Embed:
    """What is known of a version before it is promoted, and what speaks against it."""
    colour = embeds.GOOD if found.holds else embeds.BAD
    embed = discord.Embed(title=f"Promote {found.version.label}?", colour=colour)
    replaced = found.champion.label if found.champion else "nothing"
    embed.description = f"It would replace {replaced}."
    if found.comparison:
        _compare(embed, found.comparison)
    if found.objections:
        embed.add_field(name="Against it", value=embeds.clip("\n".join(found.objections)), inline=False)
        embed.set_footer(text="Not from here: nbabot models promote --force --why says yes in spite of it.")
    return embed


def roll_back(champion: ModelVersion) -> discord.Embed:
    """The question before a rollback."""
    said = f"It takes {champion.label} out of production and puts the one before it back."
    return discord.Embed(title="Roll back?", description=said, colour=embeds.BRAND)


def moved(version: ModelVersion, who: str, why: str) -> discord.Embed:
    """What is in production now, and what is written in the audit trail."""
    title = f"{version.label} is in production"
    return discord.Embed(title=title, description=f"Written down: {who}, {_short(why)}", colour=embeds.GOOD)


def _compare(embed: discord.Embed, found: Comparison) -> None:
    for side in (found.first, found.second):
        embed.add_field(name=side.label, value=_scores(side))
    paired = (("Log loss", found.log_loss), ("Brier score", found.brier))
    lines = [f"{name}: {_difference(one)}" for name, one in paired if one is not None]
    if lines:
        value = "\n".join([*lines, "First minus second; below 0 the first is better."])
        embed.add_field(name=f"Paired, on {found.n:,} games", value=value, inline=False)


def _scores(side: VersionScore) -> str:
    shown = (("Log loss", side.log_loss, ".4f"), ("Brier", side.brier, ".4f"), ("Right", side.accuracy, ".1%"))
    return "\n".join(f"{name} {value:{form}}" for name, value, form in shown if value is not None) or "no games"


def _difference(found: Difference) -> str:
    clear = "more than chance" if found.low > 0 or found.high < 0 else "within chance"
    return f"{found.mean:+.4f} (95%: {found.low:+.4f} to {found.high:+.4f}), {clear}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
