"""The live feed as the settings describe it, and as the stand-in for the real host answers it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bench.live_files import games_of, made_up_games, play_by_play, scoreboard
from bench.live_host import LiveHost
from bench.stand_in import access
from engine.core.calendar import noon_of
from engine.core.errors import FeedDownError, FeedError, FeedPausedError
from engine.core.live_games import LiveStatus
from engine.engine import Engine
from engine.sources.live_replay import sighting_at
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
