"""Users who mean no good, or know no better, on a night with games under way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.live_fault_night import MODERATOR, Night

PINGS = "@everyone @here <@1> <@&2> <#3>"
TEXTS = (
    "x" * 2000, PINGS, "'; DROP TABLE live_follows; --", "\u202e\x00Lakers", " ", "../../etc/passwd", "\u00e9" * 2000,
    "{0.__class__} %s", "LAL at LAL", "BOS 9999-99-99",
)  # fmt: skip
FORGED = (
    "nbabot:follow:", f"nbabot:follow:{'x' * 80}", f"nbabot:follow:{PINGS}", "nbabot:follow:LAL@BOS 9999-99-99",
    "nbabot:follow:\x00", "nbabot:live:0:tonight", "nbabot:live:99999999999999999999:tonight",
    f"nbabot:live:1:{PINGS}", "nbabot:live:x:y", "nbabot:live:", "nbabot:livegame:1",
)  # fmt: skip


async def hostile(night: Night) -> str:
    """Ask for what must not be, with and without the permission; the game stays followed where a moderator asked."""
    await night.begins()
    await night.reaches(300)
    answers = [await night.server.invoke("follow", {"game": text}, MODERATOR, force=True) for text in TEXTS]
    for user in (night.server.alice, night.server.add_user("mallory")):
        answers += await _presses(night, user)
    answers += await _elsewhere(night)
    kept = night.world.query("SELECT count(*) FROM live_follows")[0][0] - 1
    await night.over()
    silent = sum(1 for one in answers if not one.callback or one.thinking or one.rejected)
    broke = sum(night.logged(event) for event in ("command_broke", "live_round_broke", "delivery_broke"))
    pings = sum(_pings(one.json) for one in night.server.requests)
    return (
        f"{len(answers)} times asked: {silent} without a word, {broke} broke, {pings} could ping, "
        f"{kept} followed{'' if (silent, broke, pings, kept) == (0, 0, 0, 0) else ': NOT SO'}"
    )


async def _presses(night: Night, user: dict[str, Any]) -> list[Any]:
    """Forged ids, and the button that follows without the permission for it."""
    shown = await night.server.invoke("live", {"game": night.name}, user=user)
    found = [shown, await night.server.click(shown, label="Follow here", user=user, user_permissions=["send_messages"])]
    for custom_id in FORGED:
        shown.original.controls()[0]["custom_id"] = custom_id
        for allowed in ((), MODERATOR):
            found.append(await night.server.click(shown, custom_id, user=user, user_permissions=allowed, settle=0.1))
    board = await night.server.invoke("live", user=user)
    menu = next(one for one in board.controls() if one["custom_id"] == "nbabot:livegame")
    for text in (*TEXTS, ""):
        found.append(
            await night.server.click(board, menu["custom_id"], values=[text], user=user, force=True, settle=0.1)
        )
    return found


async def _elsewhere(night: Night) -> list[Any]:
    """A direct message, a thread of somebody who may not, and a server that the bot itself is not in."""
    server = night.server
    mallory = server.add_user("mallory too")
    found = [await server.invoke("follow", {"game": night.name}, guild=None, user=mallory, force=True)]
    shown = await server.invoke("live", {"game": night.name}, guild=None, user=mallory)
    found += [shown, await server.click(shown, label="Follow here", user=mallory, user_permissions=MODERATOR)]
    thread = server._thread(server.channels[server.channel_ids[0]], {"name": "thread"})
    found.append(await server.invoke("follow", {"game": night.name}, channel=thread["id"], user=mallory, force=True))
    async with _on_own_account(server, mallory):
        there = await server.invoke("live", {"game": night.name}, user_permissions=MODERATOR, channel="nba-picks")
        pressed = await server.click(there, label="Follow here", user_permissions=MODERATOR)
        found += [there, pressed]
    return found


@asynccontextmanager
async def _on_own_account(server: Any, user: dict[str, Any]) -> AsyncIterator[None]:
    """Meanwhile questions come from servers without the bot, through a user who has added it for themselves."""
    real = server._send_event

    async def sent(session: Any, name: str, event: dict[str, Any]) -> None:
        if name == "INTERACTION_CREATE":
            event |= {"authorizing_integration_owners": {"1": user["id"]}, "context": 2}
        await real(session, name, event)

    server._send_event = sent
    try:
        yield
    finally:
        del server._send_event


def _pings(body: Any) -> bool:
    """Whether a request might have Discord call somebody."""
    said = (body.get("data") or body) if isinstance(body, dict) else {}
    content = str(said.get("content") or "") if isinstance(said, dict) else ""
    called = any(one in content for one in ("@everyone", "@here", "<@"))
    return called and json.dumps(said.get("allowed_mentions", {}).get("parse")) != "[]"
