"""The league as the game models see it: every team's and player's numbers, brought forward result by result.

Training and serving both go through `LeagueState`, so a row means the same in either. Plain Python only: a forecast
must not wait for numpy or pandas to be imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.core.arenas import ARENAS, climb_km
from engine.core.calendar import SeasonType
from engine.core.errors import BundleError, StateError
from engine.core.records import PlayedGame
from engine.features import elo
from engine.features.availability import Availability, Lineup, Member, known_from, lineup
from engine.features.contract import GAME_FEATURES, Matchup, contract_hash
from engine.features.payload import day_of, day_text, fresh, mean_of, means_of, pair, pairs
from engine.features.ratings import Players
from engine.features.rolling import DecayedMean, Memory
from engine.features.team import LEAGUE_MEMORIES, TeamForm, learn, level

MEETINGS = Memory(half_life=3, prior_games=6, carry=0.5)
"""Margins between two teams beyond what their ratings explain."""
RESULTS_IN_LINEUP = 0.99
"""Points of line-up value per point of a team's rating, used where no player rows are known: bench.ratings."""


@dataclass(frozen=True, slots=True)
class Side:
    """A team before a game: its form, its rotation and the line-ups at full strength and as expected."""

    form: TeamForm
    members: tuple[Member, ...]
    full: Lineup
    expected: Lineup

    @property
    def missing(self) -> float:
        """What the absences cost in points per 100 possessions; negative."""
        return self.expected.value - self.full.value


