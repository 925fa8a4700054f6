"""Training the champion's family anew: whether it is time, and doing it without touching what answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from engine.core.errors import BundleError, BusyError, DatabaseError, NoDataError
from engine.core.model_reports import Criterion, ModelPolicy, RetrainCheck
from engine.core.monitor_reports import MonitorReport, Verdict
from engine.core.reports import ModelVersion
from engine.models.entries import learned_through
from engine.models.registry import Registry
from engine.store import shadow
from engine.store.database import Database

WEEK = timedelta(days=7)
_LOCK = "retrain.lock"


@dataclass(frozen=True, slots=True)
class Retraining:
    """Whether the champion of the game models should be trained anew, as of a league day.

    `monitor` gives the report on the model's inputs and picks.
    """

    database: Database
    registry: Registry
    policy: ModelPolicy
    monitor: Callable[[], MonitorReport]
    today: date

    def check(self) -> RetrainCheck:
        """Every criterion, without training anything. Raises NoModelError."""
        champion = self.registry.champion("game")
        return RetrainCheck(champion.label, (*self._watched(), *self._aged(champion)))

    def is_weekly_turn(self, now: datetime) -> bool:
        """Whether a week has passed since the champion's family was last trained, and there is a new game to learn."""
        champion = self.registry.champion("game")
        newest = next((one for one in self.registry.versions("game") if one.family == champion.family), champion)
        return now - newest.created >= WEEK and self._new_games(newest) > 0

    def _watched(self) -> Iterator[Criterion]:
        try:
            report = self.monitor()
        except (BundleError, NoDataError) as error:
            yield Criterion("drift", met=False, detail=str(error))
            return
        drifting = [one.feature for one in report.drifting]
        said = f"{', '.join(drifting)} drifting" if drifting else f"none found in the last {report.n} games"
        yield Criterion("drift", bool(drifting), said)
        degraded = report.verdict is Verdict.DEGRADED
        yield Criterion("degradation", degraded, report.recommendation if degraded else "none found in the picks")

    def _aged(self, champion: ModelVersion) -> Iterator[Criterion]:
        through = learned_through(self.registry.manifest(champion.name, champion.version))
        new, wanted = self._new_games(champion), self.policy.retrain_games
        yield Criterion("new games", new >= wanted, f"{new:,} since its training, {wanted:,} make it time")
        if through is None:
            yield Criterion("age", met=True, detail="its manifest does not say through which day it has learned")
            return
        days, most = max(0, (self.today - through).days), self.policy.retrain_days
        yield Criterion("age", days >= most and new > 0, f"it knows games up to {through}, {days} of {most} days ago")

    def _new_games(self, version: ModelVersion) -> int:
        through = learned_through(self.registry.manifest(version.name, version.version)) or date.min
        return sum(one.league_day > through for one in shadow.played(self.database, self.today).values())


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Hold the home folder's lock for training; the system frees it when the process dies. Raises BusyError."""
    lock = FileLock(home / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyError(f"Another nbabot is training on {home}: wait for it to end.") from error
    except OSError as error:
        raise DatabaseError(f"{home} cannot be written ({error.strerror}): check its access rights.") from error
    try:
        yield
    finally:
        lock.release()
