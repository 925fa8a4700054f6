"""What the operator's screens need beside the engine: the schedule, the log file and the check-up of the installation.

The program that opens the terminal UI implements it: which jobs there are, where posts go and what is set is its own
affair.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from engine.core.progress import Progress
from engine.core.reports import ScheduledJob
from engine.core.sync_reports import Check


class Desk(Protocol):
    """The schedule, the log and the check-up. Every call but `log` may take long and belongs into a thread."""

    @property
    def log(self) -> Path:
        """The file with one JSON object a line for each event; it may not exist yet."""

    def jobs(self) -> tuple[ScheduledJob, ...]:
        """The jobs of the schedule by their time of the day."""

    def run(self, name: str) -> str:
        """Run a job now and say what came of it in a sentence. Raises NbabotError."""

    def check_up(self, progress: Progress) -> tuple[Check, ...]:
        """Check machine, database, model, data, feeds and Discord's token."""


def desk_of(app: object) -> Desk | None:
    """The desk that an app was given, if any."""
    return getattr(app, "desk", None)


WITHOUT = "This is known only to `nbabot tui`: start the terminal UI with it."
"""What a screen says in the place of what only the desk knows."""
