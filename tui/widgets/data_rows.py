"""What is stored, how the feeds have fared, progress and check-ups in words: pure functions from records, no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.calendar import season_label
from engine.core.reports import Status
from engine.core.sync_reports import Check, Correction, Health, HostState, SyncReport, SyncTask, TaskHistory
from tui.widgets import text as texts
from tui.widgets.job_rows import pairs, shortened, stamp, took
from tui.widgets.table import Column, room

NOTHING = (
    "Nothing is stored yet: s fetches the league's results, `nbabot import PATH` reads files, `nbabot demo` plays one."
)
_TASK = (Column("Feed", 8), Column("State", 7), Column("Last success", 27), Column("Last failure", 15))
_MORE = (Column("New", 6, right=True), Column("Changed", 7, right=True), Column("Source", 20))
_CORRECTION = (Column("Found", 15), Column("Of", 20))
_MARKS = {Health.OK: ("✓", "green"), Health.WARNING: ("!", "yellow"), Health.FAILED: ("✗", "bold red")}
_STATES = {"done": "green", "failed": "bold red", "skipped": ""}
_BAR = 24
Stages = Mapping[str, tuple[int, int]]
"""How far long work came: done and total units by stage, in the order in which they began."""


def stored(status: Status, days: tuple[date, date] | None) -> Grid | Text:
    """How much is stored, of when, how old it is, and what answers from it."""
    if not status.games and days is None:
        return Text(NOTHING)
    labels = [season_label(season) for season in status.seasons]
    seasons = "none yet" if not labels else labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
    rows = f"{status.player_rows:,} player rows, {status.score_rows:,} scores, {status.closing_lines:,} closing lines"
    facts = {
        "results": f"{status.games:,} games, {seasons}",
        "schedule": f"{words.day(days[0])} to {words.day(days[1])}" if days else "none",
        "beside": rows,
        "newest": f"{words.through(status.data_through)}{_age(status)}",
        "model": status.champion or "none in production: `nbabot train game`, then promote one on Models",
    }
    notes = {"note" if not at else " " * at: note for at, note in enumerate(status.notes)}
    return pairs({**facts, **notes})


def task_columns(width: int) -> tuple[Column, ...]:
    """Columns of the feeds in a table as wide as `width`."""
    columns: tuple[Column, ...] = _TASK
    for more in _MORE:
        if room(width, columns) >= more.width + 2:
            columns = (*columns, more)
    return columns


def task_row(one: TaskHistory, now: datetime, columns: Sequence[Column]) -> tuple[str | Text, ...]:
    """One feed in the cells of `task_columns`; `now` is the machine's clock."""
    newest = one.newest
    good = f"{stamp(one.last_good)}, {ago(now - one.last_good)}" if one.last_good else "never"
    failed = stamp(one.last_failed.started) if one.last_failed else "never"
    cells = (newest.task, newest.state, good, failed, f"{newest.new:,}", f"{newest.changed:,}", newest.source or "–")
    shown = [shortened(cell, column.width) for cell, column in zip(cells, columns, strict=False)]
    return shown[0], _state(newest), *shown[2:]


def task_details(one: TaskHistory) -> Grid:
    """All that is known of a feed's newest run, and how it last failed."""
    newest = one.newest
    facts = {
        "state": newest.state,
        "began": words.moment(newest.started),
        "took": took(timedelta(seconds=newest.seconds)),
        "answered": f"{newest.source or 'nobody'}, {texts.plural(newest.calls, 'call')}",
        "rows": f"{newest.new:,} new, {newest.changed:,} changed, {newest.unchanged:,} the same",
        "last success": words.moment(one.last_good) if one.last_good else "never",
    }
    if newest.detail:
        facts["because"] = newest.detail
    if oddities := _oddities(newest):
        facts["noted"] = "\n".join(oddities)
    if one.last_failed is not None and one.last_failed != newest:
        facts["last failure"] = f"{words.moment(one.last_failed.started)}: {one.last_failed.detail}"
    return pairs(facts)


def hosts(found: Sequence[HostState]) -> Text:
    """Which hosts are left alone or have failed lately."""
    if not found:
        return Text("No host is left alone: each answered when it was last asked.", style="dim")
    lines = []
    for one in found:
        times = f"{texts.plural(one.failures, 'failure')} in a row"
        pause = (
            f", left alone until {stamp(one.paused_until)}" if one.paused_until else ", asked again by the next sync"
        )
        lines.append(f"{'✗' if one.paused_until else '!'} {one.host}: {times}{pause}")
    return Text("\n".join(lines), style="yellow")


