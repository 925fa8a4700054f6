"""One season of the simulated league: strengths, games, box scores and the bookmaker's closing lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.core.teams import TEAMS
from engine.sources.simulated_boxes import Boxes, keep_score
from engine.sources.simulated_games import Chances, Style, play
from engine.sources.simulated_people import Players, first_rosters, off_season, signed, swapped
from engine.sources.simulated_rotations import MINUTES, REGULATION, Rotations, draw_fitness, draw_rotations
from engine.sources.simulated_schedule import Fixtures, draw_fixtures

# Chosen so that the figures that bench/simulated_league.py prints come near the real ones; spreads are standard
# deviations, of a team over the years (TEAM) or of a single game (GAME), in shares or in points.
_POSSESSIONS = 100.0
_WALK_A_GAME = 0.13
_TIRED = 2.0
_TRADES, _DEADLINE = 0.045, 107
_TEMPO_TEAM, _TEMPO_GAME = 0.021, 0.018
_THREES, _THREES_TEAM, _THREES_GAME = 0.395, 0.03, 0.036
_TURNOVERS, _TRIPS, _BOARDS = 0.1, 0.17, 0.165
_LEVEL = 0.006
_TEAM_SPREAD, _COACHING = 6.7, 3.0

_WAYS = (_TEMPO_TEAM, _THREES_TEAM, _COACHING)

_EXPECTED_MARGIN = 0.68
_EXPECTED_TOTAL, _TOTAL_SLOPE = 226.6, 0.77
_LINE_NOISE, _TOTAL_NOISE = 1.3, 3.5
_MARGIN_SPREAD = 12.8
_VIG = 0.039

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class League:
    """What lasts from season to season: players, (30, 15) rosters, and each team's ways.

    `coaching` is what a team is better than its players, in points per 100 possessions of margin.
    """

    players: Players
    rosters: Ints
    tempo: Floats
    threes: Floats
    coaching: Floats


@dataclass(frozen=True, slots=True)
class Lines:
    """Closing lines, one array entry a game; spread is the home side's handicap, moneylines are American."""

    spread: Floats
    total: Floats
    moneyline: Ints


@dataclass(frozen=True, slots=True)
class Season:
    """All that happened in one season."""

    season: int
    players: Players
    fixtures: Fixtures
    chances: Chances
    boxes: Boxes
    lines: Lines


def new_league(rng: np.random.Generator, names: list[str]) -> League:
    """The league before its first season."""
    players, rosters = first_rosters(rng, names)
    tempo, threes, coaching = (rng.normal(0, spread, len(TEAMS)) for spread in _WAYS)
    return _balanced(League(players, rosters, tempo, threes, coaching))


def after_summer(rng: np.random.Generator, names: list[str], league: League) -> League:
    """The league in the next autumn: other rosters, and teams that have kept most of their ways."""
    players, rosters = off_season(rng, names, league.players, league.rosters)
    tempo, threes, coaching = (
        0.7 * ways + rng.normal(0, 0.7 * spread, len(TEAMS))
        for ways, spread in zip((league.tempo, league.threes, league.coaching), _WAYS, strict=True)
    )
    return _balanced(League(players, rosters, tempo, threes, coaching))


def _balanced(league: League) -> League:
    """The same league, coached so that the distance between good and bad teams is the usual one."""
    merit = -np.sort(-league.players.merit[league.rosters], axis=1)[:, : len(MINUTES)]
    roster = merit @ MINUTES / REGULATION
    strength = roster - roster.mean() + league.coaching
    return replace(league, coaching=strength * _TEAM_SPREAD / strength.std() - (roster - roster.mean()))


