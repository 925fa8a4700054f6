"""The only place where time advances: decayed means, and the walk that shows each game before its result is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol, TypeVar

from engine.core.records import PlayedGame


@dataclass(frozen=True, slots=True)
class Memory:
    """How a decayed mean remembers.

    An observation counts half after `half_life` games. The mean starts as if `prior_games` games had shown `start`,
    which keeps early values near it. At a new season the share `carry` of all weight is kept.
    """

    half_life: float
    prior_games: float
    carry: float = 1.0
    start: float = 0.0

    @property
    def decay(self) -> float:
        """Factor by which weights shrink with each further game."""
        return float(0.5 ** (1 / self.half_life))


@dataclass(slots=True)
class DecayedMean:
    """An exponentially weighted mean with shrinkage to a prior; `total` and `weight` are all there is to store."""

    total: float = 0.0
    weight: float = 0.0

    def mean(self, memory: Memory) -> float:
        """The shrunken mean."""
        return (self.total + memory.start * memory.prior_games) / (self.weight + memory.prior_games)

    def add(self, value: float, memory: Memory, weight: float = 1.0) -> None:
        """Take in one game's value, with a weight where games do not count alike (minutes, for rates)."""
        decay = memory.decay
        self.total = self.total * decay + value * weight
        self.weight = self.weight * decay + weight

    def carried(self, memory: Memory, seasons: int) -> DecayedMean:
        """The mean as it enters a season that begins `seasons` after the last one it saw."""
        kept = memory.carry**seasons
        return DecayedMean(self.total * kept, self.weight * kept)


Question = TypeVar("Question")
Answer = TypeVar("Answer", covariant=True)


class State(Protocol[Question, Answer]):
    """What a walk needs: numbers that can answer a question about a game to come, and take in a result."""

    def described(self, played: PlayedGame) -> Question:
        """A played game as it could have been asked about before tip-off; must not look at its result."""

    def row(self, question: Question, /) -> Answer:
        """Features of a game to come; must not change the state."""

    def advance(self, played: PlayedGame) -> None:
        """Take in a result."""


def walk(played: Iterable[PlayedGame], state: State[Question, Answer]) -> Iterator[tuple[PlayedGame, Answer]]:
    """Pass through games in the order of (league_day, game_id), giving each with its features as known before it.

    The rows of all games of a league day are built before any result of that day enters the state, so a row never
    holds its own game, a game of the same day, or a later one. `state` is moved to the end of the games.
    """
    for _, games in groupby(played, key=_day):
        today = list(games)
        rows = [state.row(state.described(one)) for one in today]
        for one in today:
            state.advance(one)
        yield from zip(today, rows, strict=True)


def _day(played: PlayedGame) -> date:
    return played.game.league_day
