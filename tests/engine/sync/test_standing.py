"""What is remembered of the feeds, and a synchronisation that is told to stop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.core.calendar import machine_clock
from engine.core.errors import FeedDownError
from engine.core.progress import Stop
from engine.sources.breaker import Breaker
from engine.sources.pacing import Patience
from engine.sync.standing import Feeds, HostMemory

NOVEMBER = date(2024, 11, 1)


def test_a_task_tells_when_it_last_went_well_and_how_it_last_failed(season: Any) -> None:
    season.feed.today = NOVEMBER
    season.sync()
    down = FeedDownError("stats.nba.com", "stats.nba.com is down: try again later.")
    season.feed.errors = {"boxes": down, "season_boxes": down}
    season.feed.today += timedelta(days=1)
    season.sync()
    results = next(one for one in Feeds(season.database).tasks() if one.newest.task == "results")
    assert results.newest.failed
    assert results.last_failed == results.newest
    assert results.last_good is not None
    assert results.last_good < results.newest.started
    schedule = next(one for one in Feeds(season.database).tasks() if one.newest.task == "schedule")
    assert (schedule.last_failed, schedule.last_good) == (None, schedule.newest.started)


def test_only_hosts_that_failed_are_named_and_the_paused_one_first(season: Any) -> None:
    breaker = Breaker(HostMemory(season.database), machine_clock, Patience(failures=3))
    for host, failures in (("a.example", 1), ("b.example", 3), ("c.example", 2)):
        for _ in range(failures):
            breaker.failed(host)
    breaker.succeeded("c.example")
    paused, shaky = Feeds(season.database).hosts()
    assert (paused.host, paused.failures, shaky.host, shaky.failures) == ("b.example", 3, "a.example", 1)
    assert paused.paused_until is not None
    assert paused.paused_until > machine_clock()
    assert shaky.paused_until is None


def test_a_progress_that_stops_the_work_leaves_what_was_finished_and_the_next_run_goes_on(season: Any) -> None:
    season.feed.today = NOVEMBER

    def stop_among_the_results(stage: str, done: int, total: int) -> None:
        if stage == "results" and done:
            raise Stop

    with pytest.raises(Stop):
        season.sync(progress=stop_among_the_results)
    assert [one.newest.task for one in Feeds(season.database).tasks()] == ["schedule"]
    assert season.results() == 30
    assert not season.sync()["results"].failed
