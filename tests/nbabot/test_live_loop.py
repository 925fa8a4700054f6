"""The loop that follows games under way: nothing that breaks ends it, and it ends when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.core.errors import DatabaseError, FeedTimeoutError
from engine.core.live_games import LivePoll
from engine.core.posts import Draft
from engine.engine import Engine
from nbabot import figures, live_loop
from nbabot.alerting import silent
from nbabot.live_loop import LONGEST_WAIT_S, LiveLoop
from nbabot.sections import SourcesSettings
from nbabot.settings import Settings
from tests.nbabot.live_evening import TIP_OFF, Evening

HERE = "wall:1"


@pytest.fixture
def evening(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    found = Evening(home, monkeypatch)
    yield found
    found.engine.close()


class Deliveries:
    """Counts how often posts were to be brought; the first one takes as long as `hangs` is not set."""

    def __init__(self) -> None:
        self.begun = 0
        self.hangs = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        await self.hangs.wait()


async def test_a_feed_that_fails_is_logged_once_and_once_that_it_is_back(evening: Evening) -> None:
    evening.now += timedelta(minutes=31)
    loop = LiveLoop(evening.engine, evening._places, Deliveries())
    evening.feed.failing = FeedTimeoutError("host", "The host does not answer.")
    with capture_logs() as logs:
        for _ in range(3):
            assert await loop.round() == 5
            evening.now += timedelta(seconds=6)
        evening.feed.failing = None
        await loop.round()
    events = [one["event"] for one in logs]
    assert (events.count("live_games_not_read"), events.count("live_games_read_again")) == (1, 1)


@pytest.mark.parametrize("trouble", [DatabaseError("The disk is full."), ZeroDivisionError()])
async def test_whatever_breaks_the_loop_goes_on(
    trouble: Exception, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def poll(self: Engine) -> LivePoll:
        nonlocal asked
        asked += 1
        if asked <= 2:
            raise trouble
        return LivePoll(False, (), 3600.0)

    monkeypatch.setattr(Engine, "poll_live", poll)
    monkeypatch.setattr(live_loop, "AFTER_TROUBLE_S", 0.0)
    loop = LiveLoop(evening.engine, evening._places, Deliveries())
    with capture_logs() as logs:
        loop.start()
        while asked < 3:
            await asyncio.sleep(0.01)
        await asyncio.wait_for(loop.stop(), 2)
    assert [one["log_level"] for one in logs if one["log_level"] in ("warning", "error")]
    assert LONGEST_WAIT_S < 3600


async def test_a_delivery_that_hangs_keeps_no_score_from_being_read(evening: Evening) -> None:
    evening.follow(HERE, evening.games[0])
    evening.now += timedelta(minutes=31)
    deliveries = Deliveries()
    loop = LiveLoop(evening.engine, evening._places, deliveries)
    for played in (60, 120):
        evening.shows(evening.games[0], played, 2, 0)
        await loop.round()
        evening.now += timedelta(seconds=6)
    assert evening.engine.live(evening.games[0].game_id).view.state.moment.played == 120
    await asyncio.sleep(0)
    assert deliveries.begun == 1
    deliveries.hangs.set()
    await loop.stop()


async def test_where_nobody_wants_games_nothing_is_delivered_but_scores_are_read(evening: Evening) -> None:
    evening.now += timedelta(minutes=31)
    evening.shows(evening.games[0], 60, 2, 0)
    deliveries = Deliveries()
    await LiveLoop(evening.engine, evening._places, deliveries).round()
    await asyncio.sleep(0)
    assert deliveries.begun == 0
    assert evening.engine.live(evening.games[0].game_id).view.state.moment.home == 2


def test_a_feed_that_stays_silent_while_games_are_on_is_a_finding_until_it_answers(evening: Evening) -> None:
    def found() -> list[str]:
        return [one.text for one in silent(evening.engine, Settings())]

    evening.feed.failing = FeedTimeoutError("host", "The host does not answer.")
    evening.now = TIP_OFF - timedelta(minutes=5)
    evening.engine.poll_live()
    assert found() == [], "no game is on"
    evening.now = TIP_OFF + timedelta(minutes=9)
    evening.engine.poll_live()
    assert found() == []
    evening.now = TIP_OFF + timedelta(minutes=11)
    (text,) = found()
    assert text == "Games are on and their feed has not answered since 19:00 ET: The host does not answer."
    assert list(silent(evening.engine, Settings(sources=SourcesSettings(enabled=False)))) == []
    evening.feed.failing = None
    evening.engine.poll_live()
    assert found() == []


def test_the_figures_say_how_many_games_are_on_how_old_they_are_and_what_was_edited(evening: Evening) -> None:
    one = evening.games[0]
    evening.now += timedelta(minutes=31)
    evening.shows(one, 60, 2, 0)
    evening.engine.poll_live()
    evening.now += timedelta(seconds=7)
    families = {family.name: family for family in figures.of_live(evening.engine)}
    assert families["nbabot_live_games"].samples[0].value == 1
    assert families["nbabot_live_feed_age_seconds"].samples[0].value == 7
    draft = Draft(one.league_day, "live board", HERE, "a", evening.now)
    evening.engine.outbox.put(draft)
    for text in ("b", "b", "c"):
        evening.engine.outbox.revise(replace(draft, payload=text))
    (edits,) = [family for family in figures.of_posts(evening.engine) if family.name == "nbabot_post_edits"]
    assert [(sample.labels["kind"], sample.value) for sample in edits.samples] == [("live", 2)]
