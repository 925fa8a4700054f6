"""How the bot treats whoever asks it: limits, permissions, presses of buttons, what is kept."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

import nbabot
from engine.core.errors import UsageError
from engine.engine import Engine
from nbabot import conduct
from nbabot.bot import Bot
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.cogs.tree import SERVER_ONLY
from nbabot.conduct import EXPIRED, attended
from nbabot.sections import LimitsSettings, UsageSettings
from nbabot.settings import Settings

EPHEMERAL = 64
BotOn = Callable[..., AbstractAsyncContextManager[Any]]
LIMITED = re.compile(
    r"(You have asked|You have pressed|This server has asked) \d+ times within a minute: .*<t:\d+:R>\."
)


class Buttons(ui.View):
    """Buttons of every fate."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Fine", custom_id="fine")
    @attended("press fine")
    async def fine(self, interaction: Any, button: ui.Button[Any]) -> None:
        await interaction.response.send_message(f"seen as {get_contextvars()['command']}")

    @ui.button(label="Wrong", custom_id="wrong")
    @attended("press wrong")
    async def wrong(self, interaction: Any, button: ui.Button[Any]) -> None:
        await interaction.response.defer(thinking=True)
        raise UsageError("That is not a game: pick another.")

    @ui.button(label="Broken", custom_id="broken")
    @attended("press broken")
    async def broken(self, interaction: Any, button: ui.Button[Any]) -> None:
        raise ZeroDivisionError("secret detail")


@pytest.fixture
async def bot(bot_on: BotOn, engine: Engine) -> AsyncIterator[Bot]:
    async with bot_on(engine) as running:
        running.add_view(Buttons())
        yield running


@pytest.fixture
async def message(bot: Bot, discord_server: Any) -> Any:
    """A message with the buttons."""
    sent = await bot.get_partial_messageable(discord_server.channel_ids[0]).send("press", view=Buttons())
    return discord_server.message_store[sent.id]


def private(answer: Any) -> str:
    assert answer.ok, answer.error
    last = answer.messages[-1]
    assert last.flags & EPHEMERAL
    return str(last.content)


async def kept(engine: Engine, bot: Bot) -> dict[str, Any]:
    await bot.conduct.settle()
    return {one.command: one for one in engine.usage.report(1).commands}


@pytest.mark.end_to_end
async def test_who_asks_too_often_is_told_when_to_ask_again(bot_on: BotOn, engine: Engine, discord_server: Any) -> None:
    async with bot_on(engine, Settings(limits=LimitsSettings(user_commands=2, server=4))) as bot:
        asked = [await discord_server.invoke("privacy") for _ in range(3)]
        assert [bool(LIMITED.fullmatch(private(answer))) for answer in asked[1:]] == [False, True]
        crowd = [await discord_server.invoke("privacy", user=discord_server.add_user(f"u{n}")) for n in range(3)]
        assert [private(answer).startswith("This server has asked 4") for answer in crowd] == [False, False, True]
        assert not LIMITED.fullmatch(
            private(await discord_server.invoke("privacy", guild=None, user=crowd_user(discord_server)))
        )
        found = await kept(engine, bot)
    assert (found["privacy"].asked, found["privacy"].limited) == (7, 2)


def crowd_user(server: Any) -> Any:
    return server.add_user("somebody else")


@pytest.mark.end_to_end
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("request_lost", ["^POST /interactions/", "^PATCH /webhooks/"])
async def test_whoever_asks_while_the_connection_breaks_is_not_left_waiting(
    request_lost: str, after: bool, bot: Bot, discord_server: Any
) -> None:
    discord_server.drop_next(1, request_lost, after=after)
    teams = {"home": "BOS", "away": "LAL"}
    answer = await discord_server.invoke("predict", teams, until=lambda seen: "logged as" in seen.text, timeout=5)
    assert "logged as" in answer.messages[-1].content
    assert answer.messages[-1].flags & EPHEMERAL
    assert not answer.thinking


@pytest.mark.end_to_end
async def test_suggestions_are_not_counted(bot_on: BotOn, engine: Engine, discord_server: Any) -> None:
    async with bot_on(engine, Settings(limits=LimitsSettings(user_commands=1))):
        for _ in range(5):
            assert (await discord_server.autocomplete("predict", {"home": "bos"})).choices
        assert (await discord_server.invoke("predict", {"home": "BOS", "away": "LAL"})).embeds


@pytest.mark.end_to_end
async def test_a_press_is_treated_as_a_command_is(bot: Bot, message: Any, engine: Engine, discord_server: Any) -> None:
    assert (await discord_server.click(message, "fine")).content == "seen as press fine"
    wrong = await discord_server.click(message, "wrong")
    assert private(wrong) == "That is not a game: pick another."
    assert all(one.flags & EPHEMERAL or one.deleted for one in wrong.messages)
    with capture_logs() as logs:
        text = private(await discord_server.click(message, "broken"))
    code = re.search(r"logged as ([0-9a-f]{8})", text)
    assert code is not None
    assert [log["event"] for log in logs if log.get("code") == code[1]] == ["command_broke"]
    found = await kept(engine, bot)
    assert found["press fine"].asked == found["press wrong"].refused == found["press broken"].failed == 1


