"""The scheduled work: `jobs list`, `run`, `history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import UsageError
from engine.core.reports import JobRun
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command, group

if TYPE_CHECKING:
    from engine.engine import Engine
    from nbabot.jobs import Job

Name = Annotated[str, typer.Argument(metavar="NAME", help="A job that nbabot jobs list names.")]
Console = Annotated[bool, typer.Option("--console", help="Post to this terminal.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many runs.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    jobs = group(app, "jobs", "See and run the scheduled work.")
    command(jobs, "list", as_json=True)(list_jobs)
    command(jobs, "run")(run_job)
    command(jobs, "history", as_json=True)(history)


def list_jobs(session: Session) -> None:
    """Each job, its time of the league's day, and how it last went."""
    from nbabot.jobs import scheduled

    last = {run.job: run for run in reversed(session.engine.runs.recent(200))}
    jobs = scheduled(session.engine, session.settings)
    timed = sorted(((job.at(session.settings), job) for job in jobs), key=lambda one: one[0])
    if session.as_json:
        show_json({"jobs": [_job_json(job, f"{at:%H:%M}", last.get(job.name)) for at, job in timed]})
        return
    rows = [(job.name, f"{at:%H:%M} ET", job.about, _outcome(last.get(job.name))) for at, job in timed]
    show_table(("job", "daily at", "what it does", "last run"), rows)


def run_job(session: Session, name: Name, console: Console = False) -> None:
    """Run a job now, unless it is done for the day."""
    import asyncio

    from nbabot.channels import CONSOLE_KEY
    from nbabot.jobs import every

    jobs = every()
    job = jobs.get(name)
    if job is None:
        raise UsageError(f"There is no job '{name}': the jobs are {', '.join(jobs)}.")
    channel = CONSOLE_KEY if console and job.posts else job.channel_key(session.settings)
    if channel is None and job.posts:
        raise UsageError(f"No channel is set to post the {name} to: set discord.picks_channel_id or add --console.")
    now = session.engine.now().astimezone(LEAGUE_ZONE)
    if now.time() >= job.until:
        raise UsageError(
            f"It is {now:%H:%M} ET and the day's games have begun: {name} are due before {job.until:%H:%M}."
        )
    show(asyncio.run(_run(session.engine, job, channel)))


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


async def _run(engine: Engine, job: Job, channel: str | None) -> str:
    """Do the job's work, deliver to the terminal if asked, and say what came of it."""
    from nbabot.channels import CONSOLE_KEY, ConsoleChannel
    from nbabot.jobs import run_recorded
    from nbabot.posting import flush

    result = await run_recorded(engine, job.name, channel)
    if result is None:
        return _refusal(engine, job, channel)
    if channel == CONSOLE_KEY:
        await flush(engine, ConsoleChannel())
    later = "; the running bot posts it within a minute" if result.posted and channel != CONSOLE_KEY else ""
    return f"{result.detail[0].upper()}{result.detail[1:]}{later}."


def _refusal(engine: Engine, job: Job, channel: str | None) -> str:
    """Why a job did not run: it is done, or another run of it is under way or has just failed."""
    from nbabot.jobs import occurrence

    run = engine.runs.find(job.name, occurrence(engine.today(), channel))
    if run is None:
        return f"The {job.name} job is being begun by another run."
    again = words.moment(run.started + job.retry)
    if run.state == "done":
        return f"The {job.name} job was done on {words.moment(run.finished or run.started)}: {run.detail}."
    if run.state == "running":
        return f"Another run of the {job.name} job has not ended yet; if that one died, run it again on {again}."
    return f"The {job.name} job has just failed ({run.detail.rstrip('.')}): it may run again on {again}."


def _job_json(job: Job, at: str, last: JobRun | None) -> dict[str, object]:
    run = None if last is None else json_output.job_run(last)
    return {"job": job.name, "at": at, "zone": "America/New_York", "about": job.about, "last_run": run}


def _outcome(run: JobRun | None) -> str:
    return "never" if run is None else f"{run.state} for {run.due}"
