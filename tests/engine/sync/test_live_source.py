"""The live feed as the settings describe it, and as the stand-in for the real host answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.live_files import games_of, made_up_games, play_by_play, scoreboard
from bench.live_host import LiveHost
from bench.stand_in import access
from engine.core.calendar import noon_of
from engine.core.errors import FeedDownError, FeedError, FeedPausedError
from engine.core.live_games import LivePoll, LiveStatus
from engine.engine import DATABASE, Engine
from engine.sources.live_replay import sighting_at
from engine.store import live
from engine.store.database import Database
from engine.sync.live_source import open_live_feed
from engine.sync.sources import open_sources
from tests.conftest import DEMO_DAY

DAY = date(2025, 1, 15)
BOARD = "scoreboard/todaysScoreboard_00.json"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 16, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_trouble_with_live_files_pauses_no_synchronisation_and_ends_by_the_clock_that_was_given() -> None:
    clock = Clock()
    with LiveHost(made_up_games(DAY, 1)) as host, closing(open_live_feed(host.access(), clock)) as feed:
        host.fail("500", 3)
        for error in (FeedDownError, FeedDownError, FeedDownError, FeedPausedError):
            with pytest.raises(error):
                feed.scoreboard()
        with open_sources(host.access(), clock) as daily:
            assert daily.feed.feeds[0].scoreboard(DAY).rows
        clock.now += timedelta(seconds=15)
        assert feed.scoreboard() is not None


class Night:
    """An engine that asks a host on loopback for the games of its day, and the clock of both."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.host = LiveHost(games_of(home, DEMO_DAY)[:2])
        self.one = self.host.games[0]
        self.clock = Clock()
        self.clock.now = self.one.tip + timedelta(minutes=30)
        self.engine = self.open()

    def open(self) -> Engine:
        """The program, started."""
        return Engine(self._home, now=self.clock, live_feed=lambda: open_live_feed(self.host.access(), self.clock))

    def at(self, played: int | None = None, seconds: float = 30) -> LivePoll:
        """Ask some seconds later, after so many seconds of play; without them the host's files stay as they are."""
        if played is not None:
            self.host.at(played)
        self.clock.now += timedelta(seconds=seconds)
        return self.engine.poll_live()

    @property
    def stand(self) -> tuple[LiveStatus, int, int]:
        """Status and points of the first game."""
        state = self.engine.live(self.one.game.game_id).view.state
        return state.status, state.moment.home, state.moment.away

    def true_stand(self, played: int) -> tuple[int, int]:
        """Points of the first game after so many seconds."""
        seen = sighting_at(self.one.game, self.one.scores, played, self.one.tip)
        return seen.home, seen.away


@pytest.fixture
def night(home: Path) -> Iterator[Night]:
    """Half an hour after the tip-off of two games."""
    one = Night(home)
    yield one
    one.engine.close()
    one.host.close()


def test_a_game_is_followed_through_faults_and_a_restart_to_its_end_and_its_whole_course_is_known(night: Night) -> None:
    assert night.at(600).changed
    for played, kind in ((700, "500"), (800, "truncated"), (900, "stale"), (1000, "missing"), (1100, "no games")):
        night.host.fail(kind, 1, "scoreboard")
        assert night.at(played).changed == () or kind == "missing"
        assert night.at(played + 20).changed
        assert night.stand[1:] == night.true_stand(played + 20)
    night.engine.close()
    night.engine = night.open()
    assert night.at(2000).problem == ""
    night.host.fail("500", 2, "playbyplay")
    night.at(2100)
    assert night.stand[1:] == night.true_stand(2100)
    night.at(night.host.length())
    assert night.stand == (LiveStatus.FINAL, *night.true_stand(9999))
    with closing(Database(night.engine.home / DATABASE)) as database:
        assert live.scores(database, night.one.game.game_id) == night.one.scores


def test_a_host_that_goes_on_showing_what_was_doubted_is_believed_though_its_files_are_unchanged(night: Night) -> None:
    night.at(1440)
    home, away = night.true_stand(1440)
    night.host.fail("backwards", 99, "scoreboard")
    assert night.at(1440).changed == ()
    assert night.stand == (LiveStatus.LIVE, home, away)
    for _ in range(10):
        night.at(seconds=6)
    assert night.stand == (LiveStatus.LIVE, home - 6, away - 6)


def test_a_host_shows_the_games_that_a_home_folder_knows_as_they_went(engine_at: Callable[[date], Engine]) -> None:
    engine = engine_at(DEMO_DAY)
    known = [forecast.game.game_id for forecast in engine.slate().games]
    hosted = games_of(engine.home, DEMO_DAY)
    assert [one.game.game_id for one in hosted] == known
    past = engine_at(DEMO_DAY + timedelta(days=1)).timeline(known[0])
    assert hosted[0].scores == past.scores


@pytest.mark.end_to_end
def test_the_stand_in_for_the_real_host_is_understood(tool: Any) -> None:
    hosted = made_up_games(DAY, 3)
    one = hosted[0].game
    with tool.ReplayNBA() as server, closing(open_live_feed(access(server), lambda: noon_of(DAY))) as feed:
        server.serve_schedule(
            [
                {"GAME_ID": game.game_id, "GAME_DATE": DAY.isoformat(), "HOME_TEAM_ID": game.home_id,
                 "AWAY_TEAM_ID": game.away_id, "HOME_PTS": 100, "AWAY_PTS": 90}
                for game in (other.game for other in hosted)
            ]
        )  # fmt: skip
        server.today = DAY.isoformat()
        morning = feed.scoreboard()
        assert morning is not None
        assert [(seen.status, seen.home_id) for seen in morning.games] == [
            (LiveStatus.UPCOMING, other.game.home_id) for other in hosted
        ]
        shown = [sighting_at(other.game, other.scores, 1000, other.tip) for other in hosted]
        server.add_live(BOARD, scoreboard(DAY, shown))
        server.add_live(f"playbyplay/playbyplay_{one.game_id}.json", play_by_play(hosted[0], 1000))
        evening, course = feed.scoreboard(), feed.plays(one.game_id)
        assert evening is not None
        assert evening.games == tuple(shown)
        assert course is not None
        assert course.scores == tuple(score for score in hosted[0].scores if score.played <= 1000)
        assert (feed.scoreboard(), feed.plays(one.game_id)) == (None, None)


@pytest.mark.end_to_end
@pytest.mark.parametrize("kind", ["403", "429", "500", "reset", "html", "truncated", "short", "renamed", "nokey"])
def test_every_fault_of_the_stand_in_is_one_sentence(kind: str, tool: Any) -> None:
    hosted = made_up_games(DAY, 1)
    with tool.ReplayNBA() as server, closing(open_live_feed(access(server), lambda: noon_of(DAY))) as feed:
        server.add_live(BOARD, scoreboard(DAY, [sighting_at(hosted[0].game, hosted[0].scores, 9, hosted[0].tip)]))
        server.fail(kind, n=1, match="scoreboard")
        with pytest.raises(FeedError, match=r"^cdn\.nba\.com.*\.$"):
            feed.scoreboard()
        assert feed.scoreboard() is not None
