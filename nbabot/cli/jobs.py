"""The scheduled work: `jobs list`, `run`, `history`."""

from __future__ import annotations

from datetime import datetime
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
    from nbabot.destinations import Destination
    from nbabot.job_runs import JobStanding
    from nbabot.jobs import Job, Turn

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
    """The jobs: when each runs next, how it last went, where it posted."""
    from nbabot.job_runs import standing
    from nbabot.jobs import scheduled

    jobs = scheduled(session.engine, session.settings)
    found = sorted((standing(session.engine, session.settings, job) for job in jobs), key=lambda one: one.times)
    if session.as_json:
        show_json({"jobs": [_job_json(one) for one in found]})
        return
    rows = [(one.job.name, _times(one), _next(one), one.job.about, _outcome(one.last), one.posts) for one in found]
    show_table(("job", "at (ET)", "next (ET)", "what it does", "last run", "posts"), rows)


def run_job(session: Session, name: Name, console: Console = False) -> None:
    """Run a job now, unless it is done for the day.

    Servers still get its post at their own time.
    """
    show(run_by_hand(session, name, console=console))


def run_by_hand(session: Session, name: str, *, console: bool = False) -> str:
    """Run a job now and say what came of it. Raises UsageError where that makes no sense, and what the job raises."""
    import asyncio

    from nbabot.destinations import in_discord, on_terminal
    from nbabot.jobs import JOBS

    job = JOBS.get(name)
    if job is None:
        raise UsageError(f"There is no job '{name}': the jobs are {', '.join(JOBS)}.")
    listed = on_terminal if console else in_discord(session.engine, session.settings)
    places = listed(job.topic) if job.topic else ()
    if job.topic and not places:
        raise UsageError(f"No channel is set to post the {name} to: set discord.picks_channel_id or add --console.")
    now = session.engine.now().astimezone(LEAGUE_ZONE)
    turn = job.by_hand(now, session.settings)
    if now >= turn.ends:
        raise UsageError(_too_late(job, turn, now))
    return asyncio.run(_run(session, job, turn, places))


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


async def _run(session: Session, job: Job, turn: Turn, places: tuple[Destination, ...]) -> str:
    """Do the job's work, deliver to the terminal if asked, and say what came of it."""
    import asyncio

    from nbabot.channels import CONSOLE, ConsoleSender
    from nbabot.job_runs import hand_in, run_work
    from nbabot.posting import Courier

    engine = session.engine
    result = await asyncio.to_thread(run_work, engine, session.settings, job, turn)
    handed = await asyncio.to_thread(hand_in, engine, job, turn, places, hurry=True)
    if any(place.key == CONSOLE for place in places):
        await Courier(engine, ConsoleSender()).flush()
    elif handed.places:
        said = result.detail if result else f"the {job.name} job was done before"
        where = f" in {handed.places} channels" if handed.places > 1 else ""
        return f"{said[0].upper()}{said[1:]}; the running bot posts it{where} within a minute."
    if result is None:
        return f"The {job.name} are posted." if handed.places else _refusal(session, job, turn)
    return f"{result.detail[0].upper()}{result.detail[1:]}."


def _too_late(job: Job, turn: Turn, now: datetime) -> str:
    if turn.day == now.date():
        return f"It is {now:%H:%M} ET and the day's games have begun: {job.name} are due before {turn.ends:%H:%M}."
    return f"The {job.name} of {words.day(turn.day)} is of no use any more: wait for the next one."


def _refusal(session: Session, job: Job, turn: Turn) -> str:
    """Why a job did not run: it is done, or another run of it is under way or has just failed."""
    run = session.engine.runs.find(job.name, turn.due)
    if run is None:
        return f"The {job.name} job is being begun by another run."
    again = words.moment(run.started + job.retry)
    if run.state == "done":
        return f"The {job.name} job was done on {words.moment(run.finished or run.started)}: {run.detail}."
    if run.state == "running":
        return f"Another run of the {job.name} job has not ended yet; if that one died, run it again on {again}."
    return f"The {job.name} job has just failed ({run.detail.rstrip('.')}): it may run again on {again}."


def _job_json(one: JobStanding) -> dict[str, object]:
    return {
        "job": one.job.name,
        "at": [f"{at:%H:%M}" for at in one.times],
        "zone": LEAGUE_ZONE.key,
        "weekday": one.job.weekday,
        "next": one.next.isoformat(),
        "about": one.job.about,
        "last_run": None if one.last is None else json_output.job_run(one.last),
        "channels": {state.value: n for state, n in one.channels.items()},
    }


def _times(one: JobStanding) -> str:
    days = "" if one.job.weekday is None else "Mon "
    return f"{days}{', '.join(f'{at:%H:%M}' for at in one.times)}"


def _next(one: JobStanding) -> str:
    return "now" if one.due else f"{one.next.astimezone(LEAGUE_ZONE):%a %H:%M}"


def _outcome(run: JobRun | None) -> str:
    return "never" if run is None else f"{run.state} {run.due}"
