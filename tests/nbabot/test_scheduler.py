from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from structlog.testing import capture_logs

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import ConfigError, NoModelError
from engine.engine import Engine
from engine.store.outbox import Post
from nbabot import jobs
from nbabot.channels import Delivered, Delivery
from nbabot.scheduler import Schedule, daily_time
from nbabot.settings import ScheduleSettings

DAY = date(2025, 1, 15)


class Shelf:
    """A channel that keeps what it is given."""

    key = "shelf"

    def __init__(self) -> None:
        self.posts: list[Post] = []

    async def deliver(self, post: Post) -> Delivery:
        self.posts.append(post)
        return Delivered(str(len(self.posts)))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def at(engine: Engine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Schedule]:
    """A schedule at a time of the league's day; every call is a new process as far as memory goes."""

    def make(hour: int, minute: int = 0, day: date = DAY) -> Schedule:
        moment = datetime.combine(day, time(hour, minute), LEAGUE_ZONE)
        monkeypatch.setattr(engine, "now", lambda: moment)
        return Schedule(engine, ScheduleSettings(picks_time="11:00", recap_time="09:00"), shelf, shelf)

    return make


async def test_nothing_is_posted_before_its_time(at: Callable[..., Schedule], shelf: Shelf) -> None:
    await at(10, 59).catch_up()
    assert shelf.posts == []


async def test_a_start_after_the_hour_catches_up_once(at: Callable[..., Schedule], shelf: Shelf) -> None:
    for minute in (0, 1, 2):
        await at(14, minute).catch_up()
    assert [(post.kind, post.league_day) for post in shelf.posts] == [("picks", DAY)]


async def test_picks_of_a_day_whose_games_have_begun_are_missed_aloud_and_once(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine
) -> None:
    schedule = at(19, 30)
    with capture_logs() as logs:
        await schedule.catch_up()
        await schedule.catch_up()
    assert shelf.posts == []
    assert engine.picks(DAY) == ()
    assert [(log["event"], log["job"], log["log_level"]) for log in logs if log["event"] == "job_missed"] == [
        ("job_missed", "picks", "error")
    ]


async def test_the_next_morning_brings_the_recap_and_then_the_picks(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine
) -> None:
    await at(11).catch_up()
    await at(9, day=DAY + timedelta(days=1)).catch_up()
    await at(11, day=DAY + timedelta(days=1)).catch_up()
    assert [(post.kind, post.league_day.day) for post in shelf.posts] == [("picks", 15), ("recap", 15), ("picks", 16)]
    assert {run.state for run in engine.runs.recent()} == {"done"}


async def test_a_failed_job_is_tried_again_and_says_why(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = at(11)

    def broken(day: date | None = None) -> tuple[()]:
        raise NoModelError("No model is in production.")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(engine, "publish_picks", broken)
        await schedule.catch_up()
    assert engine.runs.state("picks", "2025-01-15") == "failed"
    assert any(log["event"] == "job_failed" and "No model" in log["reason"] for log in logs)
    monkeypatch.setattr(jobs, "RETRY", timedelta(0))
    await schedule.catch_up()
    assert [post.kind for post in shelf.posts] == ["picks"]


async def test_a_job_that_breaks_does_not_stop_the_others(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(engine: Engine, channel: str | None) -> jobs.JobResult:
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.JOBS, "recap", broken)
    with capture_logs() as logs:
        await at(11).catch_up()
    assert [post.kind for post in shelf.posts] == ["picks"]
    assert "job_broke" in {log["event"] for log in logs}
    assert engine.runs.state("recap", "2025-01-15") == "failed"


async def test_two_processes_at_once_post_once(engine: Engine, shelf: Shelf, at: Callable[..., Schedule]) -> None:
    await asyncio.gather(*(at(11).catch_up() for _ in range(4)))
    assert len(shelf.posts) == 1


async def test_a_started_schedule_does_what_is_due_at_once_and_stops_in_order(
    at: Callable[..., Schedule], shelf: Shelf
) -> None:
    schedule = at(12)
    schedule.start()
    async with asyncio.timeout(5):
        while not shelf.posts:
            await asyncio.sleep(0.01)
    await schedule.stop()
    await schedule.stop()
    assert len(shelf.posts) == 1


@pytest.mark.parametrize("text", ["01:00", "02:30", "25:00", "noon"])
def test_a_time_that_clock_changes_skip_or_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        daily_time(text)


@pytest.mark.parametrize("day", [date(2025, 3, 9), date(2025, 11, 2)])
async def test_a_change_of_clocks_neither_skips_nor_doubles_a_job(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, day: date
) -> None:
    for hour in range(24):
        await at(hour, day=day).catch_up()
    games = day.month == 3
    assert engine.runs.state("recap", day.isoformat()) == "done"
    assert engine.runs.state("picks", day.isoformat()) == ("done" if games else "failed")
    assert len([post for post in shelf.posts if post.kind == "picks"]) == (1 if games else 0)
