"""The scheduled work: `jobs list`, `run`, `history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from engine.core import words
from engine.core.errors import UsageError
from engine.core.reports import JobRun
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command, group

if TYPE_CHECKING:
    from nbabot.settings import Settings

ABOUT = {"recap": "grade yesterday's picks and post the results", "picks": "freeze today's picks and post them"}

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
    rows = [(name, f"{at} ET", ABOUT[name], _outcome(last.get(name))) for name, at in times.items()]
    show_table(("job", "daily at", "what it does", "last run"), rows)


def run_job(session: Session, name: Name, console: Console = False) -> None:
    """Run a job now, unless it is done for the day."""
    if name not in ABOUT:
        raise UsageError(f"There is no job '{name}': the jobs are {' and '.join(ABOUT)}.")
    import asyncio

    show(asyncio.run(_run(session, name, console)))


def history(session: Session, limit: Limit = 20) -> None:
    """The latest runs of all jobs, newest first."""
    runs = session.engine.runs.recent(limit)
    if session.as_json:
        show_json({"runs": [json_output.job_run(run) for run in runs]})
    elif runs:
        rows = [(run.job, run.due, run.state, words.moment(run.started), run.detail) for run in runs]
        show_table(("job", "for", "state", "started", "detail"), rows)
    else:
        show("No job has run yet: nbabot run starts the schedule.")


async def _run(session: Session, name: str, console: bool) -> str:
    """Do the job's work, deliver to the terminal if asked, and say what came of it."""
    from nbabot.channels import CONSOLE_KEY, ConsoleChannel
    from nbabot.jobs import RETRY, run_recorded
    from nbabot.posting import flush

    engine = session.engine
    channel = CONSOLE_KEY if console else _channel(session.settings, name)
    result = await run_recorded(engine, name, channel)
    if result is None:
        minutes = int(RETRY.total_seconds()) // 60
        return f"The job {name} is done for {engine.today()}, or was begun less than {minutes} minutes ago."
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
    return {"job": name, "at": at, "zone": "America/New_York", "about": ABOUT[name], "last_run": run}


def _outcome(run: JobRun | None) -> str:
    return "never" if run is None else f"{run.state} for {run.due}"
