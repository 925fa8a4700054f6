"""The fixture list of a simulated season: who plays whom, where, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.core.teams import TEAMS

FULL_SEASON = 82
_SPAN = 174
_ALL_STAR_BREAK = range(115, 121)
_MOST_GAMES = 15
_WEEKDAY_WEIGHTS = (1.05, 0.75, 1.5, 0.5, 1.45, 1.05, 0.95)
_BACK_TO_BACK_PENALTY = 1.1
_FIRST_GAME_REST = 10

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Games of a season in the order of play; one array entry a game.

    `sides` (games, 2) are team indices, home (or first listed) then away; `day` counts from the opening day; `rest`
    (games, 2) are days since the side's last game; `number` (games, 2) is the how-manieth game of the side it is.
    """

    opening: date
    sides: Ints
    day: Ints
    neutral: NDArray[np.bool_]
    rest: Ints
    number: Ints

    def dates(self) -> list[str]:
        """Dates of the games as text."""
        texts = [(self.opening + timedelta(days)).isoformat() for days in range(int(self.day[-1]) + 1)]
        return [texts[day] for day in self.day]


def draw_fixtures(rng: np.random.Generator, season: int, games_per_team: int) -> Fixtures:
    """A season's fixtures; a shorter season starts on the same day and ends earlier.

    About one game in 250 moves to a neutral site; its teams are listed by id, as an import lists them.
    """
    pairings = _full_pairings() if games_per_team == FULL_SEASON else _round_robin(rng, games_per_team)
    opening = opening_day(season)
    sides, day = _spread(rng, pairings, _day_weights(opening, games_per_team))
    neutral = np.zeros(len(day), dtype=bool)
    listed_by_id = np.flatnonzero(sides[:, 0] < sides[:, 1])
    neutral[rng.choice(listed_by_id, size=max(1, round(len(day) / 250)), replace=False)] = True
    rest, number = _rest(sides, day)
    return Fixtures(opening, sides, day, neutral, rest, number)


def opening_day(season: int) -> date:
    """The Tuesday between 18 and 24 October on which the league has opened its seasons since 2021."""
    day = date(season, 10, 18)
    return day + timedelta((1 - day.weekday()) % 7)


def _full_pairings() -> Ints:
    """The league's formula: 4 games in the division, 4 or 3 in the conference, 2 across; 41 at home."""
    divisions = [[i for i, team in enumerate(TEAMS) if team.division == name] for name in sorted(_division_names())]
    games: list[tuple[int, int]] = []
    for i in range(len(TEAMS)):
        for j in range(len(TEAMS)):
            if i != j:
                same = TEAMS[i].conference == TEAMS[j].conference
                games += [(i, j)] * (2 if TEAMS[i].division == TEAMS[j].division else 1)
                if same and TEAMS[i].division != TEAMS[j].division and not _short_series(divisions, i, j):
                    games.append((i, j))
    return np.array(games, dtype=np.int64)


def _division_names() -> set[str]:
    return {team.division for team in TEAMS}


def _short_series(divisions: list[list[int]], home: int, away: int) -> bool:
    """Whether a conference pairing of two divisions meets only once in `home`'s hall.

    Each team has two three-game series with each other division of its conference, one short at home, one away.
    """
    place = {team: (d, k) for d, teams in enumerate(divisions) for k, team in enumerate(teams)}
    (division, k), (other, m) = place[home], place[away]
    step = (m - k) % 5
    return step == 0 if division < other else step == 4


def _round_robin(rng: np.random.Generator, rounds: int) -> Ints:
    """The circle method: everyone plays once a round; halls alternate and swap when the circle comes round again."""
    order = rng.permutation(len(TEAMS))
    games: list[tuple[int, int]] = []
    for number in range(rounds):
        circle = np.concatenate([order[:1], np.roll(order[1:], number)])
        pairs = zip(circle[:15], circle[:14:-1], strict=True)
        lap = number // 29
        games += [(a, b) if (k or number) % 2 == lap % 2 else (b, a) for k, (a, b) in enumerate(pairs)]
    return np.array(games, dtype=np.int64)


def _day_weights(opening: date, games_per_team: int) -> NDArray[np.float64]:
    """How many games each day of the season likes to have, relative to the others; 0 on days off."""
    days = [opening + timedelta(offset) for offset in range(max(4, round(_SPAN * games_per_team / FULL_SEASON)))]
    weights = np.array([_WEEKDAY_WEIGHTS[day.weekday()] for day in days])
    weights[0] = 0.3
    for offset, day in enumerate(days):
        thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
        if offset in _ALL_STAR_BREAK or (day.month, day.day) == (12, 24) or thanksgiving:
            weights[offset] = 0.0
    weights[-1] = max(weights[-1], 1.9)
    return weights


def _spread(rng: np.random.Generator, pairings: Ints, weights: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Put the pairings on days: the neediest teams first, nobody twice a day, no third day running.

    The quota of a day follows from what is left, so the list runs out at the end; a leftover game gets a day of
    its own after it. Returns the (games, 2) sides and the day of each, in the order of play.
    """
    left = pairings[rng.permutation(len(pairings))]
    owed = np.bincount(left.ravel(), minlength=len(TEAMS)).astype(float)
    last = np.full(len(TEAMS), -9)
    before = np.full(len(TEAMS), -9)
    sides: list[Ints] = []
    days: list[int] = []
    day = 0
    while len(left):
        ahead = weights[day:].sum() if day < len(weights) else 0.0
        share = weights[day] / ahead if ahead else 1.0
        quota = min(_MOST_GAMES, round(len(left) * share + rng.normal(0, 1.8) * (0 < share < 0.2)))
        tired = np.where(last == day - 1, np.where(before == day - 2, np.inf, _BACK_TO_BACK_PENALTY), 0.0)
        need = owed - owed.mean() - tired
        chosen = _pick_day(rng, left, need, quota)
        for index in chosen:
            teams = left[index]
            before[teams], last[teams] = last[teams], day
            owed[teams] -= 1
            sides.append(teams)
            days.append(day)
        left = np.delete(left, chosen, axis=0)
        day += 1
    return np.array(sides), np.array(days)


def _pick_day(rng: np.random.Generator, left: Ints, need: NDArray[np.float64], quota: int) -> list[int]:
    """Indices of up to `quota` games of different teams, by the need of both sides and some chance."""
    want = need[left].sum(axis=1) + rng.normal(0, 0.9, len(left))
    chosen: list[int] = []
    busy = np.zeros(len(TEAMS), dtype=bool)
    for index in np.argsort(-want):
        if len(chosen) >= quota or want[index] == -np.inf:
            break
        if not busy[left[index]].any():
            busy[left[index]] = True
            chosen.append(int(index))
    return chosen


def _rest(sides: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Days since each side's last game, and the running number of each side's game from 0."""
    last = np.full(len(TEAMS), -1)
    played = np.zeros(len(TEAMS), dtype=np.int64)
    rest = np.empty_like(sides)
    number = np.empty_like(sides)
    for game, teams in enumerate(sides):
        rest[game] = np.where(last[teams] < 0, _FIRST_GAME_REST, day[game] - last[teams])
        number[game] = played[teams]
        last[teams] = day[game]
        played[teams] += 1
    return rest, number
