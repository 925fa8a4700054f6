"""Who can play in a game to come: what a person supposes, else the injury report, else who has played lately."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cachetools import LRUCache

from engine.core import calendar
from engine.core.injuries import DayInjuries, InjuryStatus
from engine.core.records import Game
from engine.features.availability import NO_TEAM, UNKNOWN, Availability, Member
from engine.features.game import LeagueState
from engine.store.database import Database
from engine.store.injuries import newest_word, play_rates, reported
from engine.store.rosters import roster
from engine.store.state import Standing


@dataclass(frozen=True, slots=True)
class GameNews:
    """What is known of the players of both teams before a game.

    `words` says why, by player id; `unheard` are the teams that no submitted report speaks of. `listed` is whether the
    season's list of players is known.
    """

    availability: Availability = UNKNOWN
    words: Mapping[int, str] = field(default_factory=dict)
    unheard: tuple[int, ...] = ()
    reported: bool = False
    listed: bool = False

    def word(self, member: Member) -> str:
        """Why a player is in doubt, or that he comes back, in a word or two."""
        known = self.words.get(member.player_id)
        if known is not None:
            return known
        if member.missed == 0:
            return "available"
        return "missed the last game" if member.missed == 1 else f"missed the last {member.missed}"

    def with_chances(self, chances: Mapping[int, float], words: Mapping[int, str]) -> GameNews:
        """The same with other chances of some players."""
        known = replace(self.availability, chances={**self.availability.chances, **chances})
        return replace(self, availability=known, words={**self.words, **words})


class NewsDesk:
    """Reads what the feeds have told of the players by a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rates: LRUCache[tuple[date, str, str], Mapping[InjuryStatus, float]] = LRUCache(maxsize=16)
        self._lock = threading.Lock()

    def newest(self, day: date, moment: datetime) -> datetime | None:
        """Moment of the newest report on a league day that was published by a moment: forecasts change with it."""
        return newest_word(self._database, day, moment)

    def of(self, game: Game, league: LeagueState, moment: datetime, standing: Standing) -> GameNews:
        """What is known of a game's players at a moment, given the league's state before it."""
        both = (game.home_id, game.away_id)
        day = reported(self._database, game.league_day, moment)
        teams = tuple(team for team in day.teams if team.team_id in both)
        chance = self._chances(moment, standing)
        statuses = replace(day, teams=teams).statuses
        heard = frozenset(team.team_id for team in teams if team.submitted)
        moved = self.moves(league, both, game.season, moment)
        return GameNews(
            availability=Availability(
                chances={player_id: chance[status] for player_id, status in statuses.items()},
                teams={**(moved or {}), **_told_by_report(DayInjuries(day.league_day, moment, teams), league)},
                complete=heard,
            ),
            words={player_id: status.value.lower() for player_id, status in statuses.items()},
            unheard=tuple(team_id for team_id in both if team_id not in heard),
            reported=bool(day.teams),
            listed=moved is not None,
        )

    def moves(
        self, league: LeagueState, teams: tuple[int, ...], season: int, moment: datetime
    ) -> dict[int, int] | None:
        """Players who have come to or left these teams since their last game, with their team now.

        None where no list of the season's players was known at the moment. Who has played since it was read belongs to
        the team for which he played.
        """
        known = roster(self._database, season, moment)
        if known is None:
            return None
        last = league.players.teams()
        moved = {
            player_id: known.teams.get(player_id, NO_TEAM)
            for player_id, (team_id, day) in last.items()
            if team_id in teams and day < known.read_on and known.teams.get(player_id) != team_id
        }
        come = {
            player_id: team_id
            for player_id, team_id in known.teams.items()
            if team_id in teams
            and (player_id not in last or (last[player_id][0] != team_id and last[player_id][1] < known.read_on))
        }
        return moved | come

    def _chances(self, moment: datetime, standing: Standing) -> Mapping[InjuryStatus, float]:
        """How often players of each status play: never when out, always when available, else as observed."""
        key = (calendar.league_day(moment), standing.version, standing.news)
        with self._lock:
            found = self._rates.get(key)
            if found is None:
                rates = {status: rate.chance for status, rate in play_rates(self._database, moment).items()}
                found = self._rates[key] = {**rates, InjuryStatus.OUT: 0.0, InjuryStatus.AVAILABLE: 1.0}
            return found


def _told_by_report(day: DayInjuries, league: LeagueState) -> dict[int, int]:
    """Players whom a team lists although they have last played for another."""
    last = league.players.teams()
    return {
        player.player_id: team.team_id
        for team in day.teams
        for player in team.players
        if player.player_id is not None and last.get(player.player_id, (None,))[0] not in (None, team.team_id)
    }
