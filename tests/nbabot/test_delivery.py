"""The day's post in a Discord channel, under every fault that the stand-in can produce: sent once, lost never."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from engine.core.posts import PostState
from engine.engine import Engine
from nbabot import channels, jobs, messages, posting
from nbabot.bot import run_service
from nbabot.channels import DiscordSender, discord_key
from nbabot.destinations import Destination
from nbabot.posting import Courier
from nbabot.scheduler import Schedule
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings

pytestmark = pytest.mark.end_to_end
DAY = date(2025, 1, 15)
SEND = "^POST /channels/[0-9]+/messages$"


@pytest.fixture
async def client(discord_server: Any) -> AsyncIterator[discord.Client]:
    """A client that has logged in and may post."""
    async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30) as logged_in:
        await logged_in.login(discord_server.token)
        yield logged_in


@pytest.fixture
def sender(client: discord.Client) -> DiscordSender:
    """The way to the stand-in's channels."""
    return DiscordSender(client)


@pytest.fixture
def key(discord_server: Any) -> str:
    """The stand-in's channel `nba-picks`."""
    return discord_key(discord_server.channel_ids[1])


@pytest.fixture
def waiting(engine: Engine, key: str) -> Engine:
    """An engine with the day's picks on their way to the channel."""
    jobs.JOBS["picks"].work(engine, Settings())
    message = messages.picks(engine, DAY)
    assert message is not None
    engine.outbox.put(message.draft(key))
    return engine


async def posted(server: Any) -> list[Any]:
    return list(await server.messages("nba-picks"))


async def flush_until_settled(engine: Engine, sender: DiscordSender, monkeypatch: pytest.MonkeyPatch) -> PostState:
    """Flush as the schedule would, with the waits between attempts passing at once."""
    real_now = posting.machine_clock
    for attempt in range(12):
        monkeypatch.setattr(posting, "machine_clock", lambda shift=attempt: real_now() + timedelta(minutes=11 * shift))
        await Courier(engine, sender).flush()
        if engine.outbox.recent()[0].state is not PostState.WAITING:
            break
    return engine.outbox.recent()[0].state


async def test_the_post_arrives_once_with_its_nonce_and_pings_nobody(
    waiting: Engine, sender: DiscordSender, discord_server: Any
) -> None:
    for _ in range(3):
        await Courier(waiting, sender).flush()
    messages = await posted(discord_server)
    assert len(messages) == 1
    post = waiting.outbox.recent()[0]
    assert post.message_id == str(messages[0].id)
    sent = discord_server.requests_to(SEND)[0].json
    assert (sent["nonce"], sent["enforce_nonce"]) == (post.nonce, True)
    assert sent.get("allowed_mentions", {"parse": []}) == {"parse": []}
    assert not sent.get("content")


@pytest.mark.parametrize(
    "fault",
    ["429", "429 global", "cloudflare", "500", "502 for long", "dropped", "reset", "answer lost", "answer lost twice"],
)
async def test_under_a_fault_nothing_is_lost_and_nothing_doubled(
    fault: str, waiting: Engine, sender: DiscordSender, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_sleep = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda seconds: real_sleep(min(seconds, 0.05)))
    server = discord_server
    {
        "429": lambda: server.rate_limit_next(2, 0.1, SEND),
        "429 global": lambda: server.rate_limit_next(1, 0.1, SEND, global_=True),
        "cloudflare": lambda: server.rate_limit_next(1, match=SEND, cloudflare=True),
        "500": lambda: server.fail_next(1, 500, SEND),
        "502 for long": lambda: server.fail_next(14, 502, SEND),
        "dropped": lambda: server.drop_next(2, SEND),
        "reset": lambda: server.drop_next(1, SEND, reset=True),
        "answer lost": lambda: server.drop_next(1, SEND, after=True),
        "answer lost twice": lambda: (server.drop_next(1, SEND, after=True), server.drop_next(1, "^GET /channels")),
    }[fault]()
    assert await flush_until_settled(waiting, sender, monkeypatch) is PostState.SENT
    messages = await posted(server)
    assert len(messages) == 1
    assert waiting.outbox.recent()[0].message_id == str(messages[0].id)


