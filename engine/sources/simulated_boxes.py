"""From chances to box scores: which player took, made, missed, passed, caught, fouled.

Each event is given to one of the five on court, drawn by weights; the made and missed shots of a player follow from
the weights by Bayes' rule, so that good shooters make more of theirs. Team figures are the sums over the players.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sources.simulated_games import (
    DEFENSIVE,
    FREE_THROWS,
    OFFENSIVE,
    THREE,
    THREE_MISSED,
    TURNOVER,
    TWO,
    TWO_MISSED,
    Chances,
)
from engine.sources.simulated_people import Players
from engine.sources.simulated_rotations import DRESSED, OVERTIMES, REGULATION, Rotations

COUNTS = (
    *("MIN", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB"),
    *("AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS"),
)
_ASSISTED_TWO, _ASSISTED_THREE, _ASSISTED_SPREAD = 0.52, 0.83, 0.115
_STOLEN, _STOLEN_SPREAD = 0.53, 0.125
_BLOCKED, _BLOCKED_SPREAD = 0.2, 0.2
_DAY_FORM = 0.24
_OFFENSIVE_FOUL, _COMMON_FOUL = 0.12, 0.06
_FOULED_OUT = 6
_DECIDED = 19

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Box scores by column: (games, 2, 13) for the places of the final `rotations`."""

    rotations: Rotations
    columns: dict[str, Ints]
    overtimes: Ints

    def team(self, column: str) -> Ints:
        """A column summed over each side's players: (games, 2)."""
        total: Ints = self.columns[column].sum(axis=2)
        return total // 5 if column == "PLUS_MINUS" else total


