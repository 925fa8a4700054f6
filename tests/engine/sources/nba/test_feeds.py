"""The feed that falls back from one host to the other, and the replay of what it kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.core.errors import (
    FeedEmptyError,
    FeedError,
    FeedMissingError,
    FeedPausedError,
    FeedShapeError,
    FeedTimeoutError,
)
from engine.core.records import Game
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.feed import CDN, STATS, Delivery, Parsed, PlayerListing
from engine.sources.feeds import FallbackFeed
from engine.sources.nba_cdn import NbaCdn
from engine.sources.pacing import Patience
from engine.sources.replay import replay

NOW = datetime(2024, 11, 2, 16, tzinfo=UTC)


class Told:
    """A feed that answers as it was told to: with an error, or with a delivery that lacks some games."""

    def __init__(self, name: str, error: FeedError | None = None, missing: tuple[str, ...] = ()) -> None:
        self.name = name
        self.error = error
        self.missing = missing
        self.asked: list[int] = []

    def boxes(self, games: Sequence[Game]) -> Delivery:
        self.asked.append(len(games))
        if self.error:
            raise self.error
        return Delivery(self.name, (), self.missing)

    def players(self, season: int) -> Parsed[PlayerListing]:
        if self.error:
            raise self.error
        return Parsed(self.name, (), 0)


@pytest.fixture
def breaker() -> Breaker:
    return Breaker(ForgetfulMemory(), lambda: NOW, Patience())


def hangs(host: str) -> FeedTimeoutError:
    return FeedTimeoutError(host, f"{host} does not answer: wait.")


def test_the_first_feed_that_answers_is_the_source_and_the_failure_before_it_is_noted(
    breaker: Breaker, league: Any
) -> None:
    feed: Any = FallbackFeed((Told(STATS, hangs(STATS)), Told(CDN)), breaker)  # type: ignore[arg-type]
    answer = feed.boxes(league.asked)
    assert (answer.source, answer.notes) == (CDN, ("stats.nba.com does not answer: wait.",))


def test_games_that_one_feed_lacks_are_asked_of_the_other_and_only_these(breaker: Breaker, league: Any) -> None:
    lacking = league.asked[1].game_id
    second = Told(CDN)
    feed: Any = FallbackFeed((Told(STATS, missing=(lacking,)), second), breaker)  # type: ignore[arg-type]
    answer = feed.boxes(league.asked)
    assert (answer.source, answer.missing, second.asked) == (f"{STATS}, {CDN}", (), [1])


def test_when_the_other_feed_fails_too_the_games_stay_named(breaker: Breaker, league: Any) -> None:
    lacking = league.asked[1].game_id
    feed: Any = FallbackFeed((Told(STATS, missing=(lacking,)), Told(CDN, hangs(CDN))), breaker)  # type: ignore[arg-type]
    answer = feed.boxes(league.asked)
    assert (answer.source, answer.missing) == (STATS, (lacking,))
    assert answer.notes == ("cdn.nba.com does not answer: wait.",)


def test_when_all_fail_one_sentence_names_each_with_its_reason(breaker: Breaker, league: Any) -> None:
    feed: Any = FallbackFeed((Told(STATS, hangs(STATS)), Told(CDN, hangs(CDN))), breaker)  # type: ignore[arg-type]
    with pytest.raises(FeedTimeoutError) as told:
        feed.boxes(league.asked)
    assert str(told.value) == (
        "No feed of the league answers (stats.nba.com does not answer; cdn.nba.com does not answer): "
        "run nbabot doctor, or try again later."
    )


def test_what_a_feed_never_had_is_no_failure_of_it(breaker: Breaker) -> None:
    never = FeedMissingError(CDN, f"{CDN} has no list of players: names come with the box scores.")
    feed: Any = FallbackFeed((Told(CDN, never), Told(STATS)), breaker)  # type: ignore[arg-type]
    assert feed.players(2024).notes == ()
    feed = FallbackFeed((Told(CDN, never), Told(STATS, hangs(STATS))), breaker)  # type: ignore[arg-type]
    with pytest.raises(FeedTimeoutError, match=r"not answer, and cdn\.nba\.com does not have this: try again later\.$"):
        feed.players(2024)


def test_a_season_that_both_say_is_unpublished_is_unpublished(breaker: Breaker) -> None:
    empty = [Told(host, FeedEmptyError(host, f"{host} lists no game: wait.")) for host in (STATS, CDN)]
    feed: Any = FallbackFeed(empty, breaker)  # type: ignore[arg-type]
    with pytest.raises(FeedEmptyError):
        feed.players(2024)


def test_the_feed_goes_by_the_name_of_the_host_that_it_would_ask(breaker: Breaker) -> None:
    feed = FallbackFeed((Told(STATS), Told(CDN)), breaker)  # type: ignore[arg-type]
    assert feed.name == STATS
    for _ in range(3):
        breaker.failed(STATS)
    assert feed.name == CDN


def test_a_paused_host_is_not_tried_for_what_only_it_has(breaker: Breaker) -> None:
    for _ in range(3):
        breaker.failed(STATS)

    class Paused(Told):
        def players(self, season: int) -> Parsed[PlayerListing]:
            breaker.check(self.name)
            raise AssertionError("asked in spite of the pause")

    never = FeedMissingError(CDN, f"{CDN} has no list of players: names come with the box scores.")
    feed: Any = FallbackFeed((Paused(STATS), Told(CDN, never)), breaker)  # type: ignore[arg-type]
    with pytest.raises(
        FeedPausedError, match=r"until 16:10 UTC, and cdn\.nba\.com does not have this: try again then\.$"
    ):
        feed.players(2024)


def test_the_cdn_is_not_asked_for_every_game_of_a_season_that_it_does_not_have(league: Any) -> None:
    asked: list[str] = []

    class Lacking:
        def fetch(self, call: Any, read: Any) -> Any:
            asked.append(call.key)
            raise FeedMissingError(CDN, f"{CDN} has no box for {call.key}: try again later.")

    games = [replace(league.asked[0], game_id=f"00423{number:05}") for number in range(500)]
    with pytest.raises(FeedMissingError, match="has no box"):
        NbaCdn(Lacking()).boxes(games)  # type: ignore[arg-type]
    assert len(asked) == 8


def test_the_cdn_says_what_to_do_instead_for_what_it_never_has() -> None:
    cdn = NbaCdn(None)  # type: ignore[arg-type]
    with pytest.raises(FeedMissingError, match="nbabot import"):
        cdn.season_boxes(2023)
    with pytest.raises(FeedMissingError, match="come with the box scores"):
        cdn.players(2024)


def test_opening_the_feeds_loads_nothing_heavy() -> None:
    code = (
        "import sys; import engine.sources.feeds; "
        "print(*sorted({'httpx', 'nba_api', 'numpy', 'pandas', 'requests', 'stamina'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.end_to_end
def test_a_kept_payload_says_today_what_it_said_when_it_came(
    nba: Any, make_feed: Any, league: Any, archive: Any
) -> None:
    day = league.asked[0].league_day
    for prefer in ("stats", "cdn"):
        feed = make_feed(nba, prefer).feeds[0]
        answers = (feed.schedule(2024), feed.scoreboard(day), feed.boxes(league.asked))
        again = {kept.kind: replay(kept, archive.read(kept)) for kept in archive.payloads(feed.name)}
        assert again["schedule"] == answers[0]
        kinds = {batch.kind for kept in again.values() if isinstance(kept, Delivery) for batch in kept.batches}
        assert kinds == {batch.kind for batch in answers[2].batches}


@pytest.mark.end_to_end
def test_a_payload_that_was_no_answer_is_none_when_it_is_read_again(nba: Any, make_feed: Any, archive: Any) -> None:
    nba.fail("html", n=9)
    with pytest.raises(FeedShapeError):
        make_feed(nba).feeds[0].schedule(2024)
    kept = archive.payloads()[0]
    with pytest.raises(FeedShapeError, match="web page"):
        replay(kept, archive.read(kept))
    assert replay(kept.__class__(kept.path, kept.host, "odds", "", kept.fetched), b"") is None


@pytest.mark.end_to_end
def test_a_season_over_without_play_offs_is_not_whole(nba: Any, make_feed: Any) -> None:
    running = make_feed(nba).feeds[0].season_boxes(2024)
    assert "no playoffs game of 2024-25 yet" in running.notes
    with pytest.raises(FeedEmptyError):
        make_feed(nba, now=NOW.replace(year=2026)).feeds[0].season_boxes(2024)