async def test_a_slow_answer_is_given_up_and_the_post_found_later(
    waiting: Engine, sender: DiscordSender, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "SEND_SECONDS", 0.3)
    discord_server.slow_next(1, 0.6, SEND)
    await Courier(waiting, sender).flush()
    assert waiting.outbox.recent()[0].state is PostState.WAITING
    await asyncio.sleep(0.5)
    monkeypatch.setattr(channels, "SEND_SECONDS", 5)
    assert await flush_until_settled(waiting, sender, monkeypatch) is PostState.SENT
    assert len(await posted(discord_server)) == 1


async def test_a_long_wait_asked_for_by_discord_is_granted(
    waiting: Engine, sender: DiscordSender, discord_server: Any
) -> None:
    discord_server.rate_limit_next(1, 1200, SEND)
    before = datetime.now(UTC)
    await Courier(waiting, sender).flush()
    assert waiting.outbox.claim("discord", before + timedelta(minutes=19), posting.LEASE) is None
    assert waiting.outbox.claim("discord", before + timedelta(minutes=21), posting.LEASE) is not None
    assert await posted(discord_server) == []


@pytest.mark.parametrize(("trouble", "said"), [("denied", "Send Messages"), ("deleted", "choose another one")])
async def test_a_channel_that_will_never_take_it_is_given_up_with_the_next_step(
    trouble: str, said: str, waiting: Engine, sender: DiscordSender, discord_server: Any
) -> None:
    if trouble == "denied":
        discord_server.deny_channel("nba-picks")
    else:
        await discord_server.delete_channel("nba-picks")
    with capture_logs() as logs:
        await Courier(waiting, sender).flush()
        asked = len(discord_server.requests)
        await Courier(waiting, sender).flush()
    post = waiting.outbox.recent()[0]
    assert post.state is PostState.FAILED
    assert said in str(post.error)
    assert [log["log_level"] for log in logs if log["event"] == "post_refused"] == ["error"]
    assert len(discord_server.requests) == asked, "it is not tried again"


async def test_without_a_needed_permission_nothing_is_sent_and_it_is_named(
    waiting: Engine, discord_server: Any, bot_on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_on(waiting) as bot:
        await discord_server.wait_for(lambda: bot.get_channel(discord_server.channel_ids[1]), 5)
        blind = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)
        monkeypatch.setattr(discord.TextChannel, "permissions_for", lambda *_: blind)
        await Courier(waiting, DiscordSender(bot)).flush()
    post = waiting.outbox.recent()[0]
    assert post.state is PostState.FAILED
    assert str(post.error).endswith("allow it to Read Message History there.")
    assert discord_server.requests_to(SEND) == []


