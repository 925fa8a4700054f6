"""One team's numbers, and the league's levels, brought forward result by result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.records import PlayedGame, TeamBox
from engine.features import elo
from engine.features.itinerary import Itinerary
from engine.features.payload import day_of, day_text, finite, fresh, means_of, pairs
from engine.features.rolling import DecayedMean, Memory

_FACTORS = Memory(half_life=40, prior_games=6, carry=0.3)
TEAM_MEMORIES: dict[str, Memory] = {
    "offence": Memory(half_life=60, prior_games=6, carry=0.25),
    "defence": Memory(half_life=60, prior_games=6, carry=0.25),
    "form": Memory(half_life=8, prior_games=6, carry=0.1),
    "threes_allowed": Memory(half_life=40, prior_games=6, carry=0.4),
    "pace": Memory(half_life=6, prior_games=1, carry=0.25),
    "shooting": _FACTORS,
    "turnovers": _FACTORS,
    "rebounding": _FACTORS,
    "free_throws": _FACTORS,
    "at_home": Memory(half_life=25, prior_games=15, carry=0.5),
    "away": Memory(half_life=25, prior_games=15, carry=0.5),
}
"""A team's means, all as deviations from the league and adjusted for the opponent."""

LEAGUE_MEMORIES: dict[str, Memory] = {
    "efficiency": Memory(half_life=300, prior_games=50, start=106.0),
    "pace": Memory(half_life=600, prior_games=50, start=92.0),
    "home_margin": Memory(half_life=1200, prior_games=50, start=3.0),
    "three_percentage": Memory(half_life=600, prior_games=50, start=36.0),
    "lineup_offence": Memory(half_life=600, prior_games=50, start=5.0),
    "lineup_defence": Memory(half_life=600, prior_games=50, start=5.0),
}
"""League-wide means per game; the starts are the league's values of the late 2000s and fade within a month."""

LONGEST_STREAK = 8
"""A longer row of wins or losses tells nothing more."""


