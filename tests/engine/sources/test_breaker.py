"""The circuit breaker: when it opens, what it lets through, and that it remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.core.errors import FeedPausedError
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.pacing import Patience

START = datetime(2024, 11, 2, 16, tzinfo=UTC)
HOST = "stats.nba.com"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory() -> ForgetfulMemory:
    return ForgetfulMemory()


@pytest.fixture
def breaker(memory: ForgetfulMemory, clock: Clock) -> Breaker:
    return Breaker(memory, clock, Patience(failures=3, pause_s=600, longest_pause_s=3600))


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(HOST)


def test_two_failures_in_a_row_are_borne_and_the_third_is_not(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.check(HOST)
    breaker.succeeded(HOST)
    fail(breaker, 2)
    breaker.check(HOST)
    fail(breaker, 1)
    with pytest.raises(FeedPausedError, match="left alone until 16:10 UTC"):
        breaker.check(HOST)
    breaker.check("cdn.nba.com")


def test_another_run_of_the_program_remembers(breaker: Breaker, memory: ForgetfulMemory, clock: Clock) -> None:
    fail(breaker, 3)
    assert Breaker(memory, clock, Patience()).paused_until(HOST) == START + timedelta(minutes=10)


def test_after_the_pause_one_failure_begins_a_longer_one_up_to_a_limit(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    for minutes in (20, 40, 60, 60):
        until = breaker.paused_until(HOST)
        assert until is not None
        clock.now = until
        breaker.check(HOST)
        fail(breaker, 1)
        assert breaker.paused_until(HOST) == clock.now + timedelta(minutes=minutes)


def test_one_success_after_the_pause_forgives_everything(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.move(minutes=10)
    breaker.succeeded(HOST)
    fail(breaker, 2)
    breaker.check(HOST)


def test_a_trial_ends_the_pause_and_its_failure_begins_a_longer_one(breaker: Breaker) -> None:
    fail(breaker, 3)
    breaker.let_one_through(HOST)
    breaker.check(HOST)
    fail(breaker, 1)
    assert breaker.paused_until(HOST) == START + timedelta(minutes=20)


def test_a_clock_that_was_set_back_does_not_lengthen_a_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.move(days=-400)
    breaker.check(HOST)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"unknown": 1}', "null"])
def test_a_damaged_memory_is_an_empty_one(text: str, breaker: Breaker, memory: ForgetfulMemory) -> None:
    memory.save(f"feed_health:{HOST}", text)
    breaker.check(HOST)
    fail(breaker, 3)
    with pytest.raises(FeedPausedError):
        breaker.check(HOST)
