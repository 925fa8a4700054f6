"""When the jobs run: APScheduler wakes us, the `runs` table decides whether there is anything to do.

Every wake-up asks the same question, "which of today's jobs are due, still useful and not done?", so a start after
the hour, a machine that slept, a failed attempt and a second process all take the same path. Posts are delivered
beside the jobs: a long synchronisation keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE, machine_clock
from engine.core.errors import NbabotError, NoDataError
from engine.core.guilds import Topic
from engine.engine import Engine
from nbabot import job_runs, jobs
from nbabot.alerting import Watch
from nbabot.channels import Sender
from nbabot.destinations import Destinations
from nbabot.jobs import Job, Turn
from nbabot.posting import Courier
from nbabot.settings import Settings

CHECK_EVERY = timedelta(hours=1)
"""How often everything is looked after that may need an alert."""
DELIVER_SECONDS = 10
"""How often the outbox is looked into; what is handed in is also delivered at once."""
GRACE_SECONDS = 6 * 3600
"""How late APScheduler may still start a job; whether it is useful by then is for its turn to say."""

_NO_ERRORS = {"job_done": "done", "job_waits": "waits"}
"""What can happen to a job without anything being wrong, and the word for it."""

log = structlog.get_logger(__name__)


def _silent(sentence: str) -> None:
    """Tell nobody."""


class Schedule:
    """The jobs of one engine.

    `places` says where each topic goes to at a moment, `sender` brings posts there; where a topic goes nowhere the work
    is done but not posted. All is logged; `tell` is also given, in sentences, what is no error. A job that waits or
    fails says so once a day for one reason.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        places: Destinations,
        sender: Sender,
        tell: Callable[[str], None] = _silent,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._places = places
        self._tell = tell
        self._turn, self._delivery = asyncio.Lock(), asyncio.Lock()
        self._courier = Courier(engine, sender)
        self._told: set[tuple[str, str, str]] = set()
        self._watch = Watch(engine, settings, places)
        self._checked: datetime | None = None
        self._timer = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"coalesce": True, "max_instances": 3, "misfire_grace_time": GRACE_SECONDS},
            timezone=LEAGUE_ZONE,
        )

    def start(self) -> None:
        """Wake up now, at each job's times and every minute. Needs a running event loop."""
        self._wake_at_times()
        now = datetime.now(LEAGUE_ZONE)
        self._timer.add_job(self.catch_up, IntervalTrigger(minutes=1), id="jobs", next_run_time=now)
        self._timer.add_job(self.deliver, IntervalTrigger(seconds=DELIVER_SECONDS), id="outbox", next_run_time=now)
        self._timer.add_listener(_report, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        self._timer.start()

    def renew(self, settings: Settings) -> None:
        """Go by other settings from now on; what is under way is finished by the old ones."""
        self._settings = settings
        self._watch.renew(settings)
        if self._timer.running:
            self._wake_at_times()

    def _wake_at_times(self) -> None:
        """Wake up at each job's times, and no longer at those of earlier settings."""
        for old in self._timer.get_jobs():
            if isinstance(old.trigger, CronTrigger):
                old.remove()
        for job in self._jobs():
            for at in job.times(self._settings):
                trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=LEAGUE_ZONE)
                self._timer.add_job(self.catch_up, trigger, id=f"{job.name} {at:%H:%M}")

    async def stop(self) -> None:
        """Start nothing more, and wait for the work and the posts in hand to finish."""
        self._courier.stop()
        if self._timer.running:
            self._timer.pause()
        async with self._turn, self._delivery:
            if self._timer.running:
                self._timer.shutdown(wait=False)

    async def catch_up(self) -> None:
        """Run what is due, still useful and not done, look after the rest, then deliver what waits in the outbox."""
        async with self._turn:
            for job in self._jobs():
                await self._run_if_due(job)
            await self._look_after()
        await self.deliver()

    async def deliver(self) -> None:
        """Bring what waits in the outbox to its channels, unless that is under way."""
        if self._delivery.locked():
            return
        async with self._delivery:
            try:
                await self._courier.flush()
            except NbabotError as error:
                log.error("outbox_stuck", reason=str(error))

    def plan(self) -> list[str]:
        """What will be done when, and what is missing for it, in sentences."""
        lines = [f"  {job.name}, {self._next(job)}: {job.about}" for job in self._jobs()]
        try:
            self._engine.slate()
        except NoDataError:
            lines.append(
                "No games are stored for today, so there are no picks: nbabot sync fetches them, nbabot import PATH "
                "reads them in."
            )
        except NbabotError as error:
            lines.append(str(error))
        if not self._places(Topic.PICKS):
            lines.append(
                "No channel is set: picks are frozen and graded but not posted; use /setup in a server, or set "
                "discord.picks_channel_id."
            )
        return lines

    def _jobs(self) -> tuple[Job, ...]:
        return jobs.scheduled(self._engine, self._settings)

    def _next(self, job: Job) -> str:
        """When a job runs next, in words."""
        now = self._engine.now()
        turn = job.turn(now, self._settings)
        if turn and not self._is_done(job, turn):
            return "now"
        return words.moment(job.next(now, self._settings))

    def _is_done(self, job: Job, turn: Turn) -> bool:
        run = self._engine.runs.find(job.name, turn.due)
        return run is not None and run.state == "done"

    async def _run_if_due(self, job: Job) -> None:
        now = self._engine.now()
        if turn := job.turn(now, self._settings):
            await self._run(job, turn)
        for past in job.over(now, self._settings):
            if past.day == self._engine.today() and not await asyncio.to_thread(self._is_done, job, past):
                self._say(job, "job_missed", f"not done by {past.ends:%H:%M} ET")

    async def _run(self, job: Job, turn: Turn) -> None:
        try:
            result = await asyncio.to_thread(job_runs.run_work, self._engine, self._settings, job, turn)
            if result:
                self._say(job, "job_done" if result.done else "job_waits", result.detail)
            if job.topic:
                places = await asyncio.to_thread(self._places, job.topic)
                handed = await asyncio.to_thread(job_runs.hand_in, self._engine, job, turn, places)
                for channel, reason in handed.failed:
                    log.error("hand_in_failed", job=job.name, channel=channel, reason=reason)
        except NbabotError as error:
            self._say(job, "job_failed", str(error))
        except Exception:
            log.exception("job_broke", job=job.name)

    async def _look_after(self) -> None:
        """Once in CHECK_EVERY: raise and resolve alerts."""
        now = machine_clock()
        if self._checked is not None and now - self._checked < CHECK_EVERY:
            return
        self._checked = now
        try:
            await self._watch.check(self._jobs())
        except NbabotError as error:
            log.error("checks_failed", reason=str(error))
        except Exception:
            log.exception("checks_broke")

    def _say(self, job: Job, event: str, what: str) -> None:
        """Log an event, and tell it if it is no error; once a day in the same words."""
        now = self._engine.now().astimezone(LEAGUE_ZONE)
        said = (job.name, now.date().isoformat(), what)
        if said in self._told:
            return
        self._told.add(said)
        if verb := _NO_ERRORS.get(event):
            log.info(event, job=job.name, due=said[1], detail=what)
            self._tell(f"{now:%H:%M} ET: {job.name} {verb}: {what}.")
        else:
            log.error(event, job=job.name, due=said[1], reason=what)


def _report(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.error("job_missed", job=event.job_id, scheduled=str(event.scheduled_run_time))
    else:
        log.error("job_error", job=event.job_id, error=repr(event.exception))
