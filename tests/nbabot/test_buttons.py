"""Buttons below an answer, pressed by those who may and those who may not, in time and too late, before and after a
restart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.core import words
from engine.core.records import SlateGame
from engine.core.teams import TEAMS
from engine.engine import Engine
from nbabot import buttons, game_answers
from nbabot.cogs.errors import NOT_ALLOWED
from nbabot.conduct import EXPIRED as UNKNOWN

pytestmark = pytest.mark.end_to_end
EPHEMERAL = 64
DAY = date(2025, 1, 15)
RunBot = Callable[[Engine], AbstractAsyncContextManager[Any]]


@pytest.fixture
async def server(bot_on: RunBot, engine: Engine, discord_server: Any) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected, on the engine of the test."""
    async with bot_on(engine):
        yield discord_server


@pytest.fixture
def somebody_else(discord_server: Any) -> dict[str, Any]:
    """A user who has asked nothing."""
    return discord_server._make_user("mallory")


def told_in_private(answer: Any) -> str:
    """The one sentence that only whoever pressed sees."""
    assert answer.ok, answer.error
    last = answer.messages[-1]
    assert last.flags & EPHEMERAL
    assert "\n" not in last.content
    return str(last.content)


def forged(answer: Any, custom_id: str) -> str:
    """Give the first button of an answer another id, as a hostile client might send it."""
    button = next(one for one in answer.controls() if one["type"] == 2)
    button["custom_id"] = custom_id
    return custom_id


async def predicted(server: Any) -> Any:
    return await server.invoke("predict", {"home": "BOS", "away": "LAL", "date": "2025-01-16"})


async def test_why_and_compare_answer_whoever_presses_in_private(
    server: Any, engine: Engine, somebody_else: dict[str, Any]
) -> None:
    answer = await predicted(server)
    why = await server.click(answer, label="Why?", user=somebody_else)
    forecast = engine.predict("BOS", "LAL", DAY + timedelta(days=1))
    assert why.deferred
    assert why.ephemeral
    assert all(words.driver(one, forecast)[1] in why.text for one in forecast.drivers[:8])
    compare = await server.click(answer, label="Compare", user=somebody_else)
    assert compare.ephemeral
    assert all(one.model in compare.text for one in engine.side_by_side("BOS", "LAL", forecast.league_day))
    assert not answer.messages[0].edited or answer.edits == 1, "the public answer stands as it was"


async def test_refresh_makes_the_forecast_anew_for_its_asker_alone(
    server: Any, engine: Engine, somebody_else: dict[str, Any]
) -> None:
    answer = await predicted(server)
    before = answer.embeds[0]["footer"]["text"]
    other = next(one for one in engine.models() if one.family == "elo" and one.simulated)
    engine.promote(other.name, other.version, "ada", "a trial", force=True)
    assert told_in_private(await server.click(answer, label="Refresh", user=somebody_else)) == buttons.NOT_YOURS
    assert answer.messages[0].embeds[0]["footer"]["text"] == before
    refreshed = await server.click(answer, label="Refresh")
    assert refreshed.ok, refreshed.error
    assert answer.messages[0].embeds[0]["footer"]["text"] == other.label


async def test_buttons_work_after_the_bot_was_restarted(bot_on: RunBot, engine: Engine, discord_server: Any) -> None:
    async with bot_on(engine):
        answer, games = await predicted(discord_server), await discord_server.invoke("today")
    async with bot_on(engine):
        assert (await discord_server.click(answer, label="Why?")).ephemeral
        assert (await discord_server.click(answer, label="Refresh")).ok
        turned = await discord_server.click(games, label="Tomorrow, 16 Jan ▶")
        assert turned.ok, turned.error
        assert "16 Jan 2025" in games.messages[0].embeds[0]["title"]


HOSTILE = {
    "nbabot:why:@everyone at <@&1>": "No NBA team is called",
    "nbabot:why:'; DROP TABLE games; --": "does not name a game",
    "nbabot:compare:LAL@BOS 2099-01-01": "more than a year away",
    "nbabot:why:BOS@BOS 2025-01-15": "are both the Boston Celtics",
    "nbabot:refresh:{asker}:../../etc/passwd": "does not name a game",
    "nbabot:refresh:{asker}:LAL@BOS 2025-99-99": "is not a date",
    "nbabot:slate:{asker}:someday 1": "is not a date",
    "nbabot:slate:{asker}:2025-01-15": "names no day",
    "nbabot:slate:{asker}:1950-01-01 1": "No schedule is stored",
    "nbabot:slate:1:2025-01-15 1": "Only whoever asked",
    "nbabot:live:{asker}:@everyone <@&1>": "No NBA team is called",
    "nbabot:live:{asker}:LAL@BOS 1950-01-01": "do not play each other",
    "nbabot:live:1:tonight": "Only whoever asked",
    "nbabot:follow:LAL@BOS": NOT_ALLOWED,
    "nbabot:promote:game-elo": UNKNOWN,
    "nbabot:why:": UNKNOWN,
    "x" * 100: UNKNOWN,
}
"""Ids that no message of the bot carries, and what whoever sends them is told."""


async def test_forged_buttons_are_refused_in_one_private_sentence(server: Any, engine: Engine) -> None:
    answer = await predicted(server)
    shown = answer.messages[0].embeds
    for custom_id, said in HOSTILE.items():
        name = forged(answer, custom_id.format(asker=server.alice["id"]))
        text = told_in_private(await server.click(answer, name))
        assert said in text, custom_id
        assert not re.search(r"@everyone|<@", text)
        sent = server.requests[-1].json
        assert sent.get("data", sent)["allowed_mentions"] == {"parse": []}
    assert answer.messages[0].embeds == shown
    assert engine.slate().games, "the store is as it was"


