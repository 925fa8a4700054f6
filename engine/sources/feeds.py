"""Both routes to the league's facts as one feed that falls back from the preferred host to the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from engine.core.calendar import league_day
from engine.core.errors import (
    FeedBlockedError,
    FeedDownError,
    FeedError,
    FeedMissingError,
    FeedPausedError,
    FeedTimeoutError,
    FeedUnreachableError,
)
from engine.core.records import Game
from engine.sources.feed import Delivery, Feed, Parsed, PlayerListing, ScheduledGame
from engine.sources.nba_cdn import BASE_URL, NbaCdn
from engine.sources.nba_stats import NbaStats

if TYPE_CHECKING:
    from engine.sources.breaker import Breaker
    from engine.sources.http import Fetcher

_UNSERVED = (FeedTimeoutError, FeedBlockedError, FeedDownError, FeedUnreachableError, FeedPausedError)

A = TypeVar("A", Delivery, Parsed[ScheduledGame], Parsed[PlayerListing])


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """Which host is asked first, and where the two are if not at their usual addresses.

    `stats_url` holds `{endpoint}`, as nba_api's does. `headers` are sent to both, in the place of the usual ones.
    """

    prefer: Literal["stats", "cdn"] = "stats"
    stats_url: str | None = None
    cdn_url: str = BASE_URL
    headers: Mapping[str, str] = field(default_factory=dict)


def open_feeds(fetcher: Fetcher, now: Callable[[], datetime], options: FeedOptions | None = None) -> FallbackFeed:
    """The feed for all of the program. It opens no connection before it is asked; closing the fetcher closes it."""
    chosen = options or FeedOptions()
    stats = NbaStats(fetcher, lambda: league_day(now()), chosen.stats_url, chosen.headers)
    cdn = NbaCdn(fetcher, chosen.cdn_url, chosen.headers)
    return FallbackFeed((stats, cdn) if chosen.prefer == "stats" else (cdn, stats), fetcher.breaker)


class FallbackFeed:
    """A feed that asks `feeds` in order until one answers; the answer names its source, notes say who failed and why.

    A feed that the breaker has paused is passed over. When every feed is paused each gets one call all the same, so
    that the next run after a wide outage succeeds.
    """

    def __init__(self, feeds: Sequence[Feed], breaker: Breaker) -> None:
        self.feeds = tuple(feeds)
        self._breaker = breaker

    @property
    def name(self) -> str:
        """The feed that would be asked now."""
        healthy = (feed.name for feed in self.feeds if self._breaker.paused_until(feed.name) is None)
        return next(healthy, self.feeds[0].name)

    def schedule(self, season: int) -> Parsed[ScheduledGame]:
        """All games of a season."""
        return self._first(lambda feed: feed.schedule(season))

    def scoreboard(self, day: date, expected: Collection[str] = ()) -> Parsed[ScheduledGame]:
        """The games of one league day."""
        return self._first(lambda feed: feed.scoreboard(day, expected))

    def boxes(self, games: Sequence[Game]) -> Delivery:
        """Team and player rows of final games; what the first feed lacks is asked of the next."""
        first = self._first(lambda feed: feed.boxes(games))
        lacking = [game for game in games if game.game_id in first.missing]
        others = tuple(feed for feed in self.feeds if feed.name != first.source)
        if not lacking or not others:
            return first
        try:
            more = self._first(lambda feed: feed.boxes(lacking), others)
        except FeedError as error:
            return replace(first, notes=(*first.notes, str(error)))
        source, notes = f"{first.source}, {more.source}", (*first.notes, *more.notes)
        return Delivery(source, first.batches + more.batches, more.missing, notes)

    def season_boxes(self, season: int, games: Sequence[Game] = ()) -> Delivery:
        """Every final game of a season."""
        return self._first(lambda feed: feed.season_boxes(season, games))

    def plays(self, game_id: str) -> Delivery:
        """The score timeline of one game."""
        return self._first(lambda feed: feed.plays(game_id))

    def players(self, season: int) -> Parsed[PlayerListing]:
        """The league's list of players."""
        return self._first(lambda feed: feed.players(season))

    def _first(self, question: Callable[[Feed], A], feeds: Sequence[Feed] | None = None) -> A:
        """The first answer, with a note for each feed that gave none."""
        asked = self.feeds if feeds is None else feeds
        if len(asked) > 1 and all(self._breaker.paused_until(feed.name) is not None for feed in asked):
            for feed in asked:
                self._breaker.let_one_through(feed.name)
        errors: list[FeedError] = []
        for feed in asked:
            try:
                return _noted(question(feed), errors)
            except FeedError as error:
                errors.append(error)
        raise _combined(errors)


def _noted(answer: A, errors: Sequence[FeedError]) -> A:
    """The answer with a note on each feed that failed before it; what a feed never has is no failure."""
    notes = tuple(str(error) for error in errors if not isinstance(error, FeedMissingError))
    return replace(answer, notes=notes + answer.notes)


def _combined(errors: Sequence[FeedError]) -> FeedError:
    """One error for all: the only one that is about a failure, or a sentence with every feed's reason."""
    telling = [error for error in errors if not isinstance(error, FeedMissingError)] or errors
    if len(telling) == 1:
        return _only_hope(telling[0], [error for error in errors if error not in telling])
    alike = type(telling[0]) if len({type(error) for error in telling}) == 1 else FeedError
    hosts = " and ".join(error.host for error in telling)
    reasons = "; ".join(f"{error.host} {error.reason}" for error in telling)
    return alike(hosts, f"No feed of the league answers ({reasons}): run nbabot doctor, or try again later.")


def _only_hope(error: FeedError, others: Sequence[FeedError]) -> FeedError:
    """The error of the only feed that has what was asked; where its host does not serve us, it says that too."""
    if not others or not isinstance(error, _UNSERVED):
        return error
    lacking = " and ".join(other.host for other in others)
    advice = error.parts[1] if isinstance(error, FeedPausedError) else "try again later"
    return type(error)(error.host, f"{error.host} {error.reason}, and {lacking} does not have this: {advice}.")
