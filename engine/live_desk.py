"""What the engine can do about games that are being played: train and measure the models that forecast them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from engine.core.live_backtests import LiveBacktest
from engine.core.progress import Progress, silent
from engine.core.reports import ModelVersion
from engine.models.registry import Registry
from engine.store.database import Database


class LiveDesk:
    """The part of the engine that forecasts games under way; `Engine` brings the store and the clock."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    _database: Database
    _registry: Registry

    def train_live(self, through: int | None = None, progress: Progress = silent) -> ModelVersion:
        """Fit and register a new live model on seasons up to `through`; promotes nothing.

        Learns only from games known at the engine's moment. Raises NoDataError where too few timelines are stored.
        """
        from engine.models.live.production import train_live

        return train_live(self._database, self._registry, self.now(), through, progress)

    def backtest_live(self, seasons: Sequence[int], progress: Progress = silent) -> LiveBacktest:
        """Walk forward through `seasons`: every game with a timeline is forecast at many moments by a model fitted on
        earlier seasons only. Raises NoDataError for seasons without timelines."""
        from engine.models.live.production import backtest_stored

        return backtest_stored(self._database, self.today(), seasons, progress)
