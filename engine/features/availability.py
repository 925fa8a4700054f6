"""Who can play: what is known of it before tip-off, and the line-up that follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

TEAM_MINUTES = 240.0
"""Minutes that a team's players share in regulation."""
SHARED_WITH_TEAM_MATES = 0.25
"""Share of the minutes of missing players that goes to the rest of the rotation; the bench plays the others."""
MOST_MINUTES = 40.0
"""Minutes beyond which a missing team-mate does not push a player."""
NO_TEAM = 0
"""Stands for the team of a player who has none."""
CHANCES = (0.935, 0.493, 0.32, 0.226, 0.188, 0.147, 0.133, 0.114, 0.111, 0.074, 0.051, 0.066)
"""Share of rotation players who appeared, by how many of the season's last games in a row they had missed (from 0), in
2015-16 and 2016-17: 53,312 player-games, printed by bench.ratings."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What is known before tip-off of who plays.

    `chances` holds a probability of playing by player id; a player who is not in it is judged by how many games in a
    row he has missed, or counts as available where `complete` says that everybody who may miss the game is listed.
    `teams` holds the team of players who have moved since their last game, NO_TEAM for those without one.
    """

    chances: Mapping[int, float] = field(default_factory=dict)
    teams: Mapping[int, int] = field(default_factory=dict)
    complete: frozenset[int] = frozenset()
    """Teams whose missing players are all in `chances`."""

    def chance(self, member: Member) -> float:
        """Probability 0..1 that a player of a team plays."""
        known = self.chances.get(member.player_id)
        if known is not None:
            return known
        return 1.0 if member.team_id in self.complete else chance_after(member.missed)

    def usual_chance(self, team_id: int) -> float:
        """The chance of a team's player of whom nothing speaks against playing."""
        return 1.0 if team_id in self.complete else chance_after(0)


UNKNOWN = Availability()
"""Nothing is known: everybody is judged by the games that he has missed lately."""


@dataclass(frozen=True, slots=True)
class Member:
    """A player of a team's rotation as of a moment.

    `minutes` are expected if he plays; `offence` and `defence` are points per 100 possessions above a replacement
    player; `variance` is how uncertain their sum is; `missed` counts the team's last games in a row without him.
    """

    player_id: int
    team_id: int
    minutes: float
    offence: float
    defence: float
    variance: float
    missed: int = 0

    @property
    def value(self) -> float:
        """Offence and defence together."""
        return self.offence + self.defence


@dataclass(frozen=True, slots=True)
class Lineup:
    """What the players expected to play are worth per 100 possessions above replacement, over the whole game.

    `variance` is that of `offence + defence`, from unsure players and from ratings that rest on few minutes.
    """

    offence: float = 0.0
    defence: float = 0.0
    variance: float = 0.0

    @property
    def value(self) -> float:
        """Offence and defence together."""
        return self.offence + self.defence


def chance_after(missed: int) -> float:
    """Probability that a rotation player appears who has missed this many of the team's last games in a row."""
    return CHANCES[min(missed, len(CHANCES) - 1)]


def known_from(members: Sequence[Member], appeared: Collection[tuple[int, int]]) -> Availability:
    """What a perfect injury report would have said of a played game: a rotation player without a line was out.

    `appeared` are (player id, team id). Nobody outside the rotations is looked at: who appears late in a lost game
    says how the game went, not who was fit.
    """
    return Availability({one.player_id: float((one.player_id, one.team_id) in appeared) for one in members})


def lineup(members: Sequence[Member], chances: Sequence[float]) -> Lineup:
    """The line-up of a rotation whose members play with these chances.

    Each plays his expected minutes, with a share of what is missing from 240; the bench, worth 0, plays the rest.
    """
    expected = sum(chance * one.minutes for one, chance in zip(members, chances, strict=True))
    if expected <= 0:
        return Lineup()
    missing = TEAM_MINUTES - expected
    stretch = 1 + SHARED_WITH_TEAM_MATES * missing / expected if missing > 0 else TEAM_MINUTES / expected
    offence = defence = variance = 0.0
    for one, chance in zip(members, chances, strict=True):
        share = min(one.minutes * stretch, max(one.minutes, MOST_MINUTES)) / 48
        offence += chance * share * one.offence
        defence += chance * share * one.defence
        variance += chance * share**2 * (one.variance + (1 - chance) * one.value**2)
    return Lineup(offence, defence, variance)
