"""One synchronisation at a time on one home folder, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.core.errors import BusyError, DatabaseError

FILE = "sync.lock"
PATIENCE = 30.0
"""Seconds that a second synchronisation waits for the first."""


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home folder's lock for the block; the system frees it when the process dies, however that happens.

    Raises BusyError when another process still holds it after PATIENCE seconds.
    """
    lock = FileLock(home / FILE, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            f"Another nbabot is synchronising {home}: wait for it to end, then run nbabot sync again."
        ) from error
    except OSError as error:
        reason = error.strerror or error
        raise DatabaseError(f"{home} cannot be written ({reason}): check its access rights.") from error
    try:
        yield
    finally:
        lock.release()
