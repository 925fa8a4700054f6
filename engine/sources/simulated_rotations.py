"""Who is fit, who is on court in which minute, and how strong that makes each side of each game."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sources.simulated_people import Players
from engine.sources.simulated_schedule import Fixtures

REGULATION = 48
OVERTIMES = 6
"""Most overtime periods a simulated game may have; each is one slot of five minutes after the 48 of one minute."""

DRESSED = 13
_ALWAYS_FIT = 9
_GARBAGE_TIME = 43
MINUTES = np.array([35.6, 33.9, 32.0, 29.8, 27.0, 23.3, 19.8, 16.4, 12.8, 8.8, 6.0, 5.0, 4.5])
_PLAYERS_USED = {8: 0.03, 9: 0.21, 10: 0.37, 11: 0.25, 12: 0.1, 13: 0.04}
_MOST_MINUTES = 44
_INJURY_A_DAY = 0.011
_SPELLS = ((0.55, 3.5), (0.33, 14.0), (0.12, 45.0))
_DAY_OFF = 0.02
_DAY_OFF_BACK_TO_BACK = 0.09
_VETERAN = 28.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rotations:
    """The two sides of every game of a season.

    `players` (games, 2, 13) are indices of those who dressed, best first; `dressed` (games, 2) how many of them are
    fit; `lineups` (games, 2, 48 + overtimes, 5) are places in `players` of the five on court in each slot.
    """

    players: Ints
    dressed: Ints
    lineups: NDArray[np.int8]

    def on_court(self, rates: Floats) -> Floats:
        """Sum of a player rate over the five on court: (games, 2, slots)."""
        by_place = rates[self.players]
        games, sides, slots, five = self.lineups.shape
        flat = np.take_along_axis(by_place, self.lineups.reshape(games, sides, slots * five).astype(np.int64), axis=2)
        total: Floats = flat.reshape(games, sides, slots, five).sum(axis=3)
        return total

    def emptied(self, blowouts: NDArray[np.bool_]) -> Rotations:
        """The same, but in games that are decided the last five fit players finish regulation."""
        lineups = self.lineups.copy()
        reserves = (self.dressed[blowouts, :, None] - 5 + np.arange(5)).astype(np.int8)
        lineups[blowouts, :, _GARBAGE_TIME:REGULATION] = reserves[:, :, None, :]
        return Rotations(self.players, self.dressed, lineups)


def draw_fitness(rng: np.random.Generator, players: Players, days: int) -> NDArray[np.bool_]:
    """(days, players): False while injured. Spells start by chance, sooner for the frail, and last days to months."""
    count = len(players.name)
    weights, lengths = np.array(_SPELLS).T
    fit = np.empty((days, count), dtype=bool)
    out_for = np.zeros(count)
    for day in range(days):
        out_for = np.maximum(out_for - 1, 0)
        hurt = (out_for == 0) & (rng.random(count) < _INJURY_A_DAY * players.frailty)
        kind = rng.choice(len(weights), size=int(hurt.sum()), p=weights)
        out_for[hurt] = 1 + rng.exponential(lengths[kind])
        fit[day] = out_for == 0
    return fit


def draw_rotations(
    rng: np.random.Generator, players: Players, rosters: Ints, fixtures: Fixtures, fit: NDArray[np.bool_]
) -> Rotations:
    """Line-ups of every game from `rosters` (games, 2, 15): the fit players by merit, with the coach's whims."""
    rested = rng.random(rosters.shape) < np.where(
        (fixtures.rest[..., None] == 1) & (players.age[rosters] > _VETERAN), _DAY_OFF_BACK_TO_BACK, _DAY_OFF
    )
    able = fit[fixtures.day[:, None, None], rosters] & ~rested
    order = np.argsort(-(players.merit[rosters] + rng.normal(0, 0.6, rosters.shape) + 1e3 * able), axis=2)
    chosen = np.take_along_axis(rosters, order[..., :DRESSED], axis=2)
    dressed = np.clip(able.sum(axis=2), _ALWAYS_FIT, DRESSED)
    minutes = _draw_minutes(rng, dressed)
    return Rotations(chosen, dressed, _lineups(rng, minutes))


def _draw_minutes(rng: np.random.Generator, dressed: Ints) -> Ints:
    """Whole minutes in regulation, (games, 2, 13): 240 a side, nobody above 48, as many players as the coach likes."""
    used = rng.choice(list(_PLAYERS_USED), size=dressed.shape, p=list(_PLAYERS_USED.values()))
    plays = np.arange(DRESSED) < np.minimum(used, dressed)[..., None]
    wish = MINUTES * np.exp(rng.normal(0, 0.08, plays.shape)) * plays
    for _ in range(2):
        wish = np.minimum(wish * (5 * REGULATION / wish.sum(axis=2, keepdims=True)), _MOST_MINUTES)
    wish *= 5 * REGULATION / wish.sum(axis=2, keepdims=True)
    minutes: Ints = np.floor(wish).astype(np.int64)
    missing = 5 * REGULATION - minutes.sum(axis=2, keepdims=True)
    rank = np.argsort(np.argsort(minutes - wish, axis=2), axis=2)
    minutes += rank < missing
    return minutes


def _lineups(rng: np.random.Generator, minutes: Ints) -> NDArray[np.int8]:
    """Five places for each slot, by McNaughton's wrap-around rule (1959).

    The minutes of all players, laid end to end on a wheel of 48 slots, cover each slot exactly five times and no
    player twice. The order on the wheel is random. Overtime belongs to the five with most minutes.
    """
    order = np.argsort(rng.random(minutes.shape), axis=2)
    laid = np.take_along_axis(minutes, order, axis=2)
    start = np.take_along_axis(np.cumsum(laid, axis=2) - laid, np.argsort(order, axis=2), axis=2)
    slots = np.arange(REGULATION)[:, None]
    on = (slots - start[:, :, None, :]) % REGULATION < minutes[:, :, None, :]
    places = np.nonzero(on)[3].astype(np.int8).reshape(*minutes.shape[:2], REGULATION, 5)
    closers = np.argsort(-minutes, axis=2, kind="stable")[:, :, None, :5].astype(np.int8)
    return np.concatenate([places, np.repeat(closers, OVERTIMES, axis=2)], axis=2)
