"""What the schedule does, as plain functions: each may be run again at any time and repeats no effect."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import discord

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE, machine_clock
from engine.core.errors import NoDataError, SourceError
from engine.core.guilds import PICKS_BEFORE
from engine.core.posts import Draft
from engine.core.records import Outcome, Slate
from engine.core.sync_reports import SyncRequest
from engine.engine import Engine
from nbabot import embeds
from nbabot.channels import discord_key
from nbabot.settings import Settings
from nbabot.track import track_line

RESULTS_BY = time(12)
"""From then on yesterday's results are posted even if some are still missing."""

RETRY = timedelta(minutes=5)
"""A job that failed, or died half-way, may be run again after this long."""

ASK_AGAIN = timedelta(minutes=30)
"""The same for a job that asks the feeds: they are not to be pressed."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a job did, in words. With `done` False its input is not there yet and it should be run again later.

    `posted`: whether it put a post in the outbox.
    """

    detail: str
    done: bool = True
    posted: bool = False


Work = Callable[[Engine, str | None], Awaitable[JobResult]]
"""What a job does: it is given the engine and the key of the channel to post to, if there is one."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work due once per league day and channel, of use until `until` (league time). `about` says what it does.

    The settings `schedule.NAME_time` and `discord.NAME_channel_id` say when and where to; the picks channel takes
    what has no channel of its own. A job that does not post has no channel at all.
    """

    name: str
    about: str
    work: Work
    until: time
    posts: bool = True

    @property
    def retry(self) -> timedelta:
        """After how long it may be run again where it failed."""
        return RETRY if self.posts else ASK_AGAIN

    def at(self, settings: Settings) -> time:
        """The time of the league's day at which the job is due."""
        return time.fromisoformat(getattr(settings.schedule, f"{self.name}_time"))

    def channel_id(self, settings: Settings) -> int | None:
        """The Discord channel that its posts go to."""
        if not self.posts:
            return None
        own: int | None = getattr(settings.discord, f"{self.name}_channel_id")
        return own or settings.discord.picks_channel_id

    def channel_key(self, settings: Settings) -> str | None:
        """The key of that channel."""
        number = self.channel_id(settings)
        return None if number is None else discord_key(number)


def occurrence(day: date, channel: str | None) -> str:
    """What a day's run is recorded under: a day done for one channel is not done for another."""
    return f"{day} {channel}" if channel else str(day)


async def run_recorded(engine: Engine, name: str, channel: str | None) -> JobResult | None:
    """Run today's occurrence of a job under its row in the runs: marked done after the effect, failed with the reason.

    None when it is done already, or was begun a moment ago here or in another process. Raises what the job raises.
    """
    job = every()[name]
    due = occurrence(engine.today(), channel)
    if not await asyncio.to_thread(engine.runs.begin, name, due, machine_clock(), job.retry):
        return None
    try:
        result = await job.work(engine, channel)
    except Exception as error:
        await asyncio.to_thread(engine.runs.fail, name, due, machine_clock(), str(error) or type(error).__name__)
        raise
    close = engine.runs.finish if result.done else engine.runs.fail
    await asyncio.to_thread(close, name, due, machine_clock(), result.detail)
    return result


async def fetch_all(engine: Engine, channel: str | None) -> JobResult:
    """Fetch all that is new from the feeds."""
    return await asyncio.to_thread(_fetch, engine, SyncRequest())


async def fetch_news(engine: Engine, channel: str | None) -> JobResult:
    """Fetch what may have changed since the morning: the schedule, odds and injuries."""
    return await asyncio.to_thread(_fetch, engine, SyncRequest(only=("schedule", "odds", "injuries")))


async def fetch_closing(engine: Engine, channel: str | None) -> JobResult:
    """On a day with games fetch the odds and injuries of the evening: the last odds before tip-off close the line."""
    if not await asyncio.to_thread(_has_games, engine):
        return JobResult("no games today")
    return await asyncio.to_thread(_fetch, engine, SyncRequest(only=("odds", "injuries")))


async def post_picks(engine: Engine, channel: str | None) -> JobResult:
    """Freeze today's picks and forecasts of players; put the day's post in the outbox of a channel, if there is one."""
    return await asyncio.to_thread(_post_picks, engine, channel)


async def post_recap(engine: Engine, channel: str | None) -> JobResult:
    """Grade what is known and put the post of yesterday's results in the outbox of a channel, if there is one."""
    return await asyncio.to_thread(_post_recap, engine, channel)


async def retrain(engine: Engine, channel: str | None) -> JobResult:
    """Train the family in production anew where a week has passed and there are new games."""
    return await asyncio.to_thread(_retrain, engine)


