"""The league's facts from files in the stats.nba.com column format: team logs, player logs, score timelines, odds.

`discover` finds files, `inspect` recognises one by its columns, `read` checks every row of one and returns a `Batch`.
Nothing is taken from a file's name. Every error is a SourceError of one sentence that names the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import SourceError
from engine.sources.files.batch import Batch, Kind, counted, recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.sources.files.sieve import Sieve

__all__ = ["Batch", "FileHead", "Found", "Kind", "counted", "discover", "inspect", "read"]

SUFFIXES = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Found:
    """Files of a known type below a path, in order of their names, and how many others were left out."""

    files: tuple[Path, ...]
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file's columns say about it before its rows are read."""

    path: Path
    kind: Kind
    simulated: bool


def discover(path: Path) -> Found:
    """The file itself, or every .csv, .csv.gz and .parquet file of a folder and its subfolders."""
    try:
        folder, inside = path.is_dir(), sorted(item for item in path.rglob("*") if item.is_file())
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}): check its access rights.") from error
    if folder:
        files = tuple(item for item in inside if _is_table(item))
        if not files:
            raise SourceError(f"{path} holds no .csv, .csv.gz or .parquet file: name the folder with the logs.")
        return Found(files, len(inside) - len(files))
    if not path.exists():
        raise SourceError(f"{path} does not exist: check the path.")
    if not _is_table(path):
        raise SourceError(f"{path} is not a .csv, .csv.gz or .parquet file: save it as one of these.")
    return Found((path,))


def inspect(path: Path) -> FileHead:
    """Recognise a file by its columns, and say whether it comes from the simulated league. Reads no other column."""
    from engine.sources.files import table

    names = table.column_names(path)
    return FileHead(path, recognise(path, names), table.is_simulated(path, names))


def read(path: Path) -> Batch:
    """Read and check a whole file. Rows that fail a check are left out and counted by reason."""
    from engine.sources.files import logs, odds, table, timelines
    from engine.sources.files.sieve import Sieve

    parsers: dict[Kind, Callable[[Sieve], Batch]] = {
        Kind.TEAM_LOG: logs.team_log,
        Kind.PLAYER_LOG: logs.player_log,
        Kind.TIMELINE: timelines.timeline,
        Kind.ODDS: odds.closing_odds,
    }
    kind = recognise(path, table.column_names(path))
    frame = table.load(path)
    if frame.empty:
        raise SourceError(f"{path} has a header but no rows: download it again.")
    return parsers[kind](Sieve(frame))


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)
