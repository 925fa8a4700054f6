"""A copy of a database that others go on using, and of the moment at which it was begun."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.core.errors import DatabaseError
from engine.core.progress import Progress, silent
from engine.store.faults import translated
from engine.store.files import to_disk

PAGES = 2_000
"""Copied at a time, some 8 MB: nobody waits for the copy, and it can be broken off."""


def copy_database(source: Path, target: Path, progress: Progress = silent) -> None:
    """Write a whole copy into a new file: one file without a log, on the disk when this returns.

    A read transaction is held throughout, so the copy shows one moment and writers neither wait nor make it begin
    again. Raises DatabaseError for a source that is not sound or not there, for a full disk, and for a target that
    exists; no part of a copy is left then.
    """
    if not source.is_file():
        raise DatabaseError(f"There is no database {source}: name the folder that holds it with --home.")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            _copy_pages(source, target, progress)
            to_disk(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DatabaseError(
            f"{target} cannot be written ({error.strerror}): free some space or mend access."
        ) from error


def _copy_pages(source: Path, target: Path, progress: Progress) -> None:
    with (
        translated(source),
        closing(sqlite3.connect(source, isolation_level=None)) as reader,
        closing(sqlite3.connect(target, isolation_level=None)) as writer,
    ):
        writer.execute("PRAGMA journal_mode = OFF")  # a copy that fails is thrown away
        writer.execute("PRAGMA synchronous = OFF")  # it is brought to the disk once, at the end
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM sqlite_master").fetchone()
        try:
            reader.backup(
                writer, pages=PAGES, progress=lambda status, left, total: progress("copy", total - left, total)
            )
            writer.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if "full" not in str(error):
                raise
            raise DatabaseError(
                f"The disk that holds {target.parent} is full: free some space, then try again; nothing was changed."
            ) from error
        finally:
            reader.rollback()
