"""cdn.nba.com: the files behind the league's own pages, a complete second route for everything daily.

It serves hosts that stats.nba.com refuses. It has the current season only, one box score a file, and no list of
players. What is not there it answers with status 403 and a short XML text, as Amazon's storage does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from engine.core import calendar
from engine.core.errors import FeedEmptyError, FeedError, FeedMissingError, FeedShapeError
from engine.core.records import Game
from engine.sources.feed import CDN, Delivery, Parsed, PlayerListing, ScheduledGame
from engine.sources.nba.shape import Payload

if TYPE_CHECKING:
    from engine.sources.http import Fetcher
    from engine.sources.nba.boxes import Rows

BASE_URL = "https://cdn.nba.com/static/json"
HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "application/json, text/plain, */*",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "en-US,en;q=0.9",
    "Origin": "https://www.nba.com",
    "Referer": "https://www.nba.com/",
}
_ONE_GAME = (FeedMissingError, FeedShapeError, FeedEmptyError)
"""Errors that concern one game's file; any other says that the host itself does not serve us."""
_NONE_HERE = 8
"""After so many games without a sound file, and none with one, the others are not asked for: a past season has none."""

R = TypeVar("R")


class NbaCdn:
    """The feed of cdn.nba.com; see engine.sources.feed.Feed for what each method promises.

    `base_url` is the part of the addresses before `/liveData` and `/staticData`.
    """

    name = CDN

    def __init__(self, fetcher: Fetcher, base_url: str = BASE_URL, headers: Mapping[str, str] | None = None) -> None:
        self._fetcher = fetcher
        self._base_url = base_url.rstrip("/")
        self._headers = {**HEADERS, **(headers or {})}

    def schedule(self, season: int) -> Parsed[ScheduledGame]:
        """All games of the current season."""
        from engine.sources.nba.schedule import read_schedule

        path = "staticData/scheduleLeagueV2.json"
        return self._ask("schedule", calendar.season_label(season), path, lambda one: read_schedule(CDN, one, season))

    def scoreboard(self, day: date, expected: Collection[str] = ()) -> Parsed[ScheduledGame]:
        """The games of one league day: today's scoreboard, or what the schedule says of another day."""
        from engine.sources.nba.schedule import believed, read_scoreboard

        path = "liveData/scoreboard/todaysScoreboard_00.json"
        shown, parsed = self._ask("scoreboard", day.isoformat(), path, lambda one: read_scoreboard(CDN, one))
        if shown != day:
            whole = self.schedule(calendar.season_of(day))
            rows = tuple(game for game in whole.rows if game.league_day == day)
            parsed = Parsed(CDN, rows, len(rows), notes=(f"the scoreboard shows {shown}: taken from the schedule",))
        return believed(parsed, day, expected)

    def boxes(self, games: Sequence[Game]) -> Delivery:
        """Team and player rows of final games, one call a game.

        A game whose file is not there or not sound is missing. When the host fails, the rest are missing; when it
        does so before any game came, the error is raised, as it is when the first _NONE_HERE games are all missing.
        """
        from engine.sources.nba import boxes

        if not games:
            return Delivery(CDN, ())
        found: list[Rows] = []
        notes: tuple[str, ...] = ()
        last: FeedError | None = None
        for game in games:
            try:
                found.append(self._box(game.game_id))
            except FeedError as error:
                last = error
                notes += (str(error),)
                if not isinstance(error, _ONE_GAME) or (not found and len(notes) == _NONE_HERE):
                    break
        if last is not None and not found:
            raise last
        return boxes.delivered(CDN, found, [game.game_id for game in games], notes)

    def season_boxes(self, season: int, games: Sequence[Game] = ()) -> Delivery:
        """Not to be had here: raises FeedMissingError."""
        raise FeedMissingError(
            CDN,
            f'{CDN} has no logs of whole seasons: set sources.prefer = "stats" on a machine that stats.nba.com serves, '
            "or import files with nbabot import.",
        )

    def plays(self, game_id: str) -> Delivery:
        """The score timeline of one game."""
        from engine.sources.nba.plays import read_plays

        path = f"liveData/playbyplay/playbyplay_{game_id}.json"
        batch = self._ask("plays", game_id, path, lambda one: read_plays(CDN, one, game_id))
        return Delivery(CDN, (batch,))

    def players(self, season: int) -> Parsed[PlayerListing]:
        """Not to be had here: raises FeedMissingError."""
        raise FeedMissingError(CDN, f"{CDN} has no list of players: names come with the box scores.")

    def _box(self, game_id: str) -> Rows:
        from engine.sources.nba.boxes import read_live_box

        path = f"liveData/boxscore/boxscore_{game_id}.json"
        return self._ask("box", game_id, path, lambda one: read_live_box(CDN, one, game_id))

    def _ask(self, kind: str, key: str, path: str, read: Callable[[Payload], R]) -> R:
        from engine.sources.http import Call

        call = Call(CDN, kind, key, f"{self._base_url}/{path}", headers=self._headers)
        return self._fetcher.fetch(call, lambda answer: read(answer.json()))
