"""The players' numbers as of any day: from the nearest snapshot, brought forward game by game."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from datetime import date

from cachetools import LRUCache

from engine.core.errors import BundleError, BusyError, NoDataError
from engine.core.player_names import KnownPlayer
from engine.core.progress import Progress, silent
from engine.core.signals import Recalled, tell
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.game import LeagueState
from engine.features.player_league import PlayerLeague
from engine.features.player_row import player_contract
from engine.predictions.starter import PLAYERS_STARTER, PlayersStarter, read_players_starter
from engine.predictions.state import StateKeeper
from engine.store import games, state
from engine.store.database import Database
from engine.store.player_state import (
    Payload,
    first_day_with_players,
    has_player_snapshot,
    nearest_player_snapshot,
    save_player_snapshots,
)

KEPT_DAYS = 4
"""States kept in memory, one per league day."""
SNAPSHOT_MONTHS = 2
"""A snapshot is kept of the first of every second month, and after the last result: a megabyte each."""
PATIENCE = 2.0
"""Seconds that a question waits while another one builds the numbers: threads that wait answer nobody else."""


class PlayerStates:
    """Builds, keeps and hands out `PlayerLeague` objects; the ones handed out must not be changed.

    The first question after an import of many seasons walks through all of them, half a minute or more, and keeps
    snapshots; `refresh` does so beforehand.
    """

    def __init__(self, database: Database, states: StateKeeper) -> None:
        self._database = database
        self._states = states
        self._contract = players_contract()
        self._kept: LRUCache[tuple[date, str], PlayerLeague] = LRUCache(maxsize=KEPT_DAYS)
        self._shipped: PlayersStarter | None = None
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def at(self, day: date) -> PlayerLeague:
        """The players on the morning of a day. Raises NoDataError when no player was seen before it, BusyError while
        another thread walks through whole seasons."""
        key = self._after_newest(day), state.standing(self._database).version
        found = self._remembered(key)
        tell(Recalled("players", found is not None))
        if found is not None:
            return found
        if not self._building.acquire(timeout=PATIENCE):
            raise BusyError("The players' numbers are being brought up to date: ask again in a minute.")
        try:
            return self._remembered(key) or self._built(*key, silent)
        finally:
            self._building.release()

    def refresh(self, progress: Progress = silent) -> None:
        """Bring the snapshots up to date with every stored result, so that no question has to; else do nothing."""
        day = self._after_newest(date.max)
        if day == date.max or has_player_snapshot(self._database, day, self._contract):
            return
        version = state.standing(self._database).version
        with self._building, contextlib.suppress(NoDataError):
            if self._remembered((day, version)) is None:
                self._built(day, version, progress)

    def shipped_people(self, day: date) -> tuple[KnownPlayer, ...]:
        """Those whose numbers come with the program and are older than a day, with their last teams."""
        league = self._states.starter()
        if league is None or league.data_through is None or league.data_through >= day:
            return ()
        teams, named = league.players.teams(), self._states.shipped_players()
        return tuple(KnownPlayer(one, named[one].name, teams[one][0]) for one in named if one in teams)

    def _remembered(self, key: tuple[date, str]) -> PlayerLeague | None:
        with self._lock:
            return self._kept.get(key)

    def _after_newest(self, day: date) -> date:
        """The first day as of which the players are as they are on a day: the one after the newest result."""
        newest = games.newest_result(self._database, day)
        return date.fromordinal(newest.toordinal() + 1) if newest else day

    def _built(self, day: date, version: str, progress: Progress) -> PlayerLeague:
        changed = state.changed_from(self._database)
        current, since = self._base(min(day, changed) if changed else day)
        played = list(games.played_games(self._database, after=date.fromordinal(since.toordinal() - 1), before=day))
        snapshots: list[tuple[date, Payload]] = []
        month = since.replace(day=1)
        for done, game in enumerate(played):
            first = game.game.league_day.replace(day=1)
            if first > month and first.month % SNAPSHOT_MONTHS == 0:
                snapshots.append((first, _payload(current)))
            month = max(month, first)
            current.advance(game)
            progress("player numbers", done + 1, len(played))
        if since < day and day == self._after_newest(date.max):
            snapshots.append((day, _payload(current)))
        if snapshots and not changed:
            save_player_snapshots(self._database, self._contract, snapshots, version)
        with self._lock:
            self._kept[day, version] = current
        return current

    def _base(self, day: date) -> tuple[PlayerLeague, date]:
        """A fresh state to go on from, and the first league day that it does not know."""
        found = nearest_player_snapshot(self._database, day, self._contract)
        if found is not None:
            return _read(found[1]), found[0]
        shipped = self._starter(day)
        if shipped is not None:
            return shipped
        first = first_day_with_players(self._database)
        if first is None or first >= day:
            raise NoDataError(
                f"No player rows are known from before {day}: import player logs with `nbabot import PATH`, or choose "
                "a later day."
            )
        return PlayerLeague(self._league_before(first)), first

    def _starter(self, day: date) -> tuple[PlayerLeague, date] | None:
        """The numbers that come with the program, where they are older than a day and than every stored game."""
        league = self._states.starter()
        path = self._states.shipped / PLAYERS_STARTER
        if league is None or league.data_through is None or not path.is_file():
            return None
        stored = games.game_days(self._database)
        if league.data_through >= day or (stored is not None and stored[0] <= league.data_through):
            return None
        self._shipped = self._shipped or read_players_starter(path)
        if (self._shipped.contract, self._shipped.data_through) != (self._contract, league.data_through):
            return None
        players = PlayerLeague.from_payload(self._shipped.players, league)
        return players, date.fromordinal(league.data_through.toordinal() + 1)

    def _league_before(self, day: date) -> LeagueState:
        """A private copy of the league's state of a day, to be moved on."""
        try:
            return LeagueState.from_payload(json.loads(json.dumps(self._states.at(day).to_payload())))
        except NoDataError:
            return LeagueState()


def players_contract() -> str:
    """Hash of the features that snapshots and the starter's numbers of players were made for."""
    return f"{contract_hash(GAME_FEATURES)}-{player_contract()}"


def _payload(current: PlayerLeague) -> Payload:
    return {"league": current.league.to_payload(), "players": current.to_payload()}


def _read(payload: Payload) -> PlayerLeague:
    league, players = payload.get("league"), payload.get("players")
    if not isinstance(league, Mapping) or not isinstance(players, Mapping):
        raise BundleError("The stored player numbers are damaged: import the data again to rebuild them.")
    return PlayerLeague.from_payload(players, LeagueState.from_payload(league))
