from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import NoDataError, NoModelError
from engine.core.posts import Post
from engine.engine import Engine
from nbabot import jobs
from nbabot.channels import Delivered, Delivery
from nbabot.destinations import Destination
from nbabot.scheduler import Schedule
from nbabot.settings import Settings
from nbabot.work import JobResult

DAY = date(2025, 1, 15)


PLACES = (Destination("shelf"),)


class Shelf:
    """A way to channels that keeps what it is given."""

    scheme = "shelf"

    def __init__(self) -> None:
        self.posts: list[Post] = []

    async def deliver(self, post: Post) -> Delivery:
        self.posts.append(post)
        return Delivered(str(len(self.posts)))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def at(engine: Engine, shelf: Shelf, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Schedule]:
    """A schedule at a time of the league's day; every call is a new process as far as memory goes."""

    def make(hour: int, minute: int = 0, day: date = DAY) -> Schedule:
        moment = datetime.combine(day, time(hour, minute), LEAGUE_ZONE)
        monkeypatch.setattr(engine, "now", lambda: moment)
        return Schedule(engine, Settings(), lambda topic: PLACES, shelf, told.append)

    return make


@pytest.fixture
def told() -> list[str]:
    """What a person at the terminal reads."""
    return []


def state(engine: Engine, job: str, day: date = DAY) -> str:
    run = engine.runs.find(job, f"{day}")
    assert run is not None
    return run.state


async def test_nothing_is_posted_before_its_time(at: Callable[..., Schedule], shelf: Shelf) -> None:
    await at(10, 59).catch_up()
    assert shelf.posts == []


async def test_a_start_after_the_hour_catches_up_once(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine
) -> None:
    for minute in (0, 1, 2):
        await at(14, minute).catch_up()
    assert [(post.kind, post.league_day) for post in shelf.posts] == [("picks", DAY)]
    assert engine.runs.done("picks", DAY) == {f"{DAY}", f"{DAY} shelf"}


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


async def test_a_day_missed_altogether_is_never_picked_in_hindsight(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine
) -> None:
    await at(14, day=DAY + timedelta(days=1)).catch_up()
    assert [(post.kind, post.league_day.day) for post in shelf.posts] == [("picks", 16)]
    assert engine.picks(DAY) == ()


async def test_a_failed_job_is_tried_again_and_says_why(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = at(11)

    def broken(day: date | None = None) -> tuple[()]:
        raise NoModelError("No model is in production.")

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(engine, "publish_picks", broken)
        await schedule.catch_up()
    assert state(engine, "picks") == "failed"
    assert any(log["event"] == "job_failed" and "No model" in log["reason"] for log in logs)
    monkeypatch.setattr(jobs, "RETRY", timedelta(0))
    await schedule.catch_up()
    assert [post.kind for post in shelf.posts] == ["picks"]


async def test_a_job_that_breaks_does_not_stop_the_others(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(engine: Engine, settings: Settings) -> JobResult:
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.JOBS, "recap", replace(jobs.JOBS["recap"], work=broken))
    with capture_logs() as logs:
        await at(11).catch_up()
    assert [post.kind for post in shelf.posts] == ["picks"]
    assert "job_broke" in {log["event"] for log in logs}
    assert state(engine, "recap") == "failed"


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


async def test_a_day_done_for_one_channel_is_not_done_for_another(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine
) -> None:
    other = Schedule(engine, Settings(), lambda topic: (Destination("console"),), shelf)
    at(12)
    await other.catch_up()
    await at(13).catch_up()
    assert [post.kind for post in shelf.posts] == ["picks"]


async def test_a_job_that_waits_says_so_once(
    at: Callable[..., Schedule], told: list[str], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_stored(day: date | None = None) -> tuple[()]:
        raise NoDataError("No games are stored.")

    monkeypatch.setattr(engine, "publish_picks", none_stored)
    monkeypatch.setattr(jobs, "RETRY", timedelta(0))
    schedule = at(11)
    with capture_logs() as logs:
        for _ in range(3):
            await schedule.catch_up()
    assert [line for line in told if "ET: picks" in line] == ["11:00 ET: picks waits: No games are stored."]
    assert len([log for log in logs if log["event"] == "job_waits"]) == 1
    assert state(engine, "picks") == "failed"


async def test_what_was_done_is_told_in_words_and_league_time(at: Callable[..., Schedule], told: list[str]) -> None:
    await at(11, 7).catch_up()
    said = {line.split()[2]: line for line in told}
    assert said["recap"] == "11:07 ET: recap done: 0 picks graded; Tue 14 Jan 2025: no picks were published."
    assert said["picks"].startswith("11:07 ET: picks done: ")
    assert said["picks"].endswith(" picks frozen for Wed 15 Jan 2025.")


async def test_the_plan_names_every_job_with_its_next_time(at: Callable[..., Schedule]) -> None:
    assert at(10, 30).plan() == [
        "  recap, now: grade yesterday's picks and post the results",
        "  weekly, now: on Mondays post how the week's picks did",
        "  picks, Wed 15 Jan 2025 11:00 ET: freeze today's picks and post them",
        "  refresh, Wed 15 Jan 2025 13:30 ET: edit the day's post where news moves a pick",
        "  backup, now: save the database and the models made here",
        "  cleanup, now: delete what need not be remembered",
    ]
    await at(11).catch_up()
    next_times = [line.split(", ")[1].split(":")[0] for line in at(11, 30).plan()]
    assert next_times == [
        "Thu 16 Jan 2025 09",
        "Mon 20 Jan 2025 09",
        "Thu 16 Jan 2025 11",
        "Wed 15 Jan 2025 13",
        "Thu 16 Jan 2025 04",
        "Thu 16 Jan 2025 04",
    ]
    assert "Thu 16 Jan 2025 11:00 ET" in at(20).plan()[2]


def test_the_plan_says_what_is_missing(tmp_path: Path) -> None:
    empty = Engine(tmp_path / "empty")
    try:
        *_, games, channel = Schedule(empty, Settings(), lambda topic: (), Shelf()).plan()
    finally:
        empty.close()
    assert "nbabot import PATH" in games
    assert "graded but not posted" in channel
    assert "discord.picks_channel_id" in channel


@pytest.mark.parametrize("day", [date(2025, 3, 9), date(2025, 11, 2)])
async def test_a_change_of_clocks_neither_skips_nor_doubles_a_job(
    at: Callable[..., Schedule], shelf: Shelf, engine: Engine, day: date
) -> None:
    schedule = at(0, day=day)
    for hour in range(24):
        at(hour, day=day)
        await schedule.catch_up()
    games = day.month == 3
    assert state(engine, "recap", day) == "done"
    assert state(engine, "picks", day) == ("done" if games else "failed")
    assert len([post for post in shelf.posts if post.kind == "picks"]) == (1 if games else 0)
