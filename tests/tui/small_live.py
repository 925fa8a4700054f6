"""The part of the small engine that follows games under way, the night of 15 January 2025 when somebody sets it going.

In the order of the slate: one in the third quarter, one at half-time, one over after overtime, one to come, one whose
score is old; the others are to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.core.live import TIP_OFF, LiveNumbers, Moment, Pregame
from engine.core.live_games import (
    Alike,
    HalftimeNumbers,
    HalftimeScore,
    LiveBand,
    LiveBoard,
    LiveCard,
    LiveForecast,
    LivePoint,
    LivePoll,
    LiveRecord,
    LiveState,
    LiveStatus,
    LiveView,
    Outcomes,
)
from engine.core.records import Game
from engine.core.teams import BY_ABBREVIATION
from engine.core.timelines import Score

TODAY = date(2025, 1, 15)
EVENING = datetime(2025, 1, 16, 2, 14, tzinfo=UTC)
STALE = "The score is of 21:02 ET: the league's feed does not answer."
POINTS = (
    (0, 0, 0, 0.71), (300, 10, 14, 0.64), (720, 28, 31, 0.63), (1080, 44, 40, 0.72), (1440, 55, 52, 0.75),
    (1600, 60, 66, 0.56), (1700, 66, 66, 0.66), (1908, 88, 80, 0.88),
)  # fmt: skip
"""Of the game in the third quarter: seconds played, points of both sides, chance of a home win."""


PLAYED: Mapping[int, tuple[LiveStatus, Moment, float, float]] = {
    0: (LiveStatus.LIVE, Moment(3, 252, 88, 80), 0.88, 7.4),
    1: (LiveStatus.LIVE, Moment(2, 0, 48, 55), 0.44, -1.6),
    2: (LiveStatus.FINAL, Moment(5, 0, 118, 121), 0.01, -3.0),
    4: (LiveStatus.LIVE, Moment(4, 31, 99, 101), 0.31, -1.1),
}
"""By place on the slate: status, moment, chance of a home win and margin from there."""
DOUBTFUL = 4
"""Place of the game whose score is old."""
CHICAGO = BY_ABBREVIATION["CHI"].team_id


class SmallLive:
    """Games under way, by id, once `begin_the_night` has set them going; `turns` counts those of the feed."""

    def __init__(self) -> None:
        self.views: dict[str, LiveView] = {}
        self.problem = ""
        self.polled_at = EVENING
        self.turns = 0
        self.turn = LivePoll(False, (), 900.0)
        self.graded = LiveRecord("", 0, None, None)
        self.scores: tuple[Score, ...] = ()

    def _asked(self) -> None:
        """Take note of a question."""

    def _game(self, game_id: str) -> Game:
        """A game of the schedule."""
        raise NotImplementedError

    def poll_live(self) -> LivePoll:
        self._asked()
        self.turns += 1
        return self.turn

    def live_board(self, day: date | None = None) -> LiveBoard:
        self._asked()
        games = tuple(self.views.values()) if day in (None, TODAY) else ()
        return LiveBoard(day or TODAY, EVENING, games, self.polled_at, self.problem)

    def live(self, game_id: str) -> LiveCard:
        self._asked()
        if game_id not in self.views:
            return self._stored(game_id)
        view = self.views[game_id]
        moment = view.state.moment
        points = [LivePoint(*point) for point in POINTS if point[0] < moment.played]
        if view.forecast is not None:
            points.append(LivePoint(moment.played, moment.home, moment.away, view.forecast.numbers.home_win_prob))
        alike = Alike("0021800777", date(2019, 2, 1), view.state.home_id, CHICAGO, 8, 3, -6, 3.1, 31)
        return LiveCard(view, tuple(points), (alike,), Outcomes(100, 81, 7.1, -6, 19))

    def _stored(self, game_id: str) -> LiveCard:
        """A game of which the feed has shown nothing: over, with the course that is stored, or to come."""
        game = self._game(game_id)
        if game.home_points is None or game.away_points is None:
            return LiveCard(LiveView(live_state(game, LiveStatus.UPCOMING, TIP_OFF)), ())
        over = Moment(4 + game.overtimes, 0, game.home_points, game.away_points)
        points = (LivePoint(one.played, one.home, one.away, 0.5 + one.margin / 50) for one in self.scores)
        return LiveCard(LiveView(live_state(game, LiveStatus.FINAL, over)), tuple(points))

    def live_record(self, games: int = 300) -> LiveRecord:
        self._asked()
        return self.graded


def begin_the_night(small: Any) -> None:
    """It is evening in a small engine, and the games are on."""
    small.as_of = EVENING
    slate = small.slate(TODAY)
    for place, entry in enumerate(slate.games):
        status, moment, prob, margin = PLAYED.get(place, (LiveStatus.UPCOMING, TIP_OFF, None, 0.0))
        state = live_state(entry.game, status, moment)
        before = Pregame(entry.forecast.home_win_prob, entry.forecast.margin)
        notes = (STALE,) if place == DOUBTFUL else ()
        small.views[state.game_id] = LiveView(state, before, _said(state, before, prob, margin), notes)


def play_on(small: SmallLive, game_id: str, moment: Moment, prob: float, halftime: float | None = None) -> None:
    """A game goes on to a moment from which the home side has a chance, and is ahead at half-time by so much."""
    view = small.views[game_id]
    assert view.pregame is not None
    state = replace(view.state, moment=moment, status=LiveStatus.LIVE)
    said = _said(state, view.pregame, prob, moment.margin)
    if said is not None and halftime is not None:
        half = HalftimeNumbers(halftime, (halftime - 6, halftime + 6), (halftime - 9, halftime + 9))
        said = replace(said, halftime=half)
    small.views[game_id] = replace(view, state=state, forecast=said)


def live_state(game: Game, status: LiveStatus, moment: Moment) -> LiveState:
    """The state of a game, seen three seconds ago."""
    hours = 1 if status is LiveStatus.UPCOMING else -2
    seen, tip = EVENING - timedelta(seconds=3), EVENING + timedelta(hours=hours)
    return LiveState(game.game_id, game.league_day, game.home_id, game.away_id, tip, status, moment, "", seen, seen)


def _said(state: LiveState, before: Pregame, prob: float | None, margin: float) -> LiveForecast | None:
    if prob is None:
        return None
    numbers = LiveNumbers(prob, margin, (margin - 10, margin + 10), (margin - 16, margin + 16))
    return LiveForecast(state.game_id, state.moment, before, numbers, "live-curves@1.0.0", EVENING)


def record_of_live() -> LiveRecord:
    """300 graded games."""
    spans = ((0, 300, 0.21), (300, 720, 0.34), (720, 1440, 0.44), (1440, 2160, 0.53), (2160, 2880, 0.58))
    bands = tuple(
        LiveBand((low, high), 4000 + high, 300, loss, loss / 3, 2.4 + high / 300, 0.801, 0.951)
        for low, high, loss in spans
    )
    return LiveRecord("live-curves@1.0.0", 300, date(2024, 12, 3), TODAY, bands, HalftimeScore(288, 4.61, 0.79, 0.948))
