"""`/player` as somebody in Discord meets it: the real bot on a simulated league, connected to the stand-in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.core.injuries import InjuryStatus, ListedPlayer, TeamReport
from engine.core.player_records import PlayerForecast, Stat
from engine.core.teams import BY_ID
from engine.engine import DATABASE, Engine
from engine.store.database import Database
from engine.store.injuries import store_injuries
from nbabot.cogs.errors import MISUSED
from nbabot.player_chart import form_words

pytestmark = pytest.mark.end_to_end
DAY = date(2024, 12, 12)
EPHEMERAL = 64
STAR, NICKNAMED, NEVER_PLAYED = "Nikola Jokić", "Shai Gilgeous-Alexander", "Otto Neverseen"
NAMESAKES = ("Jaxon Brookhaven", "Jaxton Brookhaven")


@pytest.fixture
def engine(players_home: Path) -> Iterator[Engine]:
    """An engine that forecasts players, some of whom bear names with accents, nicknames and namesakes."""
    asked = Engine(players_home, now=lambda: noon_of(DAY))
    named = [one for one in asked.players("", 500) if one.last_day and one.last_day > DAY - timedelta(days=7)]
    with closing(sqlite3.connect(players_home / DATABASE)) as store, store:
        for player, name in zip(named, (STAR, NICKNAMED, *NAMESAKES), strict=False):
            store.execute("UPDATE players SET name = ? WHERE player_id = ?", (name, player.player_id))
        store.execute("INSERT INTO players VALUES (99, ?)", (NEVER_PLAYED,))
    asked.close()
    renamed = Engine(players_home, now=lambda: noon_of(DAY))
    yield renamed
    renamed.close()


@pytest.fixture
async def server(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]], engine: Engine, discord_server: Any
) -> AsyncIterator[Any]:
    """The stand-in with the real bot connected, on the engine of the test."""
    async with bot_on(engine):
        yield discord_server


def private_text(answer: Any) -> str:
    """The sentence that only the asker sees."""
    assert answer.ok, answer.error
    assert not answer.rejected
    assert all(message.flags & EPHEMERAL or message.deleted for message in answer.messages)
    return str(answer.messages[-1].content)


def report(home: Path, forecast: PlayerForecast, status: InjuryStatus) -> None:
    """Publish an injury report that lists the player of a forecast for its game."""
    listed = ListedPlayer(forecast.name, status, "knee")
    sides = (forecast.team_id, forecast.opponent_id)
    moment = noon_of(DAY) - timedelta(hours=1)
    store_injuries(
        Database(home / DATABASE),
        [
            TeamReport(moment, forecast.league_day, own, other, None, True, (listed,) if own == sides[0] else ())
            for own, other in (sides, sides[::-1])
        ],
    )


async def test_the_card_holds_what_the_engine_answers_and_a_picture_with_words(server: Any, engine: Engine) -> None:
    answer = await server.invoke("player", {"name": STAR})
    assert answer.ok, answer.error
    assert answer.deferred
    forecast = engine.player(STAR)
    sent = answer.embeds[0]
    assert sent["title"].startswith(f"{STAR}: about ")
    assert "8 times in 10" in sent["description"]
    assert sent["image"]["url"] == "attachment://form.png"
    assert answer.files["form.png"].startswith(b"\x89PNG")
    recent = engine.player_games(forecast.player_id)
    assert 1 <= len(recent) <= 15
    assert recent[-1].league_day < DAY
    assert answer.attachments[0].description == form_words(forecast, Stat.PTS, recent)
    assert len(answer.messages[-1].embeds) == 1


async def test_a_stat_an_opponent_and_a_line_are_taken_into_account(server: Any, engine: Engine) -> None:
    forecast = engine.player(STAR)
    other = next(team for team in BY_ID.values() if team.team_id not in (forecast.team_id, forecast.opponent_id))
    asked = {"name": STAR, "stat": "Rebounds", "opponent": other.nickname, "line": 4.5}
    answer = await server.invoke("player", asked)
    assert answer.ok, answer.error
    assert "rebounds" in answer.embeds[0]["title"]
    assert other.nickname in answer.embeds[0]["description"]
    line = engine.player(STAR, other.abbreviation, stat=Stat.REB, line=4.5).line
    assert line is not None
    assert f"Over 4.5: {round(100 * line.over)}%" in answer.text


async def test_suggestions_know_accents_beginnings_and_nicknames(server: Any) -> None:
    for typed in ("jokic", "JOKIĆ", "Joker", "nikola", "nikola joki"):
        answer = await server.autocomplete("player", {"name": typed})
        assert re.fullmatch(rf"{STAR} \([A-Z]{{3}}\)", answer.choices[0]["name"]), typed
        assert answer.choices[0]["value"] == answer.choices[0]["name"]
        assert answer.first_ms < 3000


async def test_suggestions_are_never_more_than_discord_shows_and_never_an_error(server: Any) -> None:
    assert len((await server.autocomplete("player", {"name": ""})).choices) == 25
    assert (await server.autocomplete("player", {"name": "q" * 6000}, force=True)).choices == []
    some = await server.autocomplete("player", {"line": 3.5, "name": "SGA"})
    assert some.choices[0]["value"].startswith(f"{NICKNAMED} (")
    chosen = await server.invoke("player", {"name": some.choices[0]["value"]})
    assert NICKNAMED in chosen.embeds[0]["title"]
    teams = await server.autocomplete("player", {"name": STAR, "opponent": "bos"})
    assert teams.choices[0]["value"] == "BOS"


async def test_suggestions_asked_for_while_a_number_is_half_typed_are_none_and_no_error(server: Any) -> None:
    assert (await server.autocomplete("player", {"line": "-", "name": "jok"}, force=True)).choices == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "Brookhaven"}, "Jaxon Brookhaven or Jaxton Brookhaven: write the whole name"),
        ({"name": "zzyzx"}, "No player of the league is called 'zzyzx'"),
        ({"name": NEVER_PLAYED}, "has not played yet, so there is nothing to forecast"),
        ({"name": STAR, "opponent": "Bstn"}, "No NBA team is called 'Bstn'"),
    ],
)
async def test_a_question_without_an_answer_gets_one_private_sentence(
    server: Any, options: dict[str, str], said: str
) -> None:
    text = private_text(await server.invoke("player", options))
    assert said in text
    assert "\n" not in text


async def test_a_player_of_seasons_ago_is_told_so(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]], players_home: Path, discord_server: Any
) -> None:
    later = Engine(players_home, now=lambda: noon_of(date(2027, 12, 12)))
    with closing(Engine(players_home, now=lambda: noon_of(DAY))) as then:
        former = then.players("", 1)[0]
    async with bot_on(later):
        text = private_text(await discord_server.invoke("player", {"name": former.name}))
    later.close()
    assert re.search(r"has not played since .*2025", text)


async def test_a_player_who_is_out_is_said_to_be_out(server: Any, engine: Engine, players_home: Path) -> None:
    report(players_home, engine.player(STAR), InjuryStatus.OUT)
    answer = await server.invoke("player", {"name": STAR})
    assert answer.ok, answer.error
    assert answer.embeds[0]["title"].startswith(f"{STAR} is out: else about ")


async def test_doubt_is_said_in_percent(server: Any, engine: Engine, players_home: Path) -> None:
    report(players_home, engine.player(STAR), InjuryStatus.QUESTIONABLE)
    answer = await server.invoke("player", {"name": STAR})
    assert re.search(r"Questionable: \d+% to play", answer.embeds[0]["description"])


async def test_a_name_that_would_ping_pings_nobody(server: Any) -> None:
    for hostile in ("@everyone", "<@&1234567890> <@456> @here", "**bold** [x](https://example.com)"):
        text = private_text(await server.invoke("player", {"name": hostile}))
        assert not re.search(r"@(everyone|here)|<[@#]|(?<!\\)\*\*|(?<!\\)\[x", text)
        assert server.requests[-1].json["allowed_mentions"] == {"parse": []}


async def test_six_thousand_characters_are_refused(server: Any) -> None:
    assert len(private_text(await server.invoke("player", {"name": "J" * 6000}, force=True))) < 500


async def test_a_forged_option_is_refused_in_one_sentence(server: Any) -> None:
    for forged in (
        {"name": 5},
        {"name": STAR, "stat": "fouls"},
        {"name": STAR, "line": "5"},
        {"name": STAR, "line": True},
    ):
        assert private_text(await server.invoke("player", forged, force=True)) == MISUSED


async def test_a_line_that_is_none_is_refused(server: Any) -> None:
    for line in (-1, 1e9, float("nan")):
        answer = await server.invoke("player", {"name": STAR, "line": line}, force=True)
        assert "A line is a number from 0 to 200" in private_text(answer)


async def test_without_a_model_of_players_the_next_step_is_named(
    bot_on: Callable[[Engine], AbstractAsyncContextManager[Any]],
    home: Path,
    discord_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("engine.engine.shipped_models", lambda: tmp_path / "nothing")
    with closing(sqlite3.connect(home / "nbabot.db")) as connection, connection:
        connection.execute("DELETE FROM model_aliases WHERE task = 'player'")
    untrained = Engine(home, now=lambda: noon_of(date(2025, 1, 15)))
    name = untrained.players("", 1)[0].name
    async with bot_on(untrained):
        text = private_text(await discord_server.invoke("player", {"name": name}))
    untrained.close()
    assert "No player model is in production" in text
