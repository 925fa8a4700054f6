"""Player ratings: what each player is worth on offence and on defence, as of a moment, from the box scores so far.

A rating is a time-decayed rate of box-score credit, drawn towards a replacement player while few minutes are known.
The credits were fitted once, by ridge regression of team offensive ratings on the line-ups' rates in 2015-16 and
2016-17 (bench.ratings prints them); every later season is forecast with the same ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.records import PlayedGame, PlayerLine
from engine.features.availability import Member
from engine.features.payload import day_of, day_text, finite, mean_of, pair
from engine.features.rolling import DecayedMean, Memory

OFFENCE: dict[str, float] = {
    "pts": 0.15, "fgm": 0.36, "fga": -0.19, "fg3m": 0.27, "fg3a": 0.07, "ftm": 0.38, "fta": 0.08, "oreb": 0.15,
    "dreb": -0.28, "ast": 0.21, "stl": -0.81, "blk": -0.79, "tov": -0.1, "pf": -0.06, "plus_minus": 0.1,
}  # fmt: skip
"""Points per 100 possessions that the team scores more for one such event per 36 minutes of a player."""
DEFENCE: dict[str, float] = {
    "pts": -0.06, "fgm": -0.1, "fga": 0.05, "fg3m": -0.14, "fg3a": -0.01, "ftm": -0.28, "fta": 0.16, "oreb": 0.0,
    "dreb": 0.11, "ast": -0.03, "stl": 1.26, "blk": 0.97, "tov": 0.03, "pf": -0.28, "plus_minus": 0.11,
}  # fmt: skip
"""Points per 100 possessions that the team allows less for one such event per 36 minutes of a player."""
PER_MINUTES = 36.0
TEAM_GAMES = 12
"""A rotation player appeared in one of his team's last games, this many."""
EXPECTED_MINUTES = 12.0
"""A rotation player is expected to play at least this long."""
MINUTES = Memory(half_life=12, prior_games=0.5, carry=0.5, start=6.0)
BOX = Memory(half_life=120, prior_games=150.0, carry=0.95)
"""Weights are minutes here: a rating counts as much as `prior_games` minutes of a replacement player."""
REPLACEMENT = Memory(half_life=1400, prior_games=2000.0)
"""Per line of a player outside the rotations; `start` is in REPLACEMENT_START."""
REPLACEMENT_START = {"offence": 0.08, "defence": 0.045}
"""Credit per minute of a replacement player before any has been seen."""
SETTLED_MINUTES = 2.5
"""Weight of `MINUTES` from which a player outside the rotation counts as a replacement player."""
PRIOR_VARIANCE = 6.0
"""Variance between players' ratings, in (points per 100 possessions)^2: how unsure an unknown player is, or one who has
not played for his new team yet."""
FORGOTTEN_SEASONS = 5
"""A player not seen for so many seasons starts anew."""


@dataclass(slots=True)
class PlayerForm:
    """One player after his last appearance."""

    team_id: int
    season: int
    last_day: date
    missed: int = 0
    missed_season: int = 0
    minutes: DecayedMean = field(default_factory=DecayedMean)
    offence: DecayedMean = field(default_factory=DecayedMean)
    defence: DecayedMean = field(default_factory=DecayedMean)

    def expected_minutes(self, season: int) -> float:
        """Minutes if he plays in a season."""
        return self.minutes.carried(MINUTES, max(0, season - self.season)).mean(MINUTES)

    def miss(self, season: int) -> None:
        """Note that his team played without him."""
        self.missed, self.missed_season = self.missed_in(season) + 1, season

    def missed_in(self, season: int) -> int:
        """The team's last games in a row without him, in this season only: a summer heals."""
        return self.missed if self.missed_season == season else 0

    def enter(self, season: int) -> None:
        """Carry his numbers into a later season."""
        later = max(0, season - self.season)
        self.minutes = self.minutes.carried(MINUTES, later)
        self.offence, self.defence = self.offence.carried(BOX, later), self.defence.carried(BOX, later)
        self.season = max(season, self.season)


