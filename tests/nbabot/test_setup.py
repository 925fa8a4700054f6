"""/setup as an admin of a server uses it, and as somebody who may not tries to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import time
from typing import Any

import discord
import pytest

from engine.core.guilds import GuildSettings, Topic
from engine.core.posts import Draft
from engine.engine import Engine
from nbabot.channels import discord_key
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.destinations import in_discord
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings

pytestmark = pytest.mark.end_to_end
ADMIN = ["manage_guild"]
RunBot = Callable[[Engine], AbstractAsyncContextManager[Any]]


@pytest.fixture
async def server(bot_on: RunBot, engine: Engine, discord_server: Any) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected and aware of its server."""
    async with bot_on(engine) as bot:
        await discord_server.wait_for(lambda: bot.get_channel(discord_server.channel_ids[1]), 10)
        yield discord_server


def wishes(engine: Engine, server: Any) -> GuildSettings:
    return engine.guilds.get(server.guild_id)


async def press(server: Any, page: Any, what: str, *values: object) -> Any:
    """Press a button of the page or choose in one of its selects, as an admin; the page must be private."""
    answer = await server.click(page, custom_id=f"setup:{what}", values=list(values), user_permissions=ADMIN)
    assert answer.ok, answer.error
    return answer


def shown(answer: Any) -> str:
    return str(answer.embeds[0])


async def test_a_server_is_set_up_in_two_presses_and_shown_at_once_whether_posts_arrive(
    server: Any, engine: Engine
) -> None:
    picks = server.channel_ids[1]
    page = await server.invoke("setup", user_permissions=ADMIN)
    assert page.ephemeral
    assert "Choose the channel for the picks" in shown(page)
    chosen = await press(server, page, "picks", picks)
    assert f"In <#{picks}> at 11:00 (America/New_York)" in shown(chosen)
    tried = await press(server, page, "test")
    assert f"✅ Test post sent to <#{picks}>" in shown(tried)
    assert [message.embeds[0]["title"] for message in await server.messages("nba-picks")] == ["Test post"]
    assert [place.key for place in in_discord(engine, Settings())(Topic.PICKS)] == [discord_key(picks)]


async def test_every_choice_is_kept_and_the_last_one_can_be_undone(server: Any, engine: Engine) -> None:
    general, picks = server.channel_ids
    page = await server.invoke("setup", user_permissions=ADMIN)
    for what, value in (("picks", picks), ("zone", "Europe/London"), ("time", "18:30"), ("topics", "picks")):
        page = await press(server, page, what, value)
    page = await press(server, page, "more")
    page = await press(server, page, "alerts", general)
    page = await press(server, page, "live", picks)
    page = await press(server, page, "back")
    expected = GuildSettings(
        server.guild_id, picks, None, general, picks, time(18, 30), "Europe/London", frozenset({Topic.PICKS})
    )
    assert wishes(engine, server) == expected
    assert "at 18:30 (Europe/London)" in shown(page)
    page = await press(server, page, "off")
    assert in_discord(engine, Settings())(Topic.PICKS) == ()
    page = await press(server, page, "undo")
    assert wishes(engine, server) == expected


async def test_a_zone_may_be_typed_and_a_time_that_does_not_fit_it_falls_back(server: Any, engine: Engine) -> None:
    page = await server.invoke("setup", user_permissions=ADMIN)
    page = await press(server, page, "time", "18:00")
    offered = await server.autocomplete("setup", {"zone": "kathm"}, user_permissions=ADMIN)
    assert offered.choices == [{"name": "Asia/Kathmandu", "value": "Asia/Kathmandu"}]
    page = await server.invoke("setup", {"zone": "Asia/Kathmandu"}, user_permissions=ADMIN)
    assert (wishes(engine, server).zone, wishes(engine, server).at) == ("Asia/Kathmandu", None)
    refused = await server.invoke("setup", {"zone": "../../etc"}, user_permissions=ADMIN)
    assert "There is no time zone" in refused.text
    assert wishes(engine, server).zone == "Asia/Kathmandu"


async def test_a_page_of_a_bot_that_was_restarted_still_answers(
    bot_on: RunBot, engine: Engine, discord_server: Any
) -> None:
    async with bot_on(engine):
        page = await discord_server.invoke("setup", user_permissions=ADMIN)
    async with bot_on(engine) as bot:
        await discord_server.wait_for(lambda: bot.get_channel(discord_server.channel_ids[1]), 10)
        await press(discord_server, page, "picks", discord_server.channel_ids[1])
        await press(discord_server, page, "off")
    assert wishes(engine, discord_server).off
    assert wishes(engine, discord_server).picks_channel == discord_server.channel_ids[1]


