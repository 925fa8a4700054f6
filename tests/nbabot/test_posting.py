from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from rich.console import Console

from engine.core.calendar import noon_of
from engine.core.guilds import GuildSettings
from engine.core.posts import Draft, Post, PostState
from engine.engine import Engine
from nbabot import embeds, posting
from nbabot.channels import CONSOLE, ConsoleSender, Delivered, Delivery, Refused, Unreachable
from nbabot.jobs import JOBS
from nbabot.posting import Courier
from nbabot.settings import Settings

DAY = date(2025, 1, 15)


class Scripted:
    """A way to one channel that answers as told and remembers what arrived."""

    scheme = "scripted"

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
    put(engine, "picks", Scripted.scheme)
    return engine


def put(engine: Engine, job: str, channel: str) -> None:
    """Do a job's work and put what it posts in the outbox of a channel."""
    JOBS[job].work(engine, Settings())
    message = JOBS[job].compose(engine, engine.today())
    assert message is not None
    engine.outbox.put(message.draft(channel))


def state(engine: Engine) -> PostState:
    return engine.outbox.recent()[0].state


async def test_a_post_is_delivered_once(waiting: Engine) -> None:
    channel = Scripted()
    assert [await Courier(waiting, channel).flush() for _ in range(3)] == [1, 0, 0]
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
        arrived.append(await Courier(waiting, channel).flush())
    assert arrived == [0, 0, 0, 0, 1]
    assert [post.attempts for post in channel.arrived] == [3]


async def test_a_refusal_ends_the_matter_and_keeps_the_reason(waiting: Engine) -> None:
    channel = Scripted(Refused("no such channel"))
    await Courier(waiting, channel).flush()
    await Courier(waiting, channel).flush()
    assert channel.arrived == []
    assert (state(waiting), waiting.outbox.recent()[0].error) == (PostState.FAILED, "no such channel")


async def test_picks_are_not_posted_after_the_games_have_begun(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "now", lambda: noon_of(DAY) + timedelta(hours=7))
    channel = Scripted()
    await Courier(waiting, channel).flush()
    assert channel.arrived == []
    assert state(waiting) is PostState.EXPIRED


