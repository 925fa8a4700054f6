"""Playing the games of a simulated season: every chance of every game, all games of the season side by side.

A chance ends in a turnover, a shot or free throws; an offensive rebound gives the same side another chance. The rates
are those of recent seasons. What a side is expected to score moves with its edge and against its lead (sides that are
behind catch up, on average), which is what keeps real margins narrower than independent possessions would make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sources.simulated_rotations import OVERTIMES, REGULATION

TURNOVER, TWO, TWO_MISSED, THREE, THREE_MISSED, FREE_THROWS = range(6)
NOBODY, OFFENSIVE, DEFENSIVE = range(3)

_QUARTER, _OVERTIME = 720.0, 300.0
_TURNOVERS, _TRIPS = 0.1235, 0.088
_TWO_MADE, _THREE_MADE, _FREE_THROW_MADE = 0.543, 0.362, 0.78
_AND_ONE = 0.075
_BOARD_OFFENSIVE, _BOARD_OFFENSIVE_FREE_THROW, _BOARD_NOBODY = 0.213, 0.12, 0.135
_SHOT_PER_EDGE = 0.5
_CATCH_UP = 0.0038
_SECONDS, _SECONDS_SPREAD = 13.1, 4.3
_AFTER_OWN_BOARD, _AFTER_BASKET, _AFTER_LOSS = 0.55, 1.13, 0.87
_SLOWER = {4: 1.045}
_LATE_FOUL, _LAST_SHOT = 0.1, 0.185

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Style:
    """How each side of each game plays: (games, 2) arrays.

    `threes` is the share of its shots from behind the arc; the others multiply the usual rates of its turnovers, its
    trips to the line and its offensive rebounds.
    """

    threes: Floats
    turnovers: Floats
    trips: Floats
    boards: Floats


@dataclass(frozen=True, slots=True)
class Chances:
    """How every chance ended, in the order of play within each game; one array entry a chance.

    `free_throws` were attempted and `free_throws_made` went in; `board` tells who got the ball after a miss.
    """

    game: Ints
    side: Ints
    period: Ints
    seconds_left: Ints
    slot: Ints
    kind: Ints
    free_throws: Ints
    free_throws_made: Ints
    board: Ints

    @property
    def points(self) -> Ints:
        """Points of the attacking side."""
        points: Ints = 2 * (self.kind == TWO) + 3 * (self.kind == THREE) + self.free_throws_made
        return points


class _Court:
    """All games of a season while they are played: the score, and the log of chances."""

    def __init__(self, rng: np.random.Generator, edge: Floats, tempo: Floats, style: Style) -> None:
        self.rng = rng
        self.edge = edge
        self.tempo = tempo
        self.style = style
        self.score = np.zeros((len(edge), 2), dtype=np.int64)
        self.log: list[NDArray[np.int64]] = []

    @property
    def tied(self) -> Ints:
        return np.flatnonzero(self.score[:, 0] == self.score[:, 1])

    def period(self, number: int, games: Ints) -> None:
        """Play one period of the given games until each one's clock has run out."""
        length = _QUARTER if number <= 4 else _OVERTIME
        seconds = _SECONDS * _SLOWER.get(number, 1.0)
        clock = np.full(len(games), length)
        side = self.rng.integers(0, 2, len(games))
        haste = np.ones(len(games))
        while len(games):
            wait = np.clip(self.rng.normal(seconds, _SECONDS_SPREAD, len(games)), 3, 24)
            clock = clock - wait * haste * self.tempo[games]
            on = clock > 0
            games, clock, side = games[on], clock[on], side[on]
            slot = _slot(number, clock)
            kind, board = self._chance(number, games, side, clock, slot)
            again = board == OFFENSIVE
            dead = (board == NOBODY) & (kind != TURNOVER)
            haste = np.where(again, _AFTER_OWN_BOARD, np.where(dead, _AFTER_BASKET, _AFTER_LOSS))
            side = np.where(again, side, 1 - side)

    def final_seconds(self) -> None:
        """Close games end in free throws for the side ahead, or in a last shot that forces overtime."""
        lead = self.score[:, 0] - self.score[:, 1]
        ahead, gap = (lead < 0).astype(np.int64), np.abs(lead)
        luck = np.where((gap >= 1) & (gap <= 3), self.rng.random(len(lead)), 0.5)
        fouled, level = np.flatnonzero(luck < _LATE_FOUL), np.flatnonzero(luck > 1 - _LAST_SHOT)
        self._horn(4, fouled, ahead[fouled], np.full(len(fouled), FREE_THROWS))
        self._horn(4, level, 1 - ahead[level], np.choose(gap[level] - 1, [FREE_THROWS, TWO, THREE]), one_of_two=True)

    def settle(self) -> None:
        """A game still level after the last overtime allowed is won by a free throw; practically never needed."""
        games = self.tied
        self._horn(4 + OVERTIMES, games, np.zeros_like(games), np.full_like(games, FREE_THROWS), one_of_two=True)

    def _horn(self, number: int, games: Ints, side: Ints, kind: Ints, one_of_two: bool = False) -> None:
        """A basket, or two free throws of which one or both go in, as time runs out."""
        clock, nobody = np.zeros(len(games)), np.full(len(games), NOBODY)
        shots = 2 * (kind == FREE_THROWS)
        made = shots // 2 if one_of_two else shots
        self._write(number, games, (side, clock, _slot(number, clock), kind, shots, made, nobody))

    def _chance(self, number: int, games: Ints, side: Ints, clock: Floats, slot: Ints) -> tuple[Ints, Ints]:
        lead = self.score[games, side] - self.score[games, 1 - side]
        better = _SHOT_PER_EDGE * (self.edge[games, side, slot] - _CATCH_UP * lead)
        style = self.style
        rates = np.stack([array[games, side] for array in (style.threes, style.turnovers, style.trips, style.boards)])
        kind, shots, made, board = _outcome(self.rng.random((8, len(games))), better, rates)
        self._write(number, games, (side, clock, slot, kind, shots, made, board))
        return kind, board

    def _write(self, number: int, games: Ints, chance: tuple[NDArray[np.generic], ...]) -> None:
        side, clock, slot, kind, shots, made, board = chance
        points = 2 * (kind == TWO) + 3 * (kind == THREE) + made
        self.score[games, side] += points
        period = np.full(len(games), number)
        left = np.floor(clock).astype(np.int64)
        self.log.append(np.stack([games, side, period, left, slot, kind, shots, made, board]).astype(np.int64))


