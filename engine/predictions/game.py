"""Forecasts of games: which game is meant, what the champion says of it, and why."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

from cachetools import LRUCache

from engine.core import calendar, outlook_words
from engine.core.calendar import SeasonType
from engine.core.errors import DateOutOfRangeError, NoModelError
from engine.core.outlooks import PlayerOutlook, WhatIf
from engine.core.records import Game, GameForecast
from engine.core.signals import Recalled, forecasting, tell
from engine.core.teams import Team
from engine.features.contract import Matchup
from engine.models.estimators import GameModel
from engine.models.registry import Registry
from engine.predictions.availability import NewsDesk
from engine.predictions.explain import Doubt, drivers_of, explained, widening
from engine.predictions.notes import Asked, hindsight_note, notes_on
from engine.predictions.people import People
from engine.predictions.state import StateKeeper
from engine.predictions.whatif import suppose
from engine.store import games, odds, state
from engine.store.database import Database
from engine.store.state import Standing

FURTHEST_DAYS = 366
NOTHING_SUPPOSED = WhatIf()


class GameForecaster:
    """Makes and caches forecasts of games for the engine's moment; `people` knows the players by name.

    `split` is the share of scheduled games that the challenger forecasts in the champion's place.
    """

    def __init__(self, database: Database, registry: Registry, states: StateKeeper, split: float = 0.0) -> None:
        self._database = database
        self._registry = registry
        self._states = states
        self._split = split
        self._news = NewsDesk(database)
        self.people = People(database, states, self._news)
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

    def forecast(
        self, game: Game, now: datetime, model: str | None = None, what_if: WhatIf = NOTHING_SUPPOSED
    ) -> GameForecast:
        """The forecast of a game, knowing what was known at `now` and before the game's own day.

        It is that of the version in production, or of the one named (name@version). What is only supposed is answered
        anew each time and kept nowhere. Raises UsageError for its players.
        """
        moment = _moment_of(game, now)
        with forecasting("game") as made:
            standing = self._standing()
            standing = replace(standing, champion=model or self._answering(game, standing.champion))
            key = (standing, calendar.league_day(moment), game, self._news.newest(game.league_day, moment))
            with self._lock:
                found = None if what_if else self._cache.get(key)
            cached = found is not None
            if not what_if:
                tell(Recalled("forecast", cached))
            if found is None:
                found = self._fresh(game, standing, moment, what_if)
                if not what_if:
                    with self._lock:
                        self._cache[key] = found
            made.by(standing.champion, cached=cached)
        return self.beside_line(found if found.as_of == moment else replace(found, as_of=moment), game, now)

    def side_by_side(self, game: Game, now: datetime) -> tuple[GameForecast, ...]:
        """The forecasts of a game by the champion and by the other models that can be used, in this order."""
        standing = self._standing()
        others = self._registry.newest_usable("game", standing.champion, simulated=standing.simulated)
        return tuple(self.forecast(game, now, label) for label in (standing.champion, *others))

    def beside_line(self, forecast: GameForecast, game: Game, now: datetime) -> GameForecast:
        """A forecast together with what the market says of its game, as known at a moment."""
        line = odds.line_of(self._database, game, now) if game.game_id else None
        return forecast if line is None else replace(forecast, line=line)

    def refuse_hindsight(self, day: date) -> None:
        """Raise NoModelError when the champion has learned from games of this day or later."""
        champion = self._standing().champion
        if not self._is_fair(champion, day):
            raise NoModelError(
                f"{champion} has learned from games up to {self._registry.load(champion).learned_through}, so picks "
                f"for {day} would be hindsight: train one with `nbabot train game --as-of {day}` and promote it."
            )

    def hindsight(self, day: date) -> str:
        """A word on a champion that has learned from the games of a league day or later; else empty."""
        return hindsight_note(self._registry.load(self._standing().champion).learned_through, day)

    def in_play(self, day: date) -> tuple[str, ...]:
        """The champion and its challengers, those that can be loaded and have not learned from that day or later."""
        labels = (self._standing().champion, *self._registry.usable_challengers("game"))
        return tuple(label for label in labels if self._is_fair(label, day))

    def _answering(self, game: Game, champion: str) -> str:
        """The champion, or for the challenger's share of the scheduled games the newest challenger."""
        if not self._split or not game.game_id or _place(game.game_id) >= self._split:
            return champion
        rivals = self._registry.usable_challengers("game")
        return next((label for label in rivals if self._is_fair(label, game.league_day)), champion)

    def _is_fair(self, label: str, day: date) -> bool:
        seen = self._registry.load(label).learned_through
        return seen is None or seen < day

    def matchup(self, game: Game) -> Matchup:
        """What the features need to know of a game beyond the state of the league and its players."""
        rest: list[date | None] = [
            games.last_day_of(self._database, team_id, game.league_day) for team_id in (game.home_id, game.away_id)
        ]
        return replace(Matchup.of(game), home_last_day=rest[0], away_last_day=rest[1])

    def _standing(self) -> Standing:
        standing = state.standing(self._database)
        if not standing.champion:
            raise NoModelError("No game model is in production: run `nbabot train game`, then `nbabot models promote`.")
        return replace(standing, champion=self._registry.serving("game", standing.champion))

    def _fresh(self, game: Game, standing: Standing, moment: datetime, what_if: WhatIf) -> GameForecast:
        today = min(calendar.league_day(moment), game.league_day)
        league = self._states.at(today)
        news, supposed = self._news.of(game, league, moment, standing), ""
        if what_if:
            made = suppose(what_if, game, league, news, self.people)
            news, supposed = made.news, made.note
        matchup = replace(self.matchup(game), availability=news.availability)
        asked = Asked(game, matchup, league, news, league.sides(matchup), today)
        served = self._registry.load(standing.champion)
        said = self._answer(asked, served.model, moment)
        notes = (
            "SIMULATED league: players and results are invented." if standing.simulated else "",
            supposed,
            *notes_on(asked, self._database, self.people),
            hindsight_note(served.learned_through, game.league_day),
        )
        return replace(said, model=standing.champion, notes=tuple(note for note in notes if note))

    def _answer(self, asked: Asked, model: GameModel, moment: datetime) -> GameForecast:
        """The forecast without its notes."""
        game = asked.game
        scale = widening(asked.sides, early=bool(asked.newcomers))
        numbers = model.predict(asked.league.row(asked.matchup), scale)
        contributions, doubts = explained(model, asked.league, asked.matchup, asked.sides, numbers.margin)
        outlooks = self._outlooks(asked, doubts)
        players = [(outlook_words.outlook(one), doubt.points) for one, doubt in zip(outlooks, doubts, strict=True)]
        return GameForecast(
            home_id=game.home_id,
            away_id=game.away_id,
            league_day=game.league_day,
            neutral=game.neutral,
            scheduled=bool(game.game_id),
            home_win_prob=numbers.home_win_prob,
            margin=numbers.margin,
            total=numbers.total,
            drivers=drivers_of(contributions, asked.matchup, players),
            model="",
            as_of=moment,
            data_through=asked.league.data_through,
            game_id=game.game_id or None,
            tip_utc=game.tip_utc,
            margin_50=numbers.margin_50,
            margin_80=numbers.margin_80,
            total_50=numbers.total_50,
            total_80=numbers.total_80,
            availability=outlooks,
        )

    def _outlooks(self, asked: Asked, doubts: tuple[Doubt, ...]) -> tuple[PlayerOutlook, ...]:
        """The players in doubt by name, in the order in which they were weighed."""
        names = self.people.names(doubt.member.player_id for doubt in doubts)
        return tuple(
            PlayerOutlook(
                player_id=one.member.player_id,
                name=names.get(one.member.player_id, "a player"),
                team_id=one.member.team_id,
                status=asked.news.word(one.member),
                chance=one.chance,
                minutes=one.member.minutes,
                points=one.points if one.member.team_id == asked.game.home_id else -one.points,
            )
            for one in doubts
        )


def _place(game_id: str) -> float:
    """Where a game lies between 0 and 1: the same for ever, and evenly spread over games."""
    return int.from_bytes(hashlib.sha256(game_id.encode()).digest()[:8], "big") / 2**64


def _moment_of(game: Game, now: datetime) -> datetime:
    """The moment from which a game is looked at: now, or noon of its own day once that is past."""
    return now if calendar.league_day(now) <= game.league_day else calendar.noon_of(game.league_day)
