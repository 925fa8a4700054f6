"""News before tip-off: the day's post is edited, once for each change, whatever dies in between."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE
from engine.core.outlooks import PlayerOutlook
from engine.core.posts import PostState
from engine.core.records import GameForecast
from engine.engine import Engine
from engine.predictions.game import GameForecaster
from engine.predictions.updates import news
from nbabot import embeds, messages
from nbabot.channels import Delivered, Delivery, DiscordSender, discord_key
from nbabot.destinations import Destination
from nbabot.jobs import JOBS
from nbabot.posting import Courier
from nbabot.scheduler import Schedule
from nbabot.settings import Settings

DAY = date(2025, 1, 15)
STAR = PlayerOutlook(7, "Jo Star", 0, "out", 0.0, 34.0, -6.0)


class Wall:
    """A way to channels that keeps what each message reads now, and how often one was sent or edited."""

    scheme = "wall"

    def __init__(self) -> None:
        self.reads: dict[str, str] = {}
        self.sent = self.edited = 0

    async def deliver(self, post: Any) -> Delivery:
        self.sent, self.edited = self.sent + (post.message_id is None), self.edited + (post.message_id is not None)
        self.reads[post.channel] = str(embeds.unpacked(post.payload)[0].to_dict())
        return Delivered(post.channel)


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """By how much the first game asked for moves because its star is out: none as long as the list is empty."""
    moved: list[float] = []
    real = GameForecaster.forecast
    games: list[str] = []

    def forecast(self: GameForecaster, game: Any, now: Any, *others: Any, **more: Any) -> GameForecast:
        made = real(self, game, now, *others, **more)
        games.append(game.game_id)
        if not moved or game.game_id != games[0]:
            return made
        star = replace(STAR, team_id=made.home_id)
        return replace(made, home_win_prob=made.home_win_prob - moved[0], availability=(*made.availability, star))

    monkeypatch.setattr(GameForecaster, "forecast", forecast)
    return moved


@pytest.fixture
def at(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A schedule at a time of the day that posts to two walls."""
    wall = Wall()

    def make(hour: int, minute: int = 0) -> tuple[Schedule, Wall]:
        moment = datetime.combine(DAY, time(hour, minute), LEAGUE_ZONE)
        monkeypatch.setattr(engine, "now", lambda: moment)
        places = (Destination("wall:1"), Destination("wall:2"))
        return Schedule(engine, Settings(), lambda topic: places, wall), wall

    return make


async def test_news_that_moves_a_pick_edits_every_post_with_the_old_number_and_the_new_one_and_the_pick_stays(
    at: Any, engine: Engine, out: list[float]
) -> None:
    schedule, wall = at(11)
    await schedule.catch_up()
    frozen = engine.picks(DAY)
    out.append(0.08)
    for hour, minute in ((13, 29), (13, 30), (13, 45), (16, 30)):
        schedule, wall = at(hour, minute)
        await schedule.catch_up()
    assert (wall.sent, wall.edited) == (2, 2), "one edit of each post, and none where nothing is new"
    (update,) = engine.pick_updates.on(DAY)
    first = next(pick for pick in frozen if pick.game_id == update.game_id)
    assert update.before == first.home_win_prob
    assert update.home_win_prob == pytest.approx(first.home_win_prob - 0.08)
    assert update.reasons == ("Jo Star out",)
    side = (lambda p: p) if update.before >= 0.5 else (lambda p: 1 - p)
    told = f"{words.percent(side(update.before))} → {words.percent(side(update.home_win_prob))}"
    for reads in wall.reads.values():
        assert told in reads
        assert "Jo Star out" in reads
        assert messages.NEWS in reads
    assert engine.picks(DAY) == frozen


@pytest.mark.parametrize("moved", [0.0, 0.049])
async def test_news_that_moves_nothing_by_enough_edits_nothing(
    moved: float, at: Any, engine: Engine, out: list[float]
) -> None:
    schedule, wall = at(11)
    await schedule.catch_up()
    out.append(moved)
    schedule, wall = at(13, 30)
    await schedule.catch_up()
    assert (wall.sent, wall.edited) == (2, 0)
    assert engine.pick_updates.on(DAY) == ()