async def test_a_channel_that_takes_no_posts_is_named_with_the_remedy_and_opened_by_the_next_test(
    server: Any, engine: Engine
) -> None:
    picks = server.channel_ids[1]
    page = await server.invoke("setup", user_permissions=ADMIN)
    await press(server, page, "picks", picks)
    engine.guilds.close_channel(discord_key(picks), "The bot may not post there.")
    assert in_discord(engine, Settings())(Topic.PICKS) == ()
    server.deny_channel("nba-picks")
    tried = await press(server, page, "test")
    assert f"❌ <#{picks}>: The bot may not post in channel {picks}: allow it to View Channel" in shown(tried)
    assert "To be mended" in shown(tried)
    server.deny_channel("nba-picks", denied=False)
    assert "✅" in shown(await press(server, page, "test"))
    assert engine.guilds.closed_channels() == {}


@pytest.mark.parametrize("what", ["picks", "off", "test", "undo", "zone"])
async def test_whoever_may_not_manage_the_server_is_refused_in_a_sentence_though_the_press_is_forged(
    what: str, server: Any, engine: Engine
) -> None:
    page = await server.invoke("setup", user_permissions=ADMIN)
    values = {"picks": [server.channel_ids[1]], "zone": ["Asia/Tokyo"]}.get(what, [])
    forged = await server.click(page, custom_id=f"setup:{what}", values=values, force=True)
    assert NOT_ALLOWED in forged.text
    command = await server.invoke("setup", force=True)
    assert NOT_ALLOWED in command.text
    assert engine.guilds.every() == ()
    assert await server.messages("nba-picks") == []


@pytest.mark.parametrize(
    ("what", "value"),
    [("picks", "foreign"), ("time", "02:00"), ("time", "25:99"), ("zone", "Mars/Base"), ("topics", "everything")],
)
async def test_forged_choices_change_nothing(what: str, value: str, server: Any, engine: Engine) -> None:
    page = await server.invoke("setup", user_permissions=ADMIN)
    await press(server, page, "picks", server.channel_ids[0])
    before = wishes(engine, server)
    if value == "foreign":
        other = await server.add_guild("elsewhere", ["theirs"])
        value = str(server.channel_id(gid=other))
    forged = await server.click(page, custom_id=f"setup:{what}", values=[value], user_permissions=ADMIN, force=True)
    after = wishes(engine, server)
    assert after == before or (what == "topics" and after.topics == frozenset())
    assert forged.ok


async def test_a_server_that_the_bot_leaves_is_forgotten(server: Any, engine: Engine) -> None:
    other = await server.add_guild("elsewhere", ["theirs"])
    channel = server.channel_id(gid=other)
    engine.guilds.put(GuildSettings(other, picks_channel=channel))
    engine.outbox.put(Draft(engine.today(), "picks", discord_key(channel), "[]", engine.now()))
    await server.remove_guild(other)
    await server.wait_for(lambda: engine.guilds.every() == (), 5)
    await server.wait_for(lambda: engine.outbox.recent()[0].state == "failed", 5)


async def test_without_a_permission_that_is_known_nothing_is_sent_and_it_is_named(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await server.invoke("setup", user_permissions=ADMIN)
    mute = discord.Permissions(view_channel=True, embed_links=True, read_message_history=True)
    monkeypatch.setattr(discord.TextChannel, "permissions_for", lambda *_: mute)
    page = await press(server, page, "picks", server.channel_ids[1])
    assert "allow it to Send Messages there" in shown(page)
    assert "allow it to Send Messages there" in shown(await press(server, page, "test"))
    assert await server.messages("nba-picks") == []


def test_a_servers_own_wish_goes_before_the_settings_file_and_a_closed_channel_before_both(engine: Engine) -> None:
    settings = Settings(discord=DiscordSettings(picks_channel_id=5, alerts_channel_id=6))
    engine.guilds.put(GuildSettings(1, picks_channel=5, alerts_channel=9, at=time(15)))
    engine.guilds.put(GuildSettings(2, picks_channel=7, recap_channel=8))
    places = in_discord(engine, settings)
    found = {place.key: place.wishes and place.wishes.guild_id for place in places(Topic.PICKS)}
    assert found == {"discord:5": 1, "discord:7": 2}
    assert [place.key for place in places(Topic.RECAP)] == ["discord:5", "discord:8"]
    assert [place.key for place in places(Topic.ALERTS)] == ["discord:6"]
    engine.guilds.close_channel("discord:5", "gone")
    assert [place.key for place in places(Topic.PICKS)] == ["discord:7"]