@dataclass(slots=True)
class TeamForm:
    """One team after its last result, `games` of them in `season`. A team never seen starts at the league's mean.

    `streak` counts wins in a row (losses negative) within the season.
    """

    season: int
    elo: float = elo.MEAN
    games: int = 0
    streak: int = 0
    last_day: date | None = None
    means: dict[str, DecayedMean] = field(default_factory=lambda: fresh(TEAM_MEMORIES))
    itinerary: Itinerary = field(default_factory=Itinerary)

    def mean(self, name: str) -> float:
        """One of the means of TEAM_MEMORIES."""
        return self.means[name].mean(TEAM_MEMORIES[name])

    def in_season(self, season: int) -> TeamForm:
        """This team as it enters `season`: itself within its own season, else a copy drawn towards the mean."""
        later = season - self.season
        if later <= 0:
            return self
        means = {name: mean.carried(TEAM_MEMORIES[name], later) for name, mean in self.means.items()}
        rating = elo.at_new_season(self.elo, later)
        return TeamForm(season, rating, 0, 0, self.last_day, means, self.itinerary)

    def finish(self, played: PlayedGame, won: bool) -> None:
        """Note that a game was played."""
        day = played.game.league_day
        self.games += 1
        same = self.streak > 0 if won else self.streak < 0
        step = 1 if won else -1
        self.streak = max(-LONGEST_STREAK, min(LONGEST_STREAK, self.streak + step)) if same else step
        self.last_day = day
        self.itinerary = self.itinerary.after(day, None if played.game.neutral else played.game.home_id)

    def to_payload(self) -> dict[str, Any]:
        """The team as JSON values."""
        return {
            "season": self.season,
            "elo": self.elo,
            "games": self.games,
            "streak": self.streak,
            "last_day": day_text(self.last_day),
            "means": pairs(self.means),
            "itinerary": self.itinerary.to_payload(),
        }

    @classmethod
    def from_payload(cls, values: Mapping[str, Any]) -> TeamForm:
        """The team that `to_payload` described. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            season=int(values["season"]),
            elo=finite(values["elo"]),
            games=int(values["games"]),
            streak=int(values["streak"]),
            last_day=day_of(values["last_day"]),
            means=means_of(values["means"], TEAM_MEMORIES),
            itinerary=Itinerary.from_payload(values["itinerary"]),
        )


def learn(home: TeamForm, away: TeamForm, league: dict[str, DecayedMean], played: PlayedGame) -> None:
    """Judge both sides against what the league and the opponent let one expect, then move the league's levels."""
    neutral = played.game.neutral
    possessions = max((played.home.possessions + played.away.possessions) / 2, 1.0)
    pace = possessions * 240 / max(played.home.minutes, played.away.minutes, 1)
    rates = 100 * played.home.pts / possessions, 100 * played.away.pts / possessions
    efficiency, usual_pace, usual_threes = (level(league, name) for name in ("efficiency", "pace", "three_percentage"))
    edge = 0.0 if neutral else 50 * level(league, "home_margin") / usual_pace
    surplus = rates[0] - efficiency - edge, rates[1] - efficiency + edge
    threes = _three_percentage(played.home), _three_percentage(played.away)
    seen_home = _observation(surplus[0] + away.mean("defence"), away.mean("offence") - surplus[1])
    seen_away = _observation(surplus[1] + home.mean("defence"), home.mean("offence") - surplus[0])
    seen_home |= {"threes_allowed": threes[1] - usual_threes, "pace": pace - usual_pace - away.mean("pace")}
    seen_away |= {"threes_allowed": threes[0] - usual_threes, "pace": pace - usual_pace - home.mean("pace")}
    for name, difference in _four_factors(played.home, played.away).items():
        seen_home[name], seen_away[name] = difference + away.mean(name), home.mean(name) - difference
    if not neutral:
        seen_home["at_home"] = seen_home["form"] - home.mean("offence") - home.mean("defence")
        seen_away["away"] = seen_away["form"] - away.mean("offence") - away.mean("defence")
    _take_in(home.means, seen_home, TEAM_MEMORIES)
    _take_in(away.means, seen_away, TEAM_MEMORIES)
    levels = {"efficiency": sum(rates) / 2, "pace": pace, "three_percentage": sum(threes) / 2}
    if not neutral:
        levels["home_margin"] = float(played.home.pts - played.away.pts)
    _take_in(league, levels, LEAGUE_MEMORIES)


def level(league: Mapping[str, DecayedMean], name: str) -> float:
    """One of the means of LEAGUE_MEMORIES."""
    return league[name].mean(LEAGUE_MEMORIES[name])


def _observation(offence: float, defence: float) -> dict[str, float]:
    return {"offence": offence, "defence": defence, "form": offence + defence}


def _take_in(means: dict[str, DecayedMean], seen: Mapping[str, float], memories: Mapping[str, Memory]) -> None:
    for name, value in seen.items():
        means[name].add(value, memories[name])


def _four_factors(own: TeamBox, other: TeamBox) -> dict[str, float]:
    """Dean Oliver's four factors, own minus the opponent's, in percentage points; positive is good."""
    return {
        "shooting": effective_field_goal_percentage(own) - effective_field_goal_percentage(other),
        "turnovers": 100 * (other.tov / max(other.possessions, 1.0) - own.tov / max(own.possessions, 1.0)),
        "rebounding": 100 * (offensive_rebound_share(own, other) - offensive_rebound_share(other, own)),
        "free_throws": 100 * (own.ftm / max(own.fga, 1) - other.ftm / max(other.fga, 1)),
    }


def effective_field_goal_percentage(box: TeamBox) -> float:
    """Field goals made per 100 attempts, a three counted as one and a half."""
    return 100 * (box.fgm + 0.5 * box.fg3m) / max(box.fga, 1)


def offensive_rebound_share(own: TeamBox, other: TeamBox) -> float:
    """Offensive rebounds per chance to take one, 0..1."""
    return own.oreb / max(own.oreb + other.dreb, 1)


def _three_percentage(box: TeamBox) -> float:
    return 100 * box.fg3m / max(box.fg3a, 1)
