"""Every fault of a night with games under way, by its name: those of the feed, of the service, of Discord, of users."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from bench.live_fault_feed import FEED_FAULTS, LATE, MIDDLE, Fault
from bench.live_fault_night import Night, Pace
from bench.live_fault_users import hostile
from engine.core.guilds import GuildSettings
from engine.engine import DATABASE, Engine

EDITED, SENT = r"^PATCH /channels/[0-9]+/messages/", r"^(POST|PATCH) /channels/[0-9]+/messages"
SERVERS = 30


def ended(by: signal.Signals, seconds: float, at: int = MIDDLE) -> Fault:
    """The service is ended and another one started so many seconds later."""

    async def inflict(night: Night) -> str:
        process = await night.begins()
        await night.reaches(at)
        process.send_signal(by)
        code = await asyncio.wait_for(process.wait(), 40)
        await night.passes(seconds)
        await night.world.start()
        await night.over()
        return f"exit code {code}, down for {seconds:g} s and the start"

    return Fault(inflict)


async def missed_the_end(night: Night) -> str:
    """The service dies, the game ends, the service is started."""
    process = await night.begins()
    await night.reaches(LATE)
    process.kill()
    await process.wait()
    await night.over()
    await night.passes(600)
    await night.world.start()
    return "started 10 min after the end"


async def two_services(night: Night) -> str:
    """Two services on one home folder; one of them is killed later."""
    process, _ = await asyncio.gather(night.begins(), night.world.start())
    await night.reaches(LATE)
    process.kill()
    await night.over()
    return "one killed in Q3"


def discord(spoil: Callable[[Any], object], seconds: float = 0, at: int = MIDDLE) -> Fault:
    """Discord goes wrong, for as many requests as `spoil` says or for a while."""

    async def inflict(night: Night) -> str:
        await night.begins()
        await night.reaches(at)
        spoil(night.server)
        if seconds:
            await night.passes(seconds)
            night.server.clear_faults()
        await night.over()
        refused = [one for one in night.server.requests_to(SENT) if one.fault]
        return f"{len(refused)} requests went wrong"

    return Fault(inflict)


async def slow_channel(night: Night) -> str:
    """An edit in one channel takes six seconds; the other one should not have to wait."""
    await night.begins()
    await night.reaches(MIDDLE)
    card = await night.card()
    night.server.slow_next(1, 6.0, f"{EDITED}{card.id}")
    await night.over()
    await night.passes(60)
    return (
        f"six real seconds, {6 * night.pace.clock:.0f} of the clock; the other channel {night.stale('nba-picks'):.0f} s"
    )


async def moderator_deletes(night: Night) -> str:
    """A moderator deletes the card."""
    await night.begins()
    await night.reaches(MIDDLE)
    await night.server._delete(await night.card())
    await night.reaches(LATE)
    again = [one for one in await night.server.messages("general") if one.embeds]
    ended = night.world.query("SELECT count(*) FROM live_follows") == [(0,)]
    await night.over()
    return f"{len(again)} posted again, {'no longer followed' if ended else 'STILL FOLLOWED'}"


def channel_gone(close: Callable[[Night], Awaitable[None]]) -> Fault:
    """The channel of the card takes nothing any more."""

    async def inflict(night: Night) -> str:
        await night.begins()
        await night.reaches(MIDDLE)
        await close(night)
        await night.over()
        left = night.world.query("SELECT count(*) FROM live_follows")[0][0]
        return f"{left} follows left, {night.logged('channel_closed')} channel closed"

    return Fault(inflict, due=1)


async def denied(night: Night) -> None:
    """The bot may no longer write there."""
    night.server.deny_channel("general")


async def deleted(night: Night) -> None:
    """There is no such channel any more."""
    await night.server.delete_channel("general")


async def locked(night: Night) -> str:
    """Another program holds the database for 20 real seconds."""
    await night.begins()
    await night.reaches(MIDDLE)
    other = sqlite3.connect(night.world.home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await asyncio.sleep(20)
    other.execute("ROLLBACK")
    other.close()
    await night.over()
    return f"20 real s; {night.logged('live_games_not_read')} times told"


async def twice(night: Night) -> str:
    """The game is followed twice, in the same channel as the evening's message."""
    await night.begins()
    first = await night.follow(channel="nba-picks")
    again = await night.follow(channel="nba-picks")
    await night.over()
    well = "changes by itself" in first.text and "further up" in again.text
    return "shown where the card is" if well else "NOT TOLD"


async def unfollowed(night: Night) -> str:
    """The game is unfollowed in its middle: the card says so and stands still."""
    await night.begins()
    await night.reaches(MIDDLE)
    await night.follow("unfollow")
    await night.passes(30)
    edits = len(night.server.requests_to(EDITED + str((await night.card()).id)))
    await night.over()
    card = await night.card()
    told = "No longer followed" in card.text
    return (
        f"{'told' if told else 'NOT TOLD'}, {len(night.server.requests_to(EDITED + str(card.id))) - edits} edits later"
    )


async def afterwards(night: Night) -> str:
    """The game is followed after its end."""
    await night.world.start()
    night.tip_off()
    await night.over()
    await night.passes(60)
    answer = await night.follow()
    return answer.text[:60]


async def many_servers(night: Night) -> str:
    """Thirty servers have the evening's message."""
    engine = Engine(night.world.home)
    for number in range(SERVERS):
        guild = int(night.server._new_guild(f"server {number}", ["games"])["id"])
        engine.guilds.put(GuildSettings(guild, live_channel=night.server.channel_id(gid=guild)))
    engine.close()
    await night.begins()
    await night.over()
    limited = sum(one.status == 429 for one in night.server.requests)
    return f"{SERVERS} servers, {len(night.server.requests_to(SENT))} requests, {limited} times too fast"


SLOW = Pace(clock=4, games=8)
FAULTS: dict[str, Fault] = {
    **FEED_FAULTS,
    "kill -9": ended(signal.SIGKILL, 0),
    "kill -9, down for 3 min": ended(signal.SIGKILL, 180),
    "SIGTERM": ended(signal.SIGTERM, 0),
    "down at the end": Fault(missed_the_end),
    "two services": Fault(two_services),
    "Discord: 500 for 2 min": discord(lambda server: server.fail_next(10_000, 500, SENT), 120),
    "Discord: 502 for 5 min, past the end": discord(lambda server: server.fail_next(10_000, 502, SENT), 300, LATE),
    "Discord: 429, Retry-After 3 s": discord(lambda server: server.rate_limit_next(3, 3.0, EDITED)),
    "Discord: connection lost for 1 min": discord(lambda server: server.drop_next(10_000, SENT), 60),
    "Discord: answers lost": discord(lambda server: server.drop_next(5, SENT, after=True)),
    "Discord: one channel slow": Fault(slow_channel),
    "card deleted by a moderator": Fault(moderator_deletes, due=1),
    "channel denied": channel_gone(denied),
    "channel deleted": channel_gone(deleted),
    "database locked for 20 s": Fault(locked, pace=SLOW),
    "followed twice": Fault(twice, due=3),
    "unfollowed": Fault(unfollowed, due=1),
    "followed after the end": Fault(afterwards, due=1),
    "30 servers": Fault(many_servers, due=SERVERS + 2, pace=SLOW, limits=True),
    "hostile users": Fault(hostile, pace=SLOW),
}
