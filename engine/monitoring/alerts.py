"""The alerts of one installation: checked, kept, acknowledged, resolved and, in the end, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from engine.core.alerts import Alert, Finding
from engine.core.errors import BundleError, NoDataError, NoModelError, UsageError
from engine.core.monitor_reports import MonitorReport
from engine.monitoring import checks
from engine.store import alerts
from engine.store.database import Database

KEPT = timedelta(days=30)
"""How long resolved alerts stay in the history."""


class Alerts:
    """The alerts of one database.

    `home` is the folder whose disk is watched, `now` the engine's clock, `monitor` gives the report on the model.
    """

    def __init__(
        self, database: Database, home: Path, now: Callable[[], datetime], monitor: Callable[[], MonitorReport]
    ) -> None:
        self._database = database
        self._home = home
        self._now = now
        self._monitor = monitor

    def check(self, others: Sequence[Finding] = (), sources: Sequence[str] = ()) -> tuple[Alert, ...]:
        """Run every check and return the alerts that are open then.

        `others` are what somebody else has found, who looked at all of `sources`.
        """
        now = self._now()
        findings = (*self._findings(now), *others)
        alerts.settle(self._database, findings, {*checks.CHECKED, *sources}, now)
        alerts.forget(self._database, now - KEPT)
        return self.open()

    def open(self) -> tuple[Alert, ...]:
        """The alerts that are not resolved, the worst first, then the oldest."""
        return alerts.open_alerts(self._database)

    def history(self, limit: int = 50) -> tuple[Alert, ...]:
        """The latest alerts, resolved ones too, newest first."""
        return alerts.history(self._database, limit)

    def acknowledge(self, number: int, who: str) -> Alert:
        """Note who has seen an alert. Raises UsageError for one that does not exist or is resolved."""
        self._still_open(number)
        alerts.acknowledge(self._database, number, who, self._now())
        return self._known(number)

    def resolve(self, number: int, who: str) -> Alert:
        """Note who has resolved an alert; it stays so for its cooldown. Raises UsageError."""
        self._still_open(number)
        alerts.resolve(self._database, number, who, self._now())
        return self._known(number)

    def _findings(self, now: datetime) -> Iterator[Finding]:
        yield from checks.check_disk(self._home)
        yield from checks.check_feeds(self._database)
        yield from checks.check_data(self._database, now)
        try:
            yield from checks.check_model(self._monitor())
        except (BundleError, NoModelError) as error:
            yield from checks.check_model(error)
        except NoDataError:
            return

    def _still_open(self, number: int) -> None:
        if self._known(number).resolved is not None:
            raise UsageError(f"Alert {number} is resolved already: nbabot alerts list shows the open ones.")

    def _known(self, number: int) -> Alert:
        found = alerts.find(self._database, number)
        if found is None:
            raise UsageError(f"There is no alert {number}: nbabot alerts list shows the open ones.")
        return found
