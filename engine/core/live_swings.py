"""How the chance of a game under way moved, and which of its turns are worth a word to those who follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.core.live_games import LiveCard, LivePoint, LiveState, LiveStatus
from engine.core.timelines import QUARTER_SECONDS, QUARTERS

WITHIN_SECONDS = 360
"""A swing takes place within so many seconds of play: half a quarter, the length of a run that people remember."""
BIG = 0.25
"""By how much a chance must move within that time: in 2023-24 seven games in ten had such a swing, four both ways
(bench.live_turns, as the figures below)."""
OUTSIDER = 0.3
"""A side that was given no more than this before tip-off causes an upset when it wins: one game in 13 of 2023-24."""
LIKELY = 0.65
"""From this chance on, in the fourth quarter or later, an outsider's win is in the air: it came about 8 times in 10."""
FRESH_SECONDS = 90
"""A turn is told within so many seconds of play."""
_FOURTH = (QUARTERS - 1) * QUARTER_SECONDS


@dataclass(frozen=True, slots=True)
class Swing:
    """How the chance moved between two points of a game's curve."""

    start: LivePoint
    end: LivePoint

    @property
    def change(self) -> float:
        """By how much the chance of a home win moved, -1 to 1."""
        return self.end.home_win_prob - self.start.home_win_prob


class TurnKind(StrEnum):
    """What kind of turn a game took."""

    SWING = "swing"
    BREWING = "brewing"
    UPSET = "upset"


@dataclass(frozen=True, slots=True)
class GameTurn:
    """A turn of a game in favour of a team. A swing is that of its chance; else `swing` begins at tip-off."""

    kind: TurnKind
    team_id: int
    swing: Swing


def biggest_swing(points: Sequence[LivePoint], within: int = WITHIN_SECONDS) -> Swing | None:
    """The greatest change between two points that lie at most `within` seconds of play apart, the first of equals."""
    best, largest = None, 0.0
    first = 0
    for at, end in enumerate(points):
        while end.played - points[first].played > within:
            first += 1
        for start in points[first:at]:
            change = abs(end.home_win_prob - start.home_win_prob)
            if change > largest:
                best, largest = Swing(start, end), change
    return best


def turns(card: LiveCard) -> tuple[GameTurn, ...]:
    """The turns that a game took so far, in order: one swing to either side, an upset in the air, and one that is."""
    state, points = card.view.state, card.points
    if not points:
        return ()
    found = [one for side in (1, -1) if (one := _swing(state, points, side))]
    found += _upset(card)
    return tuple(sorted(found, key=lambda one: one.swing.end.played))


def fresh(card: LiveCard) -> tuple[GameTurn, ...]:
    """Those of them that have just been taken; at the end only the upset: how it came about is old by then."""
    state = card.view.state
    found = turns(card)
    if state.status is LiveStatus.FINAL:
        return tuple(one for one in found if one.kind is TurnKind.UPSET)
    return tuple(one for one in found if state.moment.played - one.swing.end.played <= FRESH_SECONDS)


def _swing(state: LiveState, points: Sequence[LivePoint], side: int) -> GameTurn | None:
    """The first big swing to a side (1 home, -1 away), told where it became big."""
    first = 0
    for at, end in enumerate(points):
        while end.played - points[first].played > WITHIN_SECONDS:
            first += 1
        start = min(points[first : at + 1], key=lambda one: side * one.home_win_prob)
        if side * (end.home_win_prob - start.home_win_prob) >= BIG:
            return GameTurn(TurnKind.SWING, state.home_id if side > 0 else state.away_id, Swing(start, end))
    return None


def _upset(card: LiveCard) -> Iterator[GameTurn]:
    """What the side does to which hardly a chance was given."""
    state, points, before = card.view.state, card.points, card.view.pregame
    if before is None or OUTSIDER < before.home_win_prob < 1 - OUTSIDER:
        return
    side, team_id = (1, state.home_id) if before.home_win_prob <= OUTSIDER else (-1, state.away_id)
    late = (one for one in points if one.played > _FOURTH)
    brewing = next((one for one in late if (one.home_win_prob if side > 0 else 1 - one.home_win_prob) >= LIKELY), None)
    if brewing is not None:
        yield GameTurn(TurnKind.BREWING, team_id, Swing(points[0], brewing))
    if state.status is LiveStatus.FINAL and side * state.moment.margin > 0:
        yield GameTurn(TurnKind.UPSET, team_id, Swing(points[0], points[-1]))
