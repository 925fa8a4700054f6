"""Files into the store: one transaction per file, by natural key, with every row accounted for."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.core.calendar import season_label
from engine.core.errors import DatabaseError, SourceError
from engine.core.progress import Progress, silent
from engine.core.reports import UNREADABLE, FileReport, ImportReport
from engine.sources import files
from engine.sources.files import FileHead, Kind
from engine.store import facts
from engine.store.database import Database
from engine.store.faults import translated

_CACHE_KIB = 65_536


def import_paths(database: Database, paths: Sequence[Path], progress: Progress = silent) -> ImportReport:
    """Import files and folders: first all team logs, then player logs, timelines and odds, whatever their order here.

    A file is read and checked whole before anything of it is written, and written in one transaction. A file that
    cannot be read is reported (kind `unreadable`) and the others are still imported; when there is no other file its
    SourceError is raised. Real and simulated data are never mixed: that is refused before anything is written.
    """
    started = time.monotonic()
    heads, reports, ignored = _look_at(paths)
    _refuse_mixture(database, heads)
    with _bulk_cache(database.connection):
        for kind in Kind:
            chosen = [head for head in heads if head.kind is kind]
            for done, head in enumerate(chosen):
                progress(kind.plural, done, len(chosen))
                reports.append(_imported(database, head))
            if chosen:
                progress(kind.plural, len(chosen), len(chosen))
    report = ImportReport(tuple(reports), time.monotonic() - started, ignored)
    if len(reports) == len(report.unreadable) == 1:
        raise SourceError(reports[0].notes[0])
    return report


def _look_at(paths: Sequence[Path]) -> tuple[list[FileHead], list[FileReport], int]:
    """Heads of the readable files, reports of the others, and the number of files of other types in folders."""
    heads: list[FileHead] = []
    failed: list[FileReport] = []
    seen: set[Path] = set()
    ignored = 0
    for path in paths:
        try:
            found = files.discover(path)
        except SourceError as error:
            failed.append(_unreadable(path, error))
            continue
        ignored += found.ignored
        for file in found.files:
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                heads.append(files.inspect(file))
            except SourceError as error:
                failed.append(_unreadable(file, error))
    return heads, failed, ignored


def _refuse_mixture(database: Database, heads: Sequence[FileHead]) -> None:
    simulated = [head.path for head in heads if head.simulated]
    real = [head.path for head in heads if not head.simulated]
    if simulated and real:
        raise SourceError(
            f"{simulated[0]} is simulated and {real[0]} is real: import them apart, each into its own --home; "
            "nothing was imported."
        )
    if heads:
        with translated(database.path):
            facts.refuse_other_league(database.connection, bool(simulated))


def _imported(database: Database, head: FileHead) -> FileReport:
    """Read one file, write it in one transaction, and report; nothing of an unreadable file is written."""
    try:
        batch = files.read(head.path)
    except SourceError as error:
        return _unreadable(head.path, error)
    try:
        with database.write() as connection:
            facts.claim_league(connection, head.simulated)
            written = facts.write(connection, batch)
    except DatabaseError as error:
        raise DatabaseError(f"{error} {head.path} was not imported, files before it were.") from error
    rejected = dict(batch.rejected)
    for reason, rows in written.rejected.items():
        rejected[reason] = rejected.get(reason, 0) + rows
    return FileReport(
        path=str(head.path),
        kind=batch.kind.value,
        season=_label(batch.seasons),
        read=batch.read,
        new=written.tally.new,
        changed=written.tally.changed + batch.replaced,
        unchanged=written.tally.unchanged + batch.repeated,
        rejected=rejected,
        notes=(*batch.notes, *written.notes),
    )


def _unreadable(path: Path, error: SourceError) -> FileReport:
    return FileReport(str(path), UNREADABLE, "", 0, 0, 0, 0, notes=(str(error),))


def _label(seasons: tuple[int, ...]) -> str:
    """`2024-25`, or `2007-08..2024-25` for a file of several seasons."""
    return "..".join(season_label(season) for season in dict.fromkeys((*seasons[:1], *seasons[-1:])))


@contextmanager
def _bulk_cache(connection: sqlite3.Connection) -> Iterator[None]:
    """A larger page cache while much is written; what is durable, and when, stays as it is."""
    before = connection.execute("PRAGMA cache_size").fetchone()[0]
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before:d}")