class Players:
    """Every player whom the box scores have shown, and who took part in each team's last games."""

    def __init__(self) -> None:
        self._players: dict[int, PlayerForm] = {}
        self._last_games: dict[int, deque[frozenset[int]]] = {}
        self._replacement = {"offence": DecayedMean(), "defence": DecayedMean()}

    def rotation(self, team_id: int, season: int, moved: Mapping[int, int] | None = None) -> tuple[Member, ...]:
        """A team's rotation as it enters its next game, most minutes first.

        `moved` holds the present team of players who changed it since their last game.
        """
        members = (self.member(player_id, team_id, season) for player_id in self.squad(team_id, season, moved))
        return tuple(sorted((one for one in members if one is not None), key=lambda one: (-one.minutes, one.player_id)))

    def squad(self, team_id: int, season: int, moved: Mapping[int, int] | None = None) -> frozenset[int]:
        """Everybody who appeared in one of a team's last games or has come to it since, and has not left it."""
        now = moved or {}
        seen = set().union(*self._last_games.get(team_id, ())) | {one for one, team in now.items() if team == team_id}
        return frozenset(one for one in seen if self._form(one, season) and self.team_of(one, now) == team_id)

    def team_of(self, player_id: int, moved: Mapping[int, int]) -> int | None:
        """The team that a player has moved to, else that of his newest appearance; None for one never seen."""
        known = self._players.get(player_id)
        return moved.get(player_id, None if known is None else known.team_id)

    def member(self, player_id: int, team_id: int, season: int) -> Member | None:
        """A player as a team counts on him; None when he was not seen for long or is expected to play but little."""
        known = self._form(player_id, season)
        if known is None:
            return None
        member = self._member(player_id, known, team_id, season)
        return member if member.minutes >= EXPECTED_MINUTES else None

    def teams(self) -> Mapping[int, tuple[int, date]]:
        """The team of every player's newest appearance, and its league day."""
        return {player_id: (known.team_id, known.last_day) for player_id, known in self._players.items()}

    def advance(self, played: PlayedGame) -> None:
        """Take in both teams' lines. A game without any leaves everybody as he was."""
        game = played.game
        for team_id in (game.home_id, game.away_id):
            lines = [line for line in played.lines if line.team_id == team_id and line.minutes > 0]
            if lines:
                self._count_missing(team_id, game.season, {line.player_id for line in lines})
                for line in lines:
                    self._learn(line, game.season, game.league_day)

    def to_payload(self) -> dict[str, Any]:
        """All players as JSON values, without those long gone; numbers come back bit for bit."""
        newest = max((one.season for one in self._players.values()), default=0)
        return {
            "players": {
                str(player_id): _form_payload(one)
                for player_id, one in sorted(self._players.items())
                if newest - one.season < FORGOTTEN_SEASONS
            },
            "last_games": {str(team): [sorted(ids) for ids in last] for team, last in sorted(self._last_games.items())},
            "replacement": {side: pair(mean) for side, mean in self._replacement.items()},
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Players:
        """The players that `to_payload` described. Raises KeyError, TypeError or ValueError for anything else."""
        players = cls()
        players._players = {int(player_id): _read_form(values) for player_id, values in payload["players"].items()}
        for team_id, last in payload["last_games"].items():
            players._last_games[int(team_id)] = deque((frozenset(map(int, ids)) for ids in last), TEAM_GAMES)
        players._replacement = {side: mean_of(payload["replacement"][side]) for side in ("offence", "defence")}
        return players

    def _form(self, player_id: int, season: int) -> PlayerForm | None:
        known = self._players.get(player_id)
        return None if known is None or season - known.season >= FORGOTTEN_SEASONS else known

    def _member(self, player_id: int, known: PlayerForm, team_id: int, season: int) -> Member:
        later = max(0, season - known.season)
        offence, defence = known.offence.carried(BOX, later), known.defence.carried(BOX, later)
        shrunken = BOX.prior_games / (offence.weight + BOX.prior_games)
        return Member(
            player_id=player_id,
            team_id=team_id,
            minutes=known.expected_minutes(season),
            offence=self._above_replacement(offence, "offence"),
            defence=self._above_replacement(defence, "defence"),
            variance=PRIOR_VARIANCE * (shrunken if known.team_id == team_id else 1.0),
            missed=known.missed_in(season),
        )

    def _above_replacement(self, credit: DecayedMean, side: str) -> float:
        replacement = self._replacement[side]
        start = REPLACEMENT_START[side] * REPLACEMENT.prior_games
        level = (replacement.total + start) / (replacement.weight + REPLACEMENT.prior_games)
        return PER_MINUTES * (credit.total - level * credit.weight) / (credit.weight + BOX.prior_games)

    def _count_missing(self, team_id: int, season: int, present: set[int]) -> None:
        last = self._last_games.setdefault(team_id, deque(maxlen=TEAM_GAMES))
        for player_id in set().union(*last) - present:
            known = self._players.get(player_id)
            if known is not None and known.team_id == team_id:
                known.miss(season)
        last.append(frozenset(present))

    def _learn(self, line: PlayerLine, season: int, day: date) -> None:
        known = self._form(line.player_id, season)
        if known is None:
            known = self._players[line.player_id] = PlayerForm(line.team_id, season, day)
        known.enter(season)
        rates = credit(line, OFFENCE) / line.minutes, credit(line, DEFENCE) / line.minutes
        if known.minutes.weight > SETTLED_MINUTES and known.minutes.mean(MINUTES) < EXPECTED_MINUTES:
            self._replacement["offence"].add(rates[0], REPLACEMENT, line.minutes)
            self._replacement["defence"].add(rates[1], REPLACEMENT, line.minutes)
        known.offence.add(rates[0], BOX, line.minutes)
        known.defence.add(rates[1], BOX, line.minutes)
        known.minutes.add(line.minutes, MINUTES)
        known.team_id, known.last_day, known.missed = line.team_id, day, 0


def credit(line: PlayerLine, worth: Mapping[str, float]) -> float:
    """What a line's events are worth together, by OFFENCE or DEFENCE."""
    return float(sum(points * getattr(line, event) for event, points in worth.items()))


def _form_payload(one: PlayerForm) -> list[Any]:
    means = [*pair(one.minutes), *pair(one.offence), *pair(one.defence)]
    return [one.team_id, one.season, day_text(one.last_day), one.missed, one.missed_season, *means]


def _read_form(values: Sequence[Any]) -> PlayerForm:
    team_id, season, day, missed, missed_season, *means = values
    last_day = day_of(day)
    if last_day is None or len(means) != 6:
        raise ValueError("not a player's numbers")
    minutes, offence, defence = (mean_of(means[at : at + 2]) for at in (0, 2, 4))
    counts = int(finite(missed)), int(finite(missed_season))
    return PlayerForm(int(team_id), int(season), last_day, *counts, minutes, offence, defence)