async def test_a_channel_that_hangs_keeps_no_other_from_its_posts(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LOOK_AGAIN_S", 0.01)
    hanging, arrived = asyncio.Event(), asyncio.Event()

    class OneHangs(Scripted):
        async def deliver(self, post: Post) -> Delivery:
            if post.channel == self.scheme:
                await hanging.wait()
            else:
                arrived.set()
            return Delivered("1")

    flush = asyncio.create_task(Courier(waiting, OneHangs()).flush())
    await asyncio.sleep(0.1)
    put(waiting, "picks", f"{Scripted.scheme}:2")
    await asyncio.wait_for(arrived.wait(), 5)
    hanging.set()
    assert await flush == 2


@pytest.mark.parametrize(("kind", "arrives"), [("live 0022400001 19:00:00", 1), ("picks", 0)])
async def test_after_a_long_trouble_posts_about_games_under_way_are_tried_again_every_minute(
    kind: str, arrives: int, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = posting.machine_clock()
    monkeypatch.setattr(posting, "machine_clock", lambda: now)
    engine.outbox.put(Draft(DAY, kind, Scripted.scheme, "[]", now + timedelta(days=1)))
    for _ in range(9):
        await Courier(engine, Scripted(Unreachable("away"))).flush()
        now += timedelta(minutes=11)
    now -= timedelta(minutes=10)
    assert await Courier(engine, Scripted()).flush() == arrives


def test_the_wait_grows_and_stays_bounded() -> None:
    waits = [posting.backoff(attempts) for attempts in range(1, 2000)]
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert max(waits) == timedelta(minutes=10)


async def test_a_flush_leaves_the_posts_of_other_channels_alone(
    waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "now", lambda: noon_of(DAY + timedelta(days=300)))
    await Courier(waiting, ConsoleSender(Console(file=io.StringIO()))).flush()
    assert state(waiting) is PostState.WAITING


async def test_the_terminal_shows_the_post_once_as_discord_would(engine: Engine) -> None:
    out = io.StringIO()
    channel = ConsoleSender(Console(file=out, width=100))
    put(engine, "picks", CONSOLE)
    await Courier(engine, channel).flush()
    await Courier(engine, channel).flush()
    shown = out.getvalue()
    assert shown.count("Games of Wed 15 Jan 2025") == 1
    assert "SIMULATED" in shown
    assert "nbabot · picks · 2025-01-15" in shown
    assert "Wed 15 Jan 2025 12:00 ET" in shown
    assert not any(markup in shown for markup in ("**", "<t:", "`"))


async def test_the_terminal_never_shows_two_blank_lines_in_a_row(engine_at: Callable[[date], Engine]) -> None:
    out = io.StringIO()
    channel = ConsoleSender(Console(file=out, width=100))
    put(engine_at(DAY), "picks", CONSOLE)
    tomorrow = engine_at(DAY + timedelta(days=1))
    await Courier(engine_at(DAY), channel).flush()
    put(tomorrow, "recap", CONSOLE)
    await Courier(tomorrow, channel).flush()
    blank = [not line.strip("│ ") for line in out.getvalue().splitlines()]
    assert "picks right" in out.getvalue()
    assert not any(one and other for one, other in pairwise(blank))


GUILD = GuildSettings(guild_id=7, picks_channel=1, alerts_channel=2)


class Discord(Scripted):
    """A way to channels of Discord that answers by channel, or delivers."""

    scheme = "discord"

    def __init__(self, refusing: dict[str, Delivery] | None = None) -> None:
        super().__init__()
        self.refusing = refusing or {}

    async def deliver(self, post: Post) -> Delivery:
        return self.refusing.get(post.channel) or await super().deliver(post)


def texts(posts: list[Post]) -> list[str]:
    return [str(embeds.unpacked(post.payload)[0].description) for post in posts]


async def test_a_post_that_was_changed_is_delivered_again_with_its_message_and_then_no_more(waiting: Engine) -> None:
    channel = Scripted()
    await Courier(waiting, channel).flush()
    first = waiting.outbox.recent()[0]
    waiting.outbox.revise(replace(Draft(DAY, "picks", "scripted", "", first.expires), payload='[{"title": "new"}]'))
    assert [await Courier(waiting, channel).flush() for _ in range(2)] == [1, 0]
    assert [(post.message_id, post.revision) for post in channel.arrived] == [(None, 0), (first.message_id, 1)]


async def test_a_channel_that_takes_nothing_is_closed_and_its_server_told_once_elsewhere(engine: Engine) -> None:
    engine.guilds.put(GUILD)
    channel = Discord({"discord:1": Refused("Allow it.", closed=True)})
    for job in ("picks", "recap"):
        engine.outbox.put(Draft(DAY, job, "discord:1", "[]", engine.now() + timedelta(hours=5)))
    for _ in range(3):
        await Courier(engine, channel).flush()
    assert list(engine.guilds.closed_channels()) == ["discord:1"]
    assert engine.outbox.tally("picks") == engine.outbox.tally("recap") == {PostState.FAILED: 1}
    assert [post.channel for post in channel.arrived] == ["discord:2"]
    assert texts(channel.arrived) == ["Allow it. Then press Test post in /setup: until then nothing is posted there."]


async def test_when_no_channel_takes_anything_nobody_is_told_for_ever(engine: Engine) -> None:
    engine.guilds.put(GUILD)
    refused = Refused("Allow it.", closed=True)
    engine.outbox.put(Draft(DAY, "picks", "discord:1", "[]", engine.now() + timedelta(hours=5)))
    for _ in range(3):
        await Courier(engine, Discord({"discord:1": refused, "discord:2": refused})).flush()
    assert sorted(engine.guilds.closed_channels()) == ["discord:1", "discord:2"]
    assert {post.state for post in engine.outbox.recent()} == {PostState.FAILED}


async def test_a_server_is_told_of_a_post_that_came_too_late(engine: Engine) -> None:
    engine.guilds.put(GUILD)
    engine.outbox.put(Draft(DAY, "picks", "discord:1", "[]", engine.now()))
    channel = Discord()
    await Courier(engine, channel).flush()
    assert texts(channel.arrived) == ["The picks of Wed 15 Jan 2025 could not be posted in time."]


async def test_a_channel_that_breaks_the_sender_leaves_the_others_alone(engine: Engine) -> None:
    class Fragile(Discord):
        async def deliver(self, post: Post) -> Delivery:
            if post.channel == "discord:3":
                raise ZeroDivisionError
            return await super().deliver(post)

    fill(engine, 6)
    channel = Fragile()
    assert await Courier(engine, channel).flush() == 5
    assert engine.outbox.tally("picks") == {PostState.SENT: 5, PostState.WAITING: 1}


async def test_while_nothing_gets_through_the_rest_is_left_for_the_next_round(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, 60)
    monkeypatch.setattr(posting, "A_SECOND", 1000)
    away = Discord({f"discord:{number}": Unreachable("away") for number in range(1, 61)})
    assert await Courier(engine, away).flush() == 0
    tried = [post for post in engine.outbox.recent(100) if post.attempts]
    assert posting.IN_A_ROW <= len(tried) <= posting.IN_A_ROW + posting.AT_ONCE


def fill(engine: Engine, channels: int) -> None:
    for number in range(1, channels + 1):
        engine.outbox.put(Draft(DAY, "picks", f"discord:{number}", "[]", engine.now() + timedelta(hours=5)))