class _Scorer:
    """Gives events to players and counts them."""

    def __init__(self, rng: np.random.Generator, chances: Chances, rotations: Rotations) -> None:
        self.rng = rng
        self.chances = chances
        self.rotations = rotations
        self.cells = rotations.players.size
        self.day_form = rng.lognormal(0, _DAY_FORM, self.cells)
        self.counts = {name: np.zeros(self.cells, dtype=np.int64) for name in COUNTS}

    def give(self, column: str, which: Mask | Ints, weights: Floats, defence: bool = False) -> Ints:
        """Draw the player of each chosen chance by `weights` (one per player), count it; returns flat cells."""
        cells = self._five(which, defence)
        chance = np.cumsum(weights[self.rotations.players.ravel()[cells]] * self.day_form[cells], axis=1)
        luck = self.rng.random(len(cells)) * chance[:, -1]
        place = (chance[:, :4] < luck[:, None]).sum(axis=1)
        taken: Ints = cells[np.arange(len(cells)), place]
        self.count(column, taken)
        return taken

    def give_another(self, column: str, which: Ints, weights: Floats, taken: Ints) -> None:
        """As give, but never to the player who already has the event."""
        cells = self._five(which, False)
        rate = weights[self.rotations.players.ravel()[cells]] * (cells != taken[:, None])
        chance = np.cumsum(rate, axis=1)
        place = (chance[:, :4] <= (self.rng.random(len(cells)) * chance[:, -1])[:, None]).sum(axis=1)
        self.count(column, cells[np.arange(len(cells)), place])

    def some(self, which: Ints, share: float, spread: float) -> Mask:
        """True for about a share of the chosen chances; how large a share depends on the side's day."""
        day = self.rng.lognormal(0, spread, self.cells // DRESSED)
        side = self.chances.game[which] * 2 + self.chances.side[which]
        chosen: Mask = self.rng.random(len(which)) < share * day[side]
        return chosen

    def count(self, column: str, cells: Ints, by: NDArray[np.generic] | int = 1) -> None:
        """Add to a column's cells."""
        weights = np.broadcast_to(np.asarray(by, dtype=float), cells.shape)
        self.counts[column] += np.bincount(cells, weights, self.cells).astype(np.int64)

    def _five(self, which: Mask | Ints, defence: bool) -> Ints:
        game, slot = self.chances.game[which], self.chances.slot[which]
        side = 1 - self.chances.side[which] if defence else self.chances.side[which]
        places = self.rotations.lineups[game, side, slot].astype(np.int64)
        return (game * 2 + side)[:, None] * DRESSED + places


def keep_score(rng: np.random.Generator, chances: Chances, rotations: Rotations, players: Players) -> Boxes:
    """Box scores of a season's games; in decided games the reserves finish."""
    games = len(rotations.players)
    rotations = rotations.emptied(np.abs(_margin_after_three(chances, games)) >= _DECIDED)
    scorer = _Scorer(rng, chances, rotations)
    _shots(scorer, players)
    _free_throws(scorer, players)
    _boards_and_losses(scorer, players)
    _fouls(scorer, players)
    overtimes = np.zeros(games, dtype=np.int64)
    np.maximum.at(overtimes, chances.game, np.maximum(chances.period - 4, 0))
    _time_on_court(scorer, overtimes)
    counts = scorer.counts
    counts["PTS"] = 2 * counts["FGM"] + counts["FG3M"] + counts["FTM"]
    counts["PF"] = np.minimum(counts["PF"], _FOULED_OUT)
    return Boxes(rotations, {name: counts[name].reshape(games, 2, DRESSED) for name in COUNTS}, overtimes)


def _margin_after_three(chances: Chances, games: int) -> Floats:
    signed = np.where(chances.side == 0, 1, -1) * chances.points * (chances.period <= 3)
    margin: Floats = np.bincount(chances.game, signed, games).astype(np.float64)
    return margin


def _shots(scorer: _Scorer, players: Players) -> None:
    touch = np.exp(0.035 * players.offence)
    inside = players.usage * (1 - players.threes)
    outside = players.usage * players.threes
    weights = {
        TWO: inside * touch * (0.9 + 0.2 * players.big),
        TWO_MISSED: inside / touch * (1.1 - 0.2 * players.big),
        THREE: outside * touch,
        THREE_MISSED: outside / touch,
    }
    for kind, weight in weights.items():
        which = np.flatnonzero(scorer.chances.kind == kind)
        taken = scorer.give("FGA", which, weight)
        if kind in (THREE, THREE_MISSED):
            scorer.count("FG3A", taken)
        if kind in (TWO, THREE):
            scorer.count("FGM", taken)
            passed = scorer.some(which, _ASSISTED_TWO if kind == TWO else _ASSISTED_THREE, _ASSISTED_SPREAD)
            scorer.give_another("AST", which[passed], players.passing, taken[passed])
        if kind == THREE:
            scorer.count("FG3M", taken)
        if kind == TWO:
            _and_ones(scorer, which, taken)


def _and_ones(scorer: _Scorer, which: Ints, taken: Ints) -> None:
    scorer.count("FTA", taken, scorer.chances.free_throws[which])
    scorer.count("FTM", taken, scorer.chances.free_throws_made[which])


def _free_throws(scorer: _Scorer, players: Players) -> None:
    skill = players.free_throws
    draws = players.usage * (0.75 + 0.5 * players.big) * (1.3 - players.threes)
    for made in range(3):
        trips = (scorer.chances.kind == FREE_THROWS) & (scorer.chances.free_throws_made == made)
        taken = scorer.give("FTA", trips, draws * skill**made * (1 - skill) ** (2 - made))
        scorer.count("FTA", taken)
        scorer.count("FTM", taken, made)


def _boards_and_losses(scorer: _Scorer, players: Players) -> None:
    chances = scorer.chances
    scorer.give("OREB", chances.board == OFFENSIVE, np.exp(2.0 * players.big))
    scorer.give("DREB", chances.board == DEFENSIVE, np.exp(1.1 * players.big) * players.usage**0.25, defence=True)
    lost = np.flatnonzero(chances.kind == TURNOVER)
    scorer.give("TOV", lost, players.usage**0.8 * players.passing**0.4)
    stolen = lost[scorer.some(lost, _STOLEN, _STOLEN_SPREAD)]
    scorer.give("STL", stolen, np.exp(0.15 * players.defence - 0.5 * players.big), defence=True)
    missed = np.flatnonzero(chances.kind == TWO_MISSED)
    blocked = missed[scorer.some(missed, _BLOCKED, _BLOCKED_SPREAD)]
    scorer.give("BLK", blocked, np.exp(0.15 * players.defence + 2.0 * players.big), defence=True)


def _fouls(scorer: _Scorer, players: Players) -> None:
    chances = scorer.chances
    clumsy = np.exp(0.6 * players.big)
    luck = scorer.rng.random(len(chances.kind))
    scorer.give("PF", chances.free_throws > 0, clumsy, defence=True)
    scorer.give("PF", (chances.free_throws == 0) & (luck < _COMMON_FOUL), clumsy, defence=True)
    scorer.give("PF", (chances.kind == TURNOVER) & (luck > 1 - _OFFENSIVE_FOUL), clumsy)


def _time_on_court(scorer: _Scorer, overtimes: Ints) -> None:
    """Minutes, and points for minus against while on court."""
    chances, lineups = scorer.chances, scorer.rotations.lineups
    games, _, slots, _ = lineups.shape
    signed = np.where(chances.side == 0, 1, -1) * chances.points
    margin = np.bincount(chances.game * slots + chances.slot, signed, games * slots).reshape(games, slots)
    length = np.ones((games, slots))
    length[:, REGULATION:] = 5 * (np.arange(OVERTIMES) < overtimes[:, None])
    base = (np.arange(games * 2) * DRESSED).reshape(games, 2, 1, 1)
    cells = (base + lineups).ravel().astype(np.int64)
    sign = np.array([1, -1]).reshape(1, 2, 1, 1)
    for column, by_slot in (("MIN", length[:, None, :, None]), ("PLUS_MINUS", sign * margin[:, None, :, None])):
        scorer.count(column, cells, np.broadcast_to(by_slot, lineups.shape).ravel())
