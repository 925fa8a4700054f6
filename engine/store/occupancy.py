"""Who uses a home folder: all who have its database open share a lock, and who replaces its files has it alone.

The system lets go of the lock when a process ends, however that happens. Windows has no such lock and needs none: there
a file that anybody has open cannot be replaced.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.core.errors import BusyError, DatabaseError

if sys.platform != "win32":
    import fcntl

PATIENCE = 5.0
"""Seconds that an opening waits for the files to be replaced, which takes a fraction of one."""


class Occupancy:
    """One user's share in the lock of a database's folder."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_suffix(".lock")
        self._handle: int | None = None

    def share(self) -> None:
        """Take part; to take part already is fine. Raises BusyError where somebody goes on replacing the files."""
        if self._handle is None and not self._locked(alone=False, patience=PATIENCE):
            raise BusyError(f"A backup is being put in place in {self._path.parent}: try again when that is done.")

    @contextmanager
    def alone(self, wait: bool = False) -> Iterator[None]:
        """Keep everybody else out during the block. Raises BusyError when others take part, at once or after a wait."""
        self.leave()
        if not self._locked(alone=True, patience=PATIENCE if wait else 0):
            raise BusyError(
                f"Another nbabot is using {self._path.parent}: stop it (nbabot run, bot, tui or a command), then try "
                "again."
            )
        try:
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """Take part no longer."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self.leave()

    def _locked(self, alone: bool, patience: float) -> bool:
        """Whether the lock could be had in that time."""
        end = time.monotonic() + patience
        while not self._lock(alone):
            if time.monotonic() >= end:
                return False
            time.sleep(0.02)
        return True

    def _lock(self, alone: bool) -> bool:
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                if sys.platform != "win32":
                    fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BaseException:
                os.close(handle)
                raise
        except BlockingIOError:
            return False
        except OSError as error:
            raise DatabaseError(
                f"{self._path.parent} cannot be used ({error.strerror}): check its access rights, or name another with "
                "--home."
            ) from error
        self._handle = handle
        return True
