"""One player's numbers, brought forward appearance by appearance: minutes, rates per minute, and with whom he played.

Plain Python only, like every state: a forecast must not wait for numpy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.records import PlayerLine
from engine.features.payload import day_of, day_text, finite, mean_of, pair
from engine.features.rolling import DecayedMean, Memory

COUNTS = (
    "minutes", "pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "tov", "pf",
    "plus_minus",
)  # fmt: skip
"""What is remembered of a line, in this order; counts are brought to a game without overtime."""
MINUTES, PTS, FGA, FG3A, FTA = 0, 1, 3, 5, 7
OREB, DREB, AST, BLK, TOV = 8, 9, 10, 12, 13
LEAGUE_RATES = (1.0, 0.47, 0.17, 0.375, 0.05, 0.14, 0.075, 0.095, 0.042, 0.14, 0.105, 0.032, 0.02, 0.058, 0.083, 0.0)
"""The league's counts per minute of a player, to which rates are drawn while few minutes are known."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far back a mean looks: half-life in appearances, share kept into a new season, and the prior's minutes."""

    name: str
    half_life: float
    carry: float
    prior_minutes: float

    @property
    def decay(self) -> float:
        """Factor by which weights shrink with each appearance."""
        return float(0.5 ** (1 / self.half_life))


HORIZONS = (
    Horizon("days", 2.5, 0.3, 30.0),
    Horizon("weeks", 7.0, 0.5, 60.0),
    Horizon("months", 20.0, 0.7, 100.0),
    Horizon("year", 70.0, 0.85, 150.0),
)
DAYS, WEEKS, MONTHS, YEAR = range(4)
EXPECTED = ((DAYS, 0.25), (WEEKS, 0.5), (MONTHS, 0.25))
"""Expected minutes are this mixture of the horizons' mean minutes."""
CLOSE_GAME = Memory(half_life=5, prior_games=2, carry=0.4)
WITH_TEAM = Memory(half_life=6, prior_games=2, carry=0.4)
PACE = Memory(half_life=15, prior_games=2)
CLOSE_MARGIN = 15
"""Points by which a game is decided at most to say how long a player plays when it counts."""
MATES = Memory(half_life=7, prior_games=0, carry=0.3)
ABSENT = Memory(half_life=6, prior_games=0, carry=0.3)
SURE_GAMES = 3.0
"""Games without a team-mate that count for as much as the belief that his absence changes nothing."""
LAST_MINUTES, LAST_MARGINS = 5, 3
INJURY_GAMES = 4
"""A player who missed so many of his team's games in a row comes back from something."""
LONG_BACK = 99
"""Appearances since such a return, where there was none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a game shows of a player beside his line.

    `stretch` brings counts to 240 team minutes, `pace` is of the game, `margin` his team's; `team_game` counts his
    team's games of the season. `mates` is how he found his team (see `player_context`), `absent` who was missing.
    """

    season: int
    day: date
    stretch: float
    pace: float
    margin: int
    team_game: int
    mates: tuple[float, ...]
    absent: tuple[int, ...]
    absence_effect: tuple[float, float]


