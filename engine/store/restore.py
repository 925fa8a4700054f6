"""A backup put back in place of a home folder's database and models, all of it or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from engine.core.backups import RestoreReport
from engine.core.errors import BackupError
from engine.core.progress import Progress, silent
from engine.store import replacement
from engine.store.archive import DATABASE, Manifest, unpack
from engine.store.backup import counts_of, one_at_a_time, schema_of
from engine.store.faults import damage
from engine.store.occupancy import Occupancy
from engine.store.schema import LATEST


def restore(backup: Path, home: Path, dry_run: bool = False, progress: Progress = silent) -> RestoreReport:
    """Check a backup whole, then put it in place; with `dry_run` only check it.

    What was in place is kept in a folder beside it. Raises BackupError for whatever is wrong with the file, BusyError
    while anybody uses the home, DatabaseError where it cannot be written; nothing has changed then.
    """
    started = time.monotonic()
    database, draft = home / DATABASE, home / replacement.DRAFT
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with one_at_a_time(home):
            try:
                shutil.rmtree(draft, ignore_errors=True)
                (draft / replacement.NEW).mkdir(mode=0o700, parents=True)
                manifest = unpack(backup, draft / replacement.NEW, progress)
                _check(draft / replacement.NEW / DATABASE, manifest, backup)
                aside = None if dry_run else _replace(database)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise BackupError(
            f"{backup} cannot be unpacked in {home} ({error.strerror or error}): free space or mend access; nothing "
            "was changed."
        ) from error
    took = time.monotonic() - started
    return RestoreReport(manifest.backup(backup), str(home), not dry_run, None if aside is None else str(aside), took)


def _replace(database: Path) -> Path | None:
    """Put the draft in place while nobody uses the home; returns where the files before it are kept, if any were."""
    with Occupancy(database).alone():
        if (database.parent / replacement.READY).is_dir():
            replacement.finish(database)  # one that was decided and died: its files are then set aside in their turn
        replacement.decide(database)
        return replacement.finish(database)


def _check(database: Path, manifest: Manifest, backup: Path) -> None:
    """Whether an unpacked database is sound, of a format known here, and holds the rows that were counted."""
    database.chmod(0o600)
    if manifest.schema > LATEST:
        raise BackupError(
            f"{backup} was made by a newer nbabot ({manifest.program}, format {manifest.schema}, this program knows "
            f"{LATEST}): upgrade nbabot first."
        )
    try:
        with closing(sqlite3.connect(database)) as connection:
            fault = damage(connection)
            same = schema_of(connection) == manifest.schema and counts_of(connection) == dict(manifest.counts)
    except sqlite3.DatabaseError as error:
        fault, same = str(error), False
    if fault or not same:
        raise BackupError(
            f"{backup} holds no sound database ({fault or 'its rows are not those counted'}): use another."
        )
