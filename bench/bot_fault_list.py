"""Every fault by its name: when its world begins, and what is done to it."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bench.bot_fault_world import POSTED, Clock, Found, World
from engine.engine import DATABASE

DAY = "2025-01-15"
DUE = f"{DAY}T11:00"
BEFORE, JUST_AFTER = f"{DAY}T10:40", f"{DAY}T11:05"
ASKED = 10
CALLBACK, ANSWER = "^POST /interactions/", "^PATCH /webhooks/"
Do = Callable[[World], Awaitable[Found]]


@dataclass(frozen=True)
class Fault:
    """A fault: the clock at the start, its speed, what is done."""

    inflict: Do
    start: str = BEFORE
    speed: float = 60.0

    def clock(self) -> Clock:
        """A clock that begins now."""
        return Clock(self.start, self.speed)


def killed(step: str) -> Fault:
    """The service dies at a step; another one is started."""

    async def inflict(world: World) -> Found:
        await world.start(step)
        await world.start()
        return await world.found("killed, started again")

    return Fault(inflict, JUST_AFTER)


def requests(spoil: Callable[[Any], object], seen: str = "") -> Fault:
    """Something is wrong with the requests that post."""

    async def inflict(world: World) -> Found:
        await world.start()
        spoil(world.server)
        await world.clock.reaches(DUE)
        return await world.found(seen)

    return Fault(inflict)


def gateway(break_it: Callable[[Any], Awaitable[None]], resumed: bool = True) -> Fault:
    """The gateway goes wrong just before the picks are due; users ask before and after.

    With `resumed` they also ask while the bot is away, and Discord hands their questions over when it is back.
    """

    async def inflict(world: World) -> Found:
        await world.start()
        await world.ask(ASKED)
        back = world.server.resumes + world.server.identifies
        await break_it(world.server)
        if resumed:
            await world.ask(ASKED)
        await world.server.wait_for(lambda: world.server.resumes + world.server.identifies > back, 40)
        await asyncio.sleep(1)
        await world.ask(ASKED)
        await world.clock.reaches(DUE)
        return await world.found()

    return Fault(inflict)


def answers(spoil: Callable[[Any], object]) -> Fault:
    """Something is wrong with the requests that answer users."""

    async def inflict(world: World) -> Found:
        await world.start()
        await world.ask(1)
        spoil(world.server)
        await world.ask(ASKED)
        await asyncio.sleep(1)  # an apology comes after the "thinking" has been taken back
        said = Counter("forecast" if answer.embeds else answer.content[:40] for answer in world.answers[1:])
        return await world.found(", ".join(f"{count} saw {what}" for what, count in said.items()))

    return Fault(inflict, JUST_AFTER)


async def frozen(server: Any) -> None:
    """The connection stays open and goes silent."""
    server.freeze_gateway()


async def away(world: World) -> Found:
    """Discord is away for ten minutes from just before the picks are due."""
    await world.start()
    await world.ask(ASKED)
    await world.clock.reaches(f"{DAY}T10:58")
    world.server.drop_next(100_000, ".*")
    world.server.refuse_connections(100_000)
    await world.server.drop_gateway()
    await world.clock.reaches(f"{DAY}T11:08")
    world.server.clear_faults()
    found = world.server.resumes + world.server.identifies
    await world.server.wait_for(lambda: world.server.resumes + world.server.identifies > found, 60)
    await asyncio.sleep(1)
    await world.ask(ASKED)
    return await world.found(seconds=60)


async def locked(world: World) -> Found:
    """Another program holds the database for three real seconds as the picks are due; users ask meanwhile."""
    await world.start()
    await world.clock.reaches(f"{DAY}T10:59:30")
    other = sqlite3.connect(world.home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asking = asyncio.create_task(world.ask(ASKED))
    await asyncio.sleep(3)
    other.execute("ROLLBACK")
    other.close()
    await asking
    return await world.found()


def refused(close: Callable[[World], Awaitable[None]]) -> Fault:
    """The channel takes no posts any more: nothing is due, and the reason is kept."""

    async def inflict(world: World) -> Found:
        await world.start()
        await close(world)
        await world.clock.reaches(f"{DAY}T11:03")
        await world.ask(ASKED)
        tries = len(world.server.requests_to(POSTED))
        await world.clock.reaches(f"{DAY}T11:10")
        later = len(world.server.requests_to(POSTED)) - tries
        reasons = {row[0] for row in world.query("SELECT error FROM outbox WHERE state = 'failed'")}
        return await world.found(f"{' / '.join(sorted(map(str, reasons)))} ({later} tries later on)", due=0)

    return Fault(inflict)


async def deleted(world: World) -> None:
    """The channel is deleted."""
    await world.server.delete_channel(world.channel)


async def denied(world: World) -> None:
    """The bot's permission is taken away."""
    world.server.deny_channel(world.channel)


async def two(world: World) -> Found:
    """Two services on one home folder."""
    await asyncio.gather(world.start(), world.start())
    await world.clock.reaches(DUE)
    return await world.found("two at once")


def changed_clock(start: str, due: str) -> Fault:
    """A night in which the clock is changed, and the day after it: picks, results, picks."""

    async def inflict(world: World) -> Found:
        await world.start()
        await world.clock.reaches(due)
        return await world.found(due=3)

    return Fault(inflict, start, speed=2400)


