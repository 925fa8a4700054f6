"""A feed on paper: a made-up season that plays itself as the day moves on, and that can fail in any of its answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from runpy import run_path
from typing import Any

import pandas as pd
import pytest
import stamina

from engine.core.calendar import SeasonType, noon_of, season_type_of
from engine.core.errors import FeedEmptyError, FeedError, FeedMissingError
from engine.core.progress import silent
from engine.core.records import Game, GameStatus
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncTask
from engine.core.teams import BY_ABBREVIATION, TEAMS
from engine.sources.feed import STATS, Delivery, Parsed, PlayerListing, ScheduledGame, undelivered
from engine.sources.files import logs as parsers
from engine.sources.files.marks import season_of_game
from engine.sources.files.sieve import Sieve
from engine.store.database import Database
from engine.sync.run import chosen, synchronise
from engine.sync.scope import Scope, seasons_of
from tests.engine.sync.small_evening import Evening

logs = run_path(str(Path(__file__).parents[1] / "sources" / "conftest.py"))["logs"]


class PaperFeed:
    """Implements `Feed` and `Server`. What was asked stands in `asked`; `errors` maps a method to what it raises."""

    def __init__(self, maker: Any) -> None:
        self.name = STATS
        self.today = date(2024, 10, 1)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.listed: dict[str, ScheduledGame] = {}
        self.lost: set[str] = set()
        self.without_players: set[str] = set()
        self.asked: list[str] = []
        self.errors: dict[str, FeedError] = {}
        self._maker = maker

    @property
    def calls(self) -> int:
        return len(self.asked)

    def play(self, game_id: str, day: date, teams: tuple[str, str] = ("BOS", "NYK"), score: Any = (111, 100)) -> str:
        """Put a game on the schedule together with the result that it will have."""
        self.rows[game_id] = self._maker.game(0, *teams, score, day.isoformat(), game_id)
        ids = (BY_ABBREVIATION[team].team_id for team in teams)
        kind = season_type_of(game_id) or SeasonType.REGULAR
        self.listed[game_id] = ScheduledGame(
            game_id, season_of_game(game_id), kind, day, noon_of(day) + timedelta(hours=7), *ids, False,
            GameStatus.SCHEDULED,
        )  # fmt: skip
        return game_id

    def schedule(self, season: int) -> Parsed[ScheduledGame]:
        self._asked("schedule")
        rows = tuple(self._present(game) for game in self.listed.values() if game.season == season)
        if not rows:
            raise FeedEmptyError(self.name, "no games")
        return Parsed(self.name, rows, len(rows))

    def scoreboard(self, day: date, expected: Collection[str] = ()) -> Parsed[ScheduledGame]:
        raise NotImplementedError

    def boxes(self, games: Sequence[Game]) -> Delivery:
        self._asked("boxes")
        return self._delivery([game.game_id for game in games])

    def season_boxes(self, season: int, games: Sequence[Game] = ()) -> Delivery:
        self._asked("season_boxes")
        every = sorted(key for key, one in self.listed.items() if one.season == season)
        delivery = self._delivery(every)
        return replace(delivery, missing=delivery.missing if games else ())

    def plays(self, game_id: str) -> Delivery:
        self._asked("plays")
        raise FeedMissingError(self.name, f"no plays of {game_id}")

    def players(self, season: int) -> Parsed[PlayerListing]:
        self._asked("players")
        rows = (PlayerListing(7, "A Rookie", BY_ABBREVIATION["BOS"].team_id, True),)
        return Parsed(self.name, rows, 1)

    def find(self, url: str) -> bytes | None:
        self._asked("find")
        return None

    def get(self, url: str, params: Mapping[str, str], secret: Mapping[str, str]) -> Any:
        raise NotImplementedError

    def _asked(self, what: str) -> None:
        self.asked.append(what)
        if what in self.errors:
            raise self.errors[what]

    def _over(self, game: ScheduledGame) -> bool:
        return game.league_day < self.today and game.status is GameStatus.SCHEDULED

    def _present(self, game: ScheduledGame) -> ScheduledGame:
        if not self._over(game):
            return game
        home, away = (row["PTS"] for row in self.rows[game.game_id])
        return replace(game, status=GameStatus.FINAL, home_points=home, away_points=away)

    def _delivery(self, wanted: Sequence[str]) -> Delivery:
        over = [game_id for game_id in wanted if self._over(self.listed[game_id]) and game_id not in self.lost]
        teams = [row for game_id in over for row in self.rows[game_id]]
        of_players = [
            row for key in over if key not in self.without_players for row in self._maker.players(self.rows[key])
        ]
        batches = tuple(
            parse(Sieve(pd.DataFrame(rows)))
            for parse, rows in ((parsers.team_log, teams), (parsers.player_log, of_players))
            if rows
        )
        played = {key for key in wanted if self._over(self.listed[key])}
        if played and not batches:
            raise FeedEmptyError(self.name, "no box score came")
        missing = undelivered(wanted, batches) if batches else tuple(wanted)
        return Delivery(self.name, batches, missing)


class League:
    """A database that is synchronised with a feed on paper, day by day."""

    def __init__(self, database: Database, feed: PaperFeed) -> None:
        self.database, self.feed = database, feed

    def sync(self, *only: str, now: datetime | None = None, **values: Any) -> dict[str, SyncTask]:
        """One synchronisation at noon of the feed's day; its reports by task. `feed.asked` begins anew."""
        self.feed.asked.clear()
        moment = now or noon_of(self.feed.today)
        seasons = values.pop("seasons", ()) or seasons_of(self.database, self.feed.today, values.get("day"))
        progress = values.pop("progress", silent)
        scope = Scope(self.database, self.feed, self.feed, SourceAccess(), lambda: moment, progress, seasons, **values)
        return {report.task: report for report in synchronise(scope, chosen(only))}

    def results(self) -> int:
        """How many games have their result stored."""
        return len(self.database.rows("SELECT 1 FROM games WHERE status = 'final'"))


@pytest.fixture
def league(tmp_path: Path, logs: Any) -> Iterator[League]:
    database = Database(tmp_path / "home" / "nbabot.db")
    with stamina.set_testing(True, attempts=2, cap=True):
        yield League(database, PaperFeed(logs))
    database.close()


@pytest.fixture
def season(league: League) -> League:
    """The same with three games a day for the first 20 days of the season 2024-25."""
    pairs = (("BOS", "NYK"), ("LAL", "DEN"), ("MIA", "CHI"))
    for number in range(60):
        day = date(2024, 10, 22) + timedelta(days=number // 3)
        league.feed.play(f"00224{number + 1:05d}", day, pairs[number % 3], (100 + number, 99))
    return league


@pytest.fixture
def busy(league: League) -> League:
    """The same with fifteen games on each of the first six days."""
    codes = [team.abbreviation for team in TEAMS]
    for number in range(90):
        pair = codes[number % 15], codes[15 + number % 15]
        league.feed.play(f"00224{number + 1:05d}", date(2024, 10, 22) + timedelta(days=number // 15), pair)
    return league


@pytest.fixture
def evening(home: Path) -> Iterator[Evening]:
    """An evening whose feed shows nothing yet, shortly after the tip-offs."""
    found = Evening(home)
    yield found
    found.engine.close()
    found.database.close()
