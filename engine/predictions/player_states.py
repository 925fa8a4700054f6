"""The players' numbers as of any day: from the nearest snapshot, brought forward game by game."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import date

from cachetools import LRUCache

from engine.core.errors import BundleError, NoDataError
from engine.core.progress import Progress, silent
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.game import LeagueState
from engine.features.player_league import PlayerLeague
from engine.features.player_row import player_contract
from engine.predictions.state import StateKeeper
from engine.store import games, state
from engine.store.database import Database
from engine.store.player_state import (
    Payload,
    first_day_with_players,
    nearest_player_snapshot,
    save_player_snapshots,
)

KEPT_DAYS = 4
"""States kept in memory, one per league day."""
SNAPSHOT_MONTHS = 2
"""A snapshot is kept of the first of every second month: a megabyte each."""


class PlayerStates:
    """Builds, keeps and hands out `PlayerLeague` objects; the ones handed out must not be changed.

    The first question after an import of many seasons walks through all of them, a minute or two, and keeps snapshots;
    `refresh` does so beforehand.
    """

    def __init__(self, database: Database, states: StateKeeper) -> None:
        self._database = database
        self._states = states
        self._contract = f"{contract_hash(GAME_FEATURES)}-{player_contract()}"
        self._kept: LRUCache[tuple[date, str], PlayerLeague] = LRUCache(maxsize=KEPT_DAYS)
        self._lock = threading.RLock()

    def at(self, day: date, progress: Progress = silent) -> PlayerLeague:
        """The players on the morning of a day. Raises NoDataError when no player was seen before it."""
        version = state.standing(self._database).version
        with self._lock:
            found = self._kept.get((day, version))
            if found is None:
                found = self._kept[day, version] = self._built(day, version, progress)
            return found

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
        if snapshots and not changed:
            save_player_snapshots(self._database, self._contract, snapshots, version)
        return current

    def _base(self, day: date) -> tuple[PlayerLeague, date]:
        """A fresh state to go on from, and the first league day that it does not know."""
        found = nearest_player_snapshot(self._database, day, self._contract)
        if found is not None:
            return _read(found[1]), found[0]
        first = first_day_with_players(self._database)
        if first is None or first >= day:
            raise NoDataError(
                f"No player rows are known from before {day}: import player logs with `nbabot import PATH`, or choose "
                "a later day."
            )
        return PlayerLeague(self._league_before(first)), first

    def _league_before(self, day: date) -> LeagueState:
        """A private copy of the league's state of a day, to be moved on."""
        try:
            return LeagueState.from_payload(json.loads(json.dumps(self._states.at(day).to_payload())))
        except NoDataError:
            return LeagueState()


def _payload(current: PlayerLeague) -> Payload:
    return {"league": current.league.to_payload(), "players": current.to_payload()}


def _read(payload: Payload) -> PlayerLeague:
    league, players = payload.get("league"), payload.get("players")
    if not isinstance(league, Mapping) or not isinstance(players, Mapping):
        raise BundleError("The stored player numbers are damaged: import the data again to rebuild them.")
    return PlayerLeague.from_payload(players, LeagueState.from_payload(league))
