"""What a fan can ask beside forecasts of games and players, through the real bot."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core import record_words, team_words, words
from engine.core.odds import OVER, UNDER, Market, OddsEvent, Quote
from engine.core.records import Game
from engine.engine import Engine
from engine.store.database import Database
from engine.store.odds import store_odds
from nbabot.cogs import fans
from nbabot.game_answers import GameAnswers
from nbabot.slate_chart import slate_png

pytestmark = pytest.mark.end_to_end
EPHEMERAL = 64
RunBot = Callable[[Engine], AbstractAsyncContextManager[Any]]


@pytest.fixture
async def server(bot_on: RunBot, engine: Engine, discord_server: Any) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected, on the engine of the test."""
    async with bot_on(engine):
        yield discord_server


def names(game: Game) -> tuple[str, str]:
    return words.code(game.home_id), words.code(game.away_id)


async def test_a_teams_card_holds_what_the_engine_answers(server: Any, engine: Engine) -> None:
    answer = await server.invoke("team", {"name": "celtics"})
    assert answer.ok, answer.error
    card = engine.team("BOS")
    assert answer.embeds[0]["title"] == team_words.headline(card)
    assert all(place in answer.text for _, _, place in team_words.strengths(card))
    assert team_words.to_play(card.next_games[0], card.team_id) in answer.text
    assert answer.embeds[0]["color"] == 0x007A33


async def test_the_record_says_how_few_games_it_rests_on_and_shows_them(
    bot_on: RunBot, engine: Engine, engine_at: Callable[..., Engine], discord_server: Any
) -> None:
    async with bot_on(engine):
        nothing = await discord_server.invoke("record")
    assert nothing.embeds[0]["title"] == "No picks in that time"
    assert not nothing.attachments
    engine.publish_picks()
    later = engine_at(engine.today() + timedelta(days=1))
    later.grade()
    async with bot_on(later):
        answer = await discord_server.invoke("record", {"days": 7})
    assert answer.ok, answer.error
    found = later.record(7)
    assert found.hits + found.misses > 0
    assert answer.embeds[0]["title"] == record_words.headline(found)
    assert "Far too few to judge by" in answer.text
    assert "Always picking the home side" in answer.text
    assert answer.attachments[0].description.startswith("How often home sides won")


def quoted(home: Path, game: Game, engine: Engine) -> None:
    """One book quotes a game an hour before the engine's moment."""
    own, other = str(game.home_id), str(game.away_id)
    quotes = (
        Quote("somebook", Market.MONEYLINE, own, 1.5),
        Quote("somebook", Market.MONEYLINE, other, 2.7),
        Quote("somebook", Market.SPREAD, own, 1.91, -5.5),
        Quote("somebook", Market.TOTAL, OVER, 1.91, 221.5),
        Quote("somebook", Market.TOTAL, UNDER, 1.91, 221.5),
    )
    tip = engine.now() + timedelta(hours=7)
    event = OddsEvent("e1", game.home_id, game.away_id, tip, quotes)
    store_odds(Database(home / "nbabot.db"), [event], engine.now() - timedelta(hours=1))


async def test_odds_show_the_line_the_difference_and_the_best_price_or_say_that_there_are_none(
    server: Any, engine: Engine, home: Path
) -> None:
    first, second = engine.slate().games[:2]
    quoted(home, first.game, engine)
    own, other = names(first.game)
    answer = await server.invoke("odds", {"game": f"{other} at {own}"})
    assert answer.ok, answer.error
    assert "median of 1 book" in answer.text
    assert f"{own} to win: 1.50 (-200) at somebook" in answer.text
    assert re.search(r"to win: the bot says \d+%, the books \d+%", answer.text)
    assert "1-800-GAMBLER" in answer.text
    assert "stake" not in answer.text.lower()
    none = await server.invoke("odds", {"game": "{1} at {0}".format(*names(second.game))})
    assert "No odds are known for this game" in none.text


