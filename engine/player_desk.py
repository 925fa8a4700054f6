"""What the engine can do about players: find them, forecast them, train and measure the models that do so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from engine.core.errors import UsageError
from engine.core.player_backtests import PlayerBacktest
from engine.core.player_records import (
    FORM_GAMES,
    MOST_LINE,
    PlayerForecast,
    PlayerGame,
    PlayerHit,
    PlayerRecord,
    Stat,
)
from engine.core.progress import Progress, silent
from engine.core.reports import ModelVersion
from engine.core.teams import resolve_team
from engine.models.registry import Registry
from engine.predictions import player_slate
from engine.predictions.player import PlayerForecaster, PlayerQuestion
from engine.predictions.player_states import PlayerStates
from engine.store import player_picks
from engine.store.database import Database
from engine.store.players import last_games


class PlayerDesk:
    """The part of the engine that forecasts players; `Engine` brings the store, the clock and the forecaster."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    _span: Callable[[int | None], tuple[date, date]]
    _horizon: int
    _database: Database
    _registry: Registry
    _players: PlayerForecaster
    _player_states: PlayerStates

    def player(
        self,
        name: str,
        opponent: str | None = None,
        day: date | None = None,
        stat: Stat = Stat.PTS,
        line: float | None = None,
    ) -> PlayerForecast:
        """Forecast a player, named in any way, in his team's next game, and the chances of a line of one stat.

        `opponent` (in any words) and `day` mean another game, a hypothetical one where none is scheduled. All figures
        are for the case that he plays; `chance` is that of his playing. Raises UnknownPlayerError and
        AmbiguousPlayerError with candidates, UsageError, NoDataError, NoModelError.
        """
        if line is not None and not 0 <= line <= MOST_LINE:
            raise UsageError(f"A line is a number from 0 to {MOST_LINE:g}, such as 27.5.")
        meant = self._players.meant(name, self.today())
        against = None if opponent is None else resolve_team(opponent)
        return self._players.forecast(PlayerQuestion(meant, against, day, stat, line), self.now(), self._horizon)

    def players(self, typed: str, limit: int = 10) -> tuple[PlayerHit, ...]:
        """Players of this season or the last whom a name, its beginning or a misspelling may mean, likeliest first."""
        return self._players.like(typed, self.today(), limit)

    def player_games(self, player_id: int, limit: int = FORM_GAMES) -> tuple[PlayerGame, ...]:
        """What a player did in his last games known at the engine's moment, oldest first."""
        return last_games(self._database, player_id, self.today(), limit)

    def publish_player_picks(self, day: date | None = None) -> int:
        """Freeze forecasts of who is expected to play in a day's games that have not begun; what is published stays.

        Returns how many were new: none without a player model in production, or where it has learned from that day.
        Raises NoDataError when the day's schedule is unknown.
        """
        return player_slate.publish(self._database, self._players, day or self.today(), self.now())

    def player_record(
        self, days: int | None = None, season: int | None = None, stat: Stat | None = None
    ) -> PlayerRecord:
        """How published forecasts of players have done up to the engine's moment: over all time, the last days, or a
        season; of every stat or of one."""
        return player_picks.record(self._database, self._span(days), self.now(), season, stat)

    def refresh_players(self, progress: Progress = silent) -> None:
        """Bring the players' numbers up to date after an import or a synchronisation, so that no question has to wait.

        An import of ten seasons makes this half a minute's work; a day's results, a moment's.
        """
        self._player_states.refresh(progress)

    def train_player(
        self, families: Sequence[str] = (), through: int | None = None, progress: Progress = silent
    ) -> tuple[ModelVersion, ...]:
        """Fit and register a new version of each family on seasons up to `through`; promotes nothing.

        Learns only from games known at the engine's moment. Raises NoDataError when they are too few.
        """
        from engine.models.player.production import train_player

        return train_player(self._database, self._registry, self.now(), (families, through), progress)

    def backtest_player(
        self, seasons: Sequence[int], families: Sequence[str] = (), progress: Progress = silent
    ) -> PlayerBacktest:
        """Walk forward through `seasons`: every appearance of a player with five earlier ones is forecast by models
        fitted on earlier seasons only. Raises NoDataError, UsageError."""
        from engine.models.player.production import backtest_player

        return backtest_player(self._database, self.today(), seasons, families, progress)
