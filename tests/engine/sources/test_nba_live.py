"""The live feed of cdn.nba.com against a host on loopback that can go wrong in every way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bench.live_files import made_up_games, scoreboard
from bench.live_host import FAULTS, LiveHost
from engine.core.errors import (
    FeedBlockedError,
    FeedDownError,
    FeedEmptyError,
    FeedError,
    FeedMissingError,
    FeedPausedError,
    FeedShapeError,
    FeedTimeoutError,
)
from engine.core.live_games import LiveStatus
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.http import Answer, Call, Fetcher
from engine.sources.live import Scoreboard
from engine.sources.nba_live import LIVE_PATIENCE, CdnLive
from engine.sources.pacing import Patience

DAY = date(2025, 1, 15)
HASTY = replace(LIVE_PATIENCE, read_s=0.2, answer_s=0.4, gaps={}, gap_s=0, jitter_s=0)
ERRORS: dict[str, dict[str, type[FeedError]]] = {
    "403": {"scoreboard": FeedBlockedError, "playbyplay": FeedBlockedError},
    "absent": {"scoreboard": FeedMissingError, "playbyplay": FeedMissingError},
    "404": {"scoreboard": FeedMissingError, "playbyplay": FeedMissingError},
    "429": {"scoreboard": FeedBlockedError, "playbyplay": FeedBlockedError},
    "500": {"scoreboard": FeedDownError, "playbyplay": FeedDownError},
    "empty": {"scoreboard": FeedShapeError, "playbyplay": FeedShapeError},
    "html": {"scoreboard": FeedShapeError, "playbyplay": FeedShapeError},
    "truncated": {"scoreboard": FeedShapeError, "playbyplay": FeedShapeError},
    "garbled": {"scoreboard": FeedShapeError, "playbyplay": FeedShapeError},
    "broken": {"playbyplay": FeedShapeError},
    "absurd": {"scoreboard": FeedShapeError, "playbyplay": FeedShapeError},
    "hang": {"scoreboard": FeedTimeoutError, "playbyplay": FeedTimeoutError},
    "cut": {"scoreboard": FeedDownError, "playbyplay": FeedDownError},
    "no games": {"playbyplay": FeedEmptyError},
}
"""The error of each fault by the file that it strikes; where none stands the file is read, as odd as it is."""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 16, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """One o'clock in the night of the games."""
    return Clock()


@pytest.fixture
def host() -> Iterator[LiveHost]:
    """Two games in their third quarter."""
    with LiveHost(made_up_games(DAY, 2)) as one:
        one.at(1500)
        yield one


@pytest.fixture
def open_live(clock: Clock) -> Iterator[Callable[..., CdnLive]]:
    """Opens live feeds of a host that are closed at the end."""
    opened: list[CdnLive] = []

    def make(host: LiveHost, patience: Patience = HASTY) -> CdnLive:
        fetcher = Fetcher(Breaker(ForgetfulMemory(), clock, patience), clock, None, patience)
        opened.append(CdnLive(fetcher, host.url))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def statuses(host: LiveHost) -> list[int]:
    return [one.status for one in host.asked]


def game_of(host: LiveHost, place: int = 0) -> str:
    return made_up_games(DAY, 2)[place].game.game_id


@pytest.mark.parametrize(("validators", "status"), [(True, 304), (False, 200)])
def test_what_has_not_changed_is_none_whether_the_host_says_so_or_sends_it_again(
    validators: bool, status: int, open_live: Callable[..., CdnLive]
) -> None:
    with LiveHost(made_up_games(DAY, 2), validators) as host:
        host.at(1500)
        feed, game_id = open_live(host), game_of(host)
        first, course = feed.scoreboard(), feed.plays(game_id)
        assert first is not None
        assert course is not None
        assert [game.status for game in first.games] == [LiveStatus.LIVE] * 2
        assert (feed.scoreboard(), feed.plays(game_id)) == (None, None)
        assert statuses(host) == [200, 200, status, status]
        host.at(1520)
        moved = feed.scoreboard()
        assert moved is not None
        assert moved.games[0].seconds_left == first.games[0].seconds_left - 20


def test_a_feed_opened_anew_reads_what_the_one_before_it_had_read(
    host: LiveHost, open_live: Callable[..., CdnLive]
) -> None:
    first = open_live(host).scoreboard()
    assert first is not None
    assert open_live(host).scoreboard() == first


@pytest.mark.parametrize("path", ["scoreboard", "playbyplay"])
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_one_sentence_or_odd_news_and_the_next_answer_is_read_in_full(
    kind: str, path: str, host: LiveHost, open_live: Callable[..., CdnLive], clock: Clock
) -> None:
    feed, game_id = open_live(host), game_of(host)
    ask = feed.scoreboard if path == "scoreboard" else lambda: feed.plays(game_id)
    assert ask() is not None
    host.at(1560)
    host.fail(kind, 1, path)
    error = ERRORS.get(kind, {}).get(path)
    if error is None:
        ask()
    else:
        with pytest.raises(error) as told:
            ask()
        assert str(told.value).startswith("cdn.nba.com")
        assert str(told.value).endswith(".")
        assert str(told.value).count(". ") == 0
    host.at(1600)
    clock.now += timedelta(minutes=3)
    assert ask() is not None
    assert ask() is None


