"""A past game played again: the live feed of one game whose course is stored, by whatever clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime

from engine.core.errors import FeedMissingError, NoDataError
from engine.core.live import moment_at
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.core.timelines import QUARTER_SECONDS, QUARTERS, Score, period_name, period_start
from engine.sources.live import LivePlays, Scoreboard, Sighting

REPLAY = "replay"
"""Name of this feed in its errors."""


class ReplayedGame:
    """A LiveFeed that shows a past game as if it tipped off at `start`; each second by the clock `now` is one of play.

    Breaks are left out. The league day is the game's own. Raises NoDataError when the course does not lead to a
    result.
    """

    def __init__(self, game: Game, scores: Sequence[Score], start: datetime, now: Callable[[], datetime]) -> None:
        if not scores or scores[-1].margin == 0:
            raise NoDataError(f"The course of game {game.game_id} is not stored to its end: replay another game.")
        self._game = game
        self._scores = tuple(scores)
        self._start = start
        self._now = now
        self._board: Scoreboard | None = None
        self._plays: LivePlays | None = None

    def scoreboard(self) -> Scoreboard | None:
        """The one game as it stands."""
        seen = sighting_at(self._game, self._scores, self._played(), self._start)
        before, self._board = self._board, Scoreboard(self._game.league_day, (seen,))
        return self._board if self._board != before else None

    def plays(self, game_id: str) -> LivePlays | None:
        """Its course so far. Raises FeedMissingError for any other game."""
        if game_id != self._game.game_id:
            raise FeedMissingError(REPLAY, f"{REPLAY} shows game {self._game.game_id} only: ask for that one.")
        before, self._plays = self._plays, plays_at(game_id, self._scores, self._played())
        return self._plays if self._plays != before else None

    def close(self) -> None:
        """Nothing is open."""

    def _played(self) -> int:
        """Seconds of play since tip-off, negative before it."""
        return math.floor((self._now() - self._start).total_seconds())


def length_of(scores: Sequence[Score]) -> int:
    """Seconds of play until a game was over; overtimes are those in which somebody scored."""
    return period_start(max(QUARTERS, scores[-1].period) + 1)


def sighting_at(game: Game, scores: Sequence[Score], played: int, tip: datetime) -> Sighting:
    """What a scoreboard shows of a game after so many seconds of play (negative: before tip-off).

    When it is over, the points are those of its result where that is known.
    """
    over = played >= length_of(scores)
    moment = moment_at(scores, max(0, min(played, length_of(scores))))
    status = LiveStatus.UPCOMING if played < 0 else LiveStatus.FINAL if over else LiveStatus.LIVE
    points = (moment.home, moment.away) if played >= 0 else (0, 0)
    if over and game.home_points is not None and game.away_points is not None:
        points = (game.home_points, game.away_points)
    clock = (moment.period, moment.seconds_left)
    return Sighting(game.game_id, game.home_id, game.away_id, tip, status, *clock, *points, _text(status, *clock))


def plays_at(game_id: str, scores: Sequence[Score], played: int) -> LivePlays:
    """The course of a game after so many seconds of play; who has the ball is not known."""
    moment = moment_at(scores, max(0, min(played, length_of(scores))))
    so_far = tuple(score for score in scores if score.played <= played)
    return LivePlays(game_id, so_far, moment.period, moment.seconds_left)


def _text(status: LiveStatus, period: int, left: int) -> str:
    """The state in the words of the league's scoreboard: "Q3 04:12", "Half", "Final/OT"."""
    overtimes = max(period - QUARTERS, 0)
    if status is LiveStatus.FINAL:
        return "Final" if not overtimes else "Final/OT" if overtimes == 1 else f"Final/OT{overtimes}"
    if status is LiveStatus.UPCOMING or (period, left) == (1, QUARTER_SECONDS):
        return "Q1 12:00" if status is LiveStatus.LIVE else ""
    if left == 0:
        return "Half" if period == QUARTERS // 2 else f"End {period_name(period)}"
    return f"{period_name(period)} {left // 60:02}:{left % 60:02}"
