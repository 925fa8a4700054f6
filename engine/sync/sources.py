"""The feeds as the settings describe them, opened for the length of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from engine.core.calendar import machine_clock
from engine.core.source_access import SourceAccess
from engine.sources import nba_cdn
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.feeds import FallbackFeed, FeedOptions, open_feeds
from engine.sources.http import Fetcher
from engine.sources.pacing import Patience
from engine.sources.raw import RawArchive
from engine.store.database import Database
from engine.sync.standing import HostMemory

RAW = "raw"
"""Folder of the payloads below the home folder."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What makes calls, and the feed that falls back from one host to the other."""

    fetcher: Fetcher
    feed: FallbackFeed


def archive_of(database: Database, access: SourceAccess) -> RawArchive:
    """The payloads kept beside a database."""
    return RawArchive(database.path.parent / RAW, access.raw_keep_days)


@contextmanager
def open_sources(
    access: SourceAccess, now: Callable[[], datetime], database: Database | None = None
) -> Iterator[Sources]:
    """The feeds for the length of the block; without a database each is tried once, and nothing is kept."""
    limits = Patience(connect_s=access.connect_s, read_s=access.read_s, attempts=1 if database is None else 3)
    memory = ForgetfulMemory() if database is None else HostMemory(database)
    archive = None if database is None else archive_of(database, access)
    fetcher = Fetcher(Breaker(memory, machine_clock, limits), machine_clock, archive, limits)
    options = FeedOptions(
        prefer=access.prefer,
        stats_url=f"{access.stats_url}/{{endpoint}}" if access.stats_url else None,
        cdn_url=access.cdn_url or nba_cdn.BASE_URL,
        headers=access.headers,
    )
    try:
        yield Sources(fetcher, open_feeds(fetcher, now, options))
    finally:
        fetcher.close()
