"""One synchronisation from beginning to end: the tasks in their order, each with its report kept in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from engine import pipeline
from engine.core import calendar
from engine.core.errors import DatabaseError, UsageError
from engine.core.progress import Progress
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncRequest, SyncTask
from engine.pipeline import Retry, Task, TaskReport
from engine.store import state, sync
from engine.store.database import Database
from engine.sync import league, market
from engine.sync.league import PLAYERS, PLAYS, RESULTS, SCHEDULE
from engine.sync.lock import only_one
from engine.sync.market import INJURIES, ODDS
from engine.sync.scope import Scope, seasons_of
from engine.sync.sources import archive_of, open_sources

_WORK: dict[str, Callable[[Scope], None]] = {
    SCHEDULE: league.sync_schedule,
    RESULTS: league.sync_results,
    PLAYERS: league.sync_players,
    ODDS: market.sync_odds,
    INJURIES: market.sync_injuries,
    PLAYS: league.sync_plays,
}
_AFTER: dict[str, tuple[str, ...]] = {
    RESULTS: (SCHEDULE,),
    ODDS: (SCHEDULE,),
    INJURIES: (PLAYERS, RESULTS),
    PLAYS: (RESULTS,),
}
TASKS = tuple(_WORK)
DAILY = tuple(name for name in TASKS if name != PLAYS)
"""What is done when no task is named: score timelines cost a call a game, so they are fetched only when asked for."""


def chosen(only: tuple[str, ...]) -> tuple[str, ...]:
    """The tasks to do, each once; all daily ones when none is named. Raises UsageError for an unknown name."""
    unknown = [name for name in only if name not in _WORK]
    if unknown:
        raise UsageError(f"There is no task '{unknown[0]}': choose among {', '.join(TASKS)}.")
    return tuple(dict.fromkeys(only)) or DAILY


def check_day(request: SyncRequest) -> None:
    """Raise UsageError when the day cannot lie in a season that is named; one season ran into the next October."""
    if request.day is None or not request.seasons:
        return
    season = calendar.season_of(request.day)
    if not {season, season - 1} & set(request.seasons):
        label = calendar.season_label(season)
        raise UsageError(f"{request.day} lies in {label}, not in the seasons named: give --date or --seasons.")


def sync_home(
    database: Database, access: SourceAccess, request: SyncRequest, now: Callable[[], datetime], progress: Progress
) -> tuple[SyncTask, ...]:
    """Bring a home folder up to date, alone on it. Raises UsageError in a simulated league, BusyError, as `chosen`."""
    if state.is_simulated(database):
        raise UsageError(
            f"{database.path.parent} holds a simulated league, which is never mixed with fetched games: name another "
            "folder with --home."
        )
    names = chosen(request.only)
    check_day(request)
    with only_one(database.path.parent), open_sources(access, now, database) as sources:
        seasons = request.seasons or seasons_of(database, calendar.league_day(now()), request.day)
        scope = Scope(database, sources.feed, sources.fetcher, access, now, progress, seasons, request.day)
        reports = synchronise(scope, names)
        archive_of(database, access).prune(calendar.machine_clock())
    return reports


def synchronise(scope: Scope, names: tuple[str, ...]) -> tuple[SyncTask, ...]:
    """Do the named tasks. Their reports are kept as each one ends, and returned in the order in which they ran."""
    reports: list[SyncTask] = []

    def keep(end: TaskReport) -> None:
        reports.append(scope.tallies[end.task].report(end))
        sync.put_report(scope.database, scope.now, reports[-1])

    tasks = [Task(name, partial(_attempt, scope, name), after=_AFTER.get(name, ())) for name in names]
    pipeline.run(tasks, Retry(_worth_another_try), keep)
    return tuple(reports)


def _attempt(scope: Scope, name: str) -> None:
    tally = scope.tallies[name]
    tally.failures.clear()
    before = scope.server.calls
    try:
        _WORK[name](scope)
    finally:
        tally.calls += scope.server.calls - before


def _worth_another_try(error: Exception) -> bool:
    """Whether to do a task again at once: feeds are tried again by the fetcher, a database in use may be free now."""
    return isinstance(error, DatabaseError)