async def test_discord_away_for_ten_minutes_delays_the_post_and_no_more(
    waiting: Engine, sender: DiscordSender, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = discord_server.drop_next(6, ".*")
    assert await flush_until_settled(waiting, sender, monkeypatch) is PostState.SENT
    assert away.hits == 6
    assert len(await posted(discord_server)) == 1


async def test_a_stranger_with_the_same_footer_is_not_taken_for_us(
    waiting: Engine, sender: DiscordSender, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await discord_server.say("nba-picks", messages.marker("picks", DAY))
    discord_server.drop_next(1, SEND)
    assert await flush_until_settled(waiting, sender, monkeypatch) is PostState.SENT
    assert len(await posted(discord_server)) == 2


async def test_a_post_whose_record_a_power_failure_took_is_found_and_not_sent_again(
    waiting: Engine, sender: DiscordSender, discord_server: Any
) -> None:
    unrecorded = replace(waiting.outbox.recent()[0], attempts=1)
    first, again = await sender.deliver(unrecorded), await sender.deliver(unrecorded)
    assert first == again
    assert len(discord_server.requests_to(SEND)) == 1


PROCESS = """
import asyncio, os, signal, sys
from datetime import date, timedelta
from pathlib import Path
import discord
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot import job_runs, jobs, posting, scheduler
from nbabot.channels import DiscordSender
from nbabot.destinations import in_discord
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings

home, token, channel_id, die_at = sys.argv[1:]
if die_at != "never":
    for name in ("recap", "weekly"):  # so that the step is that of the picks
        del jobs.JOBS[name]
    posting.LEASE = jobs.RETRY = timedelta(0)  # so that the test need not wait for them to run out

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after(work):
    return lambda *args, **kwargs: (work(*args, **kwargs), die())

async def main():
    engine = Engine(Path(home), now=lambda: noon_of(date(2025, 1, 15)))
    if die_at == "begun":
        engine.publish_picks = die
    elif die_at == "published":
        engine.outbox.put = die
    elif die_at == "stored":
        engine.outbox.put = die_after(engine.outbox.put)
    elif die_at == "work recorded":
        engine.runs.finish = die_after(engine.runs.finish)
    elif die_at == "handed in":
        job_runs.hand_in = die_after(job_runs.hand_in)
    elif die_at == "claimed":
        engine.outbox.claim = die_after(engine.outbox.claim)
    elif die_at == "sent":
        engine.outbox.sent = die
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        places = in_discord(engine, Settings(discord=DiscordSettings(picks_channel_id=int(channel_id))))
        await scheduler.Schedule(engine, Settings(), places, DiscordSender(client)).catch_up()

asyncio.run(main())
"""


@pytest.fixture
def process(stand_in: Any, discord_server: Any, home: Path) -> Any:
    """Starts another process that does today's work on the same home folder and dies at a named step."""

    async def start(die_at: str) -> int:
        environment = {**os.environ, **stand_in.subprocess_env(discord_server)}
        arguments = (str(home), discord_server.token, str(discord_server.channel_ids[1]), die_at)
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, *arguments, env=environment)
        return await asyncio.wait_for(child.wait(), 60)

    return start


@pytest.mark.parametrize("step", ["begun", "published", "stored", "work recorded", "handed in", "claimed", "sent"])
async def test_killed_between_any_two_steps_the_post_still_arrives_once(
    step: str,
    process: Any,
    engine: Engine,
    sender: DiscordSender,
    key: str,
    discord_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await process(step) == -signal.SIGKILL
    monkeypatch.setattr(jobs, "RETRY", timedelta(0))
    await Schedule(engine, Settings(), lambda topic: (Destination(key),), sender).catch_up()
    messages = await posted(discord_server)
    assert len(messages) == 1
    post = engine.outbox.recent()[0]
    assert (post.state, post.message_id) == (PostState.SENT, str(messages[0].id))
    assert engine.runs.done("picks", DAY) == {"2025-01-15", f"2025-01-15 {key}"}


async def test_two_processes_at_once_post_once(process: Any, engine: Engine, discord_server: Any) -> None:
    codes = await asyncio.gather(*(process("never") for _ in range(2)))
    assert codes == [0, 0]
    assert len(await posted(discord_server)) == 1
    assert engine.outbox.recent()[0].state is PostState.SENT


async def test_the_service_posts_answers_and_stops_when_told(
    engine: Engine, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", discord_server.token)
    picks = DiscordSettings(picks_channel_id=discord_server.channel_ids[1])
    service = asyncio.create_task(run_service(engine, Settings(discord=picks), [].append))
    await discord_server.wait_commands(["predict"])
    await discord_server.wait_for(lambda: discord_server.requests_to(SEND), 10)
    answer = await discord_server.invoke("predict", {"home": "BOS", "away": "LAL"})
    assert answer.ok
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(service, 10)
    assert len(await posted(discord_server)) == 1
    assert engine.outbox.recent()[0].state is PostState.SENT


async def test_without_a_channel_the_service_still_freezes_the_picks(
    engine: Engine, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", discord_server.token)
    told: list[str] = []
    service = asyncio.create_task(run_service(engine, Settings(), told.append))
    await discord_server.wait_for(lambda: engine.picks(DAY), 10)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(service, 10)
    assert engine.outbox.recent() == ()
    assert any("picks are frozen and graded but not posted" in line for line in told)


async def test_the_console_service_prints_the_picks_once(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        service = asyncio.create_task(run_service(engine, Settings(), print, console=True))
        await asyncio.sleep(0.1)
        while not engine.outbox.recent() or engine.outbox.recent()[0].state is not PostState.SENT:
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(service, 10)
    shown = capsys.readouterr().out
    assert shown.count("Games of Wed 15 Jan 2025") == 1
    assert shown.startswith("nbabot posts to this terminal; Ctrl-C stops it.\n")
    assert "  recap, now: grade yesterday's picks and post the results\n" in shown
