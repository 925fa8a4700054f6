"""The terminal UI on the engine itself, over a simulated league."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from engine.core import words
from engine.core.reports import ModelStatus
from engine.engine import Engine
from tui.app import NbabotApp
from tui.widgets import text as texts

DAY = date(2025, 1, 15)


def champion(engine: Engine) -> str:
    return next(one.label for one in engine.models() if one.status is ModelStatus.CHAMPION)


async def test_the_screens_show_what_the_engine_answers(engine: Engine, tui) -> None:
    engine.publish_picks(DAY)
    slate = engine.slate(DAY)
    async with NbabotApp(engine).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "SIMULATED" in text
        for entry in slate.games:
            forecast = entry.forecast
            assert f"{words.code(forecast.pick_id)} {words.percent(forecast.pick_prob)}*" in text
            assert texts.expected_score(forecast) in text
        text = await tui.press(pilot, "enter")
        assert words.name(slate.games[0].forecast.home_id) in text
        assert slate.games[0].forecast.drivers[0].text.split()[0] in text
        assert "yesterday" in await tui.press(pilot, "escape", "left")
        assert champion(engine) in await tui.press(pilot, "3")


async def test_the_game_page_of_a_past_day_shows_only_games_from_before_that_day(engine: Engine, tui) -> None:
    day = date(2025, 1, 8)
    entry = engine.slate(day).games[0]
    async with NbabotApp(engine).run_test(size=(160, 60)) as pilot:
        await tui.settle(pilot)
        await tui.type_in(pilot, "g", *day.isoformat(), "enter")
        text = await tui.press(pilot, "enter")
    for team_id in (entry.game.home_id, entry.game.away_id):
        later = engine.recent_games(team_id)[0].league_day
        assert later > day
        assert words.short_day(later) not in text
        assert words.short_day(engine.recent_games(team_id, before=day)[0].league_day) in text
        for player in engine.rotation(team_id, before=day)[:8]:
            row = rf"{re.escape(player.name)} +{words.code(team_id)} +{player.minutes:.0f} +{player.pts:.1f} "
            assert re.search(row, text)


async def test_a_promotion_at_the_keyboard_reaches_the_other_engine_and_back(
    engine_at: Callable[[date], Engine], tui
) -> None:
    here, there = engine_at(DAY), engine_at(DAY)
    before = champion(there)
    other = next(one for one in there.models() if one.label != before)
    async with NbabotApp(here, refresh_seconds=0.2).run_test(size=(80, 24)) as pilot:
        await tui.press(pilot, "3")
        row = [one.label for one in there.models()].index(other.label)
        await tui.press(pilot, *["down"] * row, "p", "enter")
        assert champion(there) == other.label
        assert f"model {other.label}" in await tui.press(pilot, "1")
        name, version = before.split("@")
        there.promote(name, version, "someone", "elsewhere")
        assert f"model {before}" in await tui.until(pilot, f"model {before}")


async def test_an_empty_home_says_what_to_do(tmp_path: Path, tui) -> None:
    engine = Engine(tmp_path)
    async with NbabotApp(engine).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "No games stored: press 6 and there s to fetch them, or run `nbabot demo`." in tui.painted(pilot)
        await tui.press(pilot, "left", "right", "t", "e", "g", "escape", "3", "1")
        assert tui.told(pilot) == []
    engine.close()
