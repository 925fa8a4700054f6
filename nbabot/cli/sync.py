"""The league's feeds: `sync`, `feeds`, `corrections`, `replay-raw`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from engine.core import calendar, words
from engine.core.errors import SourceError
from engine.core.sync_reports import Correction, SyncReport, SyncRequest, SyncTask, TaskHistory
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_table
from nbabot.cli.session import Day, Session, command

Seasons = Annotated[
    str | None,
    typer.Option("--seasons", metavar="A..B", help="Whole seasons, such as 2022-23..2024-25.", show_default=False),
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="TASK,...",
        help="Only these: schedule, results, players, odds, injuries, plays.",
        show_default=False,
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many.")]

_COLUMNS = ("task", "state", "new", "changed", "same", "rejected", "seconds", "source")
_SHORT = {"ak-static.cms.nba.com": "injury report", "api.the-odds-api.com": "The Odds API"}
"""Names that leave room in 80 columns."""


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_json=True)(sync)
    command(app, as_json=True)(feeds)
    command(app, as_json=True)(corrections)
    command(app, "replay-raw", as_json=True)(replay_raw)


def sync(session: Session, seasons: Seasons = None, date: Day = None, only: Only = None) -> None:
    """Fetch what is new from the league's feeds.

    Stopped at any point, it goes on from there the next time. Score timelines (plays) come only when named: they cost
    a call for every game. The exit code is 1 when a task failed; the others are done all the same.
    """
    request = SyncRequest(
        seasons=() if seasons is None else calendar.parse_seasons(seasons),
        day=session.day(date),
        only=() if only is None else tuple(name.strip().lower() for name in only.split(",")),
    )
    try:
        with progress_bar() as progress:
            report = session.engine.sync(request, progress)
            session.engine.refresh_players(progress)
    except KeyboardInterrupt:
        print("Stopped: what was finished stays. Run the same again to go on.", file=sys.stderr)
        raise
    _show(session, report)


def replay_raw(session: Session) -> None:
    """Read what the feeds sent once more, as after an update.

    Nothing is fetched. Payloads are kept for sources.raw_keep_days days.
    """
    with progress_bar() as progress:
        report = session.engine.replay_raw(progress)
        session.engine.refresh_players(progress)
    _show(session, report)


def feeds(session: Session) -> None:
    """How each feed last went, and which hosts are left alone.

    Asks nobody: nbabot doctor does.
    """
    tasks, hosts = session.engine.feeds.tasks(), session.engine.feeds.hosts()
    if session.as_json:
        show_json({"feeds": [_feed_json(one) for one in tasks], "hosts": json_output.plain(hosts)})
        return
    if tasks:
        show_table(("feed", "state", "last success", "last failure"), [_feed_row(one) for one in tasks])
    else:
        show("Nothing was ever fetched: nbabot sync fetches the league's results.")
    if hosts:
        show()
    for host in hosts:
        times = "1 failure" if host.failures == 1 else f"{host.failures} failures in a row"
        until = f", left alone until {words.moment(host.paused_until)}" if host.paused_until else ""
        show(f"{host.host}: {times}{until}.")


def corrections(session: Session, limit: Limit = 20) -> None:
    """Stored facts that turned out different later.

    Box scores that the league corrected, games that were moved, put off or called off.
    """
    found = session.engine.corrections(limit)
    if session.as_json:
        show_json({"corrections": [json_output.correction(one) for one in found]})
    elif found:
        show_table(("found", "game", "day", "of", "what changed"), [_correction_row(one) for one in found])
    else:
        show("No stored fact has changed since it was stored.")


def _show(session: Session, report: SyncReport) -> None:
    if session.as_json:
        show_json(json_output.synchronised(report))
    else:
        show_report(report)
    if report.failed:
        bad, every = len(report.failed), len(report.tasks)
        raise SourceError(
            f"{bad} of {every} tasks failed, as told above: run nbabot sync again, or nbabot doctor to look further."
        )


def show_report(report: SyncReport) -> None:
    """Print the table, what it does not say, and what all of it came to."""
    show_table(_COLUMNS, [_row(task) for task in report.tasks], right=range(2, 7))
    lines = [line for task in report.tasks for line in _oddities(task)]
    if lines:
        show()
    for line in lines:
        show(line)
    regraded = f"; {report.regraded} picks graded" if report.regraded else ""
    calls = sum(task.calls for task in report.tasks)
    show(f"\n{report.seconds:.1f} s, {calls:,} {'call' if calls == 1 else 'calls'}{regraded}.")


def _row(task: SyncTask) -> tuple[str, ...]:
    rejected = sum(task.rejected.values())
    counts = (f"{count:,}" for count in (task.new, task.changed, task.unchanged, rejected))
    return (task.task, task.state, *counts, f"{task.seconds:.1f}", _SHORT.get(task.source, task.source))


def _oddities(task: SyncTask) -> list[str]:
    """Why a task failed or was skipped, what was rejected, and what was noted."""
    return [
        *([f"{task.state} {task.task}: {task.detail}"] if task.detail else []),
        *(f"rejected {count:,} of {task.task}: {reason}" for reason, count in task.rejected.items()),
        *(f"note on {task.task}: {note}" for note in task.notes),
    ]


def _feed_row(one: TaskHistory) -> tuple[str, ...]:
    failed = one.last_failed
    return (
        one.newest.task,
        one.newest.state,
        words.moment(one.last_good) if one.last_good else "never",
        f"{words.moment(failed.started)}: {failed.detail.rstrip('.')}" if failed else "never",
    )


def _feed_json(one: TaskHistory) -> dict[str, object]:
    failed = one.last_failed
    return {
        "task": one.newest.task,
        "state": one.newest.state,
        "source": one.newest.source,
        "last_success": json_output.plain(one.last_good),
        "last_failure": json_output.plain(failed.started if failed else None),
        "reason": failed.detail if failed else None,
    }


def _correction_row(one: Correction) -> tuple[str, ...]:
    changes = ", ".join(f"{name} {before} to {after}" for name, (before, after) in one.changes.items())
    return words.moment(one.moment), one.game_id, one.league_day, one.who or one.what, changes