@pytest.mark.end_to_end
async def test_presses_have_a_limit_of_their_own(bot_on: BotOn, engine: Engine, discord_server: Any) -> None:
    async with bot_on(engine, Settings(limits=LimitsSettings(user_presses=1))) as bot:
        bot.add_view(Buttons())
        sent = await bot.get_partial_messageable(discord_server.channel_ids[0]).send("press", view=Buttons())
        assert (await discord_server.click(sent, "fine")).content == "seen as press fine"
        assert LIMITED.fullmatch(private(await discord_server.click(sent, "fine")))


@pytest.mark.end_to_end
@pytest.mark.parametrize("forged", ["gone", "why:../../etc/passwd", "'; DROP TABLE games; --", "x" * 100])
async def test_a_press_that_nothing_answers_is_told_that_it_is_over(
    forged: str, bot: Bot, message: Any, discord_server: Any
) -> None:
    message.components[0]["components"][0]["custom_id"] = forged
    assert private(await discord_server.click(message, forged)) == EXPIRED


@pytest.mark.end_to_end
async def test_a_command_for_admins_is_refused_to_others_even_when_forged(
    bot: Bot, engine: Engine, discord_server: Any
) -> None:
    done: list[int] = []

    @app_commands.command()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def rule(interaction: discord.Interaction[Any]) -> None:
        """Do what only admins may."""
        done.append(interaction.user.id)
        await interaction.response.send_message("done")

    bot.tree.add_command(rule)
    await bot.tree.sync()
    assert private(await discord_server.invoke("rule", force=True)) == NOT_ALLOWED
    assert private(await discord_server.invoke("rule", force=True, guild=None)) == SERVER_ONLY
    assert done == []
    assert (await discord_server.invoke("rule", user_permissions=["manage_guild"])).content == "done"
    assert (await discord_server.invoke("rule", user_permissions=["administrator"])).content == "done"


@pytest.mark.end_to_end
async def test_a_command_that_does_not_exist_is_refused_in_one_sentence(bot: Bot, discord_server: Any) -> None:
    for name, options in (("sudo", {}), ("sudo", {"x": "1"}), ("admin models", {})):
        assert "\n" not in private(await discord_server.invoke(name, options, force=True))


@pytest.mark.end_to_end
async def test_what_is_logged_carries_the_id_of_the_request_and_nothing_that_was_typed(
    bot: Bot, engine: Engine, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    real = engine.predict
    monkeypatch.setattr(engine, "predict", lambda *args: (seen.append(get_contextvars()), real(*args))[1])
    with capture_logs() as logs:
        for home in ("BOS", "a very private name", "z" * 6000):
            await discord_server.invoke("predict", {"home": home, "away": "LAL"}, force=True)
    assert len({each["request"] for each in seen}) == len(seen) >= 2
    assert {each["command"] for each in seen} == {"predict"}
    assert not re.search("private|zzz", repr(logs))
    assert "request" not in get_contextvars()


@pytest.mark.end_to_end
async def test_privacy_says_how_long_rows_are_kept(bot_on: BotOn, engine: Engine, discord_server: Any) -> None:
    async with bot_on(engine, Settings(usage=UsageSettings(keep_days=17))):
        answer = await discord_server.invoke("privacy")
    assert answer.ephemeral
    assert "after 17 days" in answer.text


@pytest.mark.end_to_end
async def test_answers_in_hand_are_given_before_the_bot_leaves(
    bot_on: BotOn, engine: Engine, discord_server: Any
) -> None:
    discord_server.slow_next(1, 1.0, "^PATCH /webhooks")
    async with bot_on(engine):
        asking = asyncio.create_task(discord_server.invoke("predict", {"home": "BOS", "away": "LAL"}))
        await discord_server.wait_for(lambda: discord_server.requests_to("^PATCH /webhooks"), 5)
    assert (await asking).embeds
    assert engine.usage.report(1).asked == 1, "the last rows are written too"


def every_module() -> Iterator[Any]:
    for found in pkgutil.walk_packages(nbabot.__path__, "nbabot."):
        if ".cli" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def test_whatever_answers_a_button_a_select_or_a_form_is_attended() -> None:
    for module in every_module():
        for thing in vars(module).values():
            if not isinstance(thing, type) or thing.__module__ != module.__name__:
                continue
            if issubclass(thing, ui.Modal):
                assert hasattr(thing.on_submit, "attended"), thing
            if issubclass(thing, (ui.Item, ui.DynamicItem)) and thing.callback is not ui.Item.callback:
                assert hasattr(thing.callback, "attended"), thing
            if issubclass(thing, ui.View):
                for item in thing.__view_children_items__.values():
                    assert hasattr(item, "attended"), (thing, item)


def test_nothing_that_is_sent_may_ping(engine: Engine) -> None:
    assert Bot(engine, Settings()).allowed_mentions.to_dict() == {"parse": []}
    assert conduct.LAST_ANSWERS_SECONDS < 10, "whoever stops a container waits no longer"