class LeagueState:
    """All teams, players and league-wide levels after every result up to `data_through`."""

    def __init__(self) -> None:
        self.data_through: date | None = None
        self.players = Players()
        self._teams: dict[int, TeamForm] = {}
        self._meetings: dict[tuple[int, int], DecayedMean] = {}
        self._league = fresh(LEAGUE_MEMORIES)

    def level(self, name: str) -> float:
        """One of the league's means, of LEAGUE_MEMORIES."""
        return level(self._league, name)

    def games_seen(self, team_id: int, season: int) -> int:
        """How many results of a season the state holds for a team."""
        return self._team(team_id, season).games

    def elo(self, team_id: int, season: int) -> float:
        """A team's Elo rating as it stands in a season."""
        return self._team(team_id, season).elo

    def rest_days(self, matchup: Matchup) -> tuple[int, int]:
        """Days since the previous game of the home and the away side, 1 to 3 or more."""
        home, away = (self._team(team_id, matchup.season).itinerary for team_id in (matchup.home_id, matchup.away_id))
        day = matchup.league_day
        return home.rest(day, matchup.home_last_day), away.rest(day, matchup.away_last_day)

    def sides(self, matchup: Matchup) -> tuple[Side, Side]:
        """Both teams of a game to come, home side first. A new season is entered on a copy."""
        return self._side(matchup.home_id, matchup), self._side(matchup.away_id, matchup)

    def described(self, played: PlayedGame) -> Matchup:
        """A played game as it could have been described before tip-off, with the absences that were known then.

        The rule is that of `availability.known_from`. Nothing of the result, and nobody outside the rotations, is
        looked at. A game without player rows says nothing of absences.
        """
        matchup = Matchup.of(played.game)
        appeared = {(line.player_id, line.team_id) for line in played.lines}
        if not appeared:
            return matchup
        teams = (matchup.home_id, matchup.away_id)
        members = [one for team_id in teams for one in self.players.rotation(team_id, matchup.season)]
        return replace(matchup, availability=known_from(members, appeared))

    def row(self, matchup: Matchup) -> tuple[float, ...]:
        """The features of a game to come, in the order of GAME_FEATURES."""
        home, away = self.sides(matchup)
        values = self._ratings(matchup, home, away) | self._schedule(matchup, home.form, away.form)
        return tuple(values[feature.name] for feature in GAME_FEATURES)

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
        self._learn_meeting(played, home, away)
        self._learn_lineups(Matchup.of(game))
        learn(home, away, self._league, played)
        shift = elo.shift(home.elo - away.elo, played.home.pts - played.away.pts, game.neutral)
        home.elo += shift
        away.elo -= shift
        home_won = played.home.pts > played.away.pts
        home.finish(played, home_won)
        away.finish(played, not home_won)
        self.players.advance(played)
        self.data_through = game.league_day

    def to_payload(self) -> dict[str, Any]:
        """The whole state as JSON values; numbers come back bit for bit."""
        return {
            "contract": contract_hash(GAME_FEATURES),
            "data_through": day_text(self.data_through),
            "league": pairs(self._league),
            "teams": {str(team_id): team.to_payload() for team_id, team in sorted(self._teams.items())},
            "meetings": [[*teams, *pair(mean)] for teams, mean in sorted(self._meetings.items())],
            **self.players.to_payload(),
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
            state.data_through = day_of(payload["data_through"])
            state._league = means_of(payload["league"], LEAGUE_MEMORIES)
            state._teams = {int(team_id): TeamForm.from_payload(one) for team_id, one in payload["teams"].items()}
            state._meetings = {(int(a), int(b)): mean_of(mean) for a, b, *mean in payload["meetings"]}
            state.players = Players.from_payload(payload)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BundleError("The stored team numbers are damaged: import the data again to rebuild them.") from error
        return state

    def _team(self, team_id: int, season: int) -> TeamForm:
        known = self._teams.get(team_id)
        return TeamForm(season) if known is None else known.in_season(season)

    def _side(self, team_id: int, matchup: Matchup) -> Side:
        form = self._team(team_id, matchup.season)
        known = matchup.availability
        members = self._members(team_id, matchup.season, known)
        if not members:
            alike = Lineup(
                self.level("lineup_offence") + RESULTS_IN_LINEUP * form.mean("offence"),
                self.level("lineup_defence") + RESULTS_IN_LINEUP * form.mean("defence"),
            )
            return Side(form, (), alike, alike)
        full = lineup(members, [1.0] * len(members))
        return Side(form, members, full, lineup(members, [known.chance(one) for one in members]))

    def _members(self, team_id: int, season: int, known: Availability) -> tuple[Member, ...]:
        """The rotation, and whoever is expressly said to play for the team although he is not in it."""
        rotation = self.players.rotation(team_id, season, known.teams)
        inside = {one.player_id for one in rotation}
        added = [
            one
            for player_id, chance in known.chances.items()
            if chance > 0 and player_id not in inside and self.players.team_of(player_id, known.teams) == team_id
            if (one := self.players.member(player_id, team_id, season))
        ]
        return (*rotation, *added) if rotation else ()

    def _ratings(self, matchup: Matchup, home: Side, away: Side) -> dict[str, float]:
        """What the two sides are worth, and at which pace and rate they score."""
        one, other = home.form, away.form
        attack = one.mean("offence") + other.mean("offence")
        usual = self.level("lineup_offence") - self.level("lineup_defence")
        factors = ("offence", "defence", "form", "shooting", "turnovers", "rebounding", "free_throws")
        return {
            **{name: one.mean(name) - other.mean(name) for name in factors},
            "elo": one.elo - other.elo,
            "three_point_luck": one.mean("threes_allowed") - other.mean("threes_allowed"),
            "streak": float(one.streak - other.streak),
            "head_to_head": self._meeting(matchup),
            "lineup_offence": home.expected.offence - away.expected.offence,
            "lineup_defence": home.expected.defence - away.expected.defence,
            "absences": home.missing - away.missing,
            "pace": self.level("pace") + one.mean("pace") + other.mean("pace"),
            "efficiency": self.level("efficiency") + (attack - one.mean("defence") - other.mean("defence")) / 2,
            "lineup_scoring": (
                home.expected.offence + away.expected.offence - home.expected.defence - away.expected.defence
            )
            / 2
            - usual,
        }

    def _schedule(self, matchup: Matchup, home: TeamForm, away: TeamForm) -> dict[str, float]:
        """Where and when the game is played, and how tired both sides come to it."""
        day, arena = matchup.league_day, None if matchup.neutral else matchup.home_id
        rest = self.rest_days(matchup)
        crowded = [
            float(team.itinerary.third_in_four(day, last))
            for team, last in ((home, matchup.home_last_day), (away, matchup.away_last_day))
        ]
        at_home = 0.0 if matchup.neutral else 1.0
        known_places = matchup.home_id in ARENAS and matchup.away_id in ARENAS
        return {
            "home_edge": at_home * self.level("home_margin"),
            "venue_split": at_home * (home.mean("at_home") - away.mean("away")),
            "altitude": at_home * climb_km(matchup.away_id, matchup.home_id) if known_places else 0.0,
            "rest": float(rest[0] - rest[1]),
            "back_to_back": float(rest[1] == 1) - float(rest[0] == 1),
            "third_in_four": crowded[1] - crowded[0],
            "travel": away.itinerary.travel(day, arena) - home.itinerary.travel(day, arena),
            "playoffs": float(matchup.season_type is not SeasonType.REGULAR),
            "tired_sides": float((rest[1] == 1) + (rest[0] == 1)),
        }

    def _meeting(self, matchup: Matchup) -> float:
        first, second = sorted((matchup.home_id, matchup.away_id))
        known = self._meetings.get((first, second))
        value = 0.0 if known is None else known.mean(MEETINGS)
        return value if matchup.home_id == first else -value

    def _learn_meeting(self, played: PlayedGame, home: TeamForm, away: TeamForm) -> None:
        """Keep how the margin differed from what both teams' adjusted ratings let one expect."""
        game = played.game
        strength = sum(home.mean(name) - away.mean(name) for name in ("offence", "defence"))
        surplus = played.home.pts - played.away.pts - strength - (0 if game.neutral else self.level("home_margin"))
        teams = (min(game.home_id, game.away_id), max(game.home_id, game.away_id))
        signed = surplus if game.home_id == teams[0] else -surplus
        self._meetings.setdefault(teams, DecayedMean()).add(signed, MEETINGS)

    def _learn_lineups(self, matchup: Matchup) -> None:
        """Move the league's level of what a team's usual players are worth."""
        for side in self.sides(matchup):
            if side.members:
                self._league["lineup_offence"].add(side.expected.offence, LEAGUE_MEMORIES["lineup_offence"])
                self._league["lineup_defence"].add(side.expected.defence, LEAGUE_MEMORIES["lineup_defence"])
