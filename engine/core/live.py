"""A game while it is being played: a moment of it, and what is forecast from there, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.core.records import Range
from engine.core.timelines import OVERTIME_SECONDS, QUARTER_SECONDS, QUARTERS, Score, period_after, period_start


@dataclass(frozen=True, slots=True)
class Moment:
    """The score at a moment. `last` is the side that scored last (1 home, -1 away, 0 nobody yet).

    `since` are the seconds played since then. The side that did not score last usually has the ball; `possession` is
    the side that is known to have it (1 home, -1 away, 0 not known).
    """

    period: int
    seconds_left: int
    home: int = 0
    away: int = 0
    last: int = 0
    since: int = 0
    possession: int = 0

    @property
    def margin(self) -> int:
        """Home points minus away points."""
        return self.home - self.away

    @property
    def played(self) -> int:
        """Seconds of the game played so far."""
        return period_start(self.period + 1) - self.seconds_left

    @property
    def left(self) -> int:
        """Seconds until the game ends if the score is not level then: of regulation, or of this overtime."""
        return max(QUARTERS - self.period, 0) * QUARTER_SECONDS + self.seconds_left

    @property
    def over(self) -> bool:
        """Whether the game has ended: a score that is not level when time has run out."""
        return self.left == 0 and self.margin != 0

    @property
    def expected_left(self) -> int:
        """`left`, or the length of the overtime that a level score leads to when time has run out."""
        return OVERTIME_SECONDS if self.left == 0 and self.margin == 0 else self.left


TIP_OFF = Moment(period=1, seconds_left=QUARTER_SECONDS)
"""Before anybody has scored."""


def moment_at(scores: Sequence[Score], played: int) -> Moment:
    """The moment after so many seconds of play, `scores` being every change of the score in order.

    A basket at that very second counts. Where a score drops (a corrected basket) nobody counts as the last to score.
    """
    period = period_after(played)
    left = period_start(period + 1) - played
    index = _known(scores, played)
    if index < 0:
        return Moment(period, left)
    now, before = scores[index], scores[index - 1] if index else Score(1, QUARTER_SECONDS, 0, 0)
    change = now.margin - before.margin
    gained = now.home + now.away > before.home + before.away
    last = 0 if change == 0 or not gained else 1 if change > 0 else -1
    return Moment(period, left, now.home, now.away, last, played - now.played)


def with_course(moment: Moment, scores: Sequence[Score]) -> Moment:
    """A moment with what the changes of the score up to it tell of who scored last; unchanged where they differ."""
    told = moment_at(scores, moment.played)
    if (told.home, told.away) != (moment.home, moment.away):
        return moment
    return replace(moment, last=told.last, since=told.since)


def _known(scores: Sequence[Score], played: int) -> int:
    """Index of the newest score by then, -1 before the first."""
    low, high = 0, len(scores)
    while low < high:
        middle = (low + high) // 2
        if scores[middle].played <= played:
            low = middle + 1
        else:
            high = middle
    return low - 1


@dataclass(frozen=True, slots=True)
class Pregame:
    """What was forecast before tip-off: probability of a home win (0..1) and margin (home minus away, points)."""

    home_win_prob: float
    margin: float


@dataclass(frozen=True, slots=True)
class LiveNumbers:
    """A forecast from a moment on: probability of a home win, final margin and its intervals, in points."""

    home_win_prob: float
    margin: float
    margin_80: Range
    margin_95: Range
