"""One alert for one fault, however often it is found; no fault without one, however often it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.alerts import AlertState, Finding, Severity
from engine.store import alerts
from engine.store.database import Database

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DISK = Finding("disk", "space", Severity.WARNING, "Little space is left.")
FEED = Finding("feed", "injuries", Severity.WARNING, "Fetching injuries failed.")


class Book:
    """The alerts of a database, checked at chosen moments."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def check(self, moment: datetime, *findings: Finding) -> list[int]:
        alerts.settle(self.database, findings, ("disk", "feed"), moment)
        return [one.number for one in alerts.open_alerts(self.database)]

    def all(self) -> list[int]:
        return [one.number for one in alerts.history(self.database, 100)]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    database = Database(tmp_path / "nbabot.db")
    yield Book(database)
    database.close()


def test_what_is_found_a_hundred_times_is_one_alert(book: Book) -> None:
    for hour in range(100):
        assert book.check(NOW + hour * HOUR, DISK) == [1]
    one = alerts.find(book.database, 1)
    assert (one.raised, one.seen) == (NOW, NOW + 99 * HOUR)


def test_two_faults_are_two_alerts_and_the_worst_comes_first(book: Book) -> None:
    worse = Finding("feed", "results", Severity.CRITICAL, "Fetching results failed.")
    assert book.check(NOW, DISK, FEED, worse) == [3, 1, 2]


def test_a_fault_that_is_gone_is_resolved_by_itself(book: Book) -> None:
    book.check(NOW, DISK, FEED)
    assert book.check(NOW + HOUR, FEED) == [2]
    assert alerts.find(book.database, 1).state is AlertState.RESOLVED
    assert alerts.find(book.database, 1).resolved_by == "nbabot"


def test_a_source_that_was_not_looked_at_resolves_nothing(book: Book) -> None:
    book.check(NOW, DISK)
    alerts.settle(book.database, (), ("feed",), NOW + HOUR)
    assert [one.number for one in alerts.open_alerts(book.database)] == [1]


def test_a_fault_that_flickers_stays_one_alert_within_the_cooldown(book: Book) -> None:
    for hour in range(0, 40, 2):
        assert book.check(NOW + hour * HOUR, DISK) == [1]
        assert book.check(NOW + (hour + 1) * HOUR) == []
    assert book.all() == [1]


def test_a_fault_that_comes_back_after_the_cooldown_is_news(book: Book) -> None:
    book.check(NOW, DISK)
    book.check(NOW + HOUR)
    assert book.check(NOW + 26 * HOUR, DISK) == [2]


def test_a_fault_may_have_a_longer_cooldown(book: Book) -> None:
    slow = replace(DISK, cooldown=timedelta(days=14))
    book.check(NOW, slow)
    book.check(NOW + HOUR)
    assert book.check(NOW + timedelta(days=14), slow) == [1]
    book.check(NOW + timedelta(days=15))
    assert book.check(NOW + timedelta(days=30), slow) == [2]


def test_what_a_person_resolved_stays_resolved_for_a_day_and_no_longer(book: Book) -> None:
    book.check(NOW, DISK)
    alerts.resolve(book.database, 1, "ann", NOW)
    assert book.check(NOW + 23 * HOUR, DISK) == []
    assert book.check(NOW + 25 * HOUR, DISK) == [2]


def test_the_first_who_acknowledged_is_remembered_and_it_stays_open(book: Book) -> None:
    book.check(NOW, DISK)
    alerts.acknowledge(book.database, 1, "ann", NOW + HOUR)
    alerts.acknowledge(book.database, 1, "bob", NOW + 2 * HOUR)
    one = alerts.open_alerts(book.database)[0]
    assert (one.state, one.acknowledged_by, one.acknowledged) == (AlertState.ACKNOWLEDGED, "ann", NOW + HOUR)
    assert book.check(NOW + 3 * HOUR, DISK) == [1]


def test_a_fault_that_gets_worse_says_so_in_the_same_alert(book: Book) -> None:
    book.check(NOW, DISK)
    book.check(NOW + HOUR, Finding("disk", "space", Severity.CRITICAL, "No space is left."))
    one = alerts.open_alerts(book.database)[0]
    assert (one.number, one.severity, one.text) == (1, Severity.CRITICAL, "No space is left.")


def test_only_what_was_resolved_long_ago_is_forgotten(book: Book) -> None:
    book.check(NOW, DISK, FEED)
    book.check(NOW + HOUR, FEED)
    assert alerts.forget(book.database, NOW) == 0
    assert alerts.forget(book.database, NOW + 2 * HOUR) == 1
    assert book.all() == [2]