def play_season(
    rng: np.random.Generator, names: list[str], league: League, season: int, games_per_team: int, home_edge: float
) -> tuple[League, Season]:
    """Play one season; the league comes back with the rosters as the trade deadline left them."""
    fixtures = draw_fixtures(rng, season, games_per_team)
    late = fixtures.day > _DEADLINE
    after = _deadline(rng, names, league) if late.any() else league
    players = after.players
    rosters = np.where(late[:, None, None], after.rosters[fixtures.sides], league.rosters[fixtures.sides])
    fit = draw_fitness(rng, players, int(fixtures.day[-1]) + 1)
    rotations = draw_rotations(rng, players, rosters, fixtures, fit)
    edge = _edges(rng, after, rotations, fixtures, home_edge)
    tempo = league.tempo[fixtures.sides].sum(axis=1)
    lines = _closing_lines(rng, edge, tempo)
    pace = np.exp(tempo + rng.normal(0, _TEMPO_GAME, len(tempo)))
    chances = play(rng, edge, pace, _draw_style(rng, league.threes[fixtures.sides]))
    boxes = keep_score(rng, chances, rotations, players)
    return after, Season(season, players, fixtures, chances, boxes, lines)


def _deadline(rng: np.random.Generator, names: list[str], league: League) -> League:
    """The league after the trades of February and the signings that follow."""
    players, rosters = signed(rng, names, league.players, league.rosters)
    return replace(league, players=players, rosters=swapped(rng, players, rosters, _TRADES))


def _draw_style(rng: np.random.Generator, threes: Floats) -> Style:
    turnovers, trips, boards = (rng.lognormal(0, spread, threes.shape) for spread in (_TURNOVERS, _TRIPS, _BOARDS))
    return Style(_THREES + threes + rng.normal(0, _THREES_GAME, threes.shape), turnovers, trips, boards)


def _edges(
    rng: np.random.Generator, league: League, rotations: Rotations, fixtures: Fixtures, home_edge: float
) -> Floats:
    """Points per possession above average for the attack of each side in each slot: (games, 2, slots)."""
    offence, defence = rotations.on_court(league.players.offence), rotations.on_court(league.players.defence)
    walk = np.cumsum(rng.normal(0, _WALK_A_GAME, (len(TEAMS), int(fixtures.number.max()) + 1)), axis=1)
    form = (walk + league.coaching[:, None])[fixtures.sides, fixtures.number] - _TIRED * (fixtures.rest == 1)
    form[:, 0] += np.where(fixtures.neutral, 0.0, home_edge / _EXPECTED_MARGIN)
    offence = offence - offence.mean() + form[:, :, None] / 2
    defence = defence - defence.mean() + form[:, :, None] / 2
    edge: Floats = (offence - defence[:, ::-1]) / _POSSESSIONS + rng.normal(0, _LEVEL)
    return edge


def _closing_lines(rng: np.random.Generator, edge: Floats, tempo: Floats) -> Lines:
    """What a bookmaker who knows the strengths and who plays, but errs a little, offers just before the game."""
    per_game = _POSSESSIONS * edge[:, :, :REGULATION].mean(axis=2)
    margin = _EXPECTED_MARGIN * (per_game[:, 0] - per_game[:, 1]) + rng.normal(0, _LINE_NOISE, len(edge))
    total = _EXPECTED_TOTAL * (1 - tempo) + _TOTAL_SLOPE * per_game.sum(axis=1) + rng.normal(0, _TOTAL_NOISE, len(edge))
    home = _normal_share(margin / _MARGIN_SPREAD)
    moneyline = np.stack([_american(home), _american(1 - home)], axis=1)
    return Lines(-np.round(2 * margin) / 2 + 0.0, np.round(2 * total) / 2, moneyline)


def _normal_share(z: Floats) -> Floats:
    """Share of a normal distribution below z, by the logistic approximation of Bowling et al. (2009)."""
    share: Floats = 1 / (1 + np.exp(-(0.07056 * z**3 + 1.5976 * z)))
    return share


def _american(probability: Floats) -> Ints:
    """American odds of a probability, after the bookmaker's margin."""
    offered = np.clip(probability * (1 + _VIG), 0.02, 0.985)
    odds = np.where(offered >= 0.5, -100 * offered / (1 - offered), 100 * (1 - offered) / offered)
    return np.round(odds).astype(np.int64)
