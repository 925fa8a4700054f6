"""stats.nba.com through nba_api's own description of its endpoints: URL, parameters and headers are the library's.

The request itself goes through our Fetcher, because nba_api checks neither status nor content, never retries, and
waits for ever on an answer that drips. The season is always passed: nba_api's default is fixed when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from engine.core import calendar
from engine.core.calendar import SeasonType, season_label
from engine.core.errors import FeedMissingError
from engine.core.records import Game
from engine.sources.feed import STATS, Delivery, Parsed, PlayerListing, ScheduledGame
from engine.sources.files.batch import Kind
from engine.sources.nba.shape import Payload, wrong_shape

if TYPE_CHECKING:
    import pandas as pd

    from engine.sources.http import Call, Fetcher
    from engine.sources.nba.boxes import Rows

_SEASON_TYPE = {
    SeasonType.REGULAR: "Regular Season",
    SeasonType.PLAYOFFS: "Playoffs",
    SeasonType.PLAY_IN: "PlayIn",
}
"""Names of the types in the logs. The Cup final stands in none of them: its box score is asked for."""
_FIRST_PLAY_IN = 2019
_READABLE = "gzip, deflate"

Days = tuple[date, date]
Window = tuple[int, SeasonType, Days | None]
"""Season, type of game, and first and last league day; None means all days."""

R = TypeVar("R")


class NbaStats:
    """The feed of stats.nba.com; see engine.sources.feed.Feed for what each method promises.

    `base_url` holds `{endpoint}`; None means nba_api's own. `headers` are added to nba_api's or replace them.
    """

    name = STATS

    def __init__(
        self,
        fetcher: Fetcher,
        today: Callable[[], date],
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._today = today
        self._base_url = base_url
        self._headers = dict(headers or {})

    def schedule(self, season: int) -> Parsed[ScheduledGame]:
        """All games of a season."""
        from nba_api.stats.endpoints.scheduleleaguev2 import ScheduleLeagueV2

        from engine.sources.nba.schedule import read_schedule

        endpoint = ScheduleLeagueV2(season=season_label(season), get_request=False)
        return self._ask(
            "schedule", season_label(season), endpoint, lambda payload: read_schedule(STATS, payload, season)
        )

    def scoreboard(self, day: date, expected: Collection[str] = ()) -> Parsed[ScheduledGame]:
        """The games of one league day."""
        from nba_api.stats.endpoints.scoreboardv3 import ScoreboardV3

        from engine.sources.nba.schedule import believed, read_scoreboard

        def read(payload: Payload) -> Parsed[ScheduledGame]:
            shown, parsed = read_scoreboard(STATS, payload)
            if shown != day:
                raise wrong_shape(STATS, f"of {shown} for {day}")
            return believed(parsed, day, expected)

        return self._ask(
            "scoreboard", day.isoformat(), ScoreboardV3(game_date=day.isoformat(), get_request=False), read
        )

    def boxes(self, games: Sequence[Game]) -> Delivery:
        """Team and player rows of final games, asked for in windows of days."""
        from engine.sources.nba import boxes

        if not games:
            return Delivery(STATS, ())
        wanted = {game.game_id for game in games}
        finals = [game for game in games if game.season_type is SeasonType.CUP_FINAL]
        windows = [self._logs(*window) for window in _windows(games)]
        parts = [rows for rows in windows if rows is not None]
        extra, notes = self._cup_finals(finals)
        return boxes.delivered(STATS, [*parts, *extra], wanted, notes)

    def season_boxes(self, season: int, games: Sequence[Game] = ()) -> Delivery:
        """Every final game of a season; without `games`, a season that is over must have its play-offs."""
        from engine.sources.nba import boxes

        finals = [game for game in games if game.season_type is SeasonType.CUP_FINAL]
        kinds = {game.season_type for game in games} & set(_SEASON_TYPE) if games else set(_SEASON_TYPE)
        needed = kinds if games else self._certain(season)
        parts: list[Rows] = []
        notes: tuple[str, ...] = () if games else ("the Cup final, if there was one, comes once the schedule is known",)
        for kind in (kind for kind in _SEASON_TYPE if kind in kinds):
            rows = self._logs(season, kind, needed=kind in needed)
            if rows is None:
                notes += (f"no {kind} game of {season_label(season)} yet",)
            else:
                parts.append(rows)
        extra, more = self._cup_finals(finals)
        wanted = [game.game_id for game in games]
        return boxes.delivered(STATS, [*parts, *extra], wanted, notes + more)

    def plays(self, game_id: str) -> Delivery:
        """The score timeline of one game."""
        from nba_api.stats.endpoints.playbyplayv3 import PlayByPlayV3

        from engine.sources.nba.plays import read_plays

        endpoint = PlayByPlayV3(game_id=game_id, get_request=False)
        batch = self._ask("plays", game_id, endpoint, lambda payload: read_plays(STATS, payload, game_id))
        return Delivery(STATS, (batch,))

    def players(self, season: int) -> Parsed[PlayerListing]:
        """The league's list of players."""
        from nba_api.stats.endpoints.commonallplayers import CommonAllPlayers

        from engine.sources.nba.tables import read_players

        endpoint = CommonAllPlayers(is_only_current_season=0, season=season_label(season), get_request=False)
        return self._ask("players", season_label(season), endpoint, lambda payload: read_players(STATS, payload))

    def _certain(self, season: int) -> set[SeasonType]:
        """The types of games that a season must have by now: one that is over, all that it had."""
        if season >= calendar.season_of(self._today()):
            return {SeasonType.REGULAR}
        return set(_SEASON_TYPE) if season > _FIRST_PLAY_IN else {SeasonType.REGULAR, SeasonType.PLAYOFFS}

    def _logs(self, season: int, kind: SeasonType, days: Days | None = None, needed: bool = True) -> Rows | None:
        """Team and player rows of one type of game, of all days or of a window; two calls. None without games."""
        from engine.sources.nba.boxes import Rows

        teams = self._log((season, kind, days), Kind.TEAM_LOG, needed)
        return None if teams.empty else Rows(teams, self._log((season, kind, days), Kind.PLAYER_LOG))

    def _log(self, window: Window, log: Kind, needed: bool = True) -> pd.DataFrame:
        from nba_api.stats.endpoints.leaguegamelog import LeagueGameLog

        from engine.sources.nba.tables import read_log

        season, kind, days = window
        first, last = (f"{day:%m/%d/%Y}" for day in days) if days else ("", "")
        endpoint = LeagueGameLog(
            player_or_team_abbreviation="T" if log is Kind.TEAM_LOG else "P",
            season=season_label(season),
            season_type_all_star=_SEASON_TYPE[kind],
            date_from_nullable=first,
            date_to_nullable=last,
            get_request=False,
        )
        key = "_".join([season_label(season), kind, *(day.isoformat() for day in days or ())])
        return self._ask(
            log.value.replace(" ", "_"), key, endpoint, lambda payload: read_log(STATS, payload, log, needed)
        )

    def _cup_finals(self, games: Iterable[Game]) -> tuple[list[Rows], tuple[str, ...]]:
        """Box scores of Cup finals, one call each, and a note on each that is not there."""
        found: list[Rows] = []
        notes: tuple[str, ...] = ()
        for game in games:
            try:
                found.append(self._box(game.game_id, game.league_day))
            except FeedMissingError as error:
                notes += (str(error),)
        return found, notes

    def _box(self, game_id: str, day: date) -> Rows:
        from nba_api.stats.endpoints.boxscoretraditionalv3 import BoxScoreTraditionalV3

        from engine.sources.nba.boxes import read_box

        endpoint = BoxScoreTraditionalV3(game_id=game_id, get_request=False)
        return self._ask("box", f"{game_id}_{day}", endpoint, lambda payload: read_box(STATS, payload, game_id, day))

    def _ask(self, kind: str, key: str, endpoint: Any, read: Callable[[Payload], R]) -> R:
        return self._fetcher.fetch(self._call(kind, key, endpoint), lambda answer: read(answer.json()))

    def _call(self, kind: str, key: str, endpoint: Any) -> Call:
        """The request that nba_api would make. It sorts the parameters: some endpoints care."""
        from nba_api.stats.library.http import NBAStatsHTTP

        from engine.sources.http import Call

        url = (self._base_url or NBAStatsHTTP.base_url).format(endpoint=endpoint.endpoint)
        params = {name: "" if value is None else str(value) for name, value in sorted(endpoint.parameters.items())}
        headers = {**NBAStatsHTTP.headers, "Accept-Encoding": _READABLE, **self._headers}
        headers.pop("Host", None)  # it follows from the URL, which may be another one than nba_api's
        return Call(STATS, kind, key, url, params, headers)


def _windows(games: Iterable[Game]) -> list[tuple[int, SeasonType, Days]]:
    """For each season and type of game that the logs know: first and last day of the games."""
    days: dict[tuple[int, SeasonType], list[date]] = {}
    for game in games:
        if game.season_type in _SEASON_TYPE:
            days.setdefault((game.season, game.season_type), []).append(game.league_day)
    return [(season, kind, (min(listed), max(listed))) for (season, kind), listed in days.items()]