def test_odd_news_is_told_as_it_came(host: LiveHost, open_live: Callable[..., CdnLive]) -> None:
    def told(kind: str) -> Scoreboard:
        """What a feed that knows of nothing hears of a fault."""
        host.fail(kind)
        found = open_live(host).scoreboard()
        assert found is not None
        return found

    host.at(1700)
    sound = open_live(host).scoreboard()
    assert sound is not None
    home, left = sound.games[0].home, sound.games[0].seconds_left
    assert told("backwards").games[0].home == home - 6
    assert told("stuck").games[0] == replace(sound.games[0], seconds_left=left + 120, text="Q3 09:40")
    assert told("missing").games == told("broken").games == sound.games[1:]
    assert {one.status for one in told("postponed").games} == {LiveStatus.PUT_OFF}
    assert {(one.status, one.text) for one in told("suspended").games} == {(LiveStatus.LIVE, "Suspended")}
    assert told("yesterday") == Scoreboard(DAY - timedelta(days=1), ())
    assert told("no games") == Scoreboard(DAY, ())


def test_an_older_file_than_the_last_one_is_no_news_until_the_host_insists(
    host: LiveHost, open_live: Callable[..., CdnLive]
) -> None:
    feed = open_live(host)
    assert feed.scoreboard() is not None
    host.at(1700)
    assert feed.scoreboard() is not None
    host.fail("stale", 9)
    assert [feed.scoreboard() for _ in range(3)] == [None] * 3
    old = feed.scoreboard()
    assert old is not None
    assert old.games[0].seconds_left == 580


def test_a_version_that_cannot_be_sent_back_is_not() -> None:
    body = json.dumps(scoreboard(DAY, [])).encode()
    asked: list[Call] = []

    class Odd:
        """Answers with headers that no client may send."""

        def fetch(self, call: Call, read: Callable[[Answer], object]) -> object:
            asked.append(call)
            return read(Answer(call.host, body + b" " * len(asked), {"ETag": "\xff", "Last-Modified": ""}))

    feed = CdnLive(Odd())  # type: ignore[arg-type]
    assert feed.scoreboard() == feed.scoreboard() == Scoreboard(DAY, ())
    assert asked[1].validators == {}


def test_the_ball_is_with_a_side_of_a_game_on_the_last_scoreboard(
    host: LiveHost, open_live: Callable[..., CdnLive]
) -> None:
    host.at(made_up_games(DAY, 1)[0].scores[40].played)
    blind, seeing = open_live(host), open_live(host)
    seeing.scoreboard()
    before, after = (feed.plays(game_of(host)) for feed in (blind, seeing))
    assert before is not None
    assert after is not None
    assert before.possession == 0
    assert before.scores == after.scores


def test_a_game_that_has_not_begun_has_no_plays(host: LiveHost, open_live: Callable[..., CdnLive]) -> None:
    host.at(-1)
    with pytest.raises(FeedMissingError, match="has no live file for"):
        open_live(host).plays(game_of(host))


def test_a_host_that_fails_is_left_alone_for_seconds_not_minutes_and_asked_once_each_time(
    host: LiveHost, open_live: Callable[..., CdnLive], clock: Clock
) -> None:
    feed = open_live(host)
    host.fail("500", 99)
    pauses = []
    for _ in range(3):
        with pytest.raises(FeedDownError):
            feed.scoreboard()
    for _ in range(5):
        asked, began = len(host.asked), clock.now
        while len(host.asked) == asked:
            with pytest.raises((FeedPausedError, FeedDownError)):
                feed.scoreboard()
            clock.now += timedelta(seconds=5)
        pauses.append((clock.now - began).total_seconds() - 5)
    assert pauses == [15, 30 - 5, 60 - 5, 120 - 5, 120 - 5]
    host.heal()
    clock.now += timedelta(seconds=120)
    assert feed.scoreboard() is not None


def test_plays_that_fail_do_not_stop_the_scoreboard(
    host: LiveHost, open_live: Callable[..., CdnLive], clock: Clock
) -> None:
    feed, game_id = open_live(host), game_of(host)
    host.fail("500", 3, "playbyplay")
    for played in range(1500, 1520, 5):
        host.at(played)
        assert feed.scoreboard() is not None
        with pytest.raises(FeedError):
            feed.plays(game_id)
    assert [one.status for one in host.asked if "playbyplay" in one.path] == [500] * 3
    clock.now += timedelta(seconds=15)
    assert feed.plays(game_id) is not None


def test_a_host_that_asks_to_be_left_alone_is_left_alone_for_as_long(
    open_live: Callable[..., CdnLive], clock: Clock, host: LiveHost
) -> None:
    assert LIVE_PATIENCE.attempts == 1
    feed = open_live(host)
    host.fail("429", 3)
    for _ in range(3):
        with pytest.raises(FeedBlockedError):
            feed.scoreboard()
    with pytest.raises(FeedPausedError):
        feed.scoreboard()
    clock.now += timedelta(seconds=15)
    assert feed.scoreboard() is not None
