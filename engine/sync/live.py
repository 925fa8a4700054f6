"""Following games under way: one question to the feed at a time, for all games and all faces of one home folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from engine.core.calendar import league_day
from engine.core.errors import BundleError, FeedError
from engine.core.live import Moment
from engine.core.live_games import LivePoll, LiveState, LiveStatus
from engine.core.records import Game, GameStatus
from engine.core.timelines import Score
from engine.predictions.live import LiveForecaster
from engine.predictions.live_views import LONGEST_GAME, timed
from engine.sources.live import LiveFeed, LivePlays, Scoreboard, Sighting
from engine.store import games, live, live_forecasts
from engine.store.database import Database
from engine.sync.live_seen import Judge, as_stored, gone_on, state_of, turned

POLL_S = 5.0
"""How often the feed is asked while a game is on, in seconds."""
SLOW_S = 30.0
"""How often it is asked shortly before a game and after its end, when the result may still be corrected."""
UNKNOWN_S = 300.0
"""How often it is asked about a game of today whose tip-off nobody knows."""
LONGEST_WAIT_S = 900.0
"""How long the feed is left alone at most, so that a schedule that was fetched meanwhile counts."""
EARLY = timedelta(minutes=10)
"""How long before tip-off a game is looked for."""
LOGGED_S = 60
"""Seconds of play after which a forecast is logged although the score stands as it did: some 110 a game in all."""
CORRECTED = timedelta(hours=1)
"""For so long after its end the result of a game may be corrected."""
PLAYS_AGAIN = timedelta(seconds=30)
"""How often the plays of a game are read while its score stands still."""
_BEGUN = (LiveStatus.LIVE, LiveStatus.FINAL)
_SOONER = 0.8
"""The share of the wait after which whoever comes first may ask again."""
_LEASE = timedelta(seconds=30)
"""For so long one process asks and no other does."""
_READING = _LEASE / 2
"""For so long plays are read in one turn: where the host is slow, the other games have their scores all the same."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The games to look for now, by id, and after how many seconds to ask again."""

    wanted: dict[str, Game]
    wait_s: float


