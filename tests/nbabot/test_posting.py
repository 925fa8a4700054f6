from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from rich.console import Console

from engine.core.calendar import noon_of
from engine.core.posts import Post, PostState
from engine.engine import Engine
from nbabot import jobs, posting
from nbabot.channels import ConsoleChannel, Delivered, Delivery, Refused, Unreachable

DAY = date(2025, 1, 15)


class Scripted:
    """A channel that answers as told and remembers what arrived."""

    key = "scripted"

    def __init__(self, *answers: Delivery) -> None:
        self.answers: Iterator[Delivery] = iter(answers)
        self.arrived: list[Post] = []

    async def deliver(self, post: Post) -> Delivery:
        answer = next(self.answers, Delivered(str(len(self.arrived))))
        if isinstance(answer, Delivered):
            self.arrived.append(post)
        return answer


@pytest.fixture
async def waiting(engine: Engine) -> Engine:
    """An engine with the day's picks in the outbox of the scripted channel."""
    await jobs.post_picks(engine, Scripted.key)
    return engine


def state(engine: Engine) -> PostState:
    return engine.outbox.recent()[0].state


async def test_a_post_is_delivered_once(waiting: Engine) -> None:
    channel = Scripted()
    assert [await posting.flush(waiting, channel) for _ in range(3)] == [1, 0, 0]
    assert len(channel.arrived) == 1
    assert state(waiting) is PostState.SENT


async def test_an_unreachable_channel_is_tried_again_after_a_wait(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = posting.machine_clock()
    channel = Scripted(Unreachable("away"), Unreachable("asked to wait", timedelta(hours=1)))
    arrived = []
    for minutes in (0, 0.1, 1, 60, 62):
        monkeypatch.setattr(posting, "machine_clock", lambda at=start + timedelta(minutes=minutes): at)
        arrived.append(await posting.flush(waiting, channel))
    assert arrived == [0, 0, 0, 0, 1]
    assert [post.attempts for post in channel.arrived] == [3]


async def test_a_refusal_ends_the_matter_and_keeps_the_reason(waiting: Engine) -> None:
    channel = Scripted(Refused("no such channel"))
    await posting.flush(waiting, channel)
    await posting.flush(waiting, channel)
    assert channel.arrived == []
    assert (state(waiting), waiting.outbox.recent()[0].error) == (PostState.FAILED, "no such channel")


async def test_picks_are_not_posted_after_the_games_have_begun(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "now", lambda: noon_of(DAY) + timedelta(hours=7))
    channel = Scripted()
    await posting.flush(waiting, channel)
    assert channel.arrived == []
    assert state(waiting) is PostState.EXPIRED


def test_the_wait_grows_and_stays_bounded() -> None:
    waits = [posting.backoff(attempts) for attempts in range(1, 2000)]
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert max(waits) == timedelta(minutes=10)


async def test_a_flush_leaves_the_posts_of_other_channels_alone(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "now", lambda: noon_of(DAY + timedelta(days=300)))
    await posting.flush(waiting, ConsoleChannel(Console(file=io.StringIO())))
    assert state(waiting) is PostState.WAITING


async def test_the_terminal_shows_the_post_once_as_discord_would(engine: Engine) -> None:
    out = io.StringIO()
    channel = ConsoleChannel(Console(file=out, width=100))
    await jobs.post_picks(engine, channel.key)
    await posting.flush(engine, channel)
    await posting.flush(engine, channel)
    shown = out.getvalue()
    assert shown.count("Games of Wed 15 Jan 2025") == 1
    assert "SIMULATED" in shown
    assert "nbabot · picks · 2025-01-15" in shown
    assert "Wed 15 Jan 2025 12:00 ET" in shown
    assert not any(markup in shown for markup in ("**", "<t:", "`"))


async def test_the_terminal_never_shows_two_blank_lines_in_a_row(engine_at: Callable[[date], Engine]) -> None:
    out = io.StringIO()
    channel = ConsoleChannel(Console(file=out, width=100))
    await jobs.post_picks(engine_at(DAY), channel.key)
    tomorrow = engine_at(DAY + timedelta(days=1))
    await posting.flush(engine_at(DAY), channel)
    await jobs.post_recap(tomorrow, channel.key)
    await posting.flush(tomorrow, channel)
    blank = [not line.strip("│ ") for line in out.getvalue().splitlines()]
    assert "picks right" in out.getvalue()
    assert not any(one and other for one, other in pairwise(blank))
