"""What the engine can do about half-time margins: train and measure the models that forecast them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from engine.core.halftime_backtests import HalftimeBacktest
from engine.core.progress import Progress, silent
from engine.core.reports import ModelVersion
from engine.models.registry import Registry
from engine.store.database import Database


class HalftimeDesk:
    """The part of the engine that makes half-time models; `Engine` brings the store and the clock."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    _database: Database
    _registry: Registry

    def train_halftime(
        self, families: Sequence[str] = (), through: int | None = None, progress: Progress = silent
    ) -> tuple[ModelVersion, ...]:
        """Fit and register a new half-time model of each family on seasons up to `through`; promotes nothing.

        None named = all that can be trained here: the network takes PyTorch, and UsageError is raised where it is asked
        for without. Learns only from games known at the engine's moment; NoDataError where timelines are too few.
        """
        from engine.models.halftime.production import train_halftime

        return train_halftime(self._database, self._registry, self.now(), (families, through), progress)

    def backtest_halftime(self, seasons: Sequence[int], progress: Progress = silent) -> HalftimeBacktest:
        """Walk forward through `seasons`: the margin at half-time of every game with a timeline, forecast at 18:00 by
        models fitted on earlier seasons only. Raises NoDataError for seasons without timelines."""
        from engine.models.halftime.production import backtest_stored

        return backtest_stored(self._database, self.today(), seasons, progress)