def correction_columns(width: int) -> tuple[Column, ...]:
    """Columns of the corrections in a table as wide as `width`; what changed takes what the others leave."""
    return (*_CORRECTION, Column("What changed", max(16, room(width, _CORRECTION) - 2)))


def correction_row(one: Correction, columns: Sequence[Column]) -> tuple[str, ...]:
    """One correction in the cells of `correction_columns`."""
    cells = (stamp(one.moment), one.who or f"{one.what} {one.game_id}", changes(one))
    return tuple(shortened(cell, column.width) for cell, column in zip(cells, columns, strict=True))


def correction_details(one: Correction) -> Grid:
    """All that is known of a correction."""
    facts = {"found": words.moment(one.moment), "game": f"{one.game_id} of {one.league_day}", "what": one.what}
    return pairs({**facts, "of": one.who or "the game", "changed": changes(one).replace(", ", "\n")})


def changes(one: Correction) -> str:
    """`pts 21 to 23, reb 4 to 5`."""
    return ", ".join(f"{name} {before} to {after}" for name, (before, after) in one.changes.items())


def progress(stages: Stages) -> Grid:
    """A bar for each stage that long work has reached."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    for stage, (done, total) in stages.items():
        share = done / total if total else 1.0
        count = f"{done:,} of {total:,}" if done < total else "done"
        grid.add_row(stage, Text(texts.bar(share, _BAR), style="cyan"), count)
    return grid


def synchronised(report: SyncReport) -> Grid:
    """What became of each task of a synchronisation, with reasons and oddities below it."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_row("", "", "new", "changed", "took", style="bold")
    for column in grid.columns[2:]:
        column.justify = "right"
    for task in report.tasks:
        seconds = took(timedelta(seconds=task.seconds))
        grid.add_row(task.task, _state(task), f"{task.new:,}", f"{task.changed:,}", seconds)
    return grid


def synchronised_notes(report: SyncReport) -> Text:
    """Why tasks failed or were skipped, what was noted, and what all of it came to."""
    lines = [f"{task.task}: {line}" for task in report.tasks for line in ((task.detail,) if task.detail else ())]
    lines += [f"{task.task}: {note}" for task in report.tasks for note in _oddities(task)]
    regraded = f", {texts.plural(report.regraded, 'pick')} graded" if report.regraded else ""
    next_step = " s tries again, d looks further." if report.failed else ""
    return Text("\n".join((f"{took(timedelta(seconds=report.seconds))}{regraded}.{next_step}", *lines)))


def check_up(checks: Sequence[Check]) -> Grid:
    """Each check with what was found, and what to do where something is not well."""
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for check in sorted(checks, key=lambda one: list(Health)[::-1].index(one.health)):
        mark, colour = _MARKS[check.health]
        found = Text(check.found)
        if check.remedy:
            found.append(f"\n→ {check.remedy}", style="bold")
        grid.add_row(Text(mark, style=colour), check.name, found)
    return grid


def verdict(checks: Sequence[Check]) -> str:
    """`All is well.`, or how much is not."""
    failed, warned = (sum(one.health is health for one in checks) for health in (Health.FAILED, Health.WARNING))
    if not failed and not warned:
        return "All is well."
    return f"{texts.plural(len(checks), 'check')}: {failed} failed, {texts.plural(warned, 'warning')}."


def ago(span: timedelta) -> str:
    """`5 min ago`, `3 h ago`, `2 d ago`."""
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes:.0f} min ago"
    return f"{minutes / 60:.0f} h ago" if minutes < 60 * 48 else f"{minutes / 60 / 24:.0f} d ago"


def _age(status: Status) -> str:
    if status.data_through is None:
        return ""
    days = (status.as_of.date() - status.data_through).days
    return f", {texts.plural(days, 'day')} before this one" if days > 0 else ""


def _state(task: SyncTask) -> Text:
    return Text(task.state, style=_STATES.get(task.state, ""))


def _oddities(task: SyncTask) -> list[str]:
    return [*(f"rejected {count:,}: {reason}" for reason, count in task.rejected.items()), *task.notes]
