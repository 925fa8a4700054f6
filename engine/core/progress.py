"""How long work reports on itself, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Stop(BaseException):
    """Raised by a Progress to end the work early, as Ctrl-C would: what was finished stays."""


class Progress(Protocol):
    """Called now and then by long work; `done` of `total` units of the named stage are finished."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of the progress; must be quick, and may raise nothing but Stop."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