async def test_compare_and_why_answer_in_the_words_of_the_engine(server: Any, engine: Engine) -> None:
    own, other = names(engine.slate().games[0].game)
    compare = await server.invoke("compare", {"home": own, "away": other})
    every = engine.side_by_side(own, other)
    assert compare.ok, compare.error
    assert team_words.agreement(every) in compare.text
    assert compare.text.index(every[0].model) < compare.text.index(every[1].model)
    why = await server.invoke("why", {"game": f"{other} at {own}"})
    assert why.ok, why.error
    assert all(words.driver(one, every[0])[1] in why.text for one in every[0].drivers[:8])


async def test_models_status_about_and_help_answer(server: Any, engine: Engine, home: Path) -> None:
    models = await server.invoke("models")
    assert f"Games: {engine.champion().label} answers" in models.text
    status = await server.invoke("status")
    assert words.day(engine.today() - timedelta(days=1)) in status.text
    assert str(home) not in status.text, "where the data lie is nobody's business"
    assert "None has run yet." in status.text
    about = await server.invoke("about")
    assert about.ephemeral
    assert "1-800-GAMBLER" in about.text
    shown = await server.invoke("help")
    assert shown.ephemeral
    listed = set(re.findall(r"\*\*/(\w+)", shown.text))
    assert listed == {command.name for cog in fans.COGS for command in cog.__cog_app_commands__} | {"privacy"}
    admin = await server.invoke("help", user_permissions=["manage_guild"])
    assert set(re.findall(r"\*\*/(\w+)", admin.text)) == listed | {"setup", "alerts"}


async def test_commands_for_fans_work_in_messages_of_ones_own_and_as_an_app_of_ones_own(
    server: Any, engine: Engine
) -> None:
    for one in server.commands[None].values():
        if one["name"] in {command.name for cog in fans.COGS for command in cog.__cog_app_commands__}:
            assert (one["contexts"], one["integration_types"]) == ([0, 1, 2], [0, 1]), one["name"]
            assert all(option["description"] for option in one.get("options", []))
    answer = await server.invoke("predict", {"home": "BOS", "away": "LAL"}, guild=None)
    assert answer.ok, answer.error
    assert (await server.click(answer, label="Why?")).ok


async def test_games_are_offered_by_any_part_of_their_name(server: Any, engine: Engine) -> None:
    first = engine.slate().games[0].forecast
    own, other = words.nickname(first.home_id), words.code(first.away_id)
    offered = (await server.autocomplete("why", {"game": f"{other.lower()} {own.lower()}"})).choices
    assert offered[0]["name"] == f"{words.short_matchup(first)}, {words.day(first.league_day)}"
    answer = await server.invoke("why", {"game": offered[0]["value"]})
    assert answer.embeds[0]["title"] == f"Why? {words.short_matchup(first)}"
    assert len((await server.autocomplete("odds", {"game": ""})).choices) <= 25
    assert (await server.autocomplete("odds", {"game": "q" * 90})).choices == []


@pytest.mark.parametrize("typed", ["@everyone", "BOS", "<@&1> at [x](https://example.com)", "A" * 100, "a at b\u202e"])
async def test_what_names_no_game_is_refused_in_one_private_sentence(server: Any, typed: str) -> None:
    answer = await server.invoke("odds", {"game": typed})
    last = answer.messages[-1]
    assert last.flags & EPHEMERAL
    assert "\n" not in last.content
    assert not re.search(r"@everyone|<[@#]|(?<!\\)\[x", last.content)
    assert server.requests[-1].json["allowed_mentions"] == {"parse": []}


def test_the_days_pictures_are_drawn_before_anybody_asks(engine: Engine) -> None:
    slate_png.cache_clear()
    answers = GameAnswers(engine)
    answers.warm()
    drawn = slate_png.cache_info().misses
    assert drawn
    for ahead in (0, 1):
        answers.slate(engine.today() + timedelta(days=ahead), asker=1)
    assert slate_png.cache_info().misses == drawn
