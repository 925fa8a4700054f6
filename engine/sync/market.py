"""The tasks about what surrounds the games: betting odds and injury reports."""

from __future__ import annotations

from datetime import datetime, time

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import FeedMissingError, FeedPausedError
from engine.pipeline import Skip
from engine.sources import injuries as injury_feed
from engine.sources.files import counted
from engine.sources.injuries import fetch_injuries
from engine.sources.odds import BASE_URL, fetch_odds
from engine.store import games, injuries, odds
from engine.store.facts import Written
from engine.sync.scope import Scope

ODDS, INJURIES = "odds", "injuries"
_END_OF_DAY = time(23, 59)


def sync_odds(scope: Scope) -> None:
    """The books' quotes for the games to come, and the closing lines of those that have begun."""
    access = scope.access.odds
    if access is None:
        raise Skip("no key of The Odds API is set")
    if scope.day not in (None, scope.today):
        raise Skip("only today's odds can be had")
    tally = scope.tallies[ODDS]
    if closed := odds.close_lines(scope.database, scope.now):
        tally.note(f"{counted(closed, 'closing line')} written")
    try:
        left = odds.quota(scope.database, scope.now)
        parsed, quota = fetch_odds(scope.server, access, scope.clock, left, scope.access.odds_url or BASE_URL)
    except FeedPausedError as error:
        raise Skip(str(error).rstrip(".")) from error
    tally.heard(parsed.source, parsed.rejected, parsed.notes)
    stored = odds.store_odds(scope.database, parsed.rows, scope.clock())
    tally.written(Written(stored.tally, {}))
    tally.note(*(f"no stored game fits the odds of {event}" for event in stored.unmatched))
    if quota is not None:
        odds.store_quota(scope.database, quota)
        tally.note(f"{counted(quota.remaining, 'request')} left of the account's quota")


def sync_injuries(scope: Scope) -> None:
    """The newest official injury report."""
    moment = scope.now
    if scope.day is not None and scope.day < scope.today:
        moment = datetime.combine(scope.day, _END_OF_DAY, LEAGUE_ZONE)
    try:
        known = injuries.newest_report(scope.database, moment)
        parsed = fetch_injuries(scope.server, moment, known, scope.access.injuries_url or injury_feed.BASE_URL)
    except FeedMissingError as error:
        if games.games_on(scope.database, scope.day or scope.today, scope.today):
            raise
        raise Skip("no injury report is published, and no game is stored for that day") from error
    tally = scope.tallies[INJURIES]
    tally.heard(parsed.source, parsed.rejected, parsed.notes)
    stored = injuries.store_injuries(scope.database, parsed.rows)
    tally.written(Written(stored.tally, {}))
    if stored.unmatched is not None:
        names = ", ".join(one.shown for one in stored.unmatched.names)
        tally.note(f"{counted(len(stored.unmatched.names), 'listed player')} matched to nobody known: {names}")
