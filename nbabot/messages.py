"""What the schedule posts: a message of a day, the same for every channel and however often it is composed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import discord

from engine.core import outlook_words, weeks, words
from engine.core.calendar import LEAGUE_ZONE
from engine.core.guilds import PICKS_BEFORE
from engine.core.posts import Draft
from engine.core.records import Outcome, Slate
from engine.core.updates import PickUpdate
from engine.engine import Engine
from nbabot import embeds
from nbabot.track import track_line

RESULTS_OF_USE = timedelta(days=2)
"""How long after their day results are still posted."""
FLEETING = ("live", "swing")
"""First words of the kinds of posts about games under way."""
LIVE_BOARD = "live board"
"""The kind of the post about all games of an evening."""
NEWS = "What was published first is what counts."


@dataclass(frozen=True, slots=True)
class Message:
    """A post of a kind and league day, without a place yet; of no use to a reader after `expires`."""

    kind: str
    league_day: date
    payload: str
    expires: datetime

    def draft(self, channel: str) -> Draft:
        """The post for one channel."""
        return Draft(self.league_day, self.kind, channel, self.payload, self.expires)


def picks(engine: Engine, day: date) -> Message | None:
    """The picks of a day as published, and what the news has changed since; None without a pick."""
    published = engine.picks(day)
    if not published:
        return None
    updates = engine.pick_updates.on(day)
    as_of = max(pick.published_at for pick in published)
    slate = replace(engine.slate(day), as_of=as_of)
    embed = embeds.slate(slate, track_line(engine), marker("picks", day))
    if updates:
        _tell_changes(embed, updates)
    return Message("picks", day, embeds.packed([embed]), picks_expire(slate))


def recap(engine: Engine, day: date) -> Message | None:
    """How the picks of the day before did; None while no result is known."""
    of = day - timedelta(days=1)
    graded = engine.picks(of)
    if all(pick.outcome is Outcome.PENDING for pick in graded):
        return None
    embed = embeds.recap(graded, track_line(engine), engine.simulated, marker("recap", of))
    return Message("recap", of, embeds.packed([embed]), _midnight(of + RESULTS_OF_USE))


def weekly(engine: Engine, monday: date) -> Message | None:
    """How the picks of the seven days before a Monday did; None where there were none."""
    first = monday - weeks.DAYS
    week = weeks.week_of(engine.published((engine.today() - first).days), first)
    if not week.settled:
        return None
    embed = discord.Embed(title=f"The week: {words.tally([one.outcome for one in week.picks])}", colour=embeds.BRAND)
    embeds.banner(embed, engine.simulated)
    embed.description = weeks.span(week)
    embed.add_field(name="Against coin flips", value=f"{weeks.score(week)}.", inline=False)
    embed.add_field(name="As sure as it should be?", value=f"{weeks.calibration(week)}.", inline=False)
    if miss := weeks.surest_miss(week):
        embed.add_field(name="Surest pick that missed", value=words.recap_line(miss, bold="**"), inline=False)
    embed.add_field(name=embeds.RECORD, value=track_line(engine), inline=False)
    embed.set_footer(text=marker("weekly", monday))
    return Message("weekly", monday, embeds.packed([embed]), _midnight(monday + timedelta(days=3)))


def notice(about: str, day: date, text: str) -> Message:
    """Word to a server of what is wrong with its posts. One of a kind by what it is about, a channel's key, and day."""
    kind = f"notice {about}"
    embed = discord.Embed(title="Posts do not arrive", description=embeds.clip(text), colour=embeds.BAD)
    embed.set_footer(text=marker(kind, day))
    return Message(kind, day, embeds.packed([embed]), _midnight(day + RESULTS_OF_USE))


def marker(kind: str, day: date) -> str:
    """Footer of a post, unique in its channel: how a post is recognised in the channel's history."""
    return f"nbabot · {kind} · {day.isoformat()}"


def is_fleeting(kind: str) -> bool:
    """Whether posts of a kind are about games under way: one that came too late is missed by nobody the next day."""
    return kind.partition(" ")[0] in FLEETING


def is_of_a_game(kind: str) -> bool:
    """Whether posts of a kind are about one game under way: their channel need not be one that anybody set up."""
    return is_fleeting(kind) and kind != LIVE_BOARD


def picks_expire(slate: Slate) -> datetime:
    """The moment from which picks are of no use: the first tip-off of a game with one, else the usual first tip-off."""
    tips = [item.game.tip_utc for item in slate.games if item.game.tip_utc and item.published]
    return min(tips, default=datetime.combine(slate.league_day, PICKS_BEFORE, LEAGUE_ZONE))


def _tell_changes(embed: discord.Embed, updates: Sequence[PickUpdate]) -> None:
    """Say above the games which picks have moved since they were published, with the old number and the newest one."""
    first = {one.game_id: one for one in reversed(updates)}
    last = {one.game_id: one for one in updates}
    moved = [replace(one, before=first[game_id].before) for game_id, one in last.items()]
    lines = [outlook_words.moved(one, bold="**") for one in moved]
    value = embeds.clip("\n".join([*lines, NEWS]))
    when = max(one.made_at for one in updates)
    embed.insert_field_at(0, name=f"🔄 Changed since, as of {words.clock(when)}", value=value, inline=False)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LEAGUE_ZONE)