async def test_a_pick_that_moves_without_news_of_a_player_is_not_an_update(
    at: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule, _ = at(11)
    await schedule.catch_up()
    real = GameForecaster.forecast
    monkeypatch.setattr(
        GameForecaster, "forecast", lambda *asked, **more: replace(real(*asked, **more), home_win_prob=0.5)
    )
    assert engine.pick_updates.make(DAY, 5) == ()


async def test_what_was_told_once_is_told_again_only_when_it_has_moved_as_far_again(
    at: Any, engine: Engine, out: list[float]
) -> None:
    schedule, _ = at(11)
    await schedule.catch_up()
    for hour, points in ((14, 0.08), (17, 0.10), (19, 0.0)):
        out[:] = [points] if points else []
        at(hour)
        JOBS["refresh"].work(engine, Settings())
    assert [round(one.home_win_prob - one.before, 2) for one in engine.pick_updates.on(DAY)] == [-0.08, 0.08]
    assert engine.pick_updates.on(DAY)[1].reasons == ("Jo Star expected to play",)


async def test_a_server_whose_time_comes_after_the_news_reads_both_in_its_first_post(
    at: Any, engine: Engine, out: list[float]
) -> None:
    at(11)
    JOBS["picks"].work(engine, Settings())
    out.append(0.08)
    at(14)
    JOBS["refresh"].work(engine, Settings())
    schedule, wall = at(15)
    await schedule.catch_up()
    assert (wall.sent, wall.edited) == (2, 0)
    assert all("Jo Star out" in reads for reads in wall.reads.values())


def test_news_is_who_is_in_doubt_now_and_was_not_and_the_other_way_round() -> None:
    doubtful = replace(STAR, status="questionable", chance=0.5)
    assert list(news((), (STAR,))) == ["Jo Star out"]
    assert list(news((doubtful,), (STAR,))) == ["Jo Star out"]
    assert list(news((STAR,), ())) == ["Jo Star expected to play"]
    assert list(news((STAR,), (STAR,))) == []
    assert list(news((replace(STAR, chance=0.9),), ())) == []


PROCESS = """
import asyncio, os, signal, sys
from datetime import date, timedelta
from pathlib import Path
import discord
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot import posting
from nbabot.channels import DiscordSender

home, token, die_at = sys.argv[1:]
posting.LEASE = timedelta(0)  # so that the test need not wait for it to run out

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    engine = Engine(Path(home), now=lambda: noon_of(date(2025, 1, 15)))
    if die_at == "claimed":
        DiscordSender.deliver = die
    elif die_at == "edited":
        engine.outbox.sent = die
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        await posting.Courier(engine, DiscordSender(client)).flush()

asyncio.run(main())
"""


@pytest.fixture
async def edited(engine: Engine, discord_server: Any) -> Any:
    """An engine whose post of the day is sent and then changed, and the client that sent it."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(discord_server.token)
        sender = DiscordSender(client)
        JOBS["picks"].work(engine, Settings())
        message = messages.picks(engine, DAY)
        assert message is not None
        channel = discord_key(discord_server.channel_ids[1])
        engine.outbox.put(message.draft(channel))
        await Courier(engine, sender).flush()
        shown = embeds.unpacked(message.payload)
        shown[0].title = "Changed"
        engine.outbox.revise(replace(message, payload=embeds.packed(shown)).draft(channel))
        yield sender


@pytest.mark.end_to_end
@pytest.mark.parametrize("step", ["claimed", "edited"])
async def test_killed_between_the_steps_of_an_edit_the_message_still_reads_as_it_should_and_stands_once(
    step: str, edited: DiscordSender, engine: Engine, discord_server: Any, stand_in: Any
) -> None:
    environment = {**os.environ, **stand_in.subprocess_env(discord_server)}
    home = str(Path(engine.home))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, home, discord_server.token, step, env=environment
    )
    assert await asyncio.wait_for(child.wait(), 60) == -signal.SIGKILL
    for _ in range(2):
        await Courier(engine, edited).flush()
    messages_now = await discord_server.messages("nba-picks")
    assert [message.embeds[0]["title"] for message in messages_now] == ["Changed"]
    assert engine.outbox.recent()[0].state is PostState.SENT


@pytest.mark.end_to_end
@pytest.mark.parametrize("fault", ["answer lost", "500", "dropped", "deleted"])
async def test_an_edit_under_a_fault_is_neither_lost_nor_becomes_a_second_message(
    fault: str, edited: DiscordSender, engine: Engine, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_sleep = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda seconds: real_sleep(min(seconds, 0.05)))
    monkeypatch.setattr("nbabot.posting.FIRST_WAIT", timedelta(0))
    patch = "^PATCH /channels"
    before = await discord_server.messages("nba-picks")
    {
        "answer lost": lambda: discord_server.drop_next(1, patch, after=True),
        "500": lambda: discord_server.fail_next(2, 500, patch),
        "dropped": lambda: discord_server.drop_next(2, patch),
        "deleted": lambda: setattr(before[0], "deleted", True),
    }[fault]()
    for _ in range(4):
        await Courier(engine, edited).flush()
    after = await discord_server.messages("nba-picks")
    assert len(after) == (0 if fault == "deleted" else 1)
    assert all(message.embeds[0]["title"] == "Changed" for message in after)
    assert engine.outbox.recent()[0].state is (PostState.FAILED if fault == "deleted" else PostState.SENT)
    assert engine.guilds.closed_channels() == {}, "a message that is gone closes no channel"
