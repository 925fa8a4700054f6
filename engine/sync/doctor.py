"""The check-up: is everything here that a working nbabot needs? Every finding that is not well says what to do."""

from __future__ import annotations

import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from engine.core import words
from engine.core.calendar import league_day, machine_clock
from engine.core.errors import FeedMissingError, FeedPausedError, NbabotError
from engine.core.private import access_check
from engine.core.progress import Progress
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import Check, Health
from engine.models.registry import Registry
from engine.sources import injuries, injury_pdf, odds
from engine.store import state, sync
from engine.store.backup import backups
from engine.store.database import Database
from engine.store.schema import LATEST
from engine.sync.league import RESULTS
from engine.sync.sources import open_sources

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE, NO_SPACE = 2 * 2**30, 200 * 2**20
"""Bytes: what a few seasons and their raw payloads take, and what a write-ahead log may need."""
OLD = timedelta(hours=36)
BACKUP_OLD = timedelta(hours=50)
"""Two days and a little: a backup made every day has failed twice by then."""
SKEW = timedelta(seconds=30)


def check_up(
    database_file: Path, shipped: Path, access: SourceAccess, backup_folder: Path, progress: Progress
) -> tuple[Check, ...]:
    """All checks. What cannot be opened fails its check and leaves the others to be done."""
    stages: tuple[Callable[[], Iterator[Check]], ...] = (
        lambda: check_machine(database_file.parent),
        lambda: check_home(database_file, shipped),
        lambda: check_keeping(database_file, backup_folder),
        lambda: check_feeds(access),
    )
    found: list[Check] = []
    for done, stage in enumerate(stages):
        progress("checks", done, len(stages))
        found += stage()
    progress("checks", len(stages), len(stages))
    return tuple(found)


def check_home(database_file: Path, shipped: Path) -> Iterator[Check]:
    """The database, the model in production, and the data."""
    try:
        database = Database(database_file)
    except NbabotError as error:
        yield _told("database", error)
        return
    try:
        yield from check_database(database)
        registry = Registry(database, shipped, database_file.parent / "models")
        registry.install_shipped()
        yield from check_model(registry)
        yield from check_data(database, machine_clock())
    except NbabotError as error:
        yield _told("database", error)
    finally:
        database.close()


def check_keeping(database_file: Path, backup_folder: Path) -> Iterator[Check]:
    """How old the newest backup is, and whether what is kept is kept from others."""
    saved = backups(backup_folder)
    age = machine_clock() - datetime.fromtimestamp(saved[0].stat().st_mtime, UTC) if saved else None
    if age is None:
        yield Check("backup", Health.WARNING, f"none in {backup_folder}", "run nbabot backup")
    elif age > BACKUP_OLD:
        yield Check("backup", Health.WARNING, f"{saved[0]} is {age.days} days old", "run nbabot backup")
    else:
        yield Check("backup", Health.OK, str(saved[0]))
    private = (database_file.parent, database_file, *saved)
    yield access_check("access", [path for path in private if path.exists()])


def check_feeds(access: SourceAccess) -> Iterator[Check]:
    """Each feed by one question, and this machine's clock by their answers. None of it costs odds quota."""
    today = league_day(machine_clock())
    newest_report = next(injuries.report_names(machine_clock()))[1]
    with open_sources(access, machine_clock) as sources:
        for feed in sources.feed.feeds:
            yield timed(feed.name, partial(feed.scoreboard, today))
        address = access.injuries_url or injuries.BASE_URL
        yield timed(injury_pdf.HOST, partial(sources.fetcher.find, f"{address}/{newest_report}"))
        if access.odds is not None:
            address = access.odds_url or odds.BASE_URL
            key = {"apiKey": access.odds.key}
            yield timed(odds.HOST, partial(sources.fetcher.get, f"{address}/sports", {}, key))
        yield from check_clock(sources.fetcher.skew)


def check_machine(home: Path) -> Iterator[Check]:
    """Python and the disk that holds the home folder."""
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        yield Check("python", Health.FAILED, version, "install Python 3.11 or newer and nbabot into it")
    else:
        yield Check("python", Health.OK, version)
    try:
        free = shutil.disk_usage(next(path for path in (home, *home.parents) if path.exists())).free
    except OSError as error:
        yield Check("disk", Health.FAILED, f"{home} cannot be looked at ({error.strerror})", "check its access rights")
        return
    health = Health.FAILED if free < NO_SPACE else Health.WARNING if free < LITTLE_SPACE else Health.OK
    yield Check("disk", health, f"{free / 2**30:.1f} GiB free", "" if health is Health.OK else "free some space")


def check_database(database: Database) -> Iterator[Check]:
    """The file and its format; that it could be opened at all has brought it up to date."""
    damage = database.damage()
    size = f"{database.path.stat().st_size / 2**20:,.0f} MiB"
    if damage:
        remedy = "put a backup in its place with nbabot restore, or move the file away and run nbabot sync"
        yield Check("database", Health.FAILED, damage, remedy)
    else:
        yield Check("database", Health.OK, f"{database.path}, {size}, sound")
    yield Check("migrations", Health.OK, f"format {LATEST}, the one of this program")


def check_model(registry: Registry) -> Iterator[Check]:
    """The bundles of the models in production: their files and hashes. That of games must be there."""
    try:
        label = registry.champion("game").label
        for row in registry.champions():
            registry.verified(row)
    except NbabotError as error:
        yield _told("model", error)
    else:
        yield Check("model", Health.OK, f"{label}, files and hashes as registered")


def check_data(database: Database, now: datetime) -> Iterator[Check]:
    """How old the stored results are, and how the last synchronisation went."""
    if state.is_simulated(database):
        yield Check("last sync", Health.OK, "none: the league is simulated")
        return
    last = sync.last_good(database, RESULTS)
    if last is None:
        yield Check("last sync", Health.WARNING, "results were never fetched", "run nbabot sync")
    elif now - last > OLD:
        yield Check("last sync", Health.FAILED, f"results were last fetched on {words.moment(last)}", "run nbabot sync")
    else:
        yield Check("last sync", Health.OK, words.moment(last))
    for task in sync.newest_reports(database):
        if task.failed:
            yield Check(f"sync {task.task}", Health.FAILED, task.detail, f"run nbabot sync --only {task.task}")


def timed(host: str, ask: Callable[[], object]) -> Check:
    """Whether a host answers, and how fast."""
    name = f"feed {host}"
    started = time.monotonic()
    try:
        ask()
    except FeedMissingError:
        pass  # the host is there and answers
    except FeedPausedError as error:
        return Check(name, Health.WARNING, *error.parts)
    except NbabotError as error:
        return _told(name, error)
    return Check(name, Health.OK, f"answers in {time.monotonic() - started:.1f} s")


def check_clock(skew: timedelta | None) -> Iterator[Check]:
    """How this machine's clock compares with that of the feeds, if any answered."""
    if skew is None:
        yield Check("clock", Health.WARNING, "not compared: no feed answered", "see the feeds")
    elif abs(skew) > SKEW:
        way = "ahead of" if skew > timedelta() else "behind"
        found = f"{abs(skew).total_seconds():,.0f} s {way} the feeds"
        yield Check("clock", Health.FAILED, found, "set the machine's clock: picks are judged by it")
    else:
        yield Check("clock", Health.OK, "agrees with the feeds")


def _told(name: str, error: NbabotError) -> Check:
    return Check(name, Health.FAILED, *error.parts)