async def asleep(world: World) -> Found:
    """The machine sleeps over the time of the picks and wakes an hour later."""
    process = await world.start()
    process.send_signal(signal.SIGSTOP)
    await world.clock.reaches(f"{DAY}T12:00")
    process.send_signal(signal.SIGCONT)
    return await world.found("asleep until 12:00")


async def overslept(world: World) -> Found:
    """The machine wakes when the day's games have begun: the picks are of no use any more, and it is told."""
    process = await world.start()
    process.send_signal(signal.SIGSTOP)
    await world.clock.reaches(f"{DAY}T20:00")
    process.send_signal(signal.SIGCONT)
    await asyncio.sleep(4)
    told = "job_missed" in (world.home / "logs" / "nbabot.log").read_text()
    return await world.found(f"asleep until 20:00, {'told as missed' if told else 'NOT TOLD'}", due=0)


async def told_to_stop(world: World) -> Found:
    """SIGTERM while a post is on its way."""
    process = await world.start()
    world.server.slow_next(1, 3.0, POSTED)
    await world.server.wait_for(lambda: world.server.requests_to(POSTED), 60)
    code = await world.stop(process)
    states = [row[0] for row in world.query("SELECT state FROM outbox")]
    return await world.found(f"exit code {code}, outbox {states}")


def buttons(end: signal.Signals) -> Fault:
    """The bot is ended and started between a user's presses."""

    async def inflict(world: World) -> Found:
        process = await world.start()
        await world.ask(1)
        first = world.answers[0]
        process.send_signal(end)
        await process.wait()
        await world.start()
        for label in ("Why?", "Compare", "Refresh"):
            world.answers.append(await world.server.click(first, label=label, user=first.interaction["member"]["user"]))
        return await world.found("Why?, Compare, Refresh pressed on the message of before", due=1)

    return Fault(inflict, JUST_AFTER)


STEPS = (
    "Runs.begin:after", "Engine.publish_picks:before", "Engine.publish_picks:after", "Runs.finish:before",
    "Runs.finish:after", "Outbox.put:before", "Outbox.put:after", "Outbox.claim:before", "Outbox.claim:after",
    "Outbox.sent:before", "Outbox.sent:after",
)  # fmt: skip
"""Every step of a post that leaves a trace; the message is sent between the last claim and `sent`."""

FAULTS: dict[str, Fault] = {
    **{f"kill -9 at {step}": killed(step) for step in STEPS},
    "429, Retry-After 2 s": requests(lambda server: server.rate_limit_next(3, 2.0, POSTED)),
    "429, Retry-After 20 min": requests(lambda server: server.rate_limit_next(1, 1200.0, POSTED)),
    "429, global": requests(lambda server: server.rate_limit_next(2, 2.0, POSTED, global_=True)),
    "500": requests(lambda server: server.fail_next(2, 500, POSTED)),
    "502 for long": requests(lambda server: server.fail_next(8, 502, POSTED)),
    "dropped before acceptance": requests(lambda server: server.drop_next(2, POSTED)),
    "reset before acceptance": requests(lambda server: server.drop_next(2, POSTED, reset=True)),
    "dropped after acceptance": requests(lambda server: server.drop_next(1, POSTED, after=True)),
    "slow answer, 5 s": requests(lambda server: server.slow_next(1, 5.0, POSTED)),
    "callback dropped before acceptance": answers(lambda server: server.drop_next(3, CALLBACK)),
    "callback dropped after acceptance": answers(lambda server: server.drop_next(3, CALLBACK, after=True)),
    "callback 502": answers(lambda server: server.fail_next(3, 502, CALLBACK)),
    "answer dropped before acceptance": answers(lambda server: server.drop_next(3, ANSWER)),
    "answer dropped after acceptance": answers(lambda server: server.drop_next(3, ANSWER, after=True)),
    "answer 429": answers(lambda server: server.rate_limit_next(3, 1.0, ANSWER)),
    "answer 500": answers(lambda server: server.fail_next(3, 500, ANSWER)),
    "gateway close 4000": gateway(lambda server: server.close_gateway(4000)),
    "gateway close 1001": gateway(lambda server: server.close_gateway(1001)),
    "gateway op 7": gateway(lambda server: server.request_reconnect()),
    "gateway op 9, resumable": gateway(lambda server: server.invalid_session(resumable=True), resumed=False),
    "gateway op 9": gateway(lambda server: server.invalid_session(), resumed=False),
    "heartbeats lost": gateway(frozen, resumed=False),
    "Discord away for 10 min": Fault(away),
    "database locked for 3 s": Fault(locked),
    "channel deleted": refused(deleted),
    "permission removed": refused(denied),
    "two bots at once": Fault(two),
    "clock change, March": changed_clock("2025-03-08T10:20", "2025-03-09T11:30"),
    "clock change, November": changed_clock("2024-11-02T10:20", "2024-11-03T11:30"),
    "asleep at posting time": Fault(asleep, f"{DAY}T09:00", speed=600),
    "asleep past the first tip-off": Fault(overslept, f"{DAY}T09:00", speed=1800),
    "SIGTERM during a post": Fault(told_to_stop, JUST_AFTER),
    "restart during a session of buttons": buttons(signal.SIGTERM),
    "kill -9 during a session of buttons": buttons(signal.SIGKILL),
}
