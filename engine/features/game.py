"""The league as the game models see it: every team's numbers, brought forward result by result, and rows read from it.

Training and serving both go through `LeagueState`, so a row means the same in either. Plain Python only: a forecast
must not wait for numpy or pandas to be imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.core.calendar import SeasonType
from engine.core.errors import BundleError, StateError
from engine.core.records import PlayedGame, TeamBox
from engine.features import elo
from engine.features.contract import GAME_FEATURES, Matchup, contract_hash
from engine.features.rolling import DecayedMean, Memory

REST_CAP = 3
"""Days of rest beyond which more rest tells nothing."""

TEAM_MEMORIES: dict[str, Memory] = {
    "offence": Memory(half_life=60, prior_games=6, carry=0.25),
    "defence": Memory(half_life=60, prior_games=6, carry=0.25),
    "form": Memory(half_life=8, prior_games=6, carry=0.1),
    "threes_allowed": Memory(half_life=40, prior_games=6, carry=0.4),
    "pace": Memory(half_life=6, prior_games=1, carry=0.25),
}
"""A team's means, all as deviations from the league and adjusted for the opponent."""

LEAGUE_MEMORIES: dict[str, Memory] = {
    "efficiency": Memory(half_life=300, prior_games=50, start=106.0),
    "pace": Memory(half_life=600, prior_games=50, start=92.0),
    "home_margin": Memory(half_life=1200, prior_games=50, start=3.0),
    "three_percentage": Memory(half_life=600, prior_games=50, start=36.0),
}
"""League-wide means per game; the starts are the league's values of the late 2000s and fade within a month."""


def _fresh(memories: Mapping[str, Memory]) -> dict[str, DecayedMean]:
    return {name: DecayedMean() for name in memories}


@dataclass(slots=True)
class TeamForm:
    """One team after its last result, `games` of them in `season`. A team never seen starts at the league's mean."""

    season: int
    elo: float = elo.MEAN
    games: int = 0
    last_day: date | None = None
    means: dict[str, DecayedMean] = field(default_factory=lambda: _fresh(TEAM_MEMORIES))

    def mean(self, name: str) -> float:
        """One of the means of TEAM_MEMORIES."""
        return self.means[name].mean(TEAM_MEMORIES[name])

    def in_season(self, season: int) -> TeamForm:
        """This team as it enters `season`: itself within its own season, else a copy drawn towards the mean."""
        later = season - self.season
        if later <= 0:
            return self
        means = {name: mean.carried(TEAM_MEMORIES[name], later) for name, mean in self.means.items()}
        return TeamForm(season, elo.at_new_season(self.elo, later), 0, self.last_day, means)

    def rest(self, day: date, last_day: date | None) -> int:
        """Days since the previous game, 1 (yesterday) to REST_CAP; `last_day` overrides what this team has seen."""
        previous = last_day or self.last_day
        return REST_CAP if previous is None else max(1, min(REST_CAP, (day - previous).days))


