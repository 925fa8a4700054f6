"""When the jobs run: APScheduler wakes us, the `runs` table decides whether there is anything to do.

Every wake-up asks the same question, "which of today's jobs are due, still useful and not done?", so a start after
the hour, a machine that slept, a failed attempt and a second process all take the same path.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, time

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import ConfigError, NbabotError
from engine.engine import Engine
from nbabot import jobs
from nbabot.channels import Channel
from nbabot.posting import flush
from nbabot.settings import ScheduleSettings

GRACE_SECONDS = 6 * 3600
"""How late APScheduler may still start a job; whether it is useful by then is for `Job.until` to say."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Work due once per league day at `at`, of use until `until`, both in league time. `channel` is its key."""

    name: str
    at: time
    until: time
    channel: str | None


class Schedule:
    """The jobs of one engine. Posts of each kind go to their channel; without one the work is done but not posted."""

    def __init__(
        self, engine: Engine, times: ScheduleSettings, picks_to: Channel | None, recap_to: Channel | None
    ) -> None:
        self._engine = engine
        self._channels = {channel.key: channel for channel in (picks_to, recap_to) if channel}
        picks_key, recap_key = (channel.key if channel else None for channel in (picks_to, recap_to))
        self._jobs = (
            Job("recap", daily_time(times.recap_time), time.max, recap_key),
            Job("picks", daily_time(times.picks_time), jobs.USUAL_TIP, picks_key),
        )
        self._turn = asyncio.Lock()
        self._told_late: set[tuple[str, str]] = set()
        self._timer = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
            timezone=LEAGUE_ZONE,
        )

    def start(self) -> None:
        """Wake up now, at each job's time and every minute. Needs a running event loop."""
        for job in self._jobs:
            trigger = CronTrigger(hour=job.at.hour, minute=job.at.minute, timezone=LEAGUE_ZONE)
            self._timer.add_job(self.catch_up, trigger, id=job.name)
        self._timer.add_job(
            self.catch_up, IntervalTrigger(minutes=1), id="outbox", next_run_time=datetime.now(LEAGUE_ZONE)
        )
        self._timer.add_listener(_report, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        self._timer.start()

    async def stop(self) -> None:
        """Start nothing more, and wait for the work in hand to finish."""
        if self._timer.running:
            self._timer.pause()
        async with self._turn:
            if self._timer.running:
                self._timer.shutdown(wait=False)

    async def catch_up(self) -> None:
        """Run what is due, still useful and not done, then deliver what waits in the outbox."""
        async with self._turn:
            for job in self._jobs:
                await self._run_if_due(job)
            for channel in self._channels.values():
                try:
                    await flush(self._engine, channel)
                except NbabotError as error:
                    log.error("outbox_stuck", reason=str(error))

    async def _run_if_due(self, job: Job) -> None:
        moment = self._engine.now().astimezone(LEAGUE_ZONE)
        due = moment.date().isoformat()
        if moment.time() >= job.until:
            await self._tell_late(job, due)
        elif moment.time() >= job.at:
            await self._run(job, due)

    async def _tell_late(self, job: Job, due: str) -> None:
        """Say once that a job's hour passed without it."""
        if (job.name, due) in self._told_late:
            return
        self._told_late.add((job.name, due))
        if await asyncio.to_thread(self._engine.runs.state, job.name, due) != "done":
            log.error("job_missed", job=job.name, due=due, reason=f"not done by {job.until:%H:%M}")

    async def _run(self, job: Job, due: str) -> None:
        noted = log.bind(job=job.name, due=due)
        try:
            result = await jobs.run_recorded(self._engine, job.name, job.channel)
        except NbabotError as error:
            noted.error("job_failed", reason=str(error))
        except Exception:
            noted.exception("job_broke")
        else:
            if result:
                noted.info("job_done" if result.done else "job_waits", detail=result.detail)


def daily_time(text: str) -> time:
    """`"11:00"` -> a time of the league's day. ConfigError between 01:00 and 03:00, when clocks change."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"'{text}' is not a time of day: write it as 11:00 in config.toml.") from None
    if time(1) <= at < time(3):
        raise ConfigError(f"No job may run between 01:00 and 03:00, when clocks change: move {text} in config.toml.")
    return at


def _report(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.error("job_missed", job=event.job_id, scheduled=str(event.scheduled_run_time))
    else:
        log.error("job_error", job=event.job_id, error=repr(event.exception))
