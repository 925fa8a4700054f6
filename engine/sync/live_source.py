"""The live feed as the settings describe it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.core.source_access import SourceAccess
from engine.sources import nba_cdn
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.http import Fetcher
from engine.sources.live import LiveFeed
from engine.sources.nba_live import LIVE_PATIENCE, CdnLive


def open_live_feed(access: SourceAccess, now: Callable[[], datetime]) -> LiveFeed:
    """The feed of games under way, to be closed at the end.

    It remembers on its own which host fails, and only while it is open: a bad evening pauses no synchronisation. `now`
    is the clock by which its pauses end.
    """
    fetcher = Fetcher(Breaker(ForgetfulMemory(), now, LIVE_PATIENCE), now, raw=None, patience=LIVE_PATIENCE)
    return CdnLive(fetcher, access.cdn_url or nba_cdn.BASE_URL, access.headers)