@dataclass(slots=True)
class Form:
    """One player after his last appearance. A totals row holds decayed sums of COUNTS for one horizon."""

    team_id: int
    season: int
    first_season: int
    last_day: date
    games: int = 0
    season_games: int = 0
    team_games: int = 0
    team_game: int = 0
    since_return: int = LONG_BACK
    season_minutes: float = 0.0
    squares: list[float] = field(default_factory=lambda: [0.0, 0.0])
    totals: list[list[float]] = field(default_factory=lambda: [[0.0] * len(COUNTS) for _ in HORIZONS])
    weights: list[float] = field(default_factory=lambda: [0.0] * len(HORIZONS))
    close: DecayedMean = field(default_factory=DecayedMean)
    with_team: DecayedMean = field(default_factory=DecayedMean)
    pace: DecayedMean = field(default_factory=DecayedMean)
    last_minutes: tuple[float, ...] = ()
    last_margins: tuple[float, ...] = ()
    last_mates: tuple[float, ...] = ()
    mates: list[float] = field(default_factory=list)
    mates_weight: float = 0.0
    without: dict[int, list[float]] = field(default_factory=dict)
    effects: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def rates(self, horizon: int) -> list[float]:
        """Counts per minute over a horizon, drawn to the league's."""
        totals, prior = self.totals[horizon], HORIZONS[horizon].prior_minutes
        minutes = totals[MINUTES] + prior
        return [(total + prior * rate) / minutes for total, rate in zip(totals, LEAGUE_RATES, strict=True)]

    def per_game(self, horizon: int, count: int) -> float:
        """Mean of a count per appearance over a horizon."""
        weight = self.weights[horizon]
        return self.totals[horizon][count] / weight if weight else 0.0

    @property
    def expected_minutes(self) -> float:
        """Minutes if he plays, by what he has lately played."""
        return sum(share * self.per_game(horizon, MINUTES) for horizon, share in EXPECTED)

    def spread(self, which: int) -> float:
        """Standard deviation per appearance over some months: of minutes (0) or of points (1)."""
        weight = self.weights[MONTHS]
        mean = self.per_game(MONTHS, (MINUTES, PTS)[which])
        return math.sqrt(max(self.squares[which] / weight - mean**2, 0.0)) if weight else 0.0

    def in_season(self, season: int) -> Form:
        """This player as he enters a season: himself within his own, else a copy with older games counting less."""
        later = season - self.season
        if later <= 0:
            return self
        kept = [horizon.carry**later for horizon in HORIZONS]
        return Form(
            team_id=self.team_id,
            season=season,
            first_season=self.first_season,
            last_day=self.last_day,
            games=self.games,
            team_games=self.team_games,
            squares=[value * kept[MONTHS] for value in self.squares],
            totals=[[value * share for value in row] for row, share in zip(self.totals, kept, strict=True)],
            weights=[weight * share for weight, share in zip(self.weights, kept, strict=True)],
            close=self.close.carried(CLOSE_GAME, later),
            with_team=self.with_team.carried(WITH_TEAM, later),
            pace=self.pace,
            last_minutes=self.last_minutes,
            last_margins=self.last_margins,
            mates=[value * MATES.carry**later for value in self.mates],
            mates_weight=self.mates_weight * MATES.carry**later,
            effects=[value * ABSENT.carry**later for value in self.effects],
        )

    def learn(self, line: PlayerLine, seen: Seen) -> None:
        """Take in an appearance of the form's own season."""
        self._settle(line.team_id, seen)
        counts = [line.minutes, *(float(getattr(line, name)) for name in COUNTS[1:])]
        counts = [count * seen.stretch for count in counts]
        for horizon, (row, rule) in enumerate(zip(self.totals, HORIZONS, strict=True)):
            decay = rule.decay
            self.totals[horizon] = [total * decay + count for total, count in zip(row, counts, strict=True)]
            self.weights[horizon] = self.weights[horizon] * decay + 1.0
        decay = HORIZONS[MONTHS].decay
        squares = zip(self.squares, (counts[MINUTES], counts[PTS]), strict=True)
        self.squares = [total * decay + count**2 for total, count in squares]
        self.games, self.season_games, self.team_games = self.games + 1, self.season_games + 1, self.team_games + 1
        self.season_minutes += counts[MINUTES]
        self.last_minutes = (*self.last_minutes, counts[MINUTES])[-LAST_MINUTES:]
        self.last_margins = (*self.last_margins, float(seen.margin))[-LAST_MARGINS:]
        if abs(seen.margin) < CLOSE_MARGIN:
            self.close.add(counts[MINUTES], CLOSE_GAME)
        self.with_team.add(counts[MINUTES], WITH_TEAM)
        self.pace.add(seen.pace, PACE)
        self.last_day, self.team_game = seen.day, seen.team_game
        self._learn_mates(counts, seen)

    def _settle(self, team_id: int, seen: Seen) -> None:
        """Begin anew with another team, and count how long ago a longer absence ended."""
        if team_id != self.team_id:
            self.team_id, self.team_games, self.team_game = team_id, 0, 0
            self.with_team, self.mates, self.mates_weight, self.last_mates = DecayedMean(), [], 0.0, ()
            self.without, self.since_return = {}, LONG_BACK
        elif self.team_game and seen.team_game - self.team_game > INJURY_GAMES:
            self.since_return = 0
        else:
            self.since_return = min(self.since_return + 1, LONG_BACK)

    def _learn_mates(self, counts: Sequence[float], seen: Seen) -> None:
        """Remember in what company he played, and how he did without each missing team-mate."""
        old = self.mates or [0.0] * len(seen.mates)
        self.mates = [total * MATES.decay + value for total, value in zip(old, seen.mates, strict=True)]
        self.mates_weight = self.mates_weight * MATES.decay + 1.0
        self.last_mates = seen.mates
        effects = zip(self.effects, (*seen.absence_effect, 1.0), strict=True)
        self.effects = [total * ABSENT.decay + value for total, value in effects]
        usual = self.per_game(MONTHS, MINUTES), self.per_game(MONTHS, PTS)
        for player_id in seen.absent:
            games, minutes, points = self.without.get(player_id, (0.0, 0.0, 0.0))
            more = counts[MINUTES] - usual[0], counts[PTS] - usual[1]
            self.without[player_id] = [games + 1, minutes + more[0], points + more[1]]

    def to_payload(self) -> list[Any]:
        """The form as JSON values, in the order of the fields."""
        whole = (self.games, self.season_games, self.team_games, self.team_game, self.since_return)
        means = [pair(self.close), pair(self.with_team), pair(self.pace)]
        without = [[player_id, *values] for player_id, values in self.without.items()]
        return [
            [self.team_id, self.season, self.first_season, day_text(self.last_day), *whole, self.season_minutes],
            [self.squares, self.weights, *self.totals],
            [*means, list(self.last_minutes), list(self.last_margins), list(self.last_mates)],
            [self.mates, self.mates_weight, without, self.effects],
        ]

    @classmethod
    def from_payload(cls, values: Sequence[Any]) -> Form:
        """The form that `to_payload` described. Raises KeyError, TypeError or ValueError for anything else."""
        facts, (squares, weights, *totals), recent, (mates, mates_weight, without, effects) = values
        team_id, season, first, day, games, in_season, with_team, team_game, back, minutes = facts
        close, team_minutes, pace, last_minutes, last_margins, last_mates = recent
        last_day = day_of(day)
        if last_day is None or [len(row) for row in totals] != [len(COUNTS)] * len(HORIZONS):
            raise ValueError("not a player's form")
        return cls(
            team_id=int(team_id),
            season=int(season),
            first_season=int(first),
            last_day=last_day,
            games=int(games),
            season_games=int(in_season),
            team_games=int(with_team),
            team_game=int(team_game),
            since_return=int(back),
            season_minutes=finite(minutes),
            squares=_floats(squares, 2),
            totals=[_floats(row, len(COUNTS)) for row in totals],
            weights=_floats(weights, len(HORIZONS)),
            close=mean_of(close),
            with_team=mean_of(team_minutes),
            pace=mean_of(pace),
            last_minutes=tuple(map(finite, last_minutes)),
            last_margins=tuple(map(finite, last_margins)),
            last_mates=tuple(map(finite, last_mates)),
            mates=list(map(finite, mates)),
            mates_weight=finite(mates_weight),
            without={int(player_id): _floats(sums, 3) for player_id, *sums in without},
            effects=_floats(effects, 3),
        )


def without_mates(form: Form, absent: Mapping[int, float]) -> tuple[float, float, float]:
    """Minutes and points that he adds without these team-mates (chance of absence by id), and how often it was seen."""
    minutes = points = seen = 0.0
    for player_id, chance in absent.items():
        known = form.without.get(player_id)
        if known is not None:
            weight = chance / (known[0] + SURE_GAMES)
            minutes, points = minutes + weight * known[1], points + weight * known[2]
            seen += chance * min(known[0], 5.0)
    return minutes, points, seen


def _floats(values: Sequence[Any], size: int) -> list[float]:
    found = list(map(finite, values))
    if len(found) != size:
        raise ValueError(f"{len(found)} numbers instead of {size}")
    return found
