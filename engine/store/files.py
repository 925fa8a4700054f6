"""Files that must survive a power failure, and names that nothing has yet."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path


def to_disk(path: Path) -> None:
    """Make sure that a file, or the names in a folder, survive a power failure. Raises OSError."""
    if os.name == "nt" and path.is_dir():
        return  # Windows writes names to the disk by itself and lets nobody ask
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp(moment: datetime) -> str:
    """A moment as part of a file name: `20250115T170000Z`."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def free_path(folder: Path, stem: str, suffix: str = "") -> Path:
    """`stem`, else the first of `stem-2`, `stem-3` ... that the folder does not hold yet."""
    names = (folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}" for number in count(1))
    return next(path for path in names if not os.path.lexists(path))
