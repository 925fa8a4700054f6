"""What the schedule does, as plain functions: each may be run again at any time and repeats no effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import discord

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE, machine_clock
from engine.core.errors import NoDataError
from engine.core.records import Outcome, Slate
from engine.engine import Engine
from engine.store.outbox import Draft
from nbabot import embeds
from nbabot.track import track_line

USUAL_TIP = time(19)
"""The league's usual first tip-off, taken where a day's tip-off times are unknown."""
RESULTS_BY = time(12)
"""From then on yesterday's results are posted even if some are still missing."""

RETRY = timedelta(minutes=5)
"""A job that failed, or died half-way, may be run again after this long."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a job did, in words. With `done` False its input is not there yet and it should be run again later."""

    detail: str
    done: bool = True


Work = Callable[[Engine, str | None], Awaitable[JobResult]]
"""A job: it is given the engine and the key of the channel to post to, if there is one."""


async def run_recorded(engine: Engine, name: str, channel: str | None) -> JobResult | None:
    """Run today's occurrence of a job under its row in the runs: marked done after the effect, failed with the reason.

    None when it is done already, or was begun a moment ago here or in another process. Raises what the job raises.
    """
    due = engine.today().isoformat()
    if not await asyncio.to_thread(engine.runs.begin, name, due, machine_clock(), RETRY):
        return None
    try:
        result = await JOBS[name](engine, channel)
    except Exception as error:
        await asyncio.to_thread(engine.runs.fail, name, due, machine_clock(), str(error) or type(error).__name__)
        raise
    close = engine.runs.finish if result.done else engine.runs.fail
    await asyncio.to_thread(close, name, due, machine_clock(), result.detail)
    return result


async def post_picks(engine: Engine, channel: str | None) -> JobResult:
    """Freeze today's picks and put the day's post in the outbox of a channel, if there is one."""
    return await asyncio.to_thread(_post_picks, engine, channel)


async def post_recap(engine: Engine, channel: str | None) -> JobResult:
    """Grade what is known and put the post of yesterday's results in the outbox of a channel, if there is one."""
    return await asyncio.to_thread(_post_recap, engine, channel)


def _post_picks(engine: Engine, channel: str | None) -> JobResult:
    day = engine.today()
    try:
        picks = engine.publish_picks(day)
    except NoDataError as error:
        return JobResult(str(error), done=False)
    if picks and channel:
        slate = engine.slate(day)
        embed = embeds.slate(slate, track_line(engine), marker("picks", day))
        engine.outbox.put(_draft(day, "picks", channel, embed, picks_expire(slate)))
    return JobResult(f"{len(picks)} picks for {day}")


def _post_recap(engine: Engine, channel: str | None) -> JobResult:
    graded = engine.grade()
    day = engine.today() - timedelta(days=1)
    picks = engine.picks(day)
    missing = sum(pick.outcome is Outcome.PENDING for pick in picks)
    if missing and engine.now() < _at(engine.today(), RESULTS_BY):
        return JobResult(f"{missing} of {len(picks)} results of {day} are not in yet", done=False)
    if channel and missing < len(picks):
        embed = embeds.recap(picks, track_line(engine), engine.simulated, marker("recap", day))
        engine.outbox.put(_draft(day, "recap", channel, embed, _at(day + timedelta(days=2), time(0))))
    return JobResult(f"{graded} picks graded; {day}: {words.tally([pick.outcome for pick in picks])}")


JOBS: dict[str, Work] = {"recap": post_recap, "picks": post_picks}
"""Every job by its name, in the order in which they run on a day."""


def marker(kind: str, day: date) -> str:
    """Footer of a post, unique in its channel: how a post is recognised in the channel's history."""
    return f"nbabot · {kind} · {day.isoformat()}"


def picks_expire(slate: Slate) -> datetime:
    """The moment from which picks are of no use: the day's first tip-off."""
    tips = [item.game.tip_utc for item in slate.games if item.game.tip_utc]
    return min(tips, default=_at(slate.league_day, USUAL_TIP))


def _draft(day: date, kind: str, channel: str, embed: discord.Embed, expires: datetime) -> Draft:
    return Draft(league_day=day, kind=kind, channel=channel, payload=embeds.packed([embed]), expires=expires)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LEAGUE_ZONE)
