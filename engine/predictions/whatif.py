"""What a person wants to suppose: this player out, that one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.core.errors import UnknownPlayerError, UsageError
from engine.core.outlooks import WhatIf
from engine.core.player_names import KnownPlayer, plain_name
from engine.core.player_search import find_player
from engine.core.records import Game
from engine.core.teams import BY_ID
from engine.features.game import LeagueState
from engine.predictions.availability import GameNews
from engine.predictions.people import People

UNSEEN = timedelta(days=400)
"""Who has not played for so long has left the league, unless a list of players says otherwise."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """The news as a person wants them, and a sentence that says so."""

    news: GameNews
    note: str


def suppose(what_if: WhatIf, game: Game, league: LeagueState, news: GameNews, people: People) -> Supposed:
    """Take the named players as missing or as playing, whatever the news say.

    Raises UnknownPlayerError or AmbiguousPlayerError for a name that is not one player of the two teams, and
    UsageError for a player who is to be both missing and playing.
    """
    known = _known(league, news, people)
    out = [_meant(typed, game, known) for typed in what_if.out]
    back = [_meant(typed, game, known) for typed in what_if.back]
    if torn := {one.name for one in out} & {one.name for one in back}:
        raise UsageError(f"{min(torn)} cannot be out and in at once: name him once.")
    chances = {one.player_id: 0.0 for one in out} | {one.player_id: 1.0 for one in back}
    words = {one.player_id: "out" for one in out} | {one.player_id: "plays" for one in back}
    said = [f"{one.name} out" for one in out] + [f"{one.name} in" for one in back]
    changed = news.with_chances(chances, words)
    note = f"What if: {', '.join(said)}. This is no forecast of the game as it stands."
    return Supposed(changed, " ".join([note, *_without_effect([*out, *back], game, league, changed)]))


def _known(league: LeagueState, news: GameNews, people: People) -> list[KnownPlayer]:
    """Everybody with a team: who has played within UNSEEN, and who has come to the two teams since."""
    since = (league.data_through or date.max) - UNSEEN
    played = {player_id: team_id for player_id, (team_id, day) in league.players.teams().items() if day >= since}
    teams = {**played, **news.availability.teams}
    names = people.names(teams)
    return [KnownPlayer(player_id, names[player_id], team) for player_id, team in teams.items() if player_id in names]


def _meant(typed: str, game: Game, known: Sequence[KnownPlayer]) -> KnownPlayer:
    """The player of the two teams whom a name means."""
    teams = (game.home_id, game.away_id)
    among = f"the {BY_ID[game.home_id].nickname} or the {BY_ID[game.away_id].nickname}"
    try:
        return find_player(typed, [one for one in known if one.team_id in teams], among)
    except UnknownPlayerError as error:
        elsewhere = _only_elsewhere(typed, [one for one in known if one.team_id not in teams])
        team = BY_ID.get(elsewhere.team_id or 0) if elsewhere else None
        if elsewhere is None or team is None:
            raise
        if error.candidates and plain_name(typed).whole != plain_name(elsewhere.name).whole:
            raise
        raise UnknownPlayerError(f"{elsewhere.name} plays for the {team.nickname}, not for {among}.") from None


def _only_elsewhere(typed: str, others: Sequence[KnownPlayer]) -> KnownPlayer | None:
    try:
        return find_player(typed, others, "any team")
    except UsageError:
        return None


def _without_effect(named: Sequence[KnownPlayer], game: Game, league: LeagueState, news: GameNews) -> list[str]:
    """A sentence on the players whom the model does not count on anyway."""
    moved = news.availability.teams
    counted = {
        one.player_id
        for team_id in (game.home_id, game.away_id)
        for one in league.players.rotation(team_id, game.season, moved)
    }
    idle = [
        one.name
        for one in named
        if one.player_id not in counted and league.players.member(one.player_id, one.team_id or 0, game.season) is None
    ]
    if not idle:
        return []
    return [f"{' and '.join(idle)} {'plays' if len(idle) == 1 else 'play'} too little to count."]
