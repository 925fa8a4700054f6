from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.store.database import Database
from engine.store.meta import Meta
from engine.store.runs import Runs

NOW = datetime(2025, 1, 15, 16, tzinfo=UTC)
LEASE = timedelta(minutes=5)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(Database(tmp_path / "nbabot.db"))


def test_an_occurrence_begins_once(runs: Runs) -> None:
    assert runs.begin("picks", "2025-01-15", NOW, LEASE)
    assert not runs.begin("picks", "2025-01-15", NOW, LEASE)
    assert runs.begin("picks", "2025-01-16", NOW, LEASE)
    assert runs.begin("recap", "2025-01-15", NOW, LEASE)


def test_of_many_processes_that_begin_at_once_one_may(tmp_path: Path) -> None:
    path = tmp_path / "nbabot.db"
    Database(path)
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: Runs(Database(path)).begin("picks", "2025-01-15", NOW, LEASE), range(16)))
    assert sum(begun) == 1


def test_what_is_done_is_never_begun_again(runs: Runs) -> None:
    runs.begin("picks", "2025-01-15", NOW, LEASE)
    runs.finish("picks", "2025-01-15", NOW, "8 picks")
    assert not runs.begin("picks", "2025-01-15", NOW + timedelta(days=30), LEASE)
    run = runs.recent()[0]
    assert (run.state, run.detail, run.finished) == ("done", "8 picks", NOW)


@pytest.mark.parametrize("how", ["died", "failed"])
def test_a_job_that_died_or_failed_may_begin_again_after_the_lease(runs: Runs, how: str) -> None:
    runs.begin("picks", "2025-01-15", NOW, LEASE)
    if how == "failed":
        runs.fail("picks", "2025-01-15", NOW, "no model")
    assert not runs.begin("picks", "2025-01-15", NOW + LEASE - timedelta(seconds=1), LEASE)
    assert runs.begin("picks", "2025-01-15", NOW + LEASE, LEASE)
    run = runs.find("picks", "2025-01-15")
    assert run is not None
    assert run.state == "running"


def test_a_clock_set_back_by_a_year_does_not_hold_a_job_up(runs: Runs) -> None:
    runs.begin("picks", "2025-01-15", NOW + timedelta(days=365), LEASE)
    assert runs.begin("picks", "2025-01-15", NOW, LEASE)


def test_what_is_done_for_a_day_is_told_channel_by_channel(runs: Runs) -> None:
    for due in ("2025-01-15", "2025-01-15 discord:1", "2025-01-15 discord:2", "2025-01-16 discord:1"):
        runs.begin("picks", due, NOW, LEASE)
    runs.finish("picks", "2025-01-15", NOW, "")
    runs.finish("picks", "2025-01-15 discord:1", NOW, "")
    runs.finish("picks", "2025-01-16 discord:1", NOW, "")
    assert runs.done("picks", NOW.date()) == {"2025-01-15", "2025-01-15 discord:1"}
    assert runs.forget(NOW) == 0
    assert runs.forget(NOW + timedelta(seconds=1)) == 4


def test_an_occurrence_that_never_began_is_not_found(runs: Runs) -> None:
    assert runs.find("picks", "2025-01-15") is None


def test_the_latest_runs_come_first(runs: Runs) -> None:
    runs.begin("picks", "2025-01-15", NOW, LEASE)
    runs.begin("recap", "2025-01-16", NOW + timedelta(hours=22), LEASE)
    assert [run.job for run in runs.recent()] == ["recap", "picks"]
    assert len(runs.recent(limit=1)) == 1


def test_the_newest_run_of_every_job_is_found_behind_any_number_of_channels(runs: Runs) -> None:
    runs.begin("sync", "2025-01-15", NOW, LEASE)
    runs.fail("sync", "2025-01-15", NOW, "no network")
    runs.begin("picks", "2025-01-14", NOW, LEASE)
    runs.begin("picks", "2025-01-15", NOW + timedelta(hours=1), LEASE)
    for channel in range(300):
        runs.begin("picks", f"2025-01-15 discord:{channel}", NOW + timedelta(hours=2), LEASE)
    assert [(run.job, run.due) for run in runs.newest()] == [("picks", "2025-01-15"), ("sync", "2025-01-15")]
    assert runs.failing() == ("sync",)


def test_a_small_fact_outlives_the_process_and_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "nbabot.db"
    Meta(Database(path)).put("commands of 1", "abc")
    Meta(Database(path)).put("commands of 1", "def")
    assert Meta(Database(path)).get("commands of 1") == "def"
    assert Meta(Database(path)).get("nothing") is None