def _slot(number: int, clock: Floats) -> Ints:
    if number > 4:
        return np.full(len(clock), REGULATION + number - 5, dtype=np.int64)
    slot: Ints = 12 * (number - 1) + ((_QUARTER - clock) // 60).astype(np.int64)
    return np.minimum(slot, 12 * number - 1)


def _outcome(luck: Floats, better: Floats, rates: Floats) -> tuple[Ints, Ints, Ints, Ints]:
    """Kind of end, free throws taken and made, and who got the board, for chances of equal standing."""
    threes, turnovers, trips, boards = rates
    lost = _TURNOVERS * turnovers
    three = luck[1] < threes
    made = luck[2] < np.where(three, _THREE_MADE, _TWO_MADE) + better
    shot = np.where(three, np.where(made, THREE, THREE_MISSED), np.where(made, TWO, TWO_MISSED))
    kind = np.where(luck[0] < lost, TURNOVER, np.where(luck[0] < lost + _TRIPS * trips, FREE_THROWS, shot))
    trip, and_one = kind == FREE_THROWS, (kind == TWO) & (luck[3] < _AND_ONE)
    first, second = luck[4] < _FREE_THROW_MADE, luck[5] < _FREE_THROW_MADE
    shots = 2 * trip + 1 * and_one
    good = (first & (trip | and_one)).astype(np.int64) + (second & trip)
    free_miss = (trip & ~second) | (and_one & ~first)
    missed = (kind == TWO_MISSED) | (kind == THREE_MISSED)
    rate = boards * np.where(free_miss, _BOARD_OFFENSIVE_FREE_THROW, _BOARD_OFFENSIVE)
    board = np.where(luck[6] < rate, OFFENSIVE, np.where(luck[7] < _BOARD_NOBODY, NOBODY, DEFENSIVE))
    return kind, shots, good, np.where(missed | free_miss, board, NOBODY)


def play(rng: np.random.Generator, edge: Floats, tempo: Floats, style: Style) -> Chances:
    """Play a season's games to the end, with overtime as long as the score is level.

    `edge` (games, 2, slots) is what each side adds to the average points per possession while it attacks, `tempo`
    (games,) multiplies the time that a chance takes.
    """
    court = _Court(rng, edge, tempo, style)
    everyone = np.arange(len(edge))
    for number in range(1, 5):
        court.period(number, everyone)
    court.final_seconds()
    for number in range(5, 5 + OVERTIMES):
        court.period(number, court.tied)
    court.settle()
    log = np.concatenate(court.log, axis=1)
    log = log[:, np.argsort(log[0], kind="stable")]
    return Chances(*log)
