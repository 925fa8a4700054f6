"""What one synchronisation is about, and what it has learned so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from engine.core import calendar
from engine.core.calendar import season_label
from engine.core.progress import Progress
from engine.core.source_access import SourceAccess
from engine.sources import injuries, odds
from engine.sources.feed import Feed
from engine.store import sync
from engine.store.database import Database
from engine.sync.tally import TaskTally

LATE = timedelta(days=4)
"""For so long after a game its box score is looked at again: the league corrects most of them within two days."""


class Server(odds.Server, injuries.Server, Protocol):
    """What fetches; engine.sources.http.Fetcher is one."""

    @property
    def calls(self) -> int:
        """Requests sent so far, to all hosts."""


@dataclass
class Scope:
    """The parts of one run. Results of `today` and later are left alone, as everywhere.

    `now` is when the run began, by which it is judged what is due; `clock` goes on. `seasons` are starting years in
    order; with `day`, only that league day is looked at, and all of it again.
    `unplayed` collects the games that the schedule, as just read, does not call final, `unpublished` the seasons that
    have no schedule yet.
    """

    database: Database
    feed: Feed
    server: Server
    access: SourceAccess
    clock: Callable[[], datetime]
    progress: Progress
    seasons: tuple[int, ...]
    day: date | None = None
    unplayed: set[str] = field(default_factory=set)
    unpublished: set[int] = field(default_factory=set)
    tallies: defaultdict[str, TaskTally] = field(default_factory=lambda: defaultdict(TaskTally))
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.clock()

    @property
    def today(self) -> date:
        """The league day of the run."""
        return calendar.league_day(self.now)

    @property
    def days(self) -> tuple[date, date]:
        """First and last league day whose results are wanted."""
        yesterday = self.today - timedelta(days=1)
        return (date.min, yesterday) if self.day is None else (self.day, min(self.day, yesterday))

    def is_whole(self, task: str, season: int) -> bool:
        """Whether a season is over and was fetched whole so long after its end that nothing of it changes any more."""
        end = sync.season_end(self.database, season)
        fetched = sync.cursors(self.database, task).get(season_label(season))
        over = season < calendar.season_of(self.today)
        return over and end is not None and fetched is not None and calendar.league_day(fetched) > end + LATE

    def not_yet_due(self, season: int) -> bool:
        """Whether the league may not have published a season yet: it does so in August."""
        return self.today < date(season, 10, 1) and sync.season_end(self.database, season) is None


def seasons_of(database: Database, today: date, day: date | None = None) -> tuple[int, ...]:
    """The seasons to look at when none is named: the one under way, and any other with games about this time."""
    if day is not None:
        return (calendar.season_of(day),)
    return tuple(sorted({calendar.season_of(today), *sync.open_seasons(database, today, LATE)}))
