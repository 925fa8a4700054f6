"""From the outbox to a channel: each post exactly once, or a logged reason why not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from engine.core.calendar import machine_clock
from engine.core.posts import Post
from engine.engine import Engine
from nbabot.channels import SEND_SECONDS, Channel, Delivered, Refused, Unreachable

LEASE = timedelta(seconds=SEND_SECONDS + 30)
"""How long a claimed post is left alone: longer than any delivery takes."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=10)

log = structlog.get_logger(__name__)


async def flush(engine: Engine, channel: Channel) -> int:
    """Deliver what waits for a channel; returns how many posts it now has more than before."""
    for late in await asyncio.to_thread(engine.outbox.expire, channel.key, engine.now()):
        log.error("post_expired", kind=late.kind, day=str(late.league_day), attempts=late.attempts)
    delivered = 0
    while post := await asyncio.to_thread(engine.outbox.claim, channel.key, machine_clock(), LEASE):
        delivered += await _deliver(engine, channel, post)
    return delivered


async def _deliver(engine: Engine, channel: Channel, post: Post) -> bool:
    noted = log.bind(kind=post.kind, day=str(post.league_day), channel=channel.key, attempt=post.attempts)
    match await channel.deliver(post):
        case Delivered(message_id):
            await asyncio.to_thread(engine.outbox.sent, post, message_id)
            noted.info("post_sent", message_id=message_id)
            return True
        case Refused(reason):
            await asyncio.to_thread(engine.outbox.failed, post, reason)
            noted.error("post_refused", reason=reason)
        case Unreachable(reason, wait):
            not_before = machine_clock() + max(wait, backoff(post.attempts))
            await asyncio.to_thread(engine.outbox.retry, post, not_before, reason)
            noted.warning("post_delayed", reason=reason, until=not_before.isoformat(timespec="seconds"))
    return False


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 15 s, doubled each time, at most 10 minutes."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 10)))
