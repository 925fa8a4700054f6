"""What may be wrong with an installation, one check per source: each looks, and says what it finds at this moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from engine.core.alerts import Finding, Severity
from engine.core.calendar import league_day
from engine.core.errors import BundleError, NoModelError
from engine.core.monitor_reports import MonitorReport, Trend
from engine.predictions.notes import stale_note
from engine.store import games, state, sync
from engine.store.database import Database

MODEL, DRIFT, PERFORMANCE, FEED, DATA, DISK = "model", "drift", "performance", "feed", "data", "disk"
CHECKED = (MODEL, DRIFT, PERFORMANCE, FEED, DATA, DISK)
"""The sources that are looked at here; a face adds findings of its own, such as missed jobs."""
SLOW = timedelta(days=14)
"""Cooldown of what windows of 200 games show: they move so slowly that one fault may cross a limit several times."""
LITTLE_SPACE, NO_SPACE = 2**30, 200 * 2**20
"""Bytes: below the first a few weeks of payloads may not fit, below the second the database may not."""
OLD_DAYS = 4
"""Days without a result, where some are due, from which forecasts are no better than guesses of last week."""


def check_model(report: MonitorReport | BundleError | NoModelError) -> Iterator[Finding]:
    """The model in production, by what monitoring says of it or why it could not."""
    if isinstance(report, NoModelError):
        yield Finding(MODEL, "game", Severity.CRITICAL, str(report))
    elif isinstance(report, BundleError):
        yield Finding(MODEL, "game", Severity.WARNING, str(report))
    else:
        yield from _watched(report)


def check_feeds(database: Database) -> Iterator[Finding]:
    """The tasks of the last synchronisation that failed."""
    for task in sync.newest_reports(database):
        if task.failed:
            yield Finding(FEED, task.task, Severity.WARNING, f"Fetching {task.task} failed: {task.detail}")


def check_data(database: Database, now: datetime) -> Iterator[Finding]:
    """How old the newest result is, where newer ones are due."""
    today = league_day(now)
    newest = games.newest_result(database, today)
    note = "" if state.is_simulated(database) else stale_note(database, newest, today)
    if note and newest is not None:
        severity = Severity.CRITICAL if (today - newest).days > OLD_DAYS else Severity.WARNING
        yield Finding(DATA, "results", severity, note)


def check_disk(home: Path) -> Iterator[Finding]:
    """The space left where the home folder lies."""
    try:
        free = shutil.disk_usage(home).free
    except OSError as error:
        yield Finding(
            DISK, "space", Severity.CRITICAL, f"{home} cannot be looked at ({error.strerror}): check its disk."
        )
        return
    if free < LITTLE_SPACE:
        severity = Severity.CRITICAL if free < NO_SPACE else Severity.WARNING
        left = f"{free / 2**20:,.0f} MiB are free where {home} lies"
        yield Finding(DISK, "space", severity, f"{left}: free some space, or results and picks are lost.")


def _watched(report: MonitorReport) -> Iterator[Finding]:
    own = next((one for one in report.performance if one.model == report.model), None)
    said = f"{report.summary} {report.recommendation}"
    if own is not None and own.alarming:
        yield Finding(PERFORMANCE, report.model, Severity.CRITICAL, said, SLOW)
    elif own is not None and own.trend is Trend.DEGRADING:
        yield Finding(PERFORMANCE, report.model, Severity.INFO, report.summary, SLOW)
    if report.drifting:
        yield Finding(DRIFT, report.model, Severity.WARNING, said, SLOW)
