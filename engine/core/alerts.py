"""What the operator should know: findings of the checks, and the alerts that are kept of them. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, the mildest first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Severity).index(self)


class AlertState(StrEnum):
    """How far an alert has come."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong at this moment.

    `source` is the check that found it, `subject` what it concerns (a job, a feed's task, a model); together they say
    which findings are the same. `text` is one or two sentences that say what to do. Found again within `cooldown`
    after its end it is the same alert as before, and no news.
    """

    source: str
    subject: str
    severity: Severity
    text: str
    cooldown: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding as it is kept: raised once, seen again by every check until it is gone or somebody resolves it.

    `number` is its name for people. `resolved_by` is nbabot where the finding went away by itself.
    """

    number: int
    source: str
    subject: str
    severity: Severity
    text: str
    raised: datetime
    seen: datetime
    acknowledged: datetime | None
    acknowledged_by: str | None
    resolved: datetime | None
    resolved_by: str | None

    @property
    def state(self) -> AlertState:
        """How far it has come."""
        if self.resolved is not None:
            return AlertState.RESOLVED
        return AlertState.OPEN if self.acknowledged is None else AlertState.ACKNOWLEDGED
