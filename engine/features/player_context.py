"""In what company a player plays: who of the rotation is there, who is missing, and how alike they are to him."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.features.availability import Availability, Member
from engine.features.player_form import (
    AST,
    BLK,
    DREB,
    FG3A,
    FGA,
    FTA,
    MONTHS,
    OREB,
    PTS,
    TOV,
    YEAR,
    Form,
)  # fmt: skip

COMPANY = ("minutes", "usage", "pts", "reb", "ast", "alike", "same_role", "ahead")
"""What is summed over team-mates: expected minutes, what they use and do, minutes of those who play like him and in
his role, and how many play more than he does."""
REMEMBERED = (*COMPANY, "minutes_out", "usage_out", "pts_out", "reb_out")
GUARD, WING, BIG = range(3)
ROLES = (GUARD, WING, BIG)
_GUARDS_BELOW, _BIGS_FROM = 0.005, 0.12
"""Bounds of `bigness`: a third of the league's minutes each in 2015-16 to 2018-19."""
_SCALES = (0.03, 0.055, 0.07, 0.07, 0.02, 0.12)
_ALIKE = 8.0


@dataclass(frozen=True, slots=True)
class Profile:
    """How a player plays by his long-run rates: a role, where between guard and big he stands, and a style."""

    role: int
    bigness: float
    style: tuple[float, ...]

    @classmethod
    def of(cls, form: Form) -> Profile:
        """The profile of a form."""
        rates = form.rates(YEAR)
        bigness = rates[OREB] + rates[DREB] + 2 * rates[BLK] - rates[AST] - 0.3 * rates[FG3A]
        role = GUARD if bigness < _GUARDS_BELOW else WING if bigness < _BIGS_FROM else BIG
        measures = rates[OREB], rates[DREB], rates[AST], rates[FG3A], rates[BLK], usage(rates)
        return cls(role, bigness, tuple(value / scale for value, scale in zip(measures, _SCALES, strict=True)))


@dataclass(frozen=True, slots=True)
class Mate:
    """A member of a rotation before a game: his chance to play, what he does per game if he plays, and his profile.

    `does` is minutes, usage, points, rebounds and assists per game.
    """

    player_id: int
    chance: float
    does: tuple[float, float, float, float, float]
    blocks: float
    profile: Profile


def usage(rates: Sequence[float]) -> float:
    """Possessions that a player ends, per minute."""
    return rates[FGA] + 0.44 * rates[FTA] + rates[TOV]


def mates_of(members: Sequence[Member], known: Availability, forms: Mapping[int, Form]) -> tuple[Mate, ...]:
    """The rotation as team-mates; members whose own line has never been seen are left out."""
    return tuple(_mate(forms[one.player_id], one, known.chance(one)) for one in members if one.player_id in forms)


def company(form: Form, player_id: int, profile: Profile, mates: Sequence[Mate]) -> tuple[list[float], list[float]]:
    """COMPANY summed over the team-mates who play and over those who are missing, each by his chance."""
    here, out = [0.0] * len(COMPANY), [0.0] * len(COMPANY)
    own = form.expected_minutes
    for mate in mates:
        if mate.player_id == player_id:
            continue
        minutes = mate.does[0]
        distance = sum((a - b) ** 2 for a, b in zip(profile.style, mate.profile.style, strict=True))
        same, ahead = minutes * (mate.profile.role == profile.role), float(minutes > own)
        values = (*mate.does, minutes * math.exp(-distance / _ALIKE), same, ahead)
        for sums, chance in ((here, mate.chance), (out, 1 - mate.chance)):
            if chance:
                for at, value in enumerate(values):
                    sums[at] += chance * value
    return here, out


def _mate(form: Form, member: Member, chance: float) -> Mate:
    rates, minutes = form.rates(MONTHS), form.expected_minutes
    does = minutes, minutes * usage(rates), minutes * rates[PTS], minutes * (rates[OREB] + rates[DREB])
    return Mate(member.player_id, chance, (*does, minutes * rates[AST]), minutes * rates[BLK], Profile.of(form))