class LivePoller:
    """Asks a feed, opened at the first question, and writes down what it shows and what is said of it.

    It may be asked from any thread and any number of processes: a turn in the store lets one ask at a time.
    """

    def __init__(
        self,
        database: Database,
        forecaster: LiveForecaster,
        open_feed: Callable[[], LiveFeed],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._forecaster = forecaster
        self._open = open_feed
        self._now = now
        self._feed: LiveFeed | None = None
        self._shown: Scoreboard | None = None
        self._judge = Judge()
        self._read: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the feed's connections; a question that is still open fails then, and nobody waits for it."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.close()

    def poll(self) -> LivePoll:
        """Ask once, if there is anything to ask about and it is time. Raises DatabaseError only."""
        with self._lock:
            now = self._now()
            turn = self._turn(now)
            if not turn.wanted or not live.claim(self._database, now, _LEASE):
                return LivePoll(False, (), turn.wait_s)
            feed = self._feed = self._feed or self._open()
            changed: tuple[str, ...] = ()
            problem = ""
            try:
                self._shown = feed.scoreboard() or self._shown
                if self._shown is not None:
                    changed = self._take_in(feed, self._shown, turn.wanted)
            except FeedError as error:
                problem = str(error)
                log.info("live_feed_failed", reason=problem)
            done = self._now()
            wait = self._turn(done).wait_s
            live.asked(self._database, done, now + timedelta(seconds=_SOONER * wait), problem)
            return LivePoll(True, changed, wait, problem)

    def _turn(self, now: datetime) -> _Turn:
        """The games that may be on, and how long until the next question is worth while."""
        today = league_day(now)
        days = (today - timedelta(days=1), today)
        seen = live.states(self._database, days, now)
        wanted: dict[str, Game] = {}
        wait = LONGEST_WAIT_S
        for game in (one for day in days for one in games.games_on(self._database, day, today)):
            state = seen.get(game.game_id)
            begins = (state.tip_utc if state else None) or game.tip_utc
            if _is_over(game, state, begins, now):
                continue
            if begins is None or begins - EARLY <= now:
                wanted[game.game_id] = game
                usual = UNKNOWN_S if begins is None and state is None else SLOW_S
                wait = min(wait, POLL_S if _may_be_on(state, begins, now) else usual)
            else:
                wait = min(wait, max((begins - EARLY - now).total_seconds(), POLL_S))
        return _Turn(wanted, wait)

    def _take_in(self, feed: LiveFeed, shown: Scoreboard, wanted: dict[str, Game]) -> tuple[str, ...]:
        """Write down what is new and to be believed; returns the ids of the games that changed.

        A scoreboard that is unchanged is taken in again: a feed that goes on showing what was doubted insists on it.
        """
        changed = []
        begun = self._now()
        for shown_game in shown.games:
            game = wanted.get(shown_game.game_id)
            seen = None if game is None else as_stored(game, shown_game)
            if game is None or seen is None:
                continue
            now = self._now()
            before = live.state(self._database, seen.game_id, now)
            if not self._judge.believes(before, seen, now):
                log.info("live_sighting_doubted", game=seen.game_id, text=seen.text)
                continue
            state = state_of(game, seen, before, now)
            is_new = before is None or state.changed_at != before.changed_at
            scored = before is None or _score(state) != _score(before)
            due = scored or now - self._read.get(game.game_id, now - PLAYS_AGAIN) >= PLAYS_AGAIN
            if is_new:
                changed.append(seen.game_id)
            if is_new or (due and state.status is LiveStatus.LIVE):
                plays = self._plays(feed, game, shown_game) if due and now - begun < _READING else None
                self._follow(game, state, plays)
        return tuple(changed)

    def _follow(self, game: Game, state: LiveState, plays: LivePlays | None) -> None:
        """Write down a game's state and course, and what is said of it now."""
        course = live.scores(self._database, game.game_id)
        if plays is not None and plays.scores:
            course = plays.scores
            state = replace(state, moment=replace(state.moment, possession=_ball(plays, state.moment)))
        if state.status in _BEGUN:
            course = gone_on(course, state.moment)
        live.keep(self._database, state, course)
        if state.status is LiveStatus.LIVE:
            if _is_news(live_forecasts.newest_moment(self._database, game.game_id), state.moment):
                self._say(timed(game, state), state.moment, course)
        elif state.status is LiveStatus.FINAL:
            live_forecasts.settle_halftime(self._database, game.game_id)
            self._read.pop(game.game_id, None)

    def _plays(self, feed: LiveFeed, game: Game, seen: Sighting) -> LivePlays | None:
        """A game's plays where they are new; without them the scoreboard has to do."""
        if seen.status not in _BEGUN:
            return None
        self._read[game.game_id] = self._now()
        try:
            plays = feed.plays(game.game_id)
        except FeedError as error:
            log.info("live_plays_failed", game=game.game_id, reason=str(error))
            return None
        return turned(plays) if plays is not None and seen.home_id != game.home_id else plays

    def _say(self, game: Game, moment: Moment, course: Sequence[Score]) -> None:
        """Forecast from here, and log it."""
        try:
            said = self._forecaster.forecast(game, moment, self._now(), course)
        except BundleError:  # the registry has logged it, and the views say that there is no forecast
            return
        if said is not None:
            live_forecasts.log(self._database, (said,))


def _is_over(game: Game, state: LiveState | None, begins: datetime | None, now: datetime) -> bool:
    """Whether there is nothing more to see of a game."""
    if game.status is not GameStatus.SCHEDULED:
        return True
    if state is not None and state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF):
        return now - state.changed_at > CORRECTED
    if begins is None:
        return state is None and game.league_day < league_day(now)
    return now - begins > LONGEST_GAME


def _score(state: LiveState) -> tuple[LiveStatus, int, int]:
    return state.status, state.moment.home, state.moment.away


def _is_news(said: Moment | None, moment: Moment) -> bool:
    """Whether a forecast from here tells more than the one that was logged last."""
    if said is None or (said.home, said.away) != (moment.home, moment.away):
        return True
    return abs(moment.played - said.played) >= LOGGED_S


def _may_be_on(state: LiveState | None, begins: datetime | None, now: datetime) -> bool:
    """Whether a game is on, or should have begun."""
    if state is None or state.status is LiveStatus.UPCOMING:
        return begins is not None and begins <= now
    return state.status is LiveStatus.LIVE


def _ball(plays: LivePlays, moment: Moment) -> int:
    """Who has the ball: known where the plays come as far as the scoreboard, for the one file may lag the other."""
    return plays.possession if Moment(plays.period, plays.seconds_left).played >= moment.played else 0
