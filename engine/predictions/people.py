"""Players by name: those stored, else those that come with the program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from engine.core import calendar
from engine.core.player_records import PlayerAverages
from engine.core.records import RotationPlayer
from engine.features.availability import Member
from engine.features.player import averages
from engine.predictions.availability import NewsDesk
from engine.predictions.state import StateKeeper
from engine.store import players
from engine.store.database import Database

APPEARANCES = 40
"""So many of a player's last appearances make his averages; older ones would hardly count."""


class People:
    """Names and averages of players, and whom a team counts on."""

    def __init__(self, database: Database, states: StateKeeper, news: NewsDesk) -> None:
        self._database = database
        self._states = states
        self._news = news

    def names(self, player_ids: Iterable[int]) -> dict[int, str]:
        """Names by id; players whom nobody has named are left out."""
        wanted = set(player_ids)
        found = players.names(self._database, wanted)
        if wanted - found.keys():
            shipped = self._states.shipped_players()
            found |= {one: shipped[one].name for one in wanted - found.keys() if one in shipped}
        return found

    def rotation(self, team_id: int, day: date, now: datetime) -> tuple[RotationPlayer, ...]:
        """Whom a team counts on at a moment, or in the morning of an earlier day, most minutes first."""
        league, season = self._states.at(day), calendar.season_of(day)
        moment = now if calendar.league_day(now) == day else calendar.noon_of(day)
        moved = self._news.moves(league, (team_id,), season, moment)
        members = league.players.rotation(team_id, season, moved)
        known = self.averages([one.player_id for one in members], day)
        return tuple(_rotation_player(one, known[one.player_id]) for one in members if one.player_id in known)

    def everybody(self, day: date) -> tuple[PlayerAverages, ...]:
        """The averages of everybody who has played in a day's season or the one before."""
        return tuple(sorted(self.averages(self._states.at(day).players.teams(), day).values(), key=_by_id))

    def averages(self, player_ids: Iterable[int], day: date) -> dict[int, PlayerAverages]:
        """What players have done per appearance before a day, by id; those unseen for two seasons are left out."""
        wanted = set(player_ids)
        newest = self._states.at(day).data_through or day
        found = players.recent_appearances(self._database, wanted, day, calendar.season_of(newest) - 1, APPEARANCES)
        known = {player_id: averages(lines) for player_id, lines in found.items()}
        shipped = self._states.shipped_players() if wanted - known.keys() else {}
        return known | {
            one: shipped[one] for one in wanted - known.keys() if one in shipped and shipped[one].last_day < day
        }


def _by_id(one: PlayerAverages) -> int:
    return one.player_id


def _rotation_player(member: Member, known: PlayerAverages) -> RotationPlayer:
    return RotationPlayer(
        player_id=member.player_id,
        name=known.name,
        team_id=member.team_id,
        minutes=round(member.minutes, 1),
        offence=round(member.offence, 2),
        defence=round(member.defence, 2),
        games=known.games,
        pts=known.pts,
        reb=known.reb,
        ast=known.ast,
        last_day=known.last_day,
    )
