"""A home folder's database and the models made there, saved as one file while everything goes on."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from engine.core.backups import BackupReport
from engine.core.calendar import machine_clock
from engine.core.errors import BackupError, DatabaseError
from engine.core.progress import Progress, silent
from engine.store.archive import DATABASE, Manifest, described, holds, pack
from engine.store.faults import damage, translated
from engine.store.files import stamp, to_disk
from engine.store.replacement import MODELS
from engine.store.snapshot import copy_database
from engine.store.turns import in_turn

FOLDER = "backups"
"""Where backups go without being told: a folder of the home."""
LOCK = "backup.lock"
_OURS = re.compile(r"nbabot-([0-9]{8}T[0-9]{6}Z)(?:-([0-9]+))?\.zip")


def back_up(database: Path, folder: Path, keep: int, progress: Progress = silent) -> BackupReport:
    """Save a database and the models beside it as a new file in `folder`, then keep only the `keep` newest there.

    Others go on reading and writing; the copy is of the moment at which it began. It is checked before it counts, so
    that a damaged database never takes the place of a sound backup. Raises BusyError while another backup is made
    here, DatabaseError for a damaged database and BackupError where the folder cannot be written; nothing is left then.
    """
    started = time.monotonic()
    with one_at_a_time(database.parent), _workshop(folder, database.parent) as draft:
        moment, copy, archive = machine_clock(), draft / DATABASE, draft / "archive"
        copy_database(database, copy, progress)
        sources = {DATABASE: copy, **_models(copy, database.parent / MODELS)}
        manifest = _manifest(database, sources, moment)
        pack(archive, manifest, sources, progress)
        to_disk(archive)
        path = _publish(archive, folder, moment)
        removed = _thin(folder, keep, path)
    return BackupReport(manifest.backup(path), removed, time.monotonic() - started)


def backups(folder: Path) -> tuple[Path, ...]:
    """The backups in a folder, newest first."""
    return tuple(path for _, _, path in sorted(_numbered(folder), reverse=True))


def _numbered(folder: Path) -> list[tuple[str, int, Path]]:
    """The backups in a folder with their moment and, of those of one second, their number."""
    named = [(_OURS.fullmatch(path.name), path) for path in folder.glob("nbabot-*.zip")]
    return [(match[1], int(match[2] or 1), path) for match, path in named if match]


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Make or put back one backup at a time in a home folder. Raises BusyError."""
    with in_turn(home / LOCK, 0, f"Another backup or restore is at work in {home}: try again when it is done."):
        yield


@contextmanager
def _workshop(folder: Path, home: Path) -> Iterator[Path]:
    """A folder of this home's own inside `folder`, to work in; one that was left by a killed backup makes room."""
    draft = folder / f".nbabot-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        yield draft
    except OSError as error:
        reason = error.strerror or error
        raise BackupError(
            f"No backup could be written to {folder} ({reason}): free space, mend access, or name another with --to."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _manifest(database: Path, sources: Mapping[str, Path], moment: datetime) -> Manifest:
    """What will be saved, with the rows counted. Raises DatabaseError when the database is not sound."""
    with translated(database), closing(sqlite3.connect(sources[DATABASE])) as connection:
        fault = damage(connection)
        if fault:
            raise DatabaseError(
                f"{database} is damaged ({fault}), so it was not saved: put the newest backup in its place with nbabot "
                "restore."
            )
        return Manifest(
            moment=moment,
            program=version("nbabot"),
            schema=schema_of(connection),
            counts=counts_of(connection),
            files={name: described(path) for name, path in sources.items()},
        )


def schema_of(connection: sqlite3.Connection) -> int:
    """The format of a database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def counts_of(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of every table."""
    tables = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    quoted = {table: '"' + table.replace('"', '""') + '"' for table in sorted(tables)}
    return {
        table: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 - the name is quoted
        for table, name in quoted.items()
    }


def _models(copy: Path, home: Path) -> dict[str, Path]:
    """The files of the versions that the copy knows to lie in the folder of the models made here."""
    with closing(sqlite3.connect(copy)) as connection:
        rows = connection.execute("SELECT path FROM model_versions WHERE path LIKE 'home:%'").fetchall()
    folders = [home / str(row[0]).removeprefix("home:") for row in rows]
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir()) if file.is_file()]
    named = {f"{MODELS}/{file.relative_to(home).as_posix()}": file for file in files}
    return {name: file for name, file in named.items() if holds(name)}


def _publish(archive: Path, folder: Path, moment: datetime) -> Path:
    """Give a finished archive its name, which no other file has and which sorts after those of its second."""
    last = max((number for second, number, _ in _numbered(folder) if second == stamp(moment)), default=0)
    path = folder / f"nbabot-{stamp(moment)}{f'-{last + 1}' if last else ''}.zip"
    os.rename(archive, path)
    to_disk(folder)
    return path


def _thin(folder: Path, keep: int, made: Path) -> tuple[str, ...]:
    """Remove all but the newest backups of a folder, never the one just made; returns what was removed."""
    removed = [path for path in backups(folder)[keep:] if path != made]
    for path in removed:
        path.unlink()
    return tuple(str(path) for path in removed)
