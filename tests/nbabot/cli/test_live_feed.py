"""`live` in a fresh home with a schedule and a feed: nothing was imported, and yet games under way are forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.live_evening import evening
from bench.live_files import HostedGame
from bench.live_host import LiveHost
from engine.core import words
from engine.core.calendar import league_day, machine_clock, noon_of
from engine.core.live import moment_at

Run = Callable[..., Any]
PLAYED = 1500


@dataclass
class Evening:
    games: list[HostedGame]
    host: LiveHost
    live: Run

    def score(self, number: int, played: int) -> str:
        """A game's score at a moment as the board writes it."""
        one = self.games[number]
        moment = moment_at(one.scores, played)
        return f"{words.code(one.game.away_id)} {moment.away}-{moment.home} {words.code(one.game.home_id)}"


@pytest.fixture
def tonight(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    now = machine_clock()
    early = noon_of(league_day(now)) - timedelta(hours=12)
    games = evening(tmp_path / "home", max(early, now - timedelta(seconds=PLAYED)), 2)
    with LiveHost(games) as host:
        host.at(PLAYED)
        monkeypatch.setenv("NBABOT_SOURCES__CDN_URL", host.url)
        yield Evening(games, host, lambda *options: run("live", *options, "--home", tmp_path / "home"))


def test_a_fresh_home_forecasts_games_under_way_and_asks_the_feed_no_more_often_than_it_may(tonight: Evening) -> None:
    first = tonight.live()
    assert (first.code, first.err) == (0, "")
    for number in (0, 1):
        line = next(line for line in first.out.split("\n") if tonight.score(number, PLAYED) in line)
        assert " · Q3 11:00 · " in line
        assert line.endswith("%")
    assert first.out.count("8 times in 10)") == 2
    asked = len(tonight.host.asked)
    again = tonight.live("--json").json
    assert len(tonight.host.asked) == asked
    assert {game["status"] for game in again["games"]} == {"live"}
    assert all(0 < game["forecast"]["home_win_prob"] < 1 for game in again["games"])


def test_games_are_watched_until_they_are_over(tonight: Evening) -> None:
    tonight.host.at(tonight.host.length())
    told = tonight.live("--watch")
    assert (told.code, told.err) == (0, "")
    lines = told.out.strip().split("\n")
    assert len(lines) == len(tonight.games)
    assert all("Final" in line for line in lines)


def test_a_feed_that_does_not_answer_is_a_note_beside_what_is_known(tonight: Evening) -> None:
    tonight.host.fail("403", 9)
    told = tonight.live()
    assert told.code == 0
    assert "403" in told.out
    assert words.code(tonight.games[0].game.home_id) in told.out
