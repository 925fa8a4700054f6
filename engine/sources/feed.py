"""What a feed of the league's facts gives, whatever its format on the wire.

A `Feed` answers six questions. Every answer names its source, accounts for every row that it was sent, and is never
"empty" by accident: a feed raises a FeedError (engine.core.errors) when it cannot know, and returns no rows only
where a well-formed payload says that there are none. `engine.sources.feeds.open_feeds` makes the feed that falls back
from one host to the other; it is a `Feed` itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from engine.core.calendar import SeasonType
from engine.core.records import Game, GameStatus
from engine.sources.files.batch import Batch

STATS = "stats.nba.com"
CDN = "cdn.nba.com"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScheduledGame:
    """One game as a schedule or a scoreboard lists it; only games of the types that count, between two of the 30 teams.

    `tip_utc` is None while the time is to be decided. `neutral` is None where the feed does not say, so that it does
    not overwrite what another feed said. A game in progress is SCHEDULED: it has no points until it is FINAL.
    `subtype` is the feed's own word ("in-season-knockout", "Global Games"; often empty). An `if_necessary` play-off
    game may never be played: it then leaves the schedule, or is CANCELLED.
    """

    game_id: str
    season: int
    season_type: SeasonType
    league_day: date
    tip_utc: datetime | None
    home_id: int
    away_id: int
    neutral: bool | None
    status: GameStatus
    home_points: int | None = None
    away_points: int | None = None
    subtype: str = ""
    if_necessary: bool = False


@dataclass(frozen=True, slots=True)
class PlayerListing:
    """A player on the league's list: `team_id` is None without a team; `active` means on a roster this season."""

    player_id: int
    name: str
    team_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """Checked rows from `source`. `read` = rows + `repeated` (the same key again; the last stands) + all `rejected`.

    Rejected counts stand by reason ("pre-season game: not counted", "the teams are not known yet").
    """

    source: str
    rows: tuple[T, ...]
    read: int
    repeated: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Facts of final games from `source`, as batches to be written in order (team log before player log).

    `missing` names the games that were asked for and not delivered in full: ask again later. A delivery with rows of
    some games and others missing is normal; when none came at all the feed raises instead.
    """

    source: str
    batches: tuple[Batch, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Feed(Protocol):
    """One route to the league's facts. All methods block, raise FeedError, and may be called from any thread."""

    @property
    def name(self) -> str:
        """The host that answers, `STATS` or `CDN`."""

    def schedule(self, season: int) -> Parsed[ScheduledGame]:
        """All games of a season that are known today, played ones with points. One call.

        Raises FeedEmptyError when the season has no games yet (the league publishes it in August), FeedMissingError
        when this feed does not have the season (the CDN has the current one only).
        """

    def scoreboard(self, day: date, expected: Collection[str] = ()) -> Parsed[ScheduledGame]:
        """The games of one league day with their present status. One call (the CDN: two for a day not today).

        `expected` are ids of games that the stored schedule puts on that day: when the answer has none of them, it is
        not believed and FeedEmptyError is raised; without them a well-formed empty list means "no games".
        """

    def boxes(self, games: Sequence[Game]) -> Delivery:
        """Team and player rows of final games: batches of kinds TEAM_LOG and PLAYER_LOG.

        stats.nba.com is asked in windows, two calls for each type of season among the games (their days from first to
        last, so that other games of these days may come along), one call for a Cup final. The CDN is asked game by
        game.
        """

    def season_boxes(self, season: int, games: Sequence[Game] = ()) -> Delivery:
        """As `boxes`, for every final game of a season; at most seven calls. stats.nba.com only (FeedMissingError).

        `games` are the final games that the schedule knows, if it is known: those not delivered are named missing,
        and a type of season among them must not come empty.
        """

    def plays(self, game_id: str) -> Delivery:
        """The score timeline of one final game: one batch of kind TIMELINE. One call."""

    def players(self, season: int) -> Parsed[PlayerListing]:
        """The league's list of players, past ones too. One call. stats.nba.com only (FeedMissingError)."""


def undelivered(wanted: Iterable[str], batches: Iterable[Batch]) -> tuple[str, ...]:
    """The ids among `wanted` that lack rows in any of the batches, in order."""
    delivered = [
        {str(row[0]) for table in batch.tables for row in batch.rows(table, ("game_id",))} for batch in batches
    ]
    return tuple(sorted(game_id for game_id in set(wanted) if not all(game_id in ids for ids in delivered)))
