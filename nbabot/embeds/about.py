"""The bot itself: what can be asked, how it works, its models, its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from engine.core import status_words, words
from engine.core.reports import JobRun, ModelStatus, ModelVersion, Status
from engine.core.sync_reports import HostState, TaskHistory
from nbabot.embeds.parts import BRAND, GOOD_TO_KNOW, add_lines, banner, clip, stamp

_MOST_OTHERS, _MOST_TASKS, _MOST_HOSTS = 12, 12, 5
_MARKS = {"done": "✅", "failed": "❌", "running": "⏳", "skipped": "➖"}

ABOUT = (
    (
        "How it works",
        "Ratings of every team and player are brought forward result by result. A model trained on past seasons turns "
        "them, rest, travel, home court and who can play into a chance and a margin. Before it answers anybody it is "
        "tested season by season on games that it has not seen.",
    ),
    (
        "How to read a chance",
        "64% means: of 100 such games the team wins about 64. An upset is no mistake: it comes in the other 36. No "
        "forecast here is ever 0% or 100%.",
    ),
    (
        "What it does not know",
        "Trades and injuries that no feed has told, what is said in the locker room, why a star rests tonight. Early "
        "in a season it leans on the last one. The closing line of the books is the better forecaster, and luck has "
        "its say: the best forecasts there are name about two winners in three.",
    ),
    (
        "What it keeps",
        "Every pick, as it was published, good or bad: /record counts them all. Of you: see /privacy.",
    ),
    ("If you bet", words.GAMBLING),
)


def help_page(groups: Mapping[str, Sequence[tuple[str, str]]], simulated: bool) -> discord.Embed:
    """The answer to `/help`: every command with its options and what it answers, group by group."""
    embed = discord.Embed(
        title="What you can ask",
        description="Win chances of NBA games and players' numbers, with what is behind them. Any name works: BOS, "
        "Celtics, SGA. Options in brackets may be left out.",
        colour=BRAND,
    )
    banner(embed, simulated)
    for name, commands in groups.items():
        add_lines(embed, name, [f"**{usage}** {text}" for usage, text in commands])
    embed.set_footer(text=words.GAMBLING)
    return embed


def about(simulated: bool) -> discord.Embed:
    """The answer to `/about`: the method, its limits, and a word on betting."""
    embed = discord.Embed(
        title="About this bot",
        description="Forecasts of NBA games and players, measured in the open.",
        colour=BRAND,
    )
    banner(embed, simulated)
    for name, text in ABOUT:
        embed.add_field(name=name, value=text, inline=False)
    return embed


def models(versions: Sequence[ModelVersion], simulated: bool) -> discord.Embed:
    """The answer to `/models`: who answers, how it did in testing, and which others there are."""
    embed = discord.Embed(
        title="The models",
        description="A version never changes. The one in production answers; others wait, or forecast in its shadow.",
        colour=BRAND,
    )
    banner(embed, simulated)
    champions = [one for one in versions if one.status is ModelStatus.CHAMPION]
    for one in champions:
        value = f"{status_words.version(one)}\nMade {stamp(one.created, 'R')}."
        embed.add_field(name=f"{one.task.capitalize()}s: {one.label} answers", value=clip(value), inline=False)
    others = [one for one in versions if one not in champions]
    add_lines(embed, "Others, newest first", [_other(one) for one in others[:_MOST_OTHERS]])
    if not champions:
        embed.add_field(name="In production", value="None yet, so nothing can be forecast.", inline=False)
    return embed


def status(
    found: Status, tasks: Sequence[TaskHistory], hosts: Sequence[HostState], runs: Sequence[JobRun]
) -> discord.Embed:
    """The answer to `/status`: how old the data are, how feeds and jobs have fared. Nothing of the machine is shown."""
    embed = discord.Embed(title="How the bot is doing", description=status_words.data(found), colour=BRAND)
    banner(embed, found.simulated)
    feeds = [*map(_task, tasks[:_MOST_TASKS]), *map(status_words.host, hosts[:_MOST_HOSTS])]
    jobs = [f"{_MARKS.get(one.state, '•')} {one.job} {stamp(one.started, 'R')}" for one in runs]
    add_lines(embed, "Feeds", feeds or ["None was asked yet: what is stored was read from files."])
    add_lines(embed, "Jobs", jobs or ["None has run yet."])
    known = [*found.notes, f"As of {stamp(found.as_of)}."]
    embed.add_field(name=GOOD_TO_KNOW, value=clip("\n".join(known)), inline=False)
    embed.set_footer(text=found.champion or "no model in production")
    return embed


def _other(one: ModelVersion) -> str:
    return f"`{one.label}` {status_words.in_short(one)}, made {stamp(one.created, 'R')}"


def _task(one: TaskHistory) -> str:
    newest = one.newest
    good = f", last good {stamp(one.last_good, 'R')}" if newest.failed and one.last_good else ""
    return f"{_MARKS.get(newest.state, '•')} {status_words.task(newest)} {stamp(newest.started, 'R')}{good}"
