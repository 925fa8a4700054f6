"""What the terminal UI's screens of jobs and data need beside the engine; it implements `tui.desk.Desk`.

The schedule is imported when it is first asked for: with it comes all of Discord, for which no first paint waits.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.progress import Progress
from engine.core.reports import ScheduledJob
from engine.core.sync_reports import Check
from nbabot import logs
from nbabot.cli.session import Session

if TYPE_CHECKING:
    from nbabot.job_runs import JobStanding


class OperatorDesk:
    """The schedule, the log and the check-up of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def log(self) -> Path:
        """The log file of the home folder."""
        return logs.log_path(self._session.settings.home)

    def jobs(self) -> tuple[ScheduledJob, ...]:
        """The jobs of the schedule by their time of the day."""
        from nbabot import job_runs, jobs

        engine, settings = self._session.engine, self._session.settings
        scheduled = jobs.scheduled(engine, settings)
        found = sorted((job_runs.standing(engine, settings, job) for job in scheduled), key=lambda one: one.times)
        return tuple(self._row(one) for one in found)

    def run(self, name: str) -> str:
        """Run a job now and say what came of it. Raises NbabotError."""
        from nbabot.cli.jobs import run_by_hand

        return run_by_hand(self._session, name)

    def check_up(self, progress: Progress) -> tuple[Check, ...]:
        """All that `nbabot doctor` checks."""
        from nbabot.cli.doctor import check_all

        return check_all(self._session.settings, progress)

    def _row(self, one: JobStanding) -> ScheduledJob:
        return ScheduledJob(one.job.name, one.job.about, self._state(one), one.last, None if one.due else one.next)

    def _state(self, one: JobStanding) -> str:
        """How the occurrence stands that is due, else whether the last one was missed."""
        engine, settings, now = self._session.engine, self._session.settings, self._session.engine.now()
        turn = one.job.turn(now, settings)
        if turn is not None:
            run = engine.runs.find(one.job.name, turn.due)
            return run.state if run else "due"
        over = one.job.over(now, settings)
        last = engine.runs.find(one.job.name, over[-1].due) if over else None
        missed = bool(over) and one.last is not None and (last is None or last.state != "done")
        return "missed" if missed else "waiting"
