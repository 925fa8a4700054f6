"""What the check-up finds, and what it says to do about it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import FeedDownError, FeedMissingError, FeedPausedError
from engine.core.progress import silent
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import Check, Health
from engine.engine import DATABASE, shipped_models
from engine.sources.feed import CDN
from engine.sync import doctor

HOUR = timedelta(hours=1)
NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("error", "health", "remedy"),
    [
        (None, Health.OK, ""),
        (FeedMissingError(CDN, f"{CDN} has no scoreboard: try again later."), Health.OK, ""),
        (FeedPausedError(CDN, f"{CDN} is left alone: try again then."), Health.WARNING, "try again then"),
        (FeedDownError(CDN, f"{CDN} reports a fault: try again later."), Health.FAILED, "try again later"),
    ],
)
def test_a_host_that_answers_is_well_whatever_it_does_not_have(
    error: Exception | None, health: Health, remedy: str
) -> None:
    def ask() -> None:
        if error is not None:
            raise error

    found = doctor.timed(CDN, ask)
    assert (found.name, found.health, found.remedy) == (f"feed {CDN}", health, remedy)


@pytest.mark.parametrize(
    ("skew", "health", "found"),
    [
        (None, Health.WARNING, "not compared: no feed answered"),
        (timedelta(seconds=20), Health.OK, "agrees with the feeds"),
        (HOUR, Health.FAILED, "3,600 s ahead of the feeds"),
        (-HOUR, Health.FAILED, "3,600 s behind the feeds"),
    ],
)
def test_a_clock_that_is_off_is_told_by_how_much(skew: timedelta | None, health: Health, found: str) -> None:
    (check,) = doctor.check_clock(skew)
    assert (check.health, check.found) == (health, found)


def test_a_damaged_model_of_any_task_is_told(tmp_path: Path) -> None:
    shipped = Path(shutil.copytree(shipped_models(), tmp_path / "shipped"))
    home = tmp_path / "home" / DATABASE
    home.parent.mkdir()
    assert [one.health for one in doctor.check_home(home, shipped) if one.name == "model"] == [Health.OK]
    damaged = next(shipped.glob("live-curves/*/model.json"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    (found,) = (one for one in doctor.check_home(home, shipped) if one.name == "model")
    assert found.health is Health.FAILED
    assert "live-curves" in found.found


def test_the_age_of_the_results_and_every_failed_task_are_told(season: Any) -> None:
    def checks(now: datetime) -> list[tuple[str, Health]]:
        return [(check.name, check.health) for check in doctor.check_data(season.database, now)]

    now = datetime.now(UTC)
    assert checks(now) == [("last sync", Health.WARNING)]
    season.feed.today = now.date()
    season.sync("schedule", "results", seasons=(2024,))
    assert checks(datetime.now(UTC)) == [("last sync", Health.OK)]
    assert checks(now + 37 * HOUR) == [("last sync", Health.FAILED)]
    season.sync("schedule", seasons=(2023,))  # the feed knows no game of it
    assert checks(datetime.now(UTC)) == [("last sync", Health.OK), ("sync schedule", Health.FAILED)]


def test_a_database_that_is_none_fails_its_check_and_stops_no_other(tmp_path: Path) -> None:
    broken = tmp_path / "nbabot.db"
    broken.write_text("this is no database, however long it may be" * 100)
    access = SourceAccess(stats_url=NOWHERE, cdn_url=NOWHERE, injuries_url=NOWHERE)
    checks = doctor.check_up(broken, tmp_path, access, tmp_path, silent)
    found: dict[str, Check] = {check.name: check for check in checks}
    assert found["python"].health is Health.OK
    assert found["database"].health is Health.FAILED
    assert "nbabot restore" in found["database"].remedy
    assert found["backup"].remedy == "run nbabot backup"
    assert {check.health for name, check in found.items() if name.startswith("feed ")} == {Health.FAILED}
    assert found["clock"].health is Health.WARNING
