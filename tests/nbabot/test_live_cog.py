"""Games under way in Discord, from the question to the message that changes by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core import words
from nbabot import following
from nbabot.bot import run_service
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings
from tests.nbabot.live_evening import TIP_OFF, Evening

pytestmark = pytest.mark.end_to_end
MODERATOR = ["manage_messages"]
RunBot = Callable[..., Any]


@pytest.fixture
def evening(home: Path, monkeypatch: pytest.MonkeyPatch) -> Evening:
    found = Evening(home, monkeypatch)
    found.now = TIP_OFF + timedelta(minutes=1)
    return found


@pytest.fixture
async def server(bot_on: RunBot, evening: Evening, discord_server: Any) -> AsyncIterator[Any]:
    """The stand-in with the bot of that evening, two of whose games are on."""
    for game, points in zip(evening.games[:2], ((30, 21), (18, 25)), strict=True):
        for played, share in ((300, 0.5), (700, 1.0)):
            evening.shows(game, played, *(round(share * one) for one in points))
    evening.engine.poll_live()
    async with bot_on(evening.engine):
        yield discord_server
    evening.engine.close()


def name(evening: Evening, number: int = 0) -> str:
    game = evening.games[number]
    return f"{words.code(game.away_id)} at {words.code(game.home_id)}"


async def test_the_evening_is_one_message_with_a_menu_that_shows_one_game_in_private(
    server: Any, evening: Evening
) -> None:
    answer = await server.invoke("live")
    assert answer.ok, answer.error
    assert all(words.code(game.home_id) in answer.text for game in evening.games)
    menu = next(one for one in answer.controls() if one["type"] == 3)
    other = server._make_user("mallory")
    chosen = await server.click(answer, menu["custom_id"], values=[menu["options"][0]["value"]], user=other)
    assert chosen.ephemeral
    assert chosen.ok, chosen.error
    evening.shows(evening.games[0], 720, 99, 21)
    evening.now += timedelta(seconds=6)
    evening.engine.poll_live()
    assert (await server.click(answer, label="Refresh", user=other)).messages[-1].flags & 64, "it is the asker's"
    await server.click(answer, label="Refresh")
    assert "99" in answer.messages[0].text


async def test_a_game_is_shown_with_its_chance_and_picture_by_any_of_its_names(server: Any, evening: Evening) -> None:
    game = evening.games[0]
    card = evening.engine.live(game.game_id)
    assert card.view.forecast is not None
    for asked in (name(evening), words.nickname(game.home_id)):
        answer = await server.invoke("live", {"game": asked})
        assert answer.ok, answer.error
        assert f"{words.nickname(game.home_id)} 30" in answer.text
        assert words.percent(max(card.points[-1].home_win_prob, 1 - card.points[-1].home_win_prob)) in answer.text
        assert answer.attachments[0].filename.endswith(".png")
        assert "chance to win" in answer.attachments[0].description
        assert [one["label"] for one in answer.controls()] == ["Refresh", "Follow here", "Why?"]
    offered = await server.autocomplete("live", {"game": words.nickname(game.home_id).lower()})
    assert len(offered.choices) == 1
    refused = await server.invoke("live", {"game": "@everyone"})
    assert "No NBA team is called" in refused.text


async def test_where_posts_are_not_sent_nothing_can_be_followed(server: Any, evening: Evening) -> None:
    answer = await server.invoke("follow", {"game": name(evening)}, user_permissions=MODERATOR)
    assert following.ONLY_ANSWERS in answer.text
    assert evening.engine.outbox.recent() == ()


@pytest.fixture
async def service(
    evening: Evening, discord_server: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[Callable[[], Any]], Awaitable[None]]]:
    """The whole service of that evening; gives a way to let the evening go on until something has come about."""
    monkeypatch.setenv("DISCORD_TOKEN", discord_server.token)
    monkeypatch.setattr("engine.sync.live.POLL_S", 0.05)
    evening.shows(evening.games[0], 300, 12, 9)
    channels = DiscordSettings(live_channel_id=discord_server.channel_ids[1])
    running = asyncio.create_task(run_service(evening.engine, Settings(discord=channels), [].append))
    await discord_server.wait_commands(["follow", "live"])

    async def until(there: Callable[[], Any]) -> None:
        for _ in range(100):
            evening.now += timedelta(seconds=1)
            await asyncio.sleep(0.1)
            if there():
                return
        raise AssertionError("it did not come about")

    yield until
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 15)
    evening.engine.close()


async def test_the_service_shows_the_evening_and_edits_the_card_that_a_moderator_asked_for(
    service: Any, evening: Evening, discord_server: Any
) -> None:
    one = evening.games[0]
    answer = await discord_server.invoke("follow", {"game": name(evening)}, user_permissions=MODERATOR)
    assert answer.ephemeral
    assert "changes by itself" in answer.text

    async def stands(channel: str, what: str) -> bool:
        return any(what in str(message.embeds) for message in await discord_server.messages(channel))

    async def comes(channel: str, what: str) -> None:
        for _ in range(60):
            await service(lambda: True)
            if await stands(channel, what):
                return
        raise AssertionError(f"{what} does not stand in {channel}")

    await comes("general", f"{words.nickname(one.home_id)} 12")
    await comes("nba-picks", "12")
    evening.shows(one, 2880, 111, 70, over=True)
    await comes("general", "Final")
    cards = [m for m in await discord_server.messages("general") if m.embeds]
    boards = [m for m in await discord_server.messages("nba-picks") if "Tonight" in str(m.embeds)]
    assert len([m for m in cards if "nbabot · live " in str(m.embeds)]) == 1
    assert len(boards) == 1


async def test_a_card_that_a_moderator_deletes_stays_deleted_and_its_game_is_no_longer_followed(
    service: Any, evening: Evening, discord_server: Any
) -> None:
    await discord_server.invoke("follow", {"game": name(evening)}, user_permissions=MODERATOR)
    (card,) = [m for m in await discord_server.messages("general") if m.embeds]
    card.deleted = True
    followed = evening.engine.follows

    def goes_on() -> bool:
        evening.shows(evening.games[0], 300 + len(evening.feed.courses[evening.games[0].game_id]), 12, 9)
        evening.now += timedelta(seconds=31)
        return followed.since(evening.games[0].league_day) == ()

    await service(goes_on)
    assert [m for m in await discord_server.messages("general") if m.embeds] == []
    assert evening.engine.guilds.closed_channels() == {}


async def test_who_may_not_manage_messages_has_nothing_posted_though_the_question_is_forged(
    service: Any, evening: Evening, discord_server: Any
) -> None:
    forged = await discord_server.invoke("follow", {"game": name(evening)}, force=True)
    assert NOT_ALLOWED in forged.text
    shown = await discord_server.invoke("live", {"game": name(evening)})
    pressed = await discord_server.click(shown, label="Follow here")
    assert NOT_ALLOWED in pressed.messages[-1].text
    private = await discord_server.invoke("follow", {"game": name(evening)}, guild=None, force=True)
    assert "server" in private.text
    assert evening.engine.follows.since(evening.games[0].league_day) == ()
    moderator = await discord_server.click(shown, label="Follow here", user_permissions=MODERATOR)
    assert "changes by itself" in moderator.messages[-1].text
    again = await discord_server.invoke("follow", {"game": name(evening)}, user_permissions=MODERATOR)
    assert "followed here already" in again.text
    offered = await discord_server.autocomplete("unfollow", {"game": ""}, user_permissions=MODERATOR)
    assert len(offered.choices) == 1
    ended = await discord_server.invoke("unfollow", {"game": offered.choices[0]["value"]}, user_permissions=MODERATOR)
    assert "no longer followed" in ended.text
    await service(lambda: "No longer followed" in str([p.payload for p in evening.engine.outbox.recent()]))
