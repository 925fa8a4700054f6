"""The games of a day, and one of them, as they stand: states, forecasts, curves, and what a fan must be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.core import live_words, words
from engine.core.calendar import league_day
from engine.core.errors import BundleError, NoDataError
from engine.core.live import TIP_OFF, Moment
from engine.core.live_games import LiveBoard, LiveCard, LiveState, LiveStatus, LiveView
from engine.core.minutes import minute_margins
from engine.core.records import Game, GameStatus
from engine.core.timelines import QUARTERS, Score
from engine.predictions.dejavu import Dejavu
from engine.predictions.live import LiveForecaster
from engine.store import games, live, state, timelines
from engine.store.database import Database
from engine.store.live import FeedState

STUCK = timedelta(minutes=25)
"""A game that has not changed for so long, longer than any break, may have been broken off."""
TELLING = 6
"""Minutes of play before which nearly every game looks like every other."""
LATE = timedelta(minutes=20)
"""A game begins some ten minutes after the time of its tip-off."""
LONGEST_GAME = timedelta(hours=6)
"""A game that is not over so long after its tip-off is left to the daily synchronisation."""
_OFF = (GameStatus.POSTPONED, GameStatus.CANCELLED)


class LiveViews:
    """Views of the games of one database, as known at a moment."""

    def __init__(self, database: Database, forecaster: LiveForecaster, dejavu: Dejavu) -> None:
        self._database = database
        self._forecaster = forecaster
        self._dejavu = dejavu

    def day(self, now: datetime) -> date:
        """The league day whose games are shown: the day before while one of its games is still on, else today."""
        today = league_day(now)
        before = live.states(self._database, (today - timedelta(days=1),), now)
        still_on = any(one.status is LiveStatus.LIVE and now - one.seen_at < STUCK for one in before.values())
        return today - timedelta(days=1) if still_on else today

    def board(self, day: date | None, now: datetime) -> LiveBoard:
        """Every game of a league day that is stored."""
        shown = day or self.day(now)
        feed = live.feed_state(self._database, now)
        seen = live.states(self._database, (shown,), now)
        listed = games.games_on(self._database, shown, league_day(now))
        views = tuple(self.view(game, seen.get(game.game_id), feed, now) for game in listed)
        return LiveBoard(shown, now, views, feed.polled_at, feed.problem, state.is_simulated(self._database))

    def card(self, game_id: str, now: datetime) -> LiveCard:
        """All about one game. Raises NoDataError where no such game is stored."""
        game = games.game(self._database, game_id, league_day(now))
        if game is None:
            raise NoDataError(f"No game {game_id[:20]} is stored: nbabot live shows the games of today.")
        seen = live.state(self._database, game_id, now)
        view = self.view(game, seen, live.feed_state(self._database, now), now)
        game, course = timed(game, seen), self.course(game, now)
        points = self._forecaster.curve(game, view.state.moment, course, now) if view.forecast else ()
        card = LiveCard(view, points, simulated=state.is_simulated(self._database))
        so_far = minute_margins(course, view.state.moment.played)
        if len(so_far) < TELLING:
            return card
        today = min(league_day(now), game.league_day)
        alike = self._dejavu.alike(game_id, so_far, today)
        return replace(card, alike=alike, alike_outcomes=self._dejavu.outcomes(game_id, so_far, today))

    def view(self, game: Game, seen: LiveState | None, feed: FeedState, now: datetime) -> LiveView:
        """A game as it stands; what the store has as its result goes before what the feed showed."""
        shown = known(game, seen, now)
        game = timed(game, seen)
        notes = tuple(_notes(shown, feed, now))
        before = self._forecaster.pregame(game, now)
        if shown.status not in (LiveStatus.LIVE, LiveStatus.FINAL):
            return LiveView(shown, before, None, notes)
        try:
            said = self._forecaster.forecast(game, shown.moment, now, self.course(game, now))
        except BundleError:  # alerts and the check-up tell the operator why
            said = None
        if said is None:
            notes += ("Score only: there is no forecast of games under way.",)
        elif hindsight := self._forecaster.hindsight(game, now):
            notes += (hindsight,)
        return LiveView(shown, before, said, notes)

    def course(self, game: Game, now: datetime) -> tuple[Score, ...]:
        """How a game went so far: its stored timeline once its result is known, else what was seen."""
        stored = timelines.timeline(self._database, game.game_id, league_day(now)).scores
        return stored or live.scores(self._database, game.game_id)


def timed(game: Game, seen: LiveState | None) -> Game:
    """A game with the tip-off that the feed told where the schedule has none: what was known before hangs on it."""
    return game if game.tip_utc or seen is None else replace(game, tip_utc=seen.tip_utc)


def known(game: Game, seen: LiveState | None, now: datetime) -> LiveState:
    """The state of a game by its result, else by what was seen, else by the schedule.

    What the schedule has put off is no longer asked for, so what was seen of it last is out of date.
    """
    if game.home_points is not None and game.away_points is not None:
        moment = Moment(QUARTERS + game.overtimes, 0, game.home_points, game.away_points)
        return _unseen(game, LiveStatus.FINAL, moment, "Final", now)
    if game.status in _OFF:
        return _unseen(game, LiveStatus.PUT_OFF, TIP_OFF, game.status.value, now)
    return seen or _unseen(game, LiveStatus.UPCOMING, TIP_OFF, game.status.value, now)


def _unseen(game: Game, status: LiveStatus, moment: Moment, text: str, now: datetime) -> LiveState:
    return LiveState(
        game_id=game.game_id,
        league_day=game.league_day,
        home_id=game.home_id,
        away_id=game.away_id,
        tip_utc=game.tip_utc,
        status=status,
        moment=moment,
        text=text,
        seen_at=now,
        changed_at=now,
    )


def _notes(shown: LiveState, feed: FeedState, now: datetime) -> list[str]:
    """What a reader must know of a score that may be old, or that is not there."""
    answers = feed.polled_at is not None and now - feed.polled_at <= live_words.SILENT
    late = shown.tip_utc is not None and LATE < now - shown.tip_utc < LONGEST_GAME
    if shown.status is LiveStatus.UPCOMING and late and answers:
        return ["It should have begun: the league's feed does not show it yet."]
    if shown.status is not LiveStatus.LIVE:
        return []
    if now - shown.seen_at > live_words.SILENT:
        why = "does not show the game any more" if answers else "does not answer"
        return [f"The score is of {words.clock(shown.seen_at)}: the league's feed {why}."]
    if now - shown.changed_at > STUCK:
        minutes = round((now - shown.changed_at).total_seconds() / 60)
        return [f"Nothing has changed for {minutes} minutes: the game may have been broken off."]
    return []
