"""Forecasts of players: who is meant, in which game, and what he is expected to do there if he plays."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cachetools import LRUCache

from engine.core import calendar
from engine.core.calendar import SeasonType
from engine.core.errors import NoDataError, NoModelError, UnknownPlayerError, UsageError
from engine.core.player_names import KnownPlayer
from engine.core.player_records import PlayerForecast, PlayerHit, Stat
from engine.core.records import Game
from engine.core.signals import forecasting
from engine.core.teams import BY_ID, Team
from engine.features.availability import chance_after
from engine.features.contract import Matchup
from engine.features.player_league import Asked, PlayerLeague
from engine.features.player_summer import after_summer
from engine.models.player.data import EARLIER_GAMES
from engine.models.player.model import PlayerModel
from engine.models.registry import Registry, ServedModel
from engine.predictions.availability import GameNews, NewsDesk
from engine.predictions.game import GameForecaster
from engine.predictions.notes import hindsight_note, stale_note
from engine.predictions.player_names import player_meant, players_like
from engine.predictions.player_states import PlayerStates
from engine.store import games, injuries, players, state
from engine.store.database import Database

TASK = "player"
AS_LIKELY_AS_NOT = 0.5
NO_LINE = (Stat.PTS, None)
NO_SCHEDULE = (
    "No schedule is known, so a home game against a middling team is taken: `nbabot sync` brings the schedule."
)
SUMMER = (
    "Who has changed teams in the summer is not known, so last season's team-mates count by how many like them usually "
    "stay: `nbabot sync` brings the list."
)
SETTLED_GAMES = 20
"""With fewer appearances a forecast leans on what players usually do, and says so."""


@dataclass(frozen=True, slots=True)
class PlayerQuestion:
    """What is asked of a player: against whom and when, else his next game; the chances of a line of one stat."""

    player: KnownPlayer
    opponent: Team | None = None
    day: date | None = None
    stat: Stat = Stat.PTS
    line: float | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """A game and all that is known of it at a moment.

    `stayed` holds chances of last season's rotations, where neither a list nor a game has told who is still there.
    """

    game: Game
    matchup: Matchup
    moment: datetime
    league: PlayerLeague
    news: GameNews
    stayed: Mapping[int, float]
    served: ServedModel[PlayerModel]
    label: str
    simulated: bool


class PlayerForecaster:
    """Finds players by name and forecasts their games for the engine's moment."""

    def __init__(
        self, database: Database, registry: Registry, states: PlayerStates, forecaster: GameForecaster
    ) -> None:
        self._database = database
        self._registry = registry
        self._states = states
        self._forecaster = forecaster
        self._news = NewsDesk(database)
        self._known: LRUCache[tuple[date, str, str], tuple[KnownPlayer, ...]] = LRUCache(maxsize=4)
        self._lock = threading.Lock()

    def meant(self, typed: str, today: date) -> KnownPlayer:
        """The one player whom a name means. Raises UnknownPlayerError, also for one who plays no more, or
        AmbiguousPlayerError."""
        try:
            return player_meant(typed, self._active(today))
        except UnknownPlayerError as unknown:
            try:
                former = player_meant(typed, players.everyone(self._database))
            except UsageError:
                raise unknown from None
            last = players.last_days(self._database, [former.player_id], today).get(former.player_id)
            since = f"has not played since {last}" if last else "has not played yet"
            raise UnknownPlayerError(f"{former.name} {since}, so there is nothing to forecast.") from None

    def like(self, typed: str, today: date, limit: int) -> tuple[PlayerHit, ...]:
        """Players of this season or the last who may be meant, the likeliest first."""
        known = self._active(today)
        found = players_like(typed, known, limit)
        days = players.last_days(self._database, [one.player_id for one in found], today)
        return tuple(replace(one, last_day=days.get(one.player_id)) for one in found)

    def forecast(self, asked: PlayerQuestion, now: datetime, horizon: int) -> PlayerForecast:
        """The champion's forecast of the player's game. Raises NoModelError, NoDataError, UsageError."""
        player = asked.player
        if player.team_id is None:
            raise NoDataError(f"{player.name} plays for no team now, so there is nothing to forecast.")
        game = self._game(player, player.team_id, asked, calendar.league_day(now), horizon)
        with forecasting(TASK) as made:
            setting = self._setting(game, now)
            said = self._said(player, player.team_id, setting, (asked.stat, asked.line))
            made.by(setting.label, cached=False)
        unscheduled = (NO_SCHEDULE,) if asked.opponent is None and said.game_id is None else ()
        return replace(said, notes=unscheduled + self._notes(player, setting, said))

    def rotations(self, game: Game, now: datetime) -> tuple[PlayerForecast, ...]:
        """The champion's forecasts, without notes, of everybody on whom the teams of a game count and who is as likely
        as not to play. Nobody where the champion has learned from that day. Raises NoModelError, NoDataError."""
        learned = self._champion()[1].learned_through
        if learned is not None and learned >= game.league_day:
            return ()
        setting = self._setting(game, now)
        people, known = setting.league.league.players, setting.news.availability
        teams = {
            one.player_id: one.team_id
            for team_id in (game.home_id, game.away_id)
            for one in people.rotation(team_id, game.season, known.teams)
            if known.chance(one) >= AS_LIKELY_AS_NOT and setting.league.form(one.player_id) is not None
        }
        named = players.names(self._database, teams)
        return tuple(
            self._said(KnownPlayer(one, named[one], team_id), team_id, setting)
            for one, team_id in teams.items()
            if one in named
        )

    def _said(
        self, player: KnownPlayer, team_id: int, setting: _Setting, line: tuple[Stat, float | None] = NO_LINE
    ) -> PlayerForecast:
        """The forecast without its notes."""
        game, model = setting.game, setting.served.model
        expected = model.expect(self._row(player, team_id, setting))
        form = setting.league.form(player.player_id)
        home = game.home_id == team_id
        return PlayerForecast(
            player_id=player.player_id,
            name=player.name,
            team_id=team_id,
            opponent_id=game.away_id if home else game.home_id,
            home=home,
            neutral=game.neutral,
            league_day=game.league_day,
            game_id=game.game_id or None,
            tip_utc=game.tip_utc,
            minutes=expected.minutes,
            chance=self._chance(player, team_id, setting),
            status=setting.news.words.get(player.player_id, ""),
            stats=model.forecasts(expected),
            line=None if line[1] is None else model.line(expected, line[0], line[1]),
            games=form.games if form else 0,
            model=setting.label,
            as_of=setting.moment,
            data_through=setting.league.league.data_through,
        )

    def _active(self, today: date) -> tuple[KnownPlayer, ...]:
        standing = state.standing(self._database, TASK)
        key = (today, standing.version, standing.news)
        with self._lock:
            found = self._known.get(key)
            if found is None:
                stored = injuries.known_players(self._database, today)
                found = self._known[key] = stored or self._states.shipped_people(today)
            return found

    def _game(self, player: KnownPlayer, team_id: int, asked: PlayerQuestion, today: date, horizon: int) -> Game:
        """The team's game with the opponent named, else its game of the day named, else its next one."""
        team = BY_ID[team_id]
        if asked.opponent is not None:
            if asked.opponent.team_id == team_id:
                raise UsageError(f"{player.name} plays for the {team.nickname} himself: name another opponent.")
            return self._forecaster.game_meant((team, asked.opponent), asked.day, today, horizon)
        first = asked.day or today
        last = asked.day or date.fromordinal(today.toordinal() + horizon)
        found = games.next_game(self._database, team_id, (first, last), today)
        if found is None and games.game_days(self._database) is None:
            return self._forecaster.game_meant((team, self._middling_opponent(team, first)), first, today, horizon)
        if found is None:
            when = f"on {asked.day}" if asked.day else f"within {horizon} days of {today}"
            raise NoDataError(
                f"No game of the {team.nickname} is known {when}: name an opponent (--opponent LAL) for a what-if game."
            )
        return found

    def _middling_opponent(self, team: Team, day: date) -> Team:
        """The other team in the middle of the league by Elo, for a game where no schedule is known."""
        league, season = self._states.at(day).league, calendar.season_of(day)
        rivals = (Game("", season, SeasonType.REGULAR, day, team.team_id, one) for one in BY_ID if one != team.team_id)
        ranked = sorted(map(self._forecaster.matchup, rivals), key=lambda one: league.sides(one)[1].form.elo)
        return BY_ID[ranked[len(ranked) // 2].away_id]

    def _champion(self) -> tuple[str, ServedModel[PlayerModel]]:
        """The version that answers and its model. Raises NoModelError, BundleError."""
        standing = state.standing(self._database, TASK)
        if not standing.champion:
            raise NoModelError(
                "No player model is in production: run `nbabot train player`, then `nbabot models promote`."
            )
        label = self._registry.serving(TASK, standing.champion)
        return label, self._registry.load_as(label, PlayerModel)

    def _setting(self, game: Game, now: datetime) -> _Setting:
        standing = state.standing(self._database, TASK)
        label, served = self._champion()
        moment = now if calendar.league_day(now) <= game.league_day else calendar.noon_of(game.league_day)
        league = self._states.at(min(calendar.league_day(moment), game.league_day))
        news = self._news.of(game, league.league, moment, standing)
        stayed = {} if news.listed else after_summer(league.league, (game.home_id, game.away_id), game.season)
        matchup = self._forecaster.matchup(game)
        return _Setting(game, matchup, moment, league, news, stayed, served, label, standing.simulated)

    def _chance(self, player: KnownPlayer, team_id: int, setting: _Setting) -> float:
        """The chance that he plays: as reported, else by the games that he has missed, unless the team has told who is
        out."""
        known, league = setting.news.availability, setting.league
        if player.player_id in known.chances or team_id in known.complete:
            return known.chances.get(player.player_id, 1.0)
        form, side = league.form(player.player_id), league.league.games_seen(team_id, setting.game.season)
        here = form is not None and form.team_id == team_id and form.season == setting.game.season
        return chance_after(max(side - form.team_game, 0)) if form is not None and here else 1.0

    def _row(self, player: KnownPlayer, team_id: int, setting: _Setting) -> tuple[float, ...]:
        """The features for the case that he plays for that team."""
        known = setting.news.availability
        plays = replace(
            known,
            chances={**setting.stayed, **known.chances, player.player_id: 1.0},
            teams={**known.teams, player.player_id: team_id},
        )
        asked = Asked(replace(setting.matchup, availability=plays), {player.player_id: team_id})
        row = setting.league.row(asked).get(player.player_id)
        if row is None:
            raise NoDataError(
                f"{player.name} has not played in a stored game yet, so there is nothing to forecast from."
            )
        return row

    def _notes(self, player: KnownPlayer, setting: _Setting, said: PlayerForecast) -> tuple[str, ...]:
        game, news, seen = setting.game, setting.news, said.games
        today = min(calendar.league_day(setting.moment), game.league_day)
        word = news.words.get(player.player_id)
        notes = (
            "SIMULATED league: players and results are invented." if setting.simulated else "",
            _chance_note(player, said.chance, word),
            "" if game.game_id else "Hypothetical game: no meeting of the two is scheduled then.",
            f"Only {seen} games of his are known: this is no better than a guess." if seen < EARLIER_GAMES else "",
            _few_games_note(seen),
            ""
            if news.reported
            else "No injury report for that day is known: team-mates count by who has lately played.",
            SUMMER if setting.stayed else "",
            stale_note(self._database, setting.league.league.data_through, today),
            hindsight_note(setting.served.learned_through, game.league_day),
        )
        return tuple(note for note in notes if note)


def _chance_note(player: KnownPlayer, chance: float, word: str | None) -> str:
    if chance <= 0:
        return f"{player.name} is {word or 'out'}: this is what he would do if he played."
    if word is None and chance < 0.6:
        return f"{player.name} has missed his team's last games: all figures are for the case that he plays."
    return (
        f"{player.name} is listed as {word}: all figures are for the case that he plays." if chance < 1 and word else ""
    )


def _few_games_note(seen: int) -> str:
    few = EARLIER_GAMES <= seen < SETTLED_GAMES
    return f"Only {seen} games of his are known, so what players usually do weighs heavily." if few else ""
