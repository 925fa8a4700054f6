"""The scheduled work: `jobs list`, `run`, `history`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from engine.core.errors import NbabotError, UsageError
from engine.core.reports import JobRun
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command, group
from nbabot.cli.text import moment

if TYPE_CHECKING:
    from nbabot.settings import Settings

_ABOUT = {"recap": "grade yesterday's picks and post the results", "picks": "freeze today's picks and post them"}
_LEASE = timedelta(minutes=5)
"""A run in hand in another process is left alone for this long."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="picks or recap.")]
Console = Annotated[bool, typer.Option("--console", help="Post to this terminal.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many runs.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    jobs = group(app, "jobs", "See and run the scheduled work.")
    command(jobs, "list", as_json=True)(list_jobs)
    command(jobs, "run", as_of=True)(run_job)
    command(jobs, "history", as_json=True)(history)


def list_jobs(session: Session) -> None:
    """Each job, its time of the league's day, and how it last went."""
    last = {run.job: run for run in reversed(session.engine.runs.recent(200))}
    times = _times(session.settings)
    if session.as_json:
        show_json({"jobs": [_job_json(name, at, last.get(name)) for name, at in times.items()]})
        return
    rows = [(name, f"{at} ET", _ABOUT[name], _outcome(last.get(name))) for name, at in times.items()]
    show_table(("job", "daily at", "what it does", "last run"), rows)


def run_job(session: Session, name: Name, console: Console = False) -> None:
    """Run a job now, unless it is done for the day."""
    if name not in _ABOUT:
        raise UsageError(f"There is no job '{name}': the jobs are {' and '.join(_ABOUT)}.")
    import asyncio

    show(asyncio.run(_run(session, name, console)))


def history(session: Session, limit: Limit = 20) -> None:
    """The latest runs of all jobs, newest first."""
    runs = session.engine.runs.recent(limit)
    if session.as_json:
        show_json({"runs": [json_output.job_run(run) for run in runs]})
    elif runs:
        rows = [(run.job, run.due, run.state, moment(run.started), run.detail) for run in runs]
        show_table(("job", "for", "state", "started", "detail"), rows)
    else:
        show("No job has run yet: nbabot run starts the schedule.")


async def _run(session: Session, name: str, console: bool) -> str:
    """Do the job's work under its row in the runs, and say what came of it."""
    from nbabot import jobs
    from nbabot.channels import CONSOLE_KEY, ConsoleChannel
    from nbabot.posting import flush

    engine = session.engine
    due = engine.today().isoformat()
    if not engine.runs.begin(name, due, _machine_now(), _LEASE):
        return f"The job {name} is done for {due}, or was begun less than {_LEASE.seconds // 60} minutes ago."
    channel = CONSOLE_KEY if console else _channel(session.settings, name)
    try:
        result = await (jobs.post_picks if name == "picks" else jobs.post_recap)(engine, channel)
    except NbabotError as error:
        engine.runs.fail(name, due, _machine_now(), str(error))
        raise
    close = engine.runs.finish if result.done else engine.runs.fail
    close(name, due, _machine_now(), result.detail)
    if console:
        await flush(engine, ConsoleChannel())
        return result.detail
    return result.detail + (
        "; the running bot posts it within a minute." if channel else "; no channel is set to post to."
    )


def _channel(settings: Settings, name: str) -> str | None:
    picks = settings.discord.picks_channel_id
    number = picks if name == "picks" else settings.discord.recap_channel_id or picks
    return None if number is None else f"discord:{number}"


def _times(settings: Settings) -> dict[str, str]:
    return {"recap": settings.schedule.recap_time, "picks": settings.schedule.picks_time}


def _job_json(name: str, at: str, last: JobRun | None) -> dict[str, object]:
    run = None if last is None else json_output.job_run(last)
    return {"job": name, "at": at, "zone": "America/New_York", "about": _ABOUT[name], "last_run": run}


def _outcome(run: JobRun | None) -> str:
    return "never" if run is None else f"{run.state} for {run.due}"


def _machine_now() -> datetime:
    return datetime.now(UTC)
