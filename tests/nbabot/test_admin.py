"""/alerts and /admin: for the operators of the bot; everybody else is refused, whatever their client sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from engine.core.alerts import Finding, Severity
from engine.core.guilds import GuildSettings
from engine.core.sync_reports import SyncReport
from engine.engine import Engine
from nbabot.channels import discord_key
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.conduct import EXPIRED
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings

pytestmark = pytest.mark.end_to_end
FAULT = Finding("job", "picks", Severity.WARNING, "The picks job was not done.")
RunBot = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.fixture
async def server(bot_on: RunBot, engine: Engine, discord_server: Any) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected; `owner` is the application's owner, `alice` nobody."""
    async with bot_on(engine):
        yield discord_server


@pytest.fixture
def open_alert(engine: Engine) -> int:
    return next(one.number for one in engine.alerts.check([FAULT], ["job"]) if one.source == "job")


def rival(engine: Engine) -> str:
    return next(one.label for one in engine.models() if one.label != engine.champion().label)


async def test_an_operator_sees_what_is_open_and_says_that_he_has_seen_it(
    server: Any, engine: Engine, open_alert: int
) -> None:
    page = await server.invoke("alerts", user=server.owner)
    assert page.ephemeral
    assert "The picks job was not done." in page.text
    pressed = await server.click(page, custom_id=f"alerts:ack:{open_alert}", user=server.owner)
    assert f"Seen by discord:{server.owner['id']}" in pressed.text
    acknowledged = {one.number: one.acknowledged_by for one in engine.alerts.open()}
    assert acknowledged[open_alert] == f"discord:{server.owner['id']}"


async def test_the_admin_of_a_server_sees_what_is_wrong_there_and_nothing_of_the_installation(
    server: Any, engine: Engine, open_alert: int
) -> None:
    engine.guilds.put(GuildSettings(server.guild_id, picks_channel=server.channel_ids[1]))
    fine = await server.invoke("alerts", user_permissions=["manage_guild"])
    assert "Nothing is wrong in this server" in fine.text
    engine.guilds.close_channel(discord_key(server.channel_ids[1]), "Allow it to Send Messages there.")
    page = await server.invoke("alerts", user_permissions=["manage_guild"])
    assert "Allow it to Send Messages there." in page.text
    assert "The picks job" not in fine.text + page.text
    forged = await server.click(
        await server.invoke("alerts", user=server.owner), custom_id=f"alerts:ack:{open_alert}", force=True
    )
    assert NOT_ALLOWED in forged.text
    assert engine.alerts.open()[0].acknowledged is None


@pytest.mark.parametrize(
    ("command", "options"),
    [("jobs", {}), ("sync", {}), ("models rollback", {}), ("models promote", {"version": "game-elo@1.0.0"})],
)
async def test_nobody_else_is_answered_not_even_the_administrator_of_a_server(
    command: str, options: dict[str, str], server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "sync", lambda *words: pytest.fail("it was executed"))
    before = engine.model_audit()
    for permissions in (["administrator"], ["manage_guild"], []):
        refused = await server.invoke(f"admin {command}", options, user_permissions=permissions, force=True)
        assert refused.text.count(NOT_ALLOWED) == 1
        assert refused.ephemeral
    for what in ("back", rival(engine)):
        page = await server.invoke("admin models rollback", user=server.owner)
        pressed = await server.click(page, custom_id="admin:move:back", force=True)
        assert NOT_ALLOWED in pressed.text, what
        assert pressed.modal is None
    assert engine.model_audit() == before


async def test_a_role_and_a_user_of_the_settings_are_operators(
    bot_on: RunBot, engine: Engine, discord_server: Any
) -> None:
    alice = int(discord_server.alice["id"])
    async with bot_on(engine, Settings(discord=DiscordSettings(operator_ids=(alice,)))):
        assert "Jobs" in (await discord_server.invoke("admin jobs", user_permissions=["administrator"])).text


