"""Forecasts of games: which game is meant, what the champion says of it, and what the answer must admit."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

from cachetools import LRUCache

from engine.core import calendar
from engine.core.calendar import SeasonType
from engine.core.errors import DateOutOfRangeError, NoModelError
from engine.core.records import Game, GameForecast, GameStatus
from engine.core.teams import BY_ID, Team
from engine.features.contract import Matchup
from engine.features.game import LeagueState
from engine.models.registry import Registry
from engine.predictions.explain import drivers_of
from engine.predictions.state import StateKeeper
from engine.store import games, state
from engine.store.database import Database
from engine.store.state import Standing

FRESH_DAYS = 3
EARLY_SEASON_GAMES = 5
FURTHEST_DAYS = 366


class GameForecaster:
    """Makes and caches forecasts of games for the engine's moment."""

    def __init__(self, database: Database, registry: Registry, states: StateKeeper) -> None:
        self._database = database
        self._registry = registry
        self._states = states
        self._cache: LRUCache[tuple[object, ...], GameForecast] = LRUCache(maxsize=4096)
        self._lock = threading.Lock()

    def game_meant(self, teams: tuple[Team, Team], day: date | None, today: date, horizon: int) -> Game:
        """The game that a question about two teams means, scheduled or hypothetical (empty id).

        Without a day: their next game within `horizon` days, whoever is at home. Raises DateOutOfRangeError.
        """
        if day is not None and day > today + timedelta(days=FURTHEST_DAYS):
            raise DateOutOfRangeError(
                f"{day} is more than a year away: ask for a day up to {FURTHEST_DAYS} days from {today}."
            )
        ids = (teams[0].team_id, teams[1].team_id)
        span = (day, day) if day is not None else (today, today + timedelta(days=horizon))
        found = games.meeting(self._database, ids, span, today)
        if found is not None:
            return found
        on = day or today
        season = games.season_on(self._database, on) or calendar.season_of(on)
        return Game("", season, SeasonType.REGULAR, on, ids[0], ids[1])

    def forecast(self, game: Game, now: datetime) -> GameForecast:
        """The champion's forecast of a game, knowing what was known at `now` and before the game's own day."""
        today = min(calendar.league_day(now), game.league_day)
        standing = self._standing()
        key = (standing, today, game)
        with self._lock:
            found = self._cache.get(key)
        if found is None:
            found = self._fresh(game, standing, today, now)
            with self._lock:
                self._cache[key] = found
        moment = _moment_of(game, now)
        return found if found.as_of == moment else replace(found, as_of=moment)

    def refuse_hindsight(self, day: date) -> None:
        """Raise NoModelError when the champion has learned from games of this day or later."""
        champion = self._standing().champion
        seen = self._registry.load(champion).learned_through
        if seen is not None and seen >= day:
            raise NoModelError(
                f"{champion} has learned from games up to {seen}, so picks for {day} would be hindsight: train one "
                f"with `nbabot train game --as-of {day}` and promote it."
            )

    def matchup(self, game: Game) -> Matchup:
        """What the features need to know of a game beyond the state of the league."""
        rest: list[date | None] = [
            games.last_day_of(self._database, team_id, game.league_day) for team_id in (game.home_id, game.away_id)
        ]
        return Matchup(
            home_id=game.home_id,
            away_id=game.away_id,
            league_day=game.league_day,
            season=game.season,
            season_type=game.season_type,
            neutral=game.neutral,
            home_last_day=rest[0],
            away_last_day=rest[1],
        )

    def _standing(self) -> Standing:
        standing = state.standing(self._database)
        if not standing.champion:
            raise NoModelError("No game model is in production: run `nbabot train game`, then `nbabot models promote`.")
        return standing

    def _fresh(self, game: Game, standing: Standing, today: date, now: datetime) -> GameForecast:
        league = self._states.at(today)
        matchup = self.matchup(game)
        served = self._registry.load(standing.champion)
        numbers = served.model.predict(league.row(matchup))
        return GameForecast(
            home_id=game.home_id,
            away_id=game.away_id,
            league_day=game.league_day,
            neutral=game.neutral,
            scheduled=bool(game.game_id),
            home_win_prob=numbers.home_win_prob,
            margin=numbers.margin,
            total=numbers.total,
            drivers=drivers_of(numbers.contributions, matchup),
            model=standing.champion,
            as_of=_moment_of(game, now),
            data_through=league.data_through,
            notes=self._notes(game, league, today, served.learned_through, standing.simulated),
            game_id=game.game_id or None,
            tip_utc=game.tip_utc,
            margin_50=numbers.margin_50,
            margin_80=numbers.margin_80,
            total_50=numbers.total_50,
            total_80=numbers.total_80,
        )

    def _notes(
        self, game: Game, league: LeagueState, today: date, learned_through: date | None, simulated: bool
    ) -> tuple[str, ...]:
        home, away = BY_ID[game.home_id], BY_ID[game.away_id]
        notes = (
            "SIMULATED league: players and results are invented." if simulated else "",
            "" if game.game_id else f"Hypothetical game in {home.city}: no meeting of the two is scheduled then.",
            "Neutral site: no home edge for either side." if game.neutral else "",
            "This game has been postponed." if game.status is GameStatus.POSTPONED else "",
            stale_note(self._database, league.data_through, today),
            _early_note(league, game, home, away),
            "Injuries are not taken into account.",
            _hindsight_note(learned_through, game.league_day),
        )
        return tuple(note for note in notes if note)


def stale_note(database: Database, data_through: date | None, today: date) -> str:
    """A word on old results where newer ones must exist, not in a pause that the schedule shows; else empty."""
    age = (today - data_through).days if data_through else 0
    if data_through is None or age <= FRESH_DAYS or not games.results_missing(database, data_through, today):
        return ""
    return f"The newest result known is {age} days old ({data_through}): import newer ones for a better forecast."


def _moment_of(game: Game, now: datetime) -> datetime:
    """The moment from which a game is looked at: now, or noon of its own day once that is past."""
    return now if calendar.league_day(now) <= game.league_day else calendar.noon_of(game.league_day)


def _hindsight_note(learned_through: date | None, day: date) -> str:
    if learned_through is None or learned_through < day:
        return ""
    return f"In hindsight: the model has learned from games up to {learned_through}, so this is no fair test of it."


def _early_note(league: LeagueState, game: Game, home: Team, away: Team) -> str:
    few = [team for team in (home, away) if league.games_seen(team.team_id, game.season) < EARLY_SEASON_GAMES]
    if not few:
        return ""
    names = " and ".join(team.nickname for team in few)
    season = calendar.season_label(game.season)
    return f"Early season: few games of {season} are known for the {names}, so earlier seasons weigh heavily."
