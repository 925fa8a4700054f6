"""What can be wrong with a database file, and the words for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.core.errors import DatabaseError

_NO_FAULT = ("NULL value in ", "*** in database ")
"""The one is said by SQLite 3.40 of sound tables without row ids whose key is not their first columns, and NOT NULL
forbids it; the other stands above a list of faults."""
_STEPS = 100_000
"""In so many instructions, some milliseconds, SQLite's machine looks at the clock once."""


def damage(connection: sqlite3.Connection, seconds: float | None = None) -> str | None:
    """The first fault that SQLite finds in the whole file, in words; None when it is sound.

    With `seconds` it looks no longer than that, and not whether indexes agree with their tables and references lead
    anywhere; what it has not reached by then counts as sound.
    """
    if seconds is not None:
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        check = "PRAGMA integrity_check" if seconds is None else "PRAGMA quick_check"
        found = [line for row in connection.execute(check) for line in str(row[0]).splitlines()]
    except sqlite3.DatabaseError as error:
        if "interrupted" in str(error):
            return None
        if type(error) is not sqlite3.DatabaseError:
            raise
        return str(error)  # so damaged that the check itself cannot go on
    finally:
        connection.set_progress_handler(None, 0)
    fault = next((line for line in found if line != "ok" and not line.startswith(_NO_FAULT)), None)
    return fault or (_broken_reference(connection) if seconds is None else None)


def _broken_reference(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("PRAGMA foreign_key_check").fetchone()
    return None if found is None else f"a row of {found[0]} refers to a row of {found[2]} that is not there"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn sqlite3's errors about the file into one sentence that says what to do; errors of the SQL itself pass."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            message = f"{path} is in use by another nbabot: wait for it to finish, then try again."
        elif "full" in text:
            message = f"The disk that holds {path} is full: free some space, then try again; nothing was half-written."
        elif "I/O" in text:
            message = f"{path} cannot be read or written ({text}): check the disk and its free space, then try again."
        else:
            message = f"{path} cannot be used ({text}): check the folder's access rights, or name another with --home."
        raise DatabaseError(message) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise DatabaseError(
            f"{path} is not a sound nbabot database ({error}): put a backup in its place with nbabot restore, or move "
            "it away and import again."
        ) from error