async def test_with_a_server_of_their_own_the_commands_are_registered_there_alone(
    bot_on: RunBot, engine: Engine, discord_server: Any
) -> None:
    own = discord_server.guild_id
    async with bot_on(engine, Settings(discord=DiscordSettings(operator_guild_id=own))):
        everywhere = {command["name"] for command in discord_server.commands[None].values()}
        there = {command["name"] for command in discord_server.commands[own].values()}
    assert there == {"admin"}
    assert {"setup", "alerts", "predict"} <= everywhere
    assert "admin" not in everywhere


async def test_a_version_is_promoted_after_its_comparison_and_with_a_reason_that_is_written_down(
    server: Any, engine: Engine
) -> None:
    label = rival(engine)
    page = await server.invoke("admin models promote", {"version": label}, user=server.owner)
    assert f"Promote {label}?" in page.text
    assert "Brier" in page.text
    asked = await server.click(page, custom_id=f"admin:move:{label}", user=server.owner)
    assert asked.modal
    done = await server.submit_modal(asked, {"Reason": "it is *better*"}, user=server.owner)
    assert f"{label} is in production" in done.text
    assert engine.champion().label == label
    newest = engine.model_audit()[0]
    assert (newest.who, newest.why) == (f"discord:{server.owner['id']}", "it is *better*")


async def test_a_version_that_the_gate_holds_back_has_no_button_and_cannot_be_forced(
    server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = rival(engine)
    holding = replace(engine.model_gate(*label.split("@")), objections=("It leaks.",))
    monkeypatch.setattr(engine, "model_gate", lambda *named: holding)
    page = await server.invoke("admin models promote", {"version": label}, user=server.owner)
    assert "It leaks." in page.text
    assert not page.components
    champion = engine.champion().label
    back = await server.invoke("admin models rollback", user=server.owner)
    message = server.message_store[back.messages[-1].id]
    message.components[0]["components"][0]["custom_id"] = f"admin:move:{label}"
    asked = await server.click(message.id, custom_id=f"admin:move:{label}", user=server.owner)
    refused = await server.submit_modal(asked, {"Reason": "in spite of it"}, user=server.owner)
    assert "was not promoted. It leaks" in refused.text
    assert engine.champion().label == champion


async def test_a_rollback_asks_for_a_reason_and_goes_back(server: Any, engine: Engine) -> None:
    page = await server.invoke("admin models rollback", user=server.owner)
    assert f"It takes {engine.champion().label} out of production" in page.text
    asked = await server.click(page, custom_id="admin:move:back", user=server.owner)
    before = engine.champion().label
    done = await server.submit_modal(asked, {"Reason": "it did worse"}, user=server.owner)
    assert f"{engine.champion().label} is in production" in done.text
    assert engine.champion().label != before
    assert engine.model_audit()[0].why == "it did worse"


async def test_words_that_name_no_version_are_refused_in_a_sentence(server: Any) -> None:
    for typed in ("nonsense", "game-elo@9.9.9", "@everyone", "'; DROP TABLE picks; --"):
        refused = await server.invoke("admin models promote", {"version": typed}, user=server.owner)
        assert refused.ok
        assert refused.text.count("\n") <= 1
        assert "@everyone" not in refused.text


async def test_a_synchronisation_tells_what_it_did_or_why_not(
    server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await server.invoke("admin sync", user=server.owner)
    assert "simulated" in refused.text.lower()
    monkeypatch.setattr(engine, "sync", lambda: SyncReport((), 3.0, 0))
    assert "Synchronised in 3 s" in (await server.invoke("admin sync", user=server.owner)).text


async def test_a_button_that_is_not_ours_is_answered_with_a_sentence(server: Any, open_alert: int) -> None:
    page = await server.invoke("alerts", user=server.owner)
    for forged in ("alerts:ack:x", "admin:move:'; --", "setup:nothing"):
        message = server.message_store[page.messages[-1].id]
        message.components[0]["components"][0]["custom_id"] = forged
        pressed = await server.click(message.id, custom_id=forged, user=server.owner, force=True)
        assert EXPIRED in pressed.text