async def test_nobody_takes_over_the_message_of_another_by_a_forged_name(
    server: Any, somebody_else: dict[str, Any]
) -> None:
    answer = await predicted(server)
    shown = answer.messages[0].embeds
    name = forged(answer, f"nbabot:slate:{somebody_else['id']}:2025-01-15 1")
    assert told_in_private(await server.click(answer, name, user=somebody_else)) == buttons.NOT_YOURS
    assert answer.messages[0].embeds == shown


async def test_a_button_that_is_too_old_says_so(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await predicted(server)
    monkeypatch.setattr(buttons, "IN_USE", timedelta(seconds=-1))
    for label in ("Why?", "Compare", "Refresh"):
        assert told_in_private(await server.click(answer, label=label)) == buttons.EXPIRED


async def test_a_game_that_is_over_is_not_forecast_again(
    bot_on: RunBot, engine_at: Callable[[date], Engine], discord_server: Any
) -> None:
    async with bot_on(engine_at(DAY)):
        answer = await predicted(discord_server)
    async with bot_on(engine_at(DAY + timedelta(days=3))):
        text = told_in_private(await discord_server.click(answer, label="Refresh"))
        assert text == "That game was on Thu 16 Jan 2025: its forecast does not change any more."
        assert (await discord_server.click(answer, label="Why?")).ephemeral
        again = await predicted(discord_server)
    assert [one["label"] for one in again.controls()] == ["Why?", "Compare"]


async def test_the_pages_of_a_day_hold_every_game_once(
    server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(game_answers, "PAGE", 3)
    answer = await server.invoke("today")
    games = engine.slate().games
    pages = -(-len(games) // 3)
    shown = [answer.messages[0].text]
    for number in range(2, pages + 1):
        turned = await server.click(answer, label=f"Page {number} of {pages}")
        assert turned.ok, turned.error
        shown.append(answer.messages[0].text)
    for item in games:
        assert sum(words.slate_line(item, bold="**") in text for text in shown) == 1


def fifteen(games: tuple[SlateGame, ...]) -> tuple[SlateGame, ...]:
    """Games between all the teams of the league."""

    def between(home_id: int, away_id: int) -> SlateGame:
        some = games[0]
        teams = {"home_id": home_id, "away_id": away_id}
        notes = ("A caveat that is rather long, as caveats are. " * 8,)
        forecast = replace(some.forecast, **teams, notes=notes)
        return replace(some, game=replace(some.game, **teams), forecast=forecast)

    return tuple(between(TEAMS[at].team_id, TEAMS[at + 15].team_id) for at in range(15))


async def test_a_day_of_fifteen_games_has_two_pages_that_discord_accepts(
    server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = engine.slate()
    monkeypatch.setattr(engine, "slate", lambda day: replace(some, games=fifteen(some.games)))
    answer = await server.invoke("today")
    assert answer.ok, answer.rejected
    assert "15 games, 8 of them here" in answer.text
    assert answer.attachments[0].description.count("%") == 8
    turned = await server.click(answer, label="Page 2 of 2")
    assert turned.ok, turned.rejected
    assert "15 games, 7 of them here" in answer.messages[0].text
    assert len(answer.messages[0].attachments) == 1, "the picture is that of the page"


async def test_days_are_turned_for_the_asker_alone_and_a_menu_shows_one_game_in_private(
    server: Any, engine: Engine, somebody_else: dict[str, Any]
) -> None:
    answer = await server.invoke("today")
    shown = answer.messages[0].text
    refused = await server.click(answer, label="◀ Yesterday, 14 Jan", user=somebody_else)
    assert told_in_private(refused) == buttons.NOT_YOURS
    assert answer.messages[0].text == shown
    await server.click(answer, label="◀ Yesterday, 14 Jan")
    assert "final" in answer.messages[0].text
    menu = next(one for one in answer.controls() if one["type"] == 3)
    chosen = menu["options"][0]["value"]
    one = await server.click(answer, menu["custom_id"], values=[chosen], user=somebody_else)
    assert one.ephemeral
    assert one.ok, one.error
    away, home = chosen.split()[0].split("@")
    assert one.embeds[0]["title"] == words.chance(engine.predict(home, away, date.fromisoformat(chosen.split()[1])))


async def test_a_menu_with_forged_values_is_refused(server: Any) -> None:
    answer = await server.invoke("today")
    menu = next(one for one in answer.controls() if one["type"] == 3)
    text = told_in_private(await server.click(answer, menu["custom_id"], values=["@everyone"], force=True))
    assert "does not name a game" in text
    assert "@everyone" not in text


async def test_a_day_without_a_schedule_leaves_the_message_as_it_was(
    bot_on: RunBot, engine: Engine, discord_server: Any
) -> None:
    days = engine.game_days()
    assert days is not None
    async with bot_on(engine):
        answer = await discord_server.invoke("today", {"date": days[1].isoformat()})
        shown = answer.messages[0].text
        later = next(one for one in answer.controls() if one.get("label", "").endswith("▶"))
        assert "No schedule is stored" in told_in_private(await discord_server.click(answer, later["custom_id"]))
        assert answer.messages[0].text == shown
