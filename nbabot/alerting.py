"""From the checks to whoever runs the service: each alert logged once, and posted exactly once per severity."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import structlog

from engine.core import words
from engine.core.alerts import Alert, Finding, Severity
from engine.core.calendar import LEAGUE_ZONE, league_day
from engine.core.posts import Draft
from engine.core.reports import ModelStatus
from engine.engine import Engine
from nbabot import embeds, jobs
from nbabot.jobs import Job

ALERTS = "alerts"
"""The name under which the schedule knows the channel for alerts."""
JOB = "job"
"""The source of findings about the schedule's own work."""
FILES = "files"
"""The source of findings about the files of model versions."""
OF_USE = timedelta(days=2)
"""How long an alert that cannot be delivered is tried: later it stands in the list of alerts only."""

log = structlog.get_logger(__name__)


class Watch:
    """The checks of one engine, and how its alerts reach the log and a channel, named by its key."""

    def __init__(self, engine: Engine, channel: str | None) -> None:
        self._engine = engine
        self._channel = channel
        self._logged: set[tuple[int, Severity]] = set()

    async def check(self, expected: Mapping[Job, str | None]) -> tuple[Alert, ...]:
        """Run every check; log what is new to this process, and put what nobody has seen yet in the outbox.

        `expected` are the jobs that should run, with the keys of their channels. Returns the open alerts.
        """
        return await asyncio.to_thread(self._check, expected)

    def _check(self, expected: Mapping[Job, str | None]) -> tuple[Alert, ...]:
        others = (*missed(self._engine, expected), *damaged(self._engine))
        found = self._engine.alerts.check(others, (JOB, FILES))
        for alert in found:
            self._log(alert)
            if self._channel and alert.acknowledged is None:
                self._engine.outbox.put(draft(alert, self._channel, self._engine))
        return found

    def _log(self, alert: Alert) -> None:
        if (alert.number, alert.severity) in self._logged:
            return
        self._logged.add((alert.number, alert.severity))
        tell = {Severity.INFO: log.info, Severity.WARNING: log.warning, Severity.CRITICAL: log.error}[alert.severity]
        tell("alert", number=alert.number, source=alert.source, subject=alert.subject, text=alert.text)


def draft(alert: Alert, channel: str, engine: Engine) -> Draft:
    """The post of an alert: one of a kind by day, number and severity, so that it may be handed in again and again."""
    kind = f"alert {alert.number} {alert.severity.value}"
    day = league_day(alert.raised)
    embed = embeds.alert(alert, engine.simulated, jobs.marker(kind, day))
    return Draft(
        league_day=day, kind=kind, channel=channel, payload=embeds.packed([embed]), expires=engine.now() + OF_USE
    )


def missed(engine: Engine, expected: Mapping[Job, str | None]) -> Iterator[Finding]:
    """The jobs that were not done yesterday, or today by the time until which they were of use.

    A job that has never run before has missed nothing.
    """
    now = engine.now().astimezone(LEAGUE_ZONE)
    began = {run.job: run.started for run in engine.runs.recent(1000)}  # newest first: the oldest one stays
    for job, channel in expected.items():
        for day in (now.date() - timedelta(days=1), now.date()):
            late = datetime.combine(day, job.until, LEAGUE_ZONE)
            if not began.get(job.name, now) < late < now:
                continue
            run = engine.runs.find(job.name, jobs.occurrence(day, channel))
            if run is None or run.state != "done":
                yield Finding(JOB, job.name, Severity.WARNING, _not_done(job, day, run.detail if run else ""))
                break


def damaged(engine: Engine) -> Iterator[Finding]:
    """The versions in use whose files are not sound: a champion goes on answering only until the next start."""
    roles = {ModelStatus.CHAMPION: Severity.CRITICAL, ModelStatus.CHALLENGER: Severity.WARNING}
    for one in engine.verify_models():
        if one.problem and one.status in roles:
            severity = roles[ModelStatus(one.status)]
            yield Finding(FILES, one.label, severity, f"{one.label}, the {one.status}: {one.problem}")


def _not_done(job: Job, day: date, reason: str) -> str:
    why = f": {reason.rstrip('.')}" if reason else ", nbabot run did not run at the time"
    return f"The {job.name} job of {words.day(day)} was not done{why}. nbabot jobs history shows its runs."
