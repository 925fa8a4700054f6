"""What a synchronisation is asked to do, and what it and a check-up say about themselves. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What to fetch: `seasons` by starting year (none = those under way), one league `day` only, `only` some tasks."""

    seasons: tuple[int, ...] = ()
    day: date | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncTask:
    """What became of one task of a synchronisation.

    `state` is done, failed or skipped; `detail` says why it failed or was skipped. `source` names the feeds that
    answered, `calls` counts the requests sent to them. `rejected` maps a reason in words to a row count; `notes` are
    oddities that were kept. What a failed task had finished before it failed is stored and counted.
    """

    task: str
    state: str
    source: str
    calls: int
    new: int
    changed: int
    unchanged: int
    seconds: float
    started: datetime
    rejected: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    detail: str = ""

    @property
    def failed(self) -> bool:
        """Whether the task did not do all that it should have done."""
        return self.state == "failed"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """Outcome of a synchronisation: its tasks in the order in which they ran, and how many picks were graded anew."""

    tasks: tuple[SyncTask, ...]
    seconds: float
    regraded: int

    @property
    def failed(self) -> tuple[SyncTask, ...]:
        """The tasks that did not do all that they should have done."""
        return tuple(task for task in self.tasks if task.failed)


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """How a task of the synchronisation has fared: its newest run, when one last began that did not fail, and the last
    one that did."""

    newest: SyncTask
    last_good: datetime | None
    last_failed: SyncTask | None


@dataclass(frozen=True, slots=True)
class HostState:
    """A host that failed `failures` times in a row, and until when it is therefore left alone (None: it is not)."""

    host: str
    failures: int
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A stored fact that was found to be different later.

    `what` is game, team box or player box; `who` names the team or player and is empty for a game. `changes` maps a
    column to its value before and after. `moment` is when the change was stored, by the machine's clock.
    """

    moment: datetime
    game_id: str
    league_day: str
    what: str
    who: str
    changes: dict[str, tuple[object, object]]


class Health(StrEnum):
    """Verdict of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the installation: what was found, and for any other verdict than ok what to do about it."""

    name: str
    health: Health
    found: str
    remedy: str = ""
