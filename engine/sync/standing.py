"""How the feeds have fared of late: each task of the synchronisation, and each host that does not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.core.calendar import league_day, machine_clock
from engine.core.live_games import LiveFeedHealth, LiveStatus
from engine.core.sync_reports import HostState, TaskHistory
from engine.predictions.live_views import LONGEST_GAME
from engine.sources.breaker import HEALTH, Breaker
from engine.sources.pacing import Patience
from engine.store import live, sync
from engine.store.database import Database
from engine.store.meta import Meta


class HostMemory:
    """How the hosts have behaved, remembered in the store from run to run."""

    def __init__(self, database: Database) -> None:
        self._meta = Meta(database)

    def load(self, key: str) -> str | None:
        """The text saved under a key, or None."""
        return self._meta.get(key)

    def save(self, key: str, text: str) -> None:
        """Keep a text under a key."""
        self._meta.put(key, text)


class Feeds:
    """What is remembered of the feeds of one database; nothing here asks a host."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tasks(self) -> tuple[TaskHistory, ...]:
        """Every task that was ever done, as it last went, the newest first."""
        return tuple(
            TaskHistory(one, sync.last_good(self._database, one.task), sync.last_failure(self._database, one.task))
            for one in sync.newest_reports(self._database)
        )

    def hosts(self) -> tuple[HostState, ...]:
        """The hosts that failed when they were last asked; those that are left alone for a while first."""
        breaker = Breaker(HostMemory(self._database), machine_clock, Patience())
        names = [key.removeprefix(HEALTH) for key in Meta(self._database).keys(HEALTH)]
        found = [HostState(name, breaker.failures(name), breaker.paused_until(name)) for name in names]
        return tuple(sorted((one for one in found if one.failures), key=_worst_first))

    def live(self, now: datetime) -> LiveFeedHealth:
        """How the feed of games under way fares at a moment; a game whose end was never seen is not on for ever."""
        today = league_day(now)
        shown = live.states(self._database, (today - timedelta(days=1), today), now).values()
        on = [
            one for one in shown if one.status is LiveStatus.LIVE and now - (one.tip_utc or one.seen_at) < LONGEST_GAME
        ]
        feed = live.feed_state(self._database, now)
        return LiveFeedHealth(len(on), feed.polled_at)


def _worst_first(host: HostState) -> tuple[bool, int, str]:
    return host.paused_until is None, -host.failures, host.host
