"""What the engine can do about model versions: look, compare, move roles, take in and hand out, train anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.backtests import Backtest
from engine.core.calendar import league_day
from engine.core.errors import GateError
from engine.core.model_reports import (
    Comparison,
    Decision,
    Gate,
    ModelPolicy,
    RetrainCheck,
    Retrained,
    VersionCheck,
)
from engine.core.monitor_reports import MonitorReport
from engine.core.progress import Progress, silent
from engine.core.reports import AuditEntry, ModelVersion
from engine.models.registry import Registry
from engine.models.roles import Roles
from engine.predictions.state import StateKeeper
from engine.store.database import Database

if TYPE_CHECKING:
    from engine.monitoring.comparing import Comparer
    from engine.monitoring.game import GameMonitor
    from engine.monitoring.retraining import Retraining


class ModelDesk:
    """The part of the engine that keeps the model versions; `Engine` brings the store, the clock and the policy."""

    home: Path
    now: Callable[[], datetime]
    _database: Database
    _registry: Registry
    _states: StateKeeper
    _policy: ModelPolicy
    _game_monitor: GameMonitor | None = None

    def today(self) -> date:
        """The league day of the engine's moment."""
        return league_day(self.now())

    def monitor(self, window: int = 200) -> MonitorReport:
        """Drift of the champion's inputs over the last 200 games, performance of its picks over the last `window`.

        Raises UsageError for less than 200 picks, NoModelError, and BundleError for a version without a reference.
        """
        from engine.monitoring.game import GameMonitor

        if self._game_monitor is None:
            self._game_monitor = GameMonitor(self._database, self._registry, self._states)
        return self._game_monitor.report(self.now(), window)

    # questions

    def models(self, task: str | None = "game") -> tuple[ModelVersion, ...]:
        """Every version of a task, or with None of all tasks, newest first."""
        return self._registry.versions(task)

    def champion(self, task: str = "game") -> ModelVersion:
        """The version in production. Raises NoModelError when there is none."""
        return self._registry.champion(task)

    def model_manifest(self, name: str, version: str) -> dict[str, object]:
        """All that is recorded of a version: data window, metrics, libraries, hashes. Raises NoModelError."""
        return self._registry.manifest(name, version)

    def model_audit(self, limit: int = 50) -> tuple[AuditEntry, ...]:
        """Movements of roles, newest first."""
        return self._registry.audit(limit)

    def compare_models(self, first: tuple[str, str], second: tuple[str, str]) -> Comparison:
        """Two versions, each by name and number, on the same games. Raises NoModelError, BundleError, UsageError."""
        return self._comparer().compare(self._registry.version(*first), self._registry.version(*second))

    def model_gate(self, name: str, version: str) -> Gate:
        """What speaks against promoting a version. Raises NoModelError, and BundleError where it cannot be loaded."""
        return self._comparer().gate(self._registry.version(name, version))

    def verify_models(self) -> tuple[VersionCheck, ...]:
        """Every registered version against its files, and the folders that no entry knows."""
        from engine.models.checkup import check_versions

        return check_versions(self._registry)

    def retrain_check(self) -> RetrainCheck:
        """Whether the champion should be trained anew, and why; trains nothing. Raises NoModelError."""
        return self._retraining().check()

    # acts

    def promote(self, name: str, version: str, who: str, why: str, force: bool = False) -> ModelVersion:
        """Make a version the champion of its task, in one transaction with an audit row.

        Raises GateError with the objections when the gate does not hold; with `force` they are written down instead.
        Raises BundleError when it cannot be loaded, force or not; BusyError when someone else promoted meanwhile.
        """
        gate = self.model_gate(name, version)
        if not gate.holds and not force:
            raise GateError(gate.version.label, gate.objections)
        replacing = gate.champion.label if gate.champion else None
        decision = Decision(who, why, " ".join(gate.objections))
        return self._roles.promote(gate.version, decision, replacing)

    def challenge(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        """Let a version forecast in the champion's shadow, to be compared with it on games to come."""
        return self._roles.challenge(name, version, Decision(who, why))

    def roll_back(self, who: str, why: str, task: str = "game") -> ModelVersion:
        """Put the version that was champion before back into production. Raises NoModelError, BundleError."""
        return self._roles.roll_back(task, Decision(who, why))

    def retire(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        """Archive a version; its files stay. Raises UsageError for the champion."""
        return self._roles.retire(name, version, Decision(who, why))

    def export_model(self, name: str, version: str, target: Path) -> Path:
        """Write a version to one file that another machine can import; returns the file."""
        from engine.models.transfer import export_version

        return export_version(self._registry, name, version, target)

    def import_model(self, path: Path) -> ModelVersion:
        """Take in an exported version as a candidate, once all of it is checked. Raises BundleError."""
        from engine.models.transfer import import_version

        return import_version(self._registry, path)

    def refresh_models(self) -> tuple[str, ...]:
        """Load new champions and challengers before anybody asks, unload others; returns who answers, task by task.

        Raises BundleError where a champion cannot be loaded and none has answered before it.
        """
        return self._registry.refresh()

    def train_game(
        self, families: Sequence[str] = (), through: int | None = None, progress: Progress = silent
    ) -> tuple[ModelVersion, ...]:
        """Fit and register a new version of each family on seasons up to `through`; promotes nothing.

        Learns only from games known at the engine's moment. Raises NoDataError when they are too few.
        """
        from engine.models.production import train_game
        from engine.monitoring.game import describe

        return train_game(self._database, self._registry, self.now(), (families, through), describe, progress)

    def backtest_game(
        self,
        seasons: Sequence[int],
        families: Sequence[str] = (),
        seed: int = 1,
        injuries_known: bool = True,
        progress: Progress = silent,
    ) -> Backtest:
        """Walk forward through `seasons`: each is forecast by models fitted on earlier seasons only.

        `seed` is of the simulations behind the bands and intervals. Without `injuries_known` each game is forecast as
        if nobody had said who is out.
        """
        from engine.models.evaluation import Plan
        from engine.models.production import backtest_game

        return backtest_game(self._database, self.today(), Plan(seasons, families, seed, injuries_known), progress)

    def retrain(self, progress: Progress = silent) -> Retrained:
        """Train the champion's family anew, test it walking forward, register it, and ask the gate; promotes nothing.

        Raises BusyError while another process trains, NoModelError, NoDataError.
        """
        from engine.monitoring.retraining import one_at_a_time

        with one_at_a_time(self.home):
            check = self.retrain_check()
            made = self.train_game([self.champion().family], progress=progress)[0]
            return Retrained(check, self.model_gate(made.name, made.version), promoted=False)

    def retrain_weekly(self, progress: Progress = silent) -> Retrained | None:
        """The same once a week where there are new games, else None; promotes if the policy and the gate say so."""
        if not self._retraining().is_weekly_turn(self.now()):
            return None
        done = self.retrain(progress)
        if not (self._policy.auto_promote and done.gate.holds):
            return done
        made = done.gate.version
        self.promote(made.name, made.version, "nbabot", "retrained on schedule, and the gate holds")
        return Retrained(done.check, done.gate, promoted=True)

    @property
    def _roles(self) -> Roles:
        return Roles(self._database, self._registry)

    def _comparer(self) -> Comparer:
        from engine.monitoring.comparing import Comparer

        return Comparer(self._database, self._registry, self._states, self.today())

    def _retraining(self) -> Retraining:
        from engine.monitoring.retraining import Retraining

        return Retraining(self._database, self._registry, self._policy, self.monitor, self.today())
