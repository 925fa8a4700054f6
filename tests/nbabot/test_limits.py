from __future__ import annotations

import re

import pytest

from nbabot import limits
from nbabot.limits import Limits
from nbabot.sections import LimitsSettings


class Clock:
    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allowed(counted: Limits, times: int, user: int = 1, guild: int | None = None, *, press: bool = False) -> int:
    return sum(counted.count(user, guild, press=press) is None for _ in range(times))


def test_ten_commands_a_minute_and_not_one_more(clock: Clock) -> None:
    counted = Limits(LimitsSettings(), clock)
    assert allowed(counted, 30) == 10
    clock.now += 59
    assert allowed(counted, 30) == 0
    clock.now += 2
    assert allowed(counted, 30) == 10


def test_one_users_limit_is_not_anothers_and_presses_are_counted_apart(clock: Clock) -> None:
    counted = Limits(LimitsSettings(user_commands=3, user_presses=5), clock)
    assert allowed(counted, 9) == 3
    assert allowed(counted, 9, user=2) == 3
    assert allowed(counted, 9, press=True) == 5


def test_a_servers_limit_is_for_all_its_users_together_and_for_no_direct_message(clock: Clock) -> None:
    counted = Limits(LimitsSettings(server=5), clock)
    assert sum(allowed(counted, 2, user, 77) for user in range(9)) == 5
    assert allowed(counted, 2, 20, 78) == 2
    assert allowed(counted, 2, 1, None) == 2


def test_what_a_users_own_limit_refuses_does_not_use_up_the_servers(clock: Clock) -> None:
    counted = Limits(LimitsSettings(user_commands=1, server=3), clock)
    assert allowed(counted, 50, 1, 77) == 1
    assert sum(allowed(counted, 1, user, 77) for user in range(2, 9)) == 2


def test_the_refusal_says_when_to_ask_again(clock: Clock) -> None:
    counted = Limits(LimitsSettings(user_commands=1), clock)
    counted.count(1, None, press=False)
    clock.now += 20
    refused = counted.count(1, None, press=False)
    assert refused is not None
    said = refused.sentence(1_700_000_000)
    stamp = re.fullmatch(r"You have asked 1 times? within a minute: ask again <t:(\d+):R>\.", said)
    assert stamp is not None
    assert int(stamp[1]) == 1_700_000_000 + 40 + 1
    clock.now += 41
    assert counted.count(1, None, press=False) is None


def test_memory_stays_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KNOWN", 100)
    counted = Limits(LimitsSettings(), clock)
    for user in range(1000):
        counted.count(user, user, press=False)
    assert len(counted._counted) <= 100