def _fetch(engine: Engine, request: SyncRequest) -> JobResult:
    report = engine.sync(request)
    engine.refresh_players()
    if report.failed:
        raise SourceError("; ".join(f"{task.task}: {task.detail.rstrip('.')}" for task in report.failed) + ".")
    new, changed = sum(task.new for task in report.tasks), sum(task.changed for task in report.tasks)
    return JobResult(f"{new:,} rows new, {changed:,} changed, {_counted(report.regraded)} graded")


def _has_games(engine: Engine) -> bool:
    try:
        return bool(engine.slate().games)
    except NoDataError:
        return False


def _retrain(engine: Engine) -> JobResult:
    done = engine.retrain_weekly()
    if done is None:
        return JobResult("trained within a week, or nothing new to learn")
    made = done.gate.version
    if done.promoted:
        return JobResult(f"{made.label} is trained and in production")
    advice = " ".join(done.gate.objections) or f"nbabot models promote {made.name} {made.version} puts it to use"
    return JobResult(f"{made.label} is trained and registered: {advice.rstrip('.')}")


def _post_picks(engine: Engine, channel: str | None) -> JobResult:
    day = engine.today()
    try:
        picks = engine.publish_picks(day)
    except NoDataError as error:
        return JobResult(str(error).rstrip("."), done=False)
    if not picks:
        return JobResult(f"no games to pick on {words.day(day)}")
    if channel:
        slate = engine.slate(day)
        embed = embeds.slate(slate, track_line(engine), marker("picks", day))
        engine.outbox.put(_draft(day, "picks", channel, embed, picks_expire(slate)))
    players = engine.publish_player_picks(day)
    beside = f", and {players:,} figures of players" if players else ""
    return JobResult(f"{_counted(len(picks))} frozen for {words.day(day)}{beside}", posted=bool(channel))


def _post_recap(engine: Engine, channel: str | None) -> JobResult:
    graded = engine.grade()
    day = engine.today() - timedelta(days=1)
    picks = engine.picks(day)
    missing = sum(pick.outcome is Outcome.PENDING for pick in picks)
    if missing and engine.now() < _at(engine.today(), RESULTS_BY):
        return JobResult(f"{missing} of {len(picks)} results of {words.day(day)} are not in yet", done=False)
    posted = bool(channel) and missing < len(picks)
    if channel and posted:
        embed = embeds.recap(picks, track_line(engine), engine.simulated, marker("recap", day))
        engine.outbox.put(_draft(day, "recap", channel, embed, _at(day + timedelta(days=2), time(0))))
    how = words.tally([pick.outcome for pick in picks]) if picks else "no picks were published"
    return JobResult(f"{_counted(graded)} graded; {words.day(day)}: {how}", posted=posted)


_ALL = (
    Job("recap", "grade yesterday's picks and post the results", post_recap, time.max),
    Job("picks", "freeze today's picks and post them", post_picks, PICKS_BEFORE),
)
JOBS = {job.name: job for job in _ALL}
"""Every job that posts by its name, in the order in which they run on a day."""

_FROM_FEEDS = (
    Job("sync", "fetch results, schedule, players, odds and injuries", fetch_all, time.max, posts=False),
    Job("news", "fetch schedule, odds and injuries before the picks", fetch_news, PICKS_BEFORE, posts=False),
    Job("closing", "fetch odds and injuries before the evening's games", fetch_closing, time.max, posts=False),
)
FETCHES = {job.name: job for job in _FROM_FEEDS}
"""Every job that asks the feeds by its name; those that are due run before those that post."""

RETRAIN = Job("retrain", "train the model in production anew, once a week", retrain, time.max, posts=False)


def every() -> dict[str, Job]:
    """Every job by its name."""
    return {**FETCHES, **JOBS, RETRAIN.name: RETRAIN}


def scheduled(engine: Engine, settings: Settings) -> tuple[Job, ...]:
    """The jobs to run, the longest last: in a simulated league, and where the settings say so, feeds are left alone."""
    fetching = settings.sources.enabled and not engine.simulated
    return (*(FETCHES.values() if fetching else ()), *JOBS.values(), *((RETRAIN,) if settings.retrain.weekly else ()))


def marker(kind: str, day: date) -> str:
    """Footer of a post, unique in its channel: how a post is recognised in the channel's history."""
    return f"nbabot · {kind} · {day.isoformat()}"


def picks_expire(slate: Slate) -> datetime:
    """The moment from which picks are of no use: the day's first tip-off, the usual one where none is known."""
    tips = [item.game.tip_utc for item in slate.games if item.game.tip_utc]
    return min(tips, default=_at(slate.league_day, PICKS_BEFORE))


def _draft(day: date, kind: str, channel: str, embed: discord.Embed, expires: datetime) -> Draft:
    return Draft(league_day=day, kind=kind, channel=channel, payload=embeds.packed([embed]), expires=expires)


def _counted(picks: int) -> str:
    return "1 pick" if picks == 1 else f"{picks} picks"


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LEAGUE_ZONE)
