"""The jobs of the schedule: what each one does, when it is due, until when it is of use, and what it posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.core.calendar import LEAGUE_ZONE
from engine.core.guilds import PICKS_BEFORE, Topic
from engine.engine import Engine
from nbabot import messages, work
from nbabot.messages import Message
from nbabot.settings import Settings
from nbabot.work import JobResult

RETRY = timedelta(minutes=5)
"""A job that failed, or died half-way, may be run again after this long."""
ASK_AGAIN = timedelta(minutes=30)
"""The same for a job that asks the feeds: they are not to be pressed."""
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Job:
    """Work due once a league day, or at several times of it, or on one weekday. `about` says what it does.

    Due from the times in the settings on (`schedule.NAME_time` or `schedule.NAME_times`), of use until the league time
    `until`, `days` later. One with a `topic` posts to everywhere that wants the topic, each with an occurrence of its
    own: `compose` makes the message of a day, None where there is nothing to say.
    """

    name: str
    about: str
    work: Callable[[Engine, Settings], JobResult]
    until: time = time.max
    topic: Topic | None = None
    compose: Callable[[Engine, date], Message | None] = lambda engine, day: None
    weekday: int | None = None
    days: int = 0
    asks_feeds: bool = False

    @property
    def retry(self) -> timedelta:
        """After how long it may be run again where it failed."""
        return ASK_AGAIN if self.asks_feeds else RETRY

    def times(self, settings: Settings) -> tuple[time, ...]:
        """The times of the league's day at which it is due, in order; at least one."""
        several: tuple[str, ...] | None = getattr(settings.schedule, f"{self.name}_times", None)
        texts = several if several is not None else (getattr(settings.schedule, f"{self.name}_time"),)
        return tuple(time.fromisoformat(text) for text in texts)

    def turn(self, now: datetime, settings: Settings) -> Turn | None:
        """The occurrence that is due at a moment and still of use; None where there is none."""
        today = now.astimezone(LEAGUE_ZONE).date()
        found = [
            one for back in range(self.days, -1, -1) for one in self._turns(today - timedelta(days=back), settings)
        ]
        return next((one for one in reversed(found) if one.begins <= now < one.ends), None)

    def by_hand(self, now: datetime, settings: Settings) -> Turn:
        """The occurrence that a run by hand stands for: today's or this week's, though not yet due or over already.

        Of a job that is due several times a day it is one more.
        """
        now = now.astimezone(LEAGUE_ZONE)
        days = (now.date() - timedelta(days=back) for back in range(8))
        turns = next(turns for day in days if (turns := self._turns(day, settings)))
        if len(turns) == 1:
            return turns[0]
        return Turn(turns[0].day, now, turns[-1].ends, f"{turns[0].day}T{now:%H:%M}")

    def over(self, now: datetime, settings: Settings) -> tuple[Turn, ...]:
        """The occurrences that ceased to be of use within the last day; of several a day the last one counts."""
        today = now.astimezone(LEAGUE_ZONE).date()
        days = (today - timedelta(days=back) for back in range(self.days + 1, -1, -1))
        last = [turns[-1] for day in days if (turns := self._turns(day, settings))]
        return tuple(one for one in last if one.ends <= now < one.ends + timedelta(days=1))

    def next(self, now: datetime, settings: Settings) -> datetime:
        """When it is due next after a moment."""
        today = now.astimezone(LEAGUE_ZONE).date()
        found = (one.begins for ahead in range(9) for one in self._turns(today + timedelta(days=ahead), settings))
        return next(begins for begins in found if begins > now)

    def _turns(self, day: date, settings: Settings) -> list[Turn]:
        """The occurrences of a league day in order: each is of use until the next one begins."""
        times = self.times(settings)
        if self.weekday not in (None, day.weekday()):
            return []
        begins = [_at(day, at) for at in times]
        ends = [*begins[1:], _at(day + timedelta(days=self.days), self.until)]
        names = [f"{day}T{at:%H:%M}" if len(times) > 1 else f"{day}" for at in times]
        return [Turn(day, *one) for one in zip(begins, ends, names, strict=False)]


@dataclass(frozen=True, slots=True)
class Turn:
    """One occurrence of a job: its league day, from when and until when it may run, and its name in the runs."""

    day: date
    begins: datetime
    ends: datetime
    due: str

    def at(self, channel: str | None) -> str:
        """Its name for one channel: a day done for one is not done for another."""
        return f"{self.due} {channel}" if channel else self.due


_POSTING = (
    Job("recap", "grade yesterday's picks and post the results", work.grade_yesterday, topic=Topic.RECAP,
        compose=messages.recap),
    Job("weekly", "on Mondays post how the week's picks did", work.grade_week, topic=Topic.WEEKLY,
        compose=messages.weekly, weekday=MONDAY, days=2),
    Job("picks", "freeze today's picks and post them", work.freeze_picks, PICKS_BEFORE, Topic.PICKS, messages.picks),
)  # fmt: skip
_FETCHING = (
    Job("sync", "fetch results, schedule, players, odds and injuries", work.fetch_all, asks_feeds=True),
    Job("news", "fetch schedule, odds and injuries before the picks", work.fetch_news, PICKS_BEFORE, asks_feeds=True),
    Job("closing", "fetch odds and injuries before the evening's games", work.fetch_closing, asks_feeds=True),
)
_REFRESH = Job("refresh", "edit the day's post where news moves a pick", work.refresh_picks, asks_feeds=True)
_BACKUP = Job("backup", "save the database and the models made here", work.back_up)
_CLEANUP = Job("cleanup", "delete what need not be remembered", work.clean_up)
_RETRAIN = Job("retrain", "train the model in production anew, once a week", work.retrain)

JOBS = {job.name: job for job in (*_FETCHING, *_POSTING, _REFRESH, _BACKUP, _CLEANUP, _RETRAIN)}
"""Every job by its name, in the order in which those due at the same time run: the longest last."""


def scheduled(engine: Engine, settings: Settings) -> tuple[Job, ...]:
    """The jobs to run: in a simulated league, and where the settings say so, feeds are left alone."""
    left_out = set() if settings.retrain.weekly else {_RETRAIN.name}
    if engine.simulated or not settings.sources.enabled:
        left_out |= {job.name for job in _FETCHING}
    return tuple(job for job in JOBS.values() if job.name not in left_out)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LEAGUE_ZONE)
