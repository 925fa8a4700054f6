"""One SQLite file: how it is opened, read, written and brought up to date."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from engine.core.errors import DatabaseError
from engine.core.signals import Waited, tell
from engine.store.faults import damage, translated
from engine.store.files import free_path
from engine.store.occupancy import Occupancy
from engine.store.replacement import settle
from engine.store.schema import LATEST, migrate
from engine.store.snapshot import copy_database

BUSY_SECONDS = 10.0


class _Guarded(NamedTuple):
    """A connection, and the lock that its thread holds while it is in use."""

    connection: sqlite3.Connection
    guard: AbstractContextManager[object]


class Database:
    """An SQLite file in WAL mode with one connection per thread.

    Every write runs inside `write()`, a `BEGIN IMMEDIATE` transaction: it waits for the lock at the start and never
    fails half-way for want of it. sqlite3's errors about the file leave this class as DatabaseError. A new file and a
    new folder are this user's alone; one of an older format is copied beside itself before it is brought up to date.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[_Guarded] = []
        self._lock = threading.Lock()
        self._occupancy = Occupancy(path)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            settle(path, self._occupancy)
            if not path.exists():
                path.touch(mode=0o600)
        except OSError as error:
            reason = error.strerror or error
            raise DatabaseError(f"{path.parent} cannot be used ({reason}): name another folder with --home.") from error
        try:
            with translated(path):
                self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        return self._own().connection

    def rows(self, sql: str, parameters: tuple[object, ...] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with translated(self.path), self._held() as connection:
            return connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: tuple[object, ...] | Mapping[str, object] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with translated(self.path), self._held() as connection:
            found: sqlite3.Row | None = connection.execute(sql, parameters).fetchone()
            return found

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end of the block, rolled back whole when the block raises."""
        with translated(self.path), self._held() as connection:
            asked = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            tell(Waited(time.perf_counter() - asked))
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def damage(self, seconds: float | None = None) -> str | None:
        """The first fault that SQLite finds in the file; None when it is sound, or no fault was found in that time."""
        with translated(self.path), self._held() as connection:
            return damage(connection, seconds)

    def close(self) -> None:
        """Close every thread's connection once its query or transaction has ended; a later use opens a new one."""
        with self._lock:
            every = list(self._all)
            self._all.clear()
        self._local = threading.local()
        for one in every:
            with one.guard:
                one.connection.close()
        self._occupancy.leave()

    def __del__(self) -> None:
        self.close()  # nobody can ask any more

    def _own(self) -> _Guarded:
        own: _Guarded | None = getattr(self._local, "own", None)
        if own is None:
            with self._lock:
                self._occupancy.share()
            with translated(self.path):
                own = _Guarded(self._open(), threading.RLock())
            self._local.own = own
            with self._lock:
                self._all.append(own)
        return own

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, which nobody closes meanwhile: SQLite does not survive that."""
        own = self._own()
        with own.guard:
            yield own.connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _bring_up_to_date(self) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version > LATEST:
            raise DatabaseError(
                f"{self.path} was written by a newer nbabot (format {version}, this program knows {LATEST}): "
                "upgrade nbabot, or name another folder with --home."
            )
        if version == 0 and self.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise DatabaseError(f"{self.path} is the database of another program: name another folder with --home.")
        if version < LATEST:
            migrate(self.connection, self._copy_of_format)

    def _copy_of_format(self, version: int) -> Path:
        """Copy the file as it is, of an older format, beside itself."""
        copy = free_path(self.path.parent, f"{self.path.stem}-format-{version}", self.path.suffix)
        copy_database(self.path, copy)
        return copy


def utc_text(moment: datetime) -> str:
    """An aware moment as UTC text of fixed width, so that texts compare as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
