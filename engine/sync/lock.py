"""One synchronisation at a time on one home folder, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.store.turns import in_turn

FILE = "sync.lock"
PATIENCE = 30.0
"""Seconds that a second synchronisation waits for the first."""


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home folder's lock for the block.

    Raises BusyError when another process still holds it after PATIENCE seconds.
    """
    busy = f"Another nbabot is synchronising {home}: wait for it to end, then run nbabot sync again."
    with in_turn(home / FILE, PATIENCE, busy):
        yield
