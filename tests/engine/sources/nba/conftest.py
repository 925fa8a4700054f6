"""A made-up day of games as both hosts would serve it, and feeds that talk to a stand-in for the hosts on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.stand_in import STATISTICS
from engine.core.calendar import SeasonType
from engine.core.records import Game
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.feeds import FallbackFeed, FeedOptions, open_feeds
from engine.sources.http import Fetcher
from engine.sources.pacing import Patience
from engine.sources.raw import RawArchive

NOON = datetime(2024, 11, 2, 16, tzinfo=UTC)
DAY = date(2024, 11, 1)
HASTY = Patience(
    connect_s=1, read_s=0.3, answer_s=0.4, attempts=2, total_s=5, backoff_s=0.01, jitter_s=0, gap_s=0, gaps={},
    longest_wait_s=0.2,
)  # fmt: skip
Rows = list[dict[str, Any]]


class League:
    """Three made-up games of one night, as rows of logs and as files of the CDN."""

    def __init__(self, logs: Any) -> None:
        sides = (("BOS", "NYK", (111, 100)), ("LAL", "DEN", (98, 104)), ("MIA", "ATL", (120, 119)))
        self.games = [
            logs.game(number, home, away, score, day=DAY.isoformat())
            for number, (home, away, score) in enumerate(sides, start=1)
        ]
        self.players = [row for game in self.games for row in logs.players(game)]

    @property
    def asked(self) -> list[Game]:
        """The games as the store knows them from the schedule."""
        return [
            Game(home["GAME_ID"], 2024, SeasonType.REGULAR, DAY, home["TEAM_ID"], away["TEAM_ID"])
            for home, away in self.games
        ]

    def live_box(self, number: int = 0, status: int = 3) -> dict[str, Any]:
        """The CDN's box score of one game."""
        game = self.games[number]
        sides = [self._side(row) for row in game]
        head = {"gameId": game[0]["GAME_ID"], "gameStatus": status, "gameTimeUTC": "2024-11-02T00:30:00Z"}
        return {"meta": {"code": 200}, "game": head | dict(zip(("homeTeam", "awayTeam"), sides, strict=True))}

    def _side(self, row: dict[str, Any]) -> dict[str, Any]:
        own = [one for one in self.players if (one["GAME_ID"], one["TEAM_ID"]) == (row["GAME_ID"], row["TEAM_ID"])]
        sat = {"personId": 7, "name": "Sat Out", "played": "0", "statistics": {}}
        team = statistics(row) | {"minutes": "PT240M00.00S", "turnovers": row["TOV"] - 2, "turnoversTotal": row["TOV"]}
        listed = [
            {"personId": one["PLAYER_ID"], "name": one["PLAYER_NAME"], "played": "1",
             "statistics": statistics(one) | {"minutes": "PT30M31.00S"}}
            for one in own
        ]  # fmt: skip
        return {"teamId": row["TEAM_ID"], "score": row["PTS"], "players": [*listed, sat], "statistics": team}


def statistics(row: dict[str, Any]) -> dict[str, Any]:
    """The counts of a log's row under the names of a box score."""
    return {name: row[column] for column, name in STATISTICS.items()}


def scheduled(game_id: str = "0022400001", **changes: Any) -> dict[str, Any]:
    """One game of a schedule, BOS against NYK, not yet played."""
    sides = {"homeTeam": {"teamId": 1610612738, "score": 0}, "awayTeam": {"teamId": 1610612752, "score": 0}}
    game = {
        "gameId": game_id, "gameStatus": 1, "gameStatusText": "7:30 pm ET", "gameDateEst": "2024-11-01T00:00:00Z",
        "gameDateTimeUTC": "2024-11-01T23:30:00Z", "postponedStatus": "A", "gameSubtype": "", "isNeutral": False,
        "ifNecessary": False, **sides,
    }  # fmt: skip
    return game | changes


@pytest.fixture
def league(logs: Any) -> League:
    """Three games of 2024-11-01."""
    return League(logs)


@pytest.fixture
def make_game() -> Callable[..., dict[str, Any]]:
    """A maker of scheduled games."""
    return scheduled


@pytest.fixture
def nba(tool: ModuleType, league: League) -> Iterator[Any]:
    """The stand-in with the three games: both hosts know all of them, and today is the day after."""
    with tool.ReplayNBA() as server, tool.pointed_at(server):
        server.serve_team_games([row for game in league.games for row in game])
        server.serve_player_games(league.players)
        server.today = "2024-11-02"
        for number, game in enumerate(league.games):
            server.add_live(f"boxscore/boxscore_{game[0]['GAME_ID']}.json", league.live_box(number))
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> RawArchive:
    """An archive of raw payloads in a folder of its own."""
    return RawArchive(tmp_path / "raw")


@pytest.fixture
def make_feed(archive: RawArchive) -> Iterator[Callable[..., FallbackFeed]]:
    """Opens the feed of both hosts at a stand-in, with little patience."""
    fetchers: list[Fetcher] = []

    def make(
        server: Any, prefer: Any = "stats", patience: Patience = HASTY, memory: Any = None, now: datetime = NOON
    ) -> FallbackFeed:
        breaker = Breaker(memory or ForgetfulMemory(), lambda: now, patience)
        fetchers.append(Fetcher(breaker, lambda: now, archive, patience))
        return open_feeds(fetchers[-1], lambda: now, FeedOptions(prefer, cdn_url=f"{server.url}/static/json"))

    yield make
    for fetcher in fetchers:
        fetcher.close()
