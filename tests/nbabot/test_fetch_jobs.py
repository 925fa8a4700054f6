"""The jobs that ask the feeds: when they run, what is recorded of them, and where the feeds are left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import NoDataError
from engine.core.sync_reports import SyncReport, SyncRequest, SyncTask
from engine.engine import Engine
from nbabot import jobs
from nbabot.channels import ConsoleSender
from nbabot.scheduler import Schedule
from nbabot.sections import SourcesSettings
from nbabot.settings import Settings

DAY = date(2025, 1, 15)
At = Callable[..., Schedule]


def task(name: str, state: str = "done", detail: str = "") -> SyncTask:
    moment = datetime.combine(DAY, time(9), LEAGUE_ZONE)
    return SyncTask(name, state, "stats.nba.com", 1, 10, 2, 0, 0.1, moment, detail=detail)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    """An engine on a folder without games: no simulated league."""
    engine = Engine(tmp_path / "empty")
    yield engine
    engine.close()


@pytest.fixture
def asked() -> list[SyncRequest]:
    """What the feeds were asked for."""
    return []


@pytest.fixture
def at(empty: Engine, asked: list[SyncRequest], monkeypatch: pytest.MonkeyPatch) -> At:
    """A schedule at a time of the league's day, whose feeds give the tasks that are named."""

    def make(hour: int, minute: int = 0, tasks: tuple[SyncTask, ...] = (task("results"),)) -> Schedule:
        def sync(request: SyncRequest) -> SyncReport:
            asked.append(request)
            return SyncReport(tasks, 1.0, 3)

        monkeypatch.setattr(empty, "now", lambda: datetime.combine(DAY, time(hour, minute), LEAGUE_ZONE))
        monkeypatch.setattr(empty, "sync", sync)
        return Schedule(empty, Settings(), lambda topic: (), ConsoleSender())

    return make


async def test_the_feeds_are_asked_in_full_after_the_night_and_for_news_before_the_picks(
    at: At, asked: list[SyncRequest], empty: Engine
) -> None:
    for hour, minute in ((8, 29), (8, 30), (9, 0), (10, 30), (10, 45)):
        await at(hour, minute).catch_up()
    assert [request.only for request in asked] == [(), ("schedule", "odds", "injuries")]
    run = empty.runs.find("sync", str(DAY))
    assert run is not None
    assert (run.state, run.detail) == ("done", "10 rows new, 2 changed, 3 picks graded")


async def test_a_task_that_failed_fails_the_job_aloud_and_is_tried_again_after_half_an_hour(
    at: At, asked: list[SyncRequest], empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (task("schedule"), task("results", "failed", "stats.nba.com does not answer."))
    with capture_logs() as logs:
        await at(8, 30, broken).catch_up()
        await at(8, 31, broken).catch_up()
    assert len(asked) == 1
    assert [log["reason"] for log in logs if log["event"] == "job_failed"] == [
        "results: stats.nba.com does not answer."
    ]
    monkeypatch.setattr(jobs, "ASK_AGAIN", timedelta(0))
    await at(8, 32).catch_up()
    run = empty.runs.find("sync", str(DAY))
    assert run is not None
    assert run.state == "done"


def test_the_feeds_are_left_alone_where_the_settings_say_so_and_in_a_simulated_league(
    engine: Engine, empty: Engine
) -> None:
    off = Settings(sources=SourcesSettings(enabled=False))
    own = ["recap", "weekly", "picks", "refresh", "backup", "cleanup"]
    assert [job.name for job in jobs.scheduled(empty, Settings())] == ["sync", "news", "closing", *own]
    assert [job.name for job in jobs.scheduled(empty, off)] == own
    assert [job.name for job in jobs.scheduled(engine, Settings())] == own


@pytest.mark.parametrize(("games", "requests"), [(3, [("odds", "injuries")]), (0, []), (None, [])])
async def test_before_the_evenings_games_odds_and_injuries_are_fetched_once_and_without_games_not_at_all(
    games: int | None, requests: list[tuple[str, ...]], at: At, asked: list[SyncRequest], empty: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def slate() -> SimpleNamespace:
        if games is None:
            raise NoDataError("Nothing is stored: run nbabot sync.")
        return SimpleNamespace(games=("a game",) * games)

    monkeypatch.setattr(empty, "slate", slate)
    monkeypatch.setattr(jobs, "scheduled", lambda *about: (jobs.JOBS["closing"],))
    for hour, minute in ((18, 29), (18, 30), (20, 0)):
        await at(hour, minute).catch_up()
    assert [request.only for request in asked] == requests
    run = empty.runs.find("closing", str(DAY))
    assert run is not None
    assert run.state == "done"
