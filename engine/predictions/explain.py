"""Why a forecast says what it says: exact contributions, summed by reason and put into a fan's words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.records import Driver
from engine.core.teams import BY_ID
from engine.features.contract import GAME_FEATURES, Matchup

MOST_DRIVERS = 6
_WORDS = {
    "rating": "{team} have the stronger results over time",
    "offence": "{team} have the better offence",
    "defence": "{team} have the better defence",
    "form": "{team} have been in better form lately",
    "rest": "{team} are better rested",
    "shooting luck": "{team} met opponents who shot threes unusually well, which evens out",
    "home court": "{team} play at home",
}
_GROUPS = {feature.name: feature.group for feature in GAME_FEATURES}


def drivers_of(contributions: Sequence[tuple[str, float]], matchup: Matchup) -> tuple[Driver, ...]:
    """Reasons in order of weight; `points` add up to the margin, positive ones speak for the home side.

    `contributions` are (feature, points of margin). Reasons that would show as 0.0 points are summed into one.
    """
    groups: dict[str, float] = {}
    for feature, points in contributions:
        group = _GROUPS.get(feature, "other")
        groups[group] = groups.get(group, 0.0) + points
    ordered = sorted(groups.items(), key=lambda item: -abs(item[1]))
    shown = [(group, points) for group, points in ordered[:MOST_DRIVERS] if abs(points) >= 0.05]
    drivers = [Driver(_sentence(group, points, matchup), points) for group, points in shown]
    rest = sum(points for _, points in ordered) - sum(points for _, points in shown)
    if abs(rest) >= 0.05:
        drivers.append(Driver("Everything else", rest))
    return tuple(drivers)


def _sentence(group: str, points: float, matchup: Matchup) -> str:
    if group == "home court" and points < 0:
        return f"Home teams have been losing lately, which counts against {BY_ID[matchup.home_id].nickname}"
    team = BY_ID[matchup.home_id if points > 0 else matchup.away_id]
    return _WORDS.get(group, f"{group} favours {{team}}").format(team=team.nickname)
