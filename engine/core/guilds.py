"""What a Discord server wants posted, where and when, and which channels take no posts. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from engine.core.calendar import LEAGUE_ZONE, league_day
from engine.core.errors import UsageError

PICKS_BEFORE = time(19)
"""The league's usual first tip-off: from then on picks are of no use and are not posted."""
LAST_CALL = timedelta(minutes=30)
"""How long before the first tip-off of a day its picks are posted at the latest, whatever time was chosen."""
CLOCKS_CHANGE = (time(1), time(3))
"""Between these two, local time, nothing is planned: hours that changes of the clock skip or repeat."""
_STEP = timedelta(minutes=30)


class Topic(StrEnum):
    """What can be posted to a server."""

    PICKS = "picks"
    RECAP = "recap"
    WEEKLY = "weekly"
    ALERTS = "alerts"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The wishes of one server. Channels are Discord's numbers.

    Results and the weekly report go where the picks go unless `recap_channel` is set; `alerts_channel` is told what
    concerns the server itself, such as a channel that takes no posts, and `live_channel` shows games under way. Picks
    come at `at` in the time zone `zone`, or as soon as they are made where `at` is None. `off`: nothing is posted, and
    nothing forgotten.
    """

    guild_id: int
    picks_channel: int | None = None
    recap_channel: int | None = None
    alerts_channel: int | None = None
    live_channel: int | None = None
    at: time | None = None
    zone: str = LEAGUE_ZONE.key
    topics: frozenset[Topic] = frozenset(Topic)
    off: bool = False

    @property
    def channels(self) -> tuple[int, ...]:
        """Every channel that is named, each once."""
        named = (self.picks_channel, self.recap_channel, self.alerts_channel, self.live_channel)
        return tuple(dict.fromkeys(number for number in named if number))

    def channel_of(self, topic: Topic) -> int | None:
        """The channel that a topic goes to, or None where it is not wanted."""
        if self.off or topic not in self.topics:
            return None
        own = {Topic.PICKS: self.picks_channel, Topic.ALERTS: self.alerts_channel, Topic.LIVE: self.live_channel}
        return own.get(topic, self.recap_channel or self.picks_channel)

    def check(self) -> None:
        """Raise UsageError where the zone does not exist or the time lies in the hours of clock changes."""
        if self.zone not in _zones():
            raise UsageError(f"There is no time zone '{self.zone[:40]}': choose one such as Europe/London.")
        first, last = CLOCKS_CHANGE
        if self.at is not None and first <= self.at < last:
            raise UsageError(f"Choose a time outside {first:%H:%M} to {last:%H:%M}, when clocks are changed.")


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """A channel that refused a post for good: its key, why in a sentence, and since when."""

    channel: str
    reason: str
    since: datetime


def posting_moment(day: date, wishes: GuildSettings, made: datetime, last: datetime) -> datetime:
    """When a server gets the picks of a league day: at its local time, not before they are made and not after `last`.

    A server in Sydney reads the picks of a Wednesday on its Thursday: what counts is the league day that the local
    time falls on.
    """
    if wishes.at is None:
        return made
    zone = ZoneInfo(wishes.zone)
    local = [datetime.combine(day + timedelta(days=shift), wishes.at, zone) for shift in (-1, 0, 1)]
    wanted = next((moment for moment in local if league_day(moment) == day), made)
    return min(max(wanted, made), max(made, last))


def times_offered(zone: str, made: time, day: date) -> tuple[time, ...]:
    """The local times, by half hours, from when picks are made to shortly before the usual first tip-off."""
    moment = datetime.combine(day, made, LEAGUE_ZONE)
    last = datetime.combine(day, PICKS_BEFORE, LEAGUE_ZONE) - LAST_CALL
    local = []
    while moment <= last:
        local.append(moment.astimezone(ZoneInfo(zone)).time())
        moment += _STEP
    return tuple(at for at in local if not CLOCKS_CHANGE[0] <= at < CLOCKS_CHANGE[1])


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
