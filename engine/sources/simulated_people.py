"""The invented players of the simulated league: who they are, how good, and for whom they play.

Talent is in points per 100 possessions that a player adds to his side while on court, around the league's average.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.core.teams import TEAMS

FIRST_PLAYER_ID = 90_000_001
"""Ids above any that the league has given out, so that an invented player is never taken for a real one."""

ROSTER = 15
_SIGNINGS = 4
_FIRST_NAMES = (  # noqa: SIM905 - words, one after the other
    "Abren Alvo Ansel Arlen Bastan Belmar Benno Brannic Cadel Calder Caspen Corven Dallin Daro Delric Dorvan Edrin "
    "Elmar Emric Eskil Fabron Farrin Feldan Galen Garvin Halden Harlo Hespen Idran Irven Jarro Jelmar Joreth Kelden "
    "Keston Kolvin Lanric Lendro Lorcan Maddox Marlo Merrin Narvel Nilo Norvan Odell Orrin Osmar Pasco Perrin Quillan "
    "Ravin Rendell Rolvan Sandro Selwin Soren Talvin Tarrek Tobrin Ulvar Vandel Verrin Wendric Yorven Zandro"
).split()
_LAST_NAMES = (  # noqa: SIM905 - words, one after the other
    "Ackervale Alderquist Ambrelle Ashgrove Barrowmere Bexlund Birchhollow Brackenrow Brindlecote Calloway-Reeve "
    "Cindermoor Coldbrooke Copperthwait Crandlemire Dapplewick Dovenhall Drumlane Eastermark Elderfenn Emberlyn "
    "Fairhollow Fennimarsh Flintermoor Foxhollow Gablestone Glenmarrow Gorsewood Grantlemere Hartsgrove Hawkenfell "
    "Hazelmoor Heatherlund Hollowmere Inglestrand Ironvale Ivorsgate Juniperell Kelmarsh Kestrelow Kingsferrin "
    "Larkenfield Lindermere Lochwarren Longfallow Maplethorn Marrowind Mistlecombe Moorgarden Nettlebrook Northwold "
    "Oakenridge Oldershaven Orchardell Pebblemark Pinesgarth Quarrymoor Quenlow Ravenscar Redmarrow Ridgemont-Vale "
    "Rookhollow Rushmere Saltermarsh Sedgewater Silverbirk Stonegarth Stormfell Sundermere Tallowmere Tanglewick "
    "Thistledown Thornaby Timberlow Umberfield Underhall Valeborne Violhurst Waterlane Wexmoor Willowgarth "
    "Winterbeck Wrenfield Yarrowdale Yewbank Zephyrgate"
).split()

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TALENT = 2.1
_USAGE = (-0.5, 0.9)
_PERSISTENCE = 0.93


@dataclass(frozen=True, slots=True)
class Players:
    """Everyone who ever played, one array entry a player. All arrays but `name` and `age` are rates or weights.

    `big` runs from 0 (guard) to 1 (centre); `usage` is the weight with which a player ends his side's chances.
    """

    name: tuple[str, ...]
    age: Floats
    offence: Floats
    defence: Floats
    usage: Floats
    big: Floats
    threes: Floats
    free_throws: Floats
    passing: Floats
    frailty: Floats

    @property
    def player_id(self) -> Ints:
        """Ids in the order of the arrays."""
        return np.arange(len(self.name), dtype=np.int64) + FIRST_PLAYER_ID

    @property
    def merit(self) -> Floats:
        """What a coach orders his rotation by."""
        return self.offence + self.defence


def draw_names(rng: np.random.Generator) -> list[str]:
    """Every name that the lists can make, in random order; popping from it never repeats one."""
    names = [f"{first} {last}" for first in _FIRST_NAMES for last in _LAST_NAMES]
    return [names[index] for index in rng.permutation(len(names))]


def draw_players(rng: np.random.Generator, names: list[str], count: int, rookies: bool = False) -> Players:
    """New players; rookies are young, and worse than the average of those who have stayed in the league."""
    talent = rng.normal(size=count) + 0.35 * rng.exponential(size=count) - 0.35
    lean = rng.normal(size=count)
    offence = _TALENT * (0.72 * talent + 0.5 * lean)
    defence = _TALENT * (0.62 * talent - 0.5 * lean + 0.25 * rng.normal(size=count))
    age = rng.uniform(19, 23, count) if rookies else np.clip(rng.gamma(6.0, 1.25, count) + 18.5, 19, 39)
    big = rng.beta(0.9, 1.1, count)
    return Players(
        name=tuple(names.pop() for _ in range(count)),
        age=age,
        offence=offence - (1.0 if rookies else 0.0),
        defence=defence - (0.6 if rookies else 0.0),
        usage=np.exp(np.clip(0.45 * offence / _TALENT + 0.24 * rng.normal(size=count), *_USAGE)),
        big=big,
        threes=np.clip(0.5 - 0.33 * big + 0.12 * rng.normal(size=count), 0.02, 0.8),
        free_throws=np.clip(0.82 - 0.12 * big + 0.06 * rng.normal(size=count), 0.45, 0.93),
        passing=np.exp(1.1 - 1.5 * big + 0.28 * offence / _TALENT + 0.3 * rng.normal(size=count)),
        frailty=np.exp(0.5 * rng.normal(size=count)),
    )


def joined(first: Players, second: Players) -> Players:
    """The players of both, the second after the first."""
    arrays = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in Players.__slots__
        if name != "name"
    }
    return Players(name=first.name + second.name, **arrays)


def first_rosters(rng: np.random.Generator, names: list[str]) -> tuple[Players, Ints]:
    """The league at its start: players, and (30, 15) indices into them, one row a team."""
    players = draw_players(rng, names, len(TEAMS) * ROSTER)
    return players, rng.permutation(len(players.name)).reshape(len(TEAMS), ROSTER)


def off_season(rng: np.random.Generator, names: list[str], players: Players, rosters: Ints) -> tuple[Players, Ints]:
    """A summer: everyone ages, some leave, rookies take their places, a quarter of the rest changes teams."""
    count = len(players.name)
    trend = np.where(players.age < 26, 0.35, np.where(players.age > 31, -0.45, 0.0))
    aged = replace(
        players,
        age=players.age + 1,
        offence=_PERSISTENCE * players.offence + 0.6 * trend + rng.normal(0, 0.6, count),
        defence=_PERSISTENCE * players.defence + 0.4 * trend + rng.normal(0, 0.5, count),
    )
    leaves = _leaving(rng, aged, rosters)
    rookies = draw_players(rng, names, int(leaves.sum()), rookies=True)
    rosters = rosters.copy()
    rosters[leaves] = count + np.arange(len(rookies.name))
    players = joined(aged, rookies)
    return players, swapped(rng, players, rosters, share=0.26)


def signed(rng: np.random.Generator, names: list[str], players: Players, rosters: Ints) -> tuple[Players, Ints]:
    """The end of most benches is exchanged for new players during the season."""
    last = np.argsort(players.merit[rosters], axis=1)[:, :_SIGNINGS]
    goes = rng.random(last.shape) < 0.8
    team = np.broadcast_to(np.arange(len(rosters))[:, None], last.shape)[goes]
    newcomers = draw_players(rng, names, int(goes.sum()), rookies=True)
    rosters = rosters.copy()
    rosters[team, last[goes]] = len(players.name) + np.arange(len(newcomers.name))
    return joined(players, newcomers), rosters


def _leaving(rng: np.random.Generator, players: Players, rosters: Ints) -> NDArray[np.bool_]:
    """Which roster places fall vacant: the old and the least useful are the likeliest to go."""
    age, merit = players.age[rosters], players.merit[rosters]
    chance = 1 / (1 + np.exp(2.3 - 0.35 * (age - 33) + 0.55 * merit))
    leaves: NDArray[np.bool_] = rng.random(rosters.shape) < chance
    return leaves


def swapped(rng: np.random.Generator, players: Players, rosters: Ints, share: float) -> Ints:
    """Rosters after trades: a share of the players moves, each into the place of someone of about his merit."""
    rosters = rosters.copy()
    flat = rosters.reshape(-1)
    movers = np.flatnonzero(rng.random(flat.size) < share)
    ranked = movers[np.argsort(players.merit[flat[movers]] + rng.normal(0, 0.8, movers.size))]
    pairs = ranked[: ranked.size // 2 * 2].reshape(-1, 2)
    flat[pairs] = flat[pairs[:, ::-1]]
    return rosters
