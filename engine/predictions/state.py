"""The league's state as of any day: from the nearest snapshot, or from the numbers that come with the program."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from cachetools import LRUCache

from engine.core.errors import NoDataError
from engine.core.player_records import PlayerAverages
from engine.core.progress import Progress, silent
from engine.core.records import PlayedGame
from engine.core.signals import Recalled, tell
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.game import LeagueState
from engine.predictions.starter import STARTER, Starter, read_starter
from engine.store import games, state
from engine.store.database import Database

KEPT_DAYS = 8
"""States kept in memory, one per league day: enough to page through a week."""


class StateKeeper:
    """Builds, keeps and hands out `LeagueState` objects; the ones handed out must not be changed.

    A state of day D knows every result before D. Snapshots are taken at the first of each month. `shipped` is the
    folder of what comes with the program.
    """

    def __init__(self, database: Database, shipped: Path) -> None:
        self._database = database
        self.shipped = shipped
        self._contract = contract_hash(GAME_FEATURES)
        self._kept: LRUCache[tuple[date, str], LeagueState] = LRUCache(maxsize=KEPT_DAYS)
        self._shipped: Starter | None = None
        self._lock = threading.RLock()

    def at(self, day: date) -> LeagueState:
        """The state on the morning of a day. Raises NoDataError when nothing is known from before that day."""
        key = (day, state.standing(self._database).version)
        with self._lock:
            found = self._kept.get(key)
            tell(Recalled("state", found is not None))
            if found is None:
                found = self._kept[key] = self._built(day)
            return found

    def newest(self, today: date) -> tuple[date | None, str]:
        """Day of the newest result known on a day, and where it comes from: imported, shipped or nothing."""
        stored = games.newest_result(self._database, today)
        if stored is not None:
            return stored, "imported results"
        starter = self.starter()
        if starter is not None and starter.data_through is not None and starter.data_through < today:
            return starter.data_through, "numbers shipped with the program"
        return None, "nothing"

    def refresh(self, progress: Progress = silent) -> None:
        """Bring the snapshots up to date with changed facts, or with a new feature contract; else do nothing."""
        version = state.standing(self._database).version
        changed = state.changed_from(self._database)
        if state.has_other_contract(self._database, self._contract):
            stored = games.game_days(self._database)
            changed = stored[0] if stored else date.max
        if changed is None:
            return
        current, since = self._base(changed)
        played = list(games.played_games(self._database, after=since))
        snapshots: list[tuple[date, str, dict[str, object]]] = []
        month: date | None = None
        for done, game in enumerate(played):
            first = game.game.league_day.replace(day=1)
            if first != month:
                month = first
                if since is None or first > since:
                    snapshots.append((first, self._contract, current.to_payload()))
                progress("team numbers", done, len(played))
            current.advance(game)
        if played:
            after = date.fromordinal(played[-1].game.league_day.toordinal() + 1)
            snapshots.append((after, self._contract, current.to_payload()))
        progress("team numbers", len(played), len(played))
        kept = date.fromordinal(since.toordinal() + 1) if since else date.min
        state.replace_snapshots(self._database, kept, snapshots, version)

    def shipped_players(self) -> Mapping[int, PlayerAverages]:
        """The players who come with the program, by id; none in a simulated league. Raises BundleError."""
        shipped = self._starter_file()
        return {} if shipped is None else {one.player_id: one for one in shipped.players}

    def starter(self) -> LeagueState | None:
        """The team numbers that come with the program; None in a simulated league. Raises BundleError."""
        shipped = self._starter_file()
        return None if shipped is None else LeagueState.from_payload(shipped.state)

    def _starter_file(self) -> Starter | None:
        path = self.shipped / STARTER
        if not path.is_file() or state.is_simulated(self._database):
            return None
        with self._lock:
            self._shipped = self._shipped or read_starter(path)
        return self._shipped if self._shipped.contract == self._contract else None

    def _built(self, day: date) -> LeagueState:
        changed = state.changed_from(self._database)
        current, since = self._base(min(day, changed) if changed else day)
        for game in self._games_between(since, day):
            current.advance(game)
        if current.data_through is None:
            raise NoDataError(
                f"Nothing is known from before {day}: fetch results with `nbabot sync --seasons A..B`, or choose a "
                "later day."
            )
        return current

    def _base(self, day: date) -> tuple[LeagueState, date | None]:
        """A fresh state to go on from, and the last league day that it knows (None = nothing)."""
        found = state.nearest_snapshot(self._database, day, self._contract)
        if found is not None:
            return LeagueState.from_payload(found[1]), date.fromordinal(found[0].toordinal() - 1)
        starter = self.starter()
        if starter is not None and starter.data_through is not None and starter.data_through < day:
            stored = games.game_days(self._database)
            if stored is None or stored[0] > starter.data_through:
                return starter, starter.data_through
        return LeagueState(), None

    def _games_between(self, since: date | None, day: date) -> Iterator[PlayedGame]:
        return games.played_games(self._database, after=since, before=day)
