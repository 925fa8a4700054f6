"""The league as the player models see it: every player's form and what every team lets through, game by game.

It goes beside `LeagueState`, which knows the teams, the rotations and who is missing: one rule of availability for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.errors import BundleError
from engine.core.records import PlayedGame, PlayerLine
from engine.features.contract import Matchup
from engine.features.game import LeagueState, Side
from engine.features.player_allowed import Allowed, done_by, usual_of
from engine.features.player_context import Profile, mates_of
from engine.features.player_form import PACE, Form, Seen
from engine.features.player_row import Company, Setting, player_contract, player_row
from engine.features.ratings import FORGOTTEN_SEASONS

KNOWN_FROM = 10
"""Appearances from which a player's usual numbers say what an opponent lets through."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A game to come and the players asked about: team by player id."""

    matchup: Matchup
    teams: Mapping[int, int]


class PlayerLeague:
    """Forms of all players and what all teams allow, after every result that `league` knows too."""

    def __init__(self, league: LeagueState | None = None) -> None:
        self.league = league or LeagueState()
        self._forms: dict[int, Form] = {}
        self._allowed: dict[int, Allowed] = {}

    def form(self, player_id: int) -> Form | None:
        """A player's form after his last appearance, or None when he was never seen; not to be changed."""
        return self._forms.get(player_id)

    def described(self, played: PlayedGame) -> Asked:
        """A played game as it could have been described before tip-off, asking about everyone who appeared."""
        return Asked(self.league.described(played), {line.player_id: line.team_id for line in _lines(played)})

    def row(self, asked: Asked) -> dict[int, tuple[float, ...]]:
        """Features by player id, in the order of `feature_names()`; without players who were never seen."""
        settings = self._settings(asked.matchup)
        season = asked.matchup.season
        return {
            player_id: player_row(form.in_season(season), player_id, settings[team_id])
            for player_id, team_id in asked.teams.items()
            if (form := self._forms.get(player_id)) is not None
        }

    def advance(self, played: PlayedGame) -> None:
        """Take in a result, and the players' lines where there are any. Raises StateError out of order."""
        lines = list(_lines(played))
        if lines:
            self._learn(played, lines)
        self.league.advance(played)

    def to_payload(self, seasons: int = FORGOTTEN_SEASONS) -> dict[str, Any]:
        """Allowances and the forms of those seen in the last `seasons` as JSON values; `league` has its own payload."""
        newest = max((form.season for form in self._forms.values()), default=0)
        kept = ((one, form) for one, form in sorted(self._forms.items()) if newest - form.season < seasons)
        return {
            "contract": player_contract(),
            "forms": {str(player_id): form.to_payload() for player_id, form in kept},
            "allowed": {str(team_id): one.to_payload() for team_id, one in sorted(self._allowed.items())},
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], league: LeagueState) -> PlayerLeague:
        """What `to_payload` described, beside the league of the same day. Raises BundleError for anything else."""
        if not isinstance(payload, Mapping) or payload.get("contract") != player_contract():
            raise BundleError(
                "The stored player numbers were made for other features: run `nbabot train player` again."
            )
        found = cls(league)
        try:
            found._forms = {int(one): Form.from_payload(values) for one, values in payload["forms"].items()}
            found._allowed = {int(one): Allowed.from_payload(values) for one, values in payload["allowed"].items()}
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BundleError(
                "The stored player numbers are damaged: import the data again to rebuild them."
            ) from error
        return found

    def _settings(self, matchup: Matchup) -> dict[int, Setting]:
        home, away = self.league.sides(matchup)
        pair = self._setting(matchup, home, away, at_home=True), self._setting(matchup, away, home, at_home=False)
        return {matchup.home_id: pair[0], matchup.away_id: pair[1]}

    def _setting(self, matchup: Matchup, own: Side, other: Side, *, at_home: bool) -> Setting:
        league, known, day = self.league, matchup.availability, matchup.league_day
        rests = league.rest_days(matchup)
        ids = (matchup.home_id, matchup.away_id) if at_home else (matchup.away_id, matchup.home_id)
        last_day = matchup.home_last_day if at_home else matchup.away_last_day
        edge = 0.0 if matchup.neutral else league.level("home_margin") / 2 * (1 if at_home else -1)
        return Setting(
            day=day,
            season=matchup.season,
            team_id=ids[0],
            home=0.5 if matchup.neutral else float(at_home),
            rest=rests[0] if at_home else rests[1],
            opponent_rest=rests[1] if at_home else rests[0],
            third_in_four=own.form.itinerary.third_in_four(day, last_day),
            team_games=own.form.games,
            form_edge=_strength(own) - _strength(other),
            lineup_edge=own.expected.value - other.expected.value,
            home_edge=edge,
            attack=own.form.mean("offence"),
            opponent_defence=other.form.mean("defence"),
            efficiency=league.level("efficiency"),
            pace=league.level("pace") + own.form.mean("pace") + other.form.mean("pace"),
            league_pace=league.level("pace"),
            mates=mates_of(own.members, known, self._forms),
            opponents=mates_of(other.members, known, self._forms),
            allowed=self._allowed.get(ids[1], Allowed()).in_season(matchup.season),
        )

    def _learn(self, played: PlayedGame, lines: Iterable[PlayerLine]) -> None:
        """Move the forms of everyone who appeared, and what both teams allow. The league is not yet moved."""
        game = played.game
        settings = self._settings(self.league.described(played))
        minutes = max(played.home.minutes, played.away.minutes, 240)
        pace = (played.home.possessions + played.away.possessions) / 2 * 240 / minutes
        other = {game.home_id: game.away_id, game.away_id: game.home_id}
        for team_id in other:
            self._allowed[team_id] = self._allowed.get(team_id, Allowed()).in_season(game.season)
            self._allowed[team_id].fade()
        margin = played.home.pts - played.away.pts
        for line in lines:
            home, setting = line.team_id == game.home_id, settings[line.team_id]
            form = self._entered(line, played)
            found = Company.of(form, line.player_id, setting)
            self._learn_allowed(self._allowed[other[line.team_id]], form, line, pace)
            form.learn(
                line,
                Seen(
                    season=game.season,
                    day=game.league_day,
                    stretch=240 / minutes,
                    pace=pace,
                    margin=margin if home else -margin,
                    team_game=setting.team_games + 1,
                    mates=found.remembered,
                    absent=tuple(one for one, chance in found.absent.items() if chance > 0.5),
                    absence_effect=found.effect[:2],
                ),
            )

    def _entered(self, line: PlayerLine, played: PlayedGame) -> Form:
        """The form to move, in the game's season."""
        game = played.game
        known = self._forms.get(line.player_id)
        if known is None:
            known = Form(line.team_id, game.season, game.season, game.league_day)
        form = self._forms[line.player_id] = known.in_season(game.season)
        return form

    def _learn_allowed(self, allowed: Allowed, form: Form, line: PlayerLine, pace: float) -> None:
        if form.games < KNOWN_FROM:
            return
        usual_pace = form.pace.total + PACE.prior_games * self.league.level("pace")
        faster = pace * (form.pace.weight + PACE.prior_games) / usual_pace
        allowed.learn(Profile.of(form).role, done_by(line), usual_of(form, line.minutes * faster))


def _strength(side: Side) -> float:
    return side.form.mean("offence") + side.form.mean("defence")


def _lines(played: PlayedGame) -> Iterable[PlayerLine]:
    return (line for line in played.lines if line.minutes > 0)
