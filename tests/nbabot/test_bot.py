from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from engine.core import words
from engine.core.errors import DiscordAccessError
from engine.engine import Engine
from nbabot import embeds
from nbabot.bot import LONGEST_DOUBLINGS, Bot, run_bot
from nbabot.cogs.errors import MISUSED
from nbabot.settings import Settings
from nbabot.track import track_line

pytestmark = pytest.mark.end_to_end
EPHEMERAL, SUPPRESS_EMBEDS = 64, 4


@pytest.fixture
async def server(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]], engine: Engine, discord_server: Any
) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected, on the engine of the test."""
    async with bot_on(engine):
        yield discord_server


def a_game(engine: Engine) -> tuple[str, str]:
    """Home and away team of a game of the day."""
    forecast = engine.slate().games[0].forecast
    return words.code(forecast.home_id), words.code(forecast.away_id)


def private_text(answer: Any) -> str:
    """The sentence that only the asker sees; the public "thinking" must be gone."""
    assert answer.ok, answer.error
    assert not answer.rejected
    last = answer.messages[-1]
    assert last.flags & EPHEMERAL
    assert last.flags & SUPPRESS_EMBEDS, "no link that the asker typed is unfolded"
    assert all(message.flags & EPHEMERAL or message.deleted for message in answer.messages)
    return str(last.content)


async def test_predict_answers_what_the_engine_answers(server: Any, engine: Engine) -> None:
    home, away = a_game(engine)
    answer = await server.invoke("predict", {"home": home, "away": away})
    assert answer.ok, answer.error
    forecast = engine.predict(home, away)
    expected = embeds.prediction(forecast, track_line(engine), engine.simulated)
    sent = answer.embeds[0]
    assert (sent["title"], sent["description"]) == (expected.title, expected.description)
    assert [field["value"] for field in sent["fields"]] == [field.value for field in expected.fields]
    assert words.percent(forecast.pick_prob) in sent["title"]
    assert answer.deferred
    assert words.SIMULATED in answer.text


async def test_any_name_and_a_date_are_understood(server: Any, engine: Engine) -> None:
    day = engine.today() + timedelta(days=1)
    answer = await server.invoke("predict", {"home": "celtics", "away": "la lakers", "date": "tomorrow"})
    assert answer.ok
    assert answer.embeds[0]["description"] == embeds.prediction(engine.predict("BOS", "LAL", day), "", True).description
    assert "what-if" in answer.text or "On the schedule" in answer.text


async def test_today_shows_every_game_of_the_day(server: Any, engine: Engine) -> None:
    answer = await server.invoke("today", {})
    assert answer.ok
    slate = engine.slate()
    assert all(words.slate_line(item, bold="**") in answer.text for item in slate.games)


async def test_a_past_day_shows_how_it_went(server: Any, engine: Engine) -> None:
    answer = await server.invoke("today", {"date": "yesterday"})
    assert answer.ok
    assert "final" in answer.text


async def test_help_is_private_and_names_the_commands(server: Any) -> None:
    answer = await server.invoke("help")
    assert answer.ok
    assert answer.ephemeral
    assert all(f"/{name}" in answer.text for name in ("predict", "today", "help"))


async def test_suggestions_come_from_memory(server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.close()  # the store is gone: suggestions must not need it
    teams = (await server.autocomplete("predict", {"home": "bos"})).choices
    assert teams[0] == {"name": "Boston Celtics", "value": "BOS"}
    days = (await server.autocomplete("today", {"date": ""})).choices
    assert days[0] == {"name": "Today (Wed 15 Jan 2025)", "value": "2025-01-15"}
    assert len((await server.autocomplete("predict", {"home": ""})).choices) <= 25
    assert (await server.autocomplete("predict", {"home": "q" * 90})).choices == []


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("predict", {"home": "Bstn", "away": "LAL"}, "No NBA team is called 'Bstn'"),
        ("predict", {"home": "LA", "away": "BOS"}, "LAC (LA Clippers) or LAL (Los Angeles Lakers)"),
        ("predict", {"home": "BOS", "away": "celtics"}, "are both the Boston Celtics"),
        ("predict", {"home": "BOS", "away": "LAL", "date": "someday"}, "is not a date"),
        ("predict", {"home": "BOS", "away": "LAL", "date": "2055-01-01"}, "more than a year away"),
        ("today", {"date": "2025-13-45"}, "is not a date"),
        ("today", {"date": "1950-01-01"}, "No schedule is stored for 1950-01-01"),
    ],
)
async def test_a_wrong_request_is_answered_by_one_private_sentence(
    server: Any, command: str, options: dict[str, str], said: str
) -> None:
    text = private_text(await server.invoke(command, options))
    assert said in text
    assert "\n" not in text


@pytest.mark.parametrize("options", [{"home": 5, "away": ["a"]}, {"home": {"x": None}, "away": True}])
async def test_a_forged_interaction_is_refused_in_one_sentence_without_a_trace(
    server: Any, options: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        answer = await server.invoke("predict", options, force=True)
    assert private_text(answer) == MISUSED
    assert not [record for record in caplog.records if record.exc_info]
    assert [log["log_level"] for log in logs] == ["warning"]


def test_the_bot_does_not_warn_of_missing_voice_libraries(
    engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, name, True)
    Bot(engine, Settings())
    assert caplog.records == []


async def test_a_broken_engine_is_an_apology_with_a_code(
    server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(engine, "predict", broken)
    with capture_logs() as logs:
        text = private_text(await server.invoke("predict", {"home": "BOS", "away": "LAL"}))
    code = re.search(r"logged as ([0-9a-f]{8})", text)
    assert code is not None
    assert "secret" not in text
    assert [log["exc_info"].args for log in logs if log.get("code") == code[1]] == [("secret detail",)]


async def test_a_broken_connection_of_the_answer_leaves_the_bot_alive(server: Any) -> None:
    server.drop_next(1, "^PATCH /webhooks")
    await server.invoke("predict", {"home": "BOS", "away": "LAL"}, timeout=2)
    assert (await server.invoke("predict", {"home": "BOS", "away": "LAL"})).ok


async def test_fifty_at_once_are_all_answered(server: Any) -> None:
    answers = await asyncio.gather(*(server.invoke("predict", {"home": "BOS", "away": "LAL"}) for _ in range(50)))
    assert all(answer.ok for answer in answers)


async def test_after_a_lost_connection_the_bot_answers_again(server: Any) -> None:
    await server.drop_gateway()
    await server.wait_for(lambda: server.resumes == 1, 15)
    assert (await server.invoke("predict", {"home": "BOS", "away": "LAL"})).ok


async def test_however_long_discord_was_away_the_bot_is_back_within_half_a_minute(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]], engine: Engine, discord_server: Any
) -> None:
    async with bot_on(engine) as bot:
        (shard,) = bot.shards.values()
        async with asyncio.timeout(20):
            while shard._parent._backoff._max > LONGEST_DOUBLINGS:  # set as soon as the shard has connected
                await asyncio.sleep(0.01)
        waits = [shard._parent._backoff.delay() for _ in range(300)]
    assert 16 < max(waits) <= 32


async def test_the_commands_are_registered_only_when_they_changed(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]], engine: Engine, discord_server: Any
) -> None:
    for _ in range(2):
        async with bot_on(engine):
            pass
    assert discord_server.command_puts == 1
    engine.meta.put(f"commands of {discord_server.app_id}", "what an older version sent")
    async with bot_on(engine):
        pass
    assert discord_server.command_puts == 2


async def test_no_privileged_intent_is_asked_for(server: Any) -> None:
    intents = next(entry[4]["intents"] for entry in server.gateway_log if entry[3] == 2)
    assert intents == 1, "guilds alone"


async def test_a_wrong_token_is_one_sentence_with_the_next_step(
    discord_server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "wrong.token.here")
    with pytest.raises(DiscordAccessError, match=r"refused the token.*DISCORD_TOKEN") as error:
        await run_bot(engine, Settings())
    assert "wrong.token" not in str(error.value)


async def test_a_token_withdrawn_while_running_ends_the_bot_with_one_sentence(
    discord_server: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", discord_server.token)
    running = asyncio.create_task(run_bot(engine, Settings()))
    await discord_server.wait_commands(["predict"])
    await discord_server.close_gateway(4004)
    with pytest.raises(DiscordAccessError, match=r"code 4004.*DISCORD_TOKEN"):
        await asyncio.wait_for(running, 10)


async def test_without_a_token_nothing_is_attempted(discord_server: Any, engine: Engine) -> None:
    with pytest.raises(DiscordAccessError, match="No Discord token"):
        await run_bot(engine, Settings())
    assert discord_server.requests == []


async def test_discord_away_is_one_sentence(
    stand_in: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "any.token.here")
    with stand_in.pointed_at("http://127.0.0.1:9"), pytest.raises(DiscordAccessError, match="cannot be reached"):
        await run_bot(engine, Settings())
