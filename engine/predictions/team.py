"""The card of a team: its season in figures, its place in the league, its last games and its next ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.records import GameForecast
from engine.core.team_cards import Ranked, TeamCard, ranked
from engine.core.teams import TEAMS, Team
from engine.predictions.game import GameForecaster
from engine.predictions.notes import stale_note
from engine.predictions.season_figures import four_factors, ratings, season_record
from engine.predictions.state import StateKeeper
from engine.store import games, state
from engine.store.database import Database
from engine.store.team_totals import team_totals

LAST_GAMES, NEXT_GAMES = 5, 3


@dataclass(frozen=True, slots=True)
class TeamCards:
    """Makes cards from what is stored; a card's forecasts look `horizon` days ahead."""

    database: Database
    states: StateKeeper
    forecaster: GameForecaster
    horizon: int

    def card(self, team: Team, now: datetime) -> TeamCard:
        """The card of a team as known at a moment.

        Raises NoDataError where no result of any regular season is known, NoModelError for want of a game model.
        """
        today = calendar.league_day(now)
        season = games.newest_season(self.database, today)
        if season is None:
            raise NoDataError(
                f"No results of the {team.nickname} are stored: fetch them with `nbabot sync`, or read files in with "
                "`nbabot import PATH`."
            )
        totals = team_totals(self.database, season, today)
        coming = self._next_games(team, now)
        data_through = games.newest_result(self.database, today)
        return TeamCard(
            team_id=team.team_id,
            season=season,
            as_of=now,
            data_through=data_through,
            record=season_record(games.season_results(self.database, season, today), team.team_id),
            elo=self._elo(team, season, today),
            ratings=ratings(totals, team.team_id),
            factors=four_factors(totals, team.team_id),
            factors_allowed=four_factors(totals, team.team_id, allowed=True),
            last_games=games.recent_games(self.database, team.team_id, today, LAST_GAMES),
            next_games=coming,
            doubtful=tuple(one for game in coming[:1] for one in game.availability if one.team_id == team.team_id),
            simulated=state.is_simulated(self.database),
            notes=self._notes(season, data_through, today),
        )

    def _next_games(self, team: Team, now: datetime) -> tuple[GameForecast, ...]:
        today = calendar.league_day(now)
        days = today, today + timedelta(days=self.horizon)
        coming = games.games_of(self.database, team.team_id, days, today)[:NEXT_GAMES]
        return tuple(self.forecaster.forecast(game, now) for game in coming)

    def _elo(self, team: Team, season: int, today: date) -> Ranked:
        league = self.states.at(today)
        return ranked({one.team_id: league.elo(one.team_id, season) for one in TEAMS}, team.team_id)

    def _notes(self, season: int, data_through: date | None, today: date) -> tuple[str, ...]:
        current = games.season_on(self.database, today) or calendar.season_of(today)
        label = calendar.season_label
        past = f"No result of {label(current)} is known yet: these are the figures of {label(season)}."
        notes = (past if season < current else "", stale_note(self.database, data_through, today))
        return tuple(note for note in notes if note)
