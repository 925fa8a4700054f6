"""Work that one process at a time may do on a home folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.core.errors import BusyError, DatabaseError


@contextmanager
def in_turn(lock: Path, patience: float, busy: str) -> Iterator[None]:
    """Hold a lock file for the block; the system frees it when the process dies, however that happens.

    Raises BusyError with the words `busy` when another process still holds it after `patience` seconds.
    """
    holder = FileLock(lock, timeout=patience, mode=0o600)
    try:
        holder.acquire()
    except Timeout as error:
        raise BusyError(busy) from error
    except OSError as error:
        reason = error.strerror or error
        raise DatabaseError(f"{lock.parent} cannot be written ({reason}): check its access rights.") from error
    try:
        yield
    finally:
        holder.release()
