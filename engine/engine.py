"""Engine: the one object that the bot, the terminal UI and the command line call.

Every public method is one question or one act. It returns frozen dataclasses (`engine.core.records`,
`engine.core.reports`) and raises only errors of `engine.core.errors`. The object may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from engine.core import calendar
from engine.core.progress import Progress, silent
from engine.core.records import Game, GameForecast, Pick, Slate
from engine.core.reports import AuditEntry, Backtest, ImportReport, ModelVersion, MonitorReport, Status, TrackRecord
from engine.store.database import Database


def machine_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class Engine:
    """All that nbabot can do, on one folder.

    `home` holds the database and the models made here. `now` is the clock: hand in another one and the whole engine
    lives at that moment, seeing only what was known then.
    """

    def __init__(self, home: Path, now: Callable[[], datetime] = machine_clock, horizon_days: int = 14) -> None: ...

    # what the clock says
    def today(self) -> date:
        """The league day of the engine's moment."""

    # questions
    def predict(self, home: str, away: str, day: date | None = None) -> GameForecast:
        """Forecast a matchup named in any words. Without a day: their next game within 14 days, else a hypothetical one at `home` today."""

    def slate(self, day: date | None = None) -> Slate:
        """All games of a league day with forecasts and, where known, results. NoDataError when the day's schedule is unknown."""

    def game_days(self) -> tuple[date, date] | None:
        """First and last league day with a stored game."""

    def head_to_head(self, first_id: int, second_id: int, limit: int = 5) -> tuple[Game, ...]:
        """Last meetings known at the engine's moment, newest first."""

    def recent_games(self, team_id: int, limit: int = 10) -> tuple[Game, ...]:
        """Last games of a team known at the engine's moment, newest first."""

    def models(self, task: str = "game") -> tuple[ModelVersion, ...]:
        """Every version of a task, newest first."""

    def model_audit(self, limit: int = 50) -> tuple[AuditEntry, ...]:
        """Movements of aliases, newest first."""

    def record(self, days: int | None = None, season: int | None = None) -> TrackRecord:
        """How published picks have done up to the engine's moment."""

    def picks(self, day: date) -> tuple[Pick, ...]:
        """The picks published for a day, with outcomes, in the order of the slate."""

    def monitor(self) -> MonitorReport:
        """Drift of the inputs and performance of the picks over the last window."""

    def status(self) -> Status:
        """What is stored, how old it is, what is in production."""

    # acts
    def import_paths(self, paths: Sequence[Path], progress: Progress = silent) -> ImportReport:
        """Read files and folders in the stats.nba.com column format into the store, then bring the state up to date."""

    def train_game(
        self, families: Sequence[str] = (), through: int | None = None, progress: Progress = silent
    ) -> tuple[ModelVersion, ...]:
        """Fit and register a new version of each family (all by default) on seasons up to `through`; promotes nothing."""

    def backtest_game(
        self, seasons: Sequence[int], families: Sequence[str] = (), progress: Progress = silent
    ) -> Backtest:
        """Walk forward through `seasons`: each is forecast by models fitted on earlier seasons only."""

    def promote(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        """Make a version the champion of its task, in one transaction with an audit row."""

    def publish_picks(self, day: date | None = None) -> tuple[Pick, ...]:
        """Freeze the champion's forecasts of a day's games that have not begun; games already published keep their pick."""

    def grade(self) -> int:
        """Grade every pending pick whose result is known; returns how many were graded."""
