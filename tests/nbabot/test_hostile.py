"""Whatever is typed or forged, in every command and button: one private sentence, nothing executed, nothing pinged."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from engine.engine import Engine
from nbabot.bot import Bot
from nbabot.buttons import NOT_YOURS
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.cogs.tree import SERVER_ONLY

pytestmark = pytest.mark.end_to_end
EPHEMERAL, BUTTON = 64, 2
HOSTILE = (
    "@everyone <@&123456789012345678> <@456> @here",
    "**bold** [free nitro](https://example.com) ||z|| `x`",
    "'; DROP TABLE games; --",
    "../../../etc/passwd\x00",
    "\u202eSOB\u0000\u200b\ufeff" * 20,
    "{0.__class__} %s ${HOME} $(reboot)",
    "B" * 6000,
)
_Kind = discord.AppCommandOptionType
_HARMLESS: dict[_Kind, object] = {_Kind.integer: 1, _Kind.number: 1.5, _Kind.boolean: True}


@pytest.fixture
async def bot(bot_on: Callable[..., AbstractAsyncContextManager[Any]], engine: Engine) -> AsyncIterator[Bot]:
    async with bot_on(engine) as running:
        yield running


def texts(answer: Any) -> list[str]:
    """What everybody sees of an answer beside embeds, which ping nobody."""
    return [message.content for message in answer.messages if not message.deleted]


def check(answer: Any, what: object) -> None:
    """An answer or a refusal, nothing left thinking; a refusal is one private sentence that quotes harmlessly."""
    assert answer.callback, (what, answer.error)
    assert not answer.thinking, what
    assert not answer.rejected, (what, answer.rejected)
    for text in filter(None, texts(answer)):
        assert len(text) < 700, what
        assert all(letter.isprintable() or letter == "\u200b" for letter in text), (what, text)
        assert not re.search(r"@(everyone|here)|<[@#]|(?<!\\)\*\*|(?<!\\)\[free", text), (what, text)
        assert answer.messages[-1].flags & EPHEMERAL, (what, text)


def nothing_pings(server: Any) -> bool:
    sent = [request.json or {} for request in server.requests]
    bodies = [body.get("data") or body for body in sent if isinstance(body, dict)]
    return all(body.get("allowed_mentions", {}).get("parse") == [] for body in bodies if body.get("content"))


def unharmed(engine: Engine) -> bool:
    return bool(engine.slate().games) and engine._database.damage() is None


def _root(command: app_commands.Command[Any, ..., Any]) -> Any:
    return command.root_parent or command


async def test_every_command_takes_every_hostile_text(bot: Bot, engine: Engine, discord_server: Any) -> None:
    commands = [one for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)]
    typed = [one for one in commands if any(option.type is _Kind.string for option in one.parameters)]
    assert len(typed) >= 4
    with capture_logs() as logs:
        for command in typed:
            for text in HOSTILE:
                options = {
                    one.display_name: text if one.type is _Kind.string else _HARMLESS[one.type]
                    for one in command.parameters
                    if one.type is _Kind.string or one.type in _HARMLESS
                }
                answer = await discord_server.invoke(command.qualified_name, options, force=True, settle=0)
                check(answer, (command.qualified_name, text))
    assert [log for log in logs if log["log_level"] in ("error", "critical")] == []
    assert nothing_pings(discord_server)
    assert unharmed(engine)


@pytest.mark.parametrize("options", [{"home": 5, "away": ["a"]}, {"home": {"x": None}, "away": True}, {"hime": "x"}])
async def test_options_of_other_types_or_names_are_refused(
    options: dict[str, object], bot: Bot, discord_server: Any
) -> None:
    check(await discord_server.invoke("predict", options, force=True), options)


async def test_forged_ids_and_choices_do_no_more_than_a_typed_question(
    bot: Bot, engine: Engine, discord_server: Any
) -> None:
    first = await discord_server.invoke("predict", {"home": "BOS", "away": "LAL"})
    asker = first.interaction["member"]["user"]["id"]
    forged = [
        *(f"nbabot:why:{text[:80]}" for text in HOSTILE),
        *(f"nbabot:compare:{text[:80]}" for text in HOSTILE),
        *(f"nbabot:refresh:{asker}:{text[:60]}" for text in HOSTILE),
        f"nbabot:slate:{asker}:2025-99-99 1", f"nbabot:slate:{asker}:2025-01-15 999", f"nbabot:slate:{asker}:x",
        "nbabot:", "nbabot:admin:promote", "nbabot:refresh:0:", "nbabot:slate:99999999999999999999999:1",
    ]  # fmt: skip
    with capture_logs() as logs:
        for custom_id in forged:
            button = next(one for one in first.original.controls() if one["type"] == BUTTON)
            button["custom_id"] = custom_id
            check(await discord_server.click(first, custom_id, settle=0), custom_id)
    assert [log for log in logs if log["log_level"] in ("error", "critical")] == []
    assert nothing_pings(discord_server)
    assert unharmed(engine)


async def test_a_choice_that_the_menu_does_not_offer_is_refused(bot: Bot, discord_server: Any) -> None:
    slate = await discord_server.invoke("today")
    for value in ("'; DROP TABLE games; --", "@everyone", "", "x" * 100):
        check(await discord_server.click(slate, "nbabot:game", values=[value], force=True, settle=0), value)


async def test_another_users_buttons_change_nothing(bot: Bot, discord_server: Any) -> None:
    first = await discord_server.invoke("predict", {"home": "BOS", "away": "LAL"})
    before = (first.edits, first.text)
    stranger = discord_server.add_user("mallory")
    refused = await discord_server.click(first, label="Refresh", user=stranger)
    assert texts(refused) == [NOT_YOURS]
    assert refused.messages[-1].flags & EPHEMERAL
    assert (first.edits, first.text) == before


async def test_commands_for_admins_are_refused_to_everybody_else(bot: Bot, engine: Engine, discord_server: Any) -> None:
    guarded = [
        one
        for one in bot.tree.walk_commands()
        if isinstance(one, app_commands.Command) and _root(one).name in ("setup", "alerts", "admin")
    ]
    assert len(guarded) >= 6
    before = engine.model_audit()
    for command in guarded:
        for where in ({}, {"guild": None}):
            options = {one.display_name: "x" for one in command.parameters if one.required}
            answer = await discord_server.invoke(command.qualified_name, options, force=True, settle=0, **where)
            check(answer, command.qualified_name)
            assert texts(answer) in ([NOT_ALLOWED], [SERVER_ONLY]), command.qualified_name
    assert engine.model_audit() == before