class LeagueState:
    """All teams and league-wide levels after every result up to `data_through`."""

    def __init__(self) -> None:
        self.data_through: date | None = None
        self._teams: dict[int, TeamForm] = {}
        self._league = _fresh(LEAGUE_MEMORIES)

    def games_seen(self, team_id: int, season: int) -> int:
        """How many results of a season the state holds for a team."""
        return self._team(team_id, season).games

    def rest_days(self, matchup: Matchup) -> tuple[int, int]:
        """Days since the previous game of the home and the away side, 1 to REST_CAP."""
        home, away = self._sides(matchup)
        day = matchup.league_day
        return home.rest(day, matchup.home_last_day), away.rest(day, matchup.away_last_day)

    def row(self, matchup: Matchup) -> tuple[float, ...]:
        """The features of a game to come, in the order of GAME_FEATURES. A new season is entered on a copy."""
        home, away = self._sides(matchup)
        home_rest, away_rest = self.rest_days(matchup)
        pace = self._level("pace") + home.mean("pace") + away.mean("pace")
        attack = home.mean("offence") + away.mean("offence")
        efficiency = self._level("efficiency") + (attack - home.mean("defence") - away.mean("defence")) / 2
        return (
            home.elo - away.elo,
            0.0 if matchup.neutral else self._level("home_margin"),
            home.mean("offence") - away.mean("offence"),
            home.mean("defence") - away.mean("defence"),
            home.mean("form") - away.mean("form"),
            home.mean("threes_allowed") - away.mean("threes_allowed"),
            float(home_rest - away_rest),
            pace,
            efficiency,
            float(matchup.season_type is not SeasonType.REGULAR),
            float((away_rest == 1) + (home_rest == 1)),
        )

    def advance(self, played: PlayedGame) -> None:
        """Take in a result. Results come in the order of their days; an earlier day than the last is a StateError."""
        game = played.game
        if self.data_through is not None and game.league_day < self.data_through:
            raise StateError(
                f"The result of {game.game_id} on {game.league_day} came after results of {self.data_through}: "
                "run the import again, which rebuilds the team numbers in order."
            )
        home = self._teams[game.home_id] = self._team(game.home_id, game.season)
        away = self._teams[game.away_id] = self._team(game.away_id, game.season)
        self._learn_ratings(home, away, played)
        shift = elo.shift(home.elo - away.elo, played.home.pts - played.away.pts, game.neutral)
        home.elo += shift
        away.elo -= shift
        for team in (home, away):
            team.games += 1
            team.last_day = game.league_day
        self.data_through = game.league_day

    def to_payload(self) -> dict[str, Any]:
        """The whole state as JSON values; numbers come back bit for bit."""
        return {
            "contract": contract_hash(GAME_FEATURES),
            "data_through": _day_text(self.data_through),
            "league": _pairs(self._league),
            "teams": {str(team_id): _team_payload(team) for team_id, team in sorted(self._teams.items())},
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> LeagueState:
        """The state that `to_payload` described. Raises BundleError for anything else, and for other features."""
        if not isinstance(payload, Mapping) or payload.get("contract") != contract_hash(GAME_FEATURES):
            raise BundleError(
                "The stored team numbers were made for other features: import the data again to rebuild them."
            )
        state = cls()
        try:
            state.data_through = _day(payload["data_through"])
            state._league = _means(payload["league"], LEAGUE_MEMORIES)
            state._teams = {int(team_id): _team_form(values) for team_id, values in payload["teams"].items()}
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BundleError("The stored team numbers are damaged: import the data again to rebuild them.") from error
        return state

    def _team(self, team_id: int, season: int) -> TeamForm:
        known = self._teams.get(team_id)
        return TeamForm(season) if known is None else known.in_season(season)

    def _sides(self, matchup: Matchup) -> tuple[TeamForm, TeamForm]:
        return self._team(matchup.home_id, matchup.season), self._team(matchup.away_id, matchup.season)

    def _level(self, name: str) -> float:
        return self._league[name].mean(LEAGUE_MEMORIES[name])

    def _learn_ratings(self, home: TeamForm, away: TeamForm, played: PlayedGame) -> None:
        """Judge both sides against what the league and the opponent let one expect, then move the league's levels."""
        possessions = max((played.home.possessions + played.away.possessions) / 2, 1.0)
        pace = possessions * 240 / max(played.home.minutes, played.away.minutes, 1)
        rates = 100 * played.home.pts / possessions, 100 * played.away.pts / possessions
        edge = 0.0 if played.game.neutral else 50 * self._level("home_margin") / self._level("pace")
        surplus = rates[0] - self._level("efficiency") - edge, rates[1] - self._level("efficiency") + edge
        threes = _three_percentage(played.home), _three_percentage(played.away)
        paces = pace - self._level("pace") - away.mean("pace"), pace - self._level("pace") - home.mean("pace")
        seen_home = _observation(surplus[0] + away.mean("defence"), away.mean("offence") - surplus[1])
        seen_away = _observation(surplus[1] + home.mean("defence"), home.mean("offence") - surplus[0])
        seen_home |= {"threes_allowed": threes[1] - self._level("three_percentage"), "pace": paces[0]}
        seen_away |= {"threes_allowed": threes[0] - self._level("three_percentage"), "pace": paces[1]}
        _take_in(home.means, seen_home, TEAM_MEMORIES)
        _take_in(away.means, seen_away, TEAM_MEMORIES)
        levels = {"efficiency": sum(rates) / 2, "pace": pace, "three_percentage": sum(threes) / 2}
        if not played.game.neutral:
            levels["home_margin"] = float(played.home.pts - played.away.pts)
        _take_in(self._league, levels, LEAGUE_MEMORIES)


def _observation(offence: float, defence: float) -> dict[str, float]:
    return {"offence": offence, "defence": defence, "form": offence + defence}


def _take_in(means: dict[str, DecayedMean], seen: Mapping[str, float], memories: Mapping[str, Memory]) -> None:
    for name, value in seen.items():
        means[name].add(value, memories[name])


def _three_percentage(box: TeamBox) -> float:
    return 100 * box.fg3m / max(box.fg3a, 1)


def _team_payload(team: TeamForm) -> dict[str, Any]:
    return {
        "season": team.season,
        "elo": team.elo,
        "games": team.games,
        "last_day": _day_text(team.last_day),
        "means": _pairs(team.means),
    }


def _team_form(values: Mapping[str, Any]) -> TeamForm:
    means = _means(values["means"], TEAM_MEMORIES)
    return TeamForm(
        int(values["season"]), _finite(values["elo"]), int(values["games"]), _day(values["last_day"]), means
    )


def _pairs(means: Mapping[str, DecayedMean]) -> dict[str, list[float]]:
    return {name: [mean.total, mean.weight] for name, mean in means.items()}


def _means(pairs: Mapping[str, Any], memories: Mapping[str, Memory]) -> dict[str, DecayedMean]:
    means = {}
    for name in memories:
        total, weight = map(_finite, pairs[name])
        if weight < 0:
            raise ValueError(f"a weight below zero: {weight}")
        means[name] = DecayedMean(total, weight)
    return means


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
