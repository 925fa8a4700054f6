"""From the outbox to the channels: each post exactly once, or a logged reason why not.

Several posts are under way at once, so that two hundred servers do not wait for each other; how many begin in a second
stays below what Discord allows one bot.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import structlog

from engine.core import words
from engine.core.calendar import machine_clock
from engine.core.guilds import GuildSettings, Topic
from engine.core.posts import Post
from engine.engine import Engine
from nbabot import messages
from nbabot.channels import (
    DISCORD,
    SEND_SECONDS,
    Delivered,
    Delivery,
    Refused,
    Sender,
    Unreachable,
    channel_number,
    discord_key,
)

LEASE = timedelta(seconds=SEND_SECONDS + 30)
"""How long a claimed post is left alone: longer than any delivery takes."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=10)
FLEETING_WAIT = timedelta(minutes=1)
"""The longest wait of a post about games under way: what it says is out of date with every basket."""
AT_ONCE = 8
"""Posts under way at the same time."""
A_SECOND = 20
"""Posts begun in a second: each takes two requests, and Discord takes 50 a second from one bot."""
LOOK_AGAIN_S = 1.0
"""How often it is looked for posts that were handed in while others are under way: one may hang for a minute."""
IN_A_ROW = 8
"""Failures in a row, none of them a refusal, after which the others are left for the next round."""

log = structlog.get_logger(__name__)


class Courier:
    """Brings an engine's posts to the channels of one sender."""

    def __init__(self, engine: Engine, sender: Sender) -> None:
        self._engine = engine
        self._sender = sender
        self._begin = asyncio.Lock()
        self._stopping = False
        self._failures = 0
        self._under_way: set[asyncio.Task[bool]] = set()

    def stop(self) -> None:
        """Begin no further post; those under way are finished."""
        self._stopping = True

    async def flush(self) -> int:
        """Deliver what waits; returns how many posts have arrived."""
        for late in await asyncio.to_thread(self._engine.outbox.expire, self._sender.scheme, self._engine.now()):
            log.error("post_expired", kind=late.kind, day=str(late.league_day), channel=late.channel)
            if late.message_id is None and not messages.is_fleeting(late.kind):
                text = f"The {late.kind} of {words.day(late.league_day)} could not be posted in time."
                await asyncio.to_thread(self._tell_server, late, text)
        self._failures = 0
        done = await asyncio.gather(*(self._work() for _ in range(AT_ONCE)), return_exceptions=True)
        if broken := [one for one in done if isinstance(one, BaseException)]:
            raise broken[0]
        return sum(one for one in done if isinstance(one, int))

    async def _work(self) -> int:
        """One after the other, until nothing waits or nothing gets through, and nothing is under way any more."""
        delivered = 0
        while True:
            if post := await self._next():
                delivery = asyncio.create_task(self._deliver(post))
                self._under_way.add(delivery)
                delivery.add_done_callback(self._under_way.discard)
                delivered += await delivery
            elif self._under_way and not self._stopping:
                await asyncio.wait(self._under_way, timeout=LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
            else:
                return delivered

    async def _next(self) -> Post | None:
        """Claim a post when its turn has come."""
        async with self._begin:
            if self._stopping or self._failures >= IN_A_ROW:
                return None
            started = time.monotonic()
            claim = self._engine.outbox.claim
            post = await asyncio.to_thread(claim, self._sender.scheme, machine_clock(), LEASE)
            if post:
                await asyncio.sleep(1 / A_SECOND - (time.monotonic() - started))
            return post

    async def _deliver(self, post: Post) -> bool:
        noted = log.bind(kind=post.kind, day=str(post.league_day), channel=post.channel, attempt=post.attempts)
        outbox = self._engine.outbox
        match await self._attempt(post):
            case Delivered(message_id):
                self._failures = 0
                await asyncio.to_thread(outbox.sent, post, message_id)
                noted.info("post_edited" if post.message_id else "post_sent", message_id=message_id)
                return True
            case Refused(reason, closed):
                await asyncio.to_thread(outbox.failed, post, reason)
                noted.error("post_refused", reason=reason)
                if closed:
                    await asyncio.to_thread(self._close, post, reason)
            case Unreachable(reason, wait):
                self._failures += 1
                longest = FLEETING_WAIT if messages.is_fleeting(post.kind) else LONGEST_WAIT
                not_before = machine_clock() + max(wait, min(backoff(post.attempts), longest))
                await asyncio.to_thread(outbox.retry, post, not_before, reason)
                noted.warning("post_delayed", reason=reason, until=not_before.isoformat(timespec="seconds"))
        return False

    async def _attempt(self, post: Post) -> Delivery:
        """One delivery; a fault of our own in it leaves the other channels alone."""
        try:
            return await self._sender.deliver(post)
        except Exception as error:
            log.exception("delivery_broke", kind=post.kind, channel=post.channel)
            return Unreachable(f"the delivery broke ({type(error).__name__})")

    def _close(self, post: Post, reason: str) -> None:
        """Send a channel nothing more, and say so once; one that only follows a game is asked for none any more."""
        self._engine.outbox.give_up(post.channel, reason)
        self._engine.follows.leave(post.channel)
        if messages.is_of_a_game(post.kind):
            return
        if self._engine.guilds.close_channel(post.channel, reason):
            log.error("channel_closed", channel=post.channel, reason=reason)
            self._tell_server(post, f"{reason} Then press Test post in /setup: until then nothing is posted there.")

    def _tell_server(self, post: Post, text: str) -> None:
        """Tell the server whose channel it is, where it has named another one for that."""
        if wishes := server_of(self._engine, post.channel):
            number = wishes.channel_of(Topic.ALERTS)
            if number and discord_key(number) not in self._engine.guilds.closed_channels():
                message = messages.notice(f"{post.kind} {post.channel}", self._engine.today(), text)
                self._engine.outbox.put(message.draft(discord_key(number)))


def server_of(engine: Engine, channel: str) -> GuildSettings | None:
    """The server that has named a channel for its posts, if one has."""
    if not channel.startswith(DISCORD):
        return None
    number = channel_number(channel)
    return next((one for one in engine.guilds.every() if number in one.channels), None)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 15 s, doubled each time, at most 10 minutes."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 10)))
