"""What a backup holds, and what making one or putting one back did. Frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file as its manifest tells of it.

    `moment` is when it was made, by the machine's clock; `program` the nbabot that made it; `schema` the format of its
    database; `counts` the rows of every table; `models` the versions made on that machine, as name@version. `size` is
    that of the file, `unpacked` that of what it holds, in bytes.
    """

    path: str
    moment: datetime
    program: str
    schema: int
    counts: Mapping[str, int]
    models: tuple[str, ...]
    size: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What `nbabot backup` did: the new file, and the older ones of the folder that made room for it."""

    backup: Backup
    removed: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What `nbabot restore` did; in a dry run `restored` is False. `aside`: folder that keeps what was there before."""

    backup: Backup
    home: str
    restored: bool
    aside: str | None
    seconds: float
