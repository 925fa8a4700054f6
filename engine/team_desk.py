"""What the engine can tell of teams: how good one is, how two have met, and what every model says of their game."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from engine.core.calendar import noon_of
from engine.core.records import Game, GameForecast, RotationPlayer
from engine.core.team_cards import TeamCard
from engine.core.teams import resolve_matchup, resolve_team
from engine.features.game import LeagueState
from engine.predictions.game import GameForecaster
from engine.predictions.state import StateKeeper
from engine.predictions.team import TeamCards
from engine.store import games
from engine.store.database import Database


class TeamDesk:
    """The part of the engine that knows the teams; `Engine` brings the store, the clock and the forecaster."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    _horizon: int
    _database: Database
    _states: StateKeeper
    _forecaster: GameForecaster

    def team(self, name: str, before: date | None = None) -> TeamCard:
        """How good a team is, named in any words: its season in figures, its place, its last games and its next ones.

        With `before`, as it stood in the morning of an earlier day.
        Raises UnknownTeamError and AmbiguousTeamError with candidates, NoDataError, NoModelError.
        """
        cards = TeamCards(self._database, self._states, self._forecaster, self._horizon)
        day = self._known_before(before)
        return cards.card(resolve_team(name), self.now() if day == self.today() else noon_of(day))

    def side_by_side(self, home: str, away: str, day: date | None = None) -> tuple[GameForecast, ...]:
        """The same game, meant as by `predict`, as every game model forecasts it: by the champion, then by the newest
        version of each other model that can be loaded and is not archived. Raises as `predict` does."""
        meant = self._forecaster.game_meant(resolve_matchup(home, away), day, self.today(), self._horizon)
        return self._forecaster.side_by_side(meant, self.now())

    def head_to_head(
        self, first_id: int, second_id: int, limit: int = 5, before: date | None = None
    ) -> tuple[Game, ...]:
        """Last meetings known at the engine's moment, newest first; `before` leaves out that day and later."""
        return games.meetings(self._database, (first_id, second_id), self._known_before(before), limit)

    def recent_games(self, team_id: int, limit: int = 10, before: date | None = None) -> tuple[Game, ...]:
        """Last games of a team known at the engine's moment, newest first; `before` leaves out that day and later."""
        return games.recent_games(self._database, team_id, self._known_before(before), limit)

    def rotation(self, team_id: int, before: date | None = None) -> tuple[RotationPlayer, ...]:
        """Whom a team counts on now or before an earlier day, most minutes first; nobody without player rows."""
        return self._forecaster.people.rotation(team_id, self._known_before(before), self.now())

    def team_numbers(self) -> LeagueState:
        """Every team's numbers as of the engine's moment; not to be changed. Raises NoDataError."""
        return self._states.at(self.today())

    def _known_before(self, day: date | None) -> date:
        """The league day whose results and later ones are not to be shown."""
        return self.today() if day is None else min(day, self.today())
