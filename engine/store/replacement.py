"""The files of a home folder replaced by others: all of them or none, whenever the power fails.

What is to come lies whole in DRAFT; renaming that to READY decides. From then on whoever opens the database first
moves the files. Each step may be repeated, so what one process began the next one finishes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import structlog

from engine.core.calendar import machine_clock
from engine.core.errors import DatabaseError
from engine.store.files import free_path, stamp, to_disk
from engine.store.occupancy import Occupancy

DRAFT, READY = ".restore-draft", ".restore-ready"
NEW, MODELS = "new", "models"
"""Folder of the draft with the files to come, and the one of these that holds models."""
_OLD, _ASIDE = "old", "before-restore"

log = structlog.get_logger(__name__)


def decide(database: Path) -> None:
    """The files in the home's draft are those of the home from now on. Nobody else may be using it. Raises OSError."""
    draft = database.parent / DRAFT
    (draft / _OLD).mkdir()
    (draft / NEW / MODELS).mkdir(exist_ok=True)
    for folder, _, names in os.walk(draft, topdown=False):
        for name in names:
            to_disk(Path(folder, name))
        to_disk(Path(folder))
    os.rename(draft, database.parent / READY)
    to_disk(database.parent)


def settle(database: Path, occupancy: Occupancy) -> None:
    """Take part in using the home, after finishing what a process that died had decided.

    Raises BusyError and DatabaseError.
    """
    ready = database.parent / READY
    occupancy.share()
    while ready.is_dir():
        with occupancy.alone(wait=True):
            if ready.is_dir():
                aside = finish(database)
                log.warning("restore_finished", home=str(database.parent), aside=str(aside))
        occupancy.share()


def finish(database: Path) -> Path | None:
    """Move what was decided into place; returns the folder that keeps what was there before, if anything was.

    Nobody else may be using the home. Raises DatabaseError where the files cannot be moved; the next call goes on.
    """
    home = database.parent
    new, old = home / READY / NEW, home / READY / _OLD
    try:
        if (new / database.name).exists():
            for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
                _move(home / name, old / name)
            _move(new / database.name, database)
        if (new / MODELS).exists():
            _move(home / MODELS, old / MODELS)
            _move(new / MODELS, home / MODELS)
        aside = None
        if old.is_dir() and any(old.iterdir()):
            aside = free_path(home, f"{_ASIDE}-{stamp(machine_clock())}")
            os.rename(old, aside)
        to_disk(home)
        shutil.rmtree(home / READY)
    except OSError as error:
        raise DatabaseError(
            f"A backup is only half in place in {home} ({error.strerror}): mend access to it, then run nbabot status."
        ) from error
    return aside


def _move(source: Path, target: Path) -> None:
    if source.exists():
        os.rename(source, target)
