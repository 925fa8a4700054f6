"""Why a forecast says what it says: exact contributions, summed by reason and put into a fan's words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.core.records import Driver
from engine.core.teams import BY_ID
from engine.features.availability import Availability, Member
from engine.features.contract import GAME_FEATURES, Matchup
from engine.features.game import LeagueState, Side
from engine.models.estimators import GameModel

MOST_DRIVERS = 6
SURE = 0.05
"""A chance that differs by less from that of a player of whom nothing is told is no news."""
ORDINARY_VARIANCE = 1.8
"""Variance of both line-ups where everybody is known to play or not. This and the next three: bench.doubt."""
OUTCOME_VARIANCE = 164.0
"""Variance of a game's margin about its forecast, in points squared, with such line-ups."""
PER_VARIANCE = 3.0
"""How much it grows with the variance of the line-ups: 2.5 where the absences are known, 3.7 where they are not."""
EARLY = 4.5
"""How much it grows in a team's first games of a season."""
_WORDS = {
    "rating": "{team} have the stronger results over time",
    "players": "{team} have the stronger players",
    "offence": "{team} have the better offence",
    "defence": "{team} have the better defence",
    "form": "{team} have been in better form lately",
    "four factors": "{team} shoot better and waste fewer possessions",
    "rest": "{team} are better rested",
    "travel": "{team} have travelled less",
    "altitude": "{team} are used to the thin air",
    "head to head": "{team} have done well in the last meetings",
    "shooting luck": "{team} met opponents who shot threes unusually well, which evens out",
    "home court": "{team} play at home",
}
_GROUPS = {feature.name: feature.group for feature in GAME_FEATURES}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A player who may be missing, or who comes back, and what that moves in the margin of the home side."""

    member: Member
    chance: float
    points: float


def widening(sides: tuple[Side, Side], early: bool) -> float:
    """How much wider than usual the outcome is spread, 1 or more: unsure line-ups, a season that has just begun."""
    unsure = max(0.0, sum(side.expected.variance for side in sides) - ORDINARY_VARIANCE)
    return math.sqrt(1 + (PER_VARIANCE * unsure + EARLY * early) / OUTCOME_VARIANCE)


def explained(
    model: GameModel, league: LeagueState, matchup: Matchup, sides: tuple[Side, Side], margin: float
) -> tuple[tuple[tuple[str, float], ...], tuple[Doubt, ...]]:
    """A margin as contributions of the game with everybody at hand, and what each player in doubt moves in it.

    Each is tried alone; what is left between their sum and the margin is shared out by size, so that all of it adds up.
    """
    known = matchup.availability
    regulars = {
        one.player_id
        for team_id in (matchup.home_id, matchup.away_id)
        for one in league.players.rotation(team_id, matchup.season, known.teams)
    }
    members = [one for side in sides for one in side.members]
    doubtful = [one for one in members if one.player_id not in regulars or _is_in_doubt(one, known)]
    usual = {one.player_id: known.chance(one) for one in members}
    for one in doubtful:
        usual[one.player_id] = known.usual_chance(one.team_id) if one.player_id in regulars else 0.0
    whole = model.predict(league.row(_with(matchup, usual)))
    alone = [
        model.predict(league.row(_with(matchup, {**usual, one.player_id: known.chance(one)}))).margin - whole.margin
        for one in doubtful
    ]
    left = margin - whole.margin - sum(alone)
    size = sum(map(abs, alone))
    shares = [points + (left * abs(points) / size if size else left / len(alone)) for points in alone]
    doubts = [Doubt(one, known.chance(one), points) for one, points in zip(doubtful, shares, strict=True)]
    return whole.contributions, tuple(doubts)


def drivers_of(
    contributions: Sequence[tuple[str, float]], matchup: Matchup, players: Sequence[tuple[str, float]] = ()
) -> tuple[Driver, ...]:
    """Reasons in order of weight; `points` add up to the margin, positive ones speak for the home side.

    `contributions` are (feature, points of margin), `players` (words, points). Reasons that would show as 0.0 points
    are summed into one.
    """
    groups: dict[str, float] = {}
    for feature, points in contributions:
        group = _GROUPS.get(feature, "other")
        groups[group] = groups.get(group, 0.0) + points
    reasons = [*((_sentence(group, points, matchup), points) for group, points in groups.items()), *players]
    ordered = sorted(reasons, key=lambda reason: -abs(reason[1]))
    shown = [(text, points) for text, points in ordered[:MOST_DRIVERS] if abs(points) >= 0.05]
    drivers = [Driver(text, points) for text, points in shown]
    rest = sum(points for _, points in ordered) - sum(points for _, points in shown)
    if abs(rest) >= 0.05:
        drivers.append(Driver("Everything else", rest))
    return tuple(drivers)


def _with(matchup: Matchup, chances: Mapping[int, float]) -> Matchup:
    known = matchup.availability
    return replace(matchup, availability=Availability(chances, known.teams, known.complete))


def _is_in_doubt(one: Member, known: Availability) -> bool:
    return abs(known.chance(one) - known.usual_chance(one.team_id)) > SURE


def _sentence(group: str, points: float, matchup: Matchup) -> str:
    if group == "home court" and points < 0:
        return f"Home teams have been losing lately, which counts against {BY_ID[matchup.home_id].nickname}"
    team = BY_ID[matchup.home_id if points > 0 else matchup.away_id]
    return _WORDS.get(group, f"{group} favours {{team}}").format(team=team.nickname)
