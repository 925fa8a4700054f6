"""What the engine can do about games that are being played: follow them, and train and measure their models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine.core.live_backtests import LiveBacktest
from engine.core.live_games import LiveBoard, LiveCard, LivePoll, LiveRecord
from engine.core.progress import Progress, silent
from engine.core.reports import ModelVersion
from engine.models.registry import Registry
from engine.predictions.live import TASK
from engine.predictions.live_views import LiveViews
from engine.sources.live import LiveFeed
from engine.store import live, live_forecasts
from engine.store.database import Database
from engine.store.state import is_simulated
from engine.sync.live import LONGEST_WAIT_S, LivePoller

if TYPE_CHECKING:
    from engine.sync.live_replay import Replay

COURSE_DAYS = 7
"""How long the course of a game's score is kept as it was seen: until its timeline has surely been fetched."""
LOG_DAYS = 400
"""How long the forecasts of games under way are kept: a season of them takes about 25 MB."""


class LiveDesk:
    """The part of the engine that forecasts games under way; `Engine` brings the store and the clock."""

    home: Path
    now: Callable[[], datetime]
    today: Callable[[], date]
    grade: Callable[[], int]
    close: Callable[[], None]
    _elsewhere: Callable[[Path, Callable[[], datetime], Callable[[], LiveFeed]], Self]
    _database: Database
    _registry: Registry
    _live_views: LiveViews
    _live_poller: LivePoller
    _other_live_feed: bool

    def poll_live(self) -> LivePoll:
        """Ask the feed once for games under way, if it is time, write down what it shows, and forecast from there.

        Every process of a home folder may call this as often as it likes: one asks, the others are told to wait. A
        feed that does not answer is named in the poll's `problem`. In a simulated league there is nothing to ask.
        """
        if is_simulated(self._database) and not self._other_live_feed:
            return LivePoll(False, (), LONGEST_WAIT_S)
        return self._live_poller.poll()

    def live_board(self, day: date | None = None) -> LiveBoard:
        """The games of a league day as they stand; without a day, those of today, or of last night while one is on."""
        return self._live_views.board(day, self.now())

    def live(self, game_id: str) -> LiveCard:
        """All about a game under way or over: its curve, and the past games that went like it. Raises NoDataError."""
        return self._live_views.card(game_id, self.now())

    def live_record(self, games: int = 300) -> LiveRecord:
        """How forecasts of games under way fared over the last graded games of the model that spoke last."""
        from engine.monitoring.live import live_record

        return live_record(self._database, self.today(), games)

    def forget_live(self) -> int:
        """Delete the courses and followers of games that ended days ago, and forecasts older than a season.

        The stored timelines replace the courses. Returns how many rows these were.
        """
        today = self.today()
        gone = live.forget(self._database, today - timedelta(days=COURSE_DAYS))
        return gone + live_forecasts.forget(self._database, today - timedelta(days=LOG_DAYS))

    def replay(
        self, game_id: str, speed: float = 60, progress: Progress = silent
    ) -> AbstractContextManager[Replay[Self]]:
        """Another engine on a copy of this home, before a game of the past that will be played again, faster.

        Whatever is done there changes nothing here. Raises NoDataError for a game whose result or course is not known,
        NoModelError where nothing would be said of it, UsageError for a speed out of bounds.
        """
        from engine.sync.live_replay import past_game, replaying

        self._registry.champion(TASK)
        past = past_game(self._database, game_id, self.now())
        return replaying(self._elsewhere, self.home, past, speed, progress)

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
