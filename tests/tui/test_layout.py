from __future__ import annotations

import re

import pytest

from tui.app import NbabotApp
from tui.screens.help import HelpScreen
from tui.widgets.keys import KeyBar
from tui.widgets.title import PLACES, Place, TitleBar

WALK = {
    "slate": [],
    "past day": ["left"],
    "past game": ["enter"],
    "busy day": ["escape", "left"],
    "day without games": ["right", "right", "right", "right"],
    "day question": ["g"],
    "game": ["escape", "t", "enter"],
    "help": ["question_mark"],
    "models": ["escape", "3"],
    "version": ["enter"],
    "promotion": ["escape", "p"],
}
"""Keys that lead from each screen to the next one."""


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
async def test_nothing_is_cut_at_the_right_edge_or_overflows(tui, size: tuple[int, int]) -> None:
    async with tui(size=size) as pilot:
        for screen, keys in WALK.items():
            lines = (await tui.press(pilot, *keys)).split("\n")
            assert len(lines) == size[1], screen
            assert not any("…" in line for line in lines), screen
            for line in lines:
                assert len(line) == size[0], screen
                assert re.fullmatch(r"[ │▂▄▆█▁▇▃▅]", line[-1]), (screen, line)


async def test_a_day_of_fifteen_games_fits_80x24_and_scrolls_in_less(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "left", "left")
        assert "PHX at LAC" in text
        assert "15 games: " in text
        await pilot.resize_terminal(80, 14)
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "PHX at LAC" not in text
        assert "15 games: " in text
        assert "▸  PHX at LAC" in await tui.press(pilot, "end")


async def test_a_wide_terminal_spells_the_teams_out_and_puts_sections_side_by_side(tui) -> None:
    async with tui() as pilot:
        await pilot.resize_terminal(160, 45)
        await tui.settle(pilot)
        assert "Los Angeles Lakers at Boston Celtics" in tui.painted(pilot)
        text = await tui.press(pilot, "enter")
        assert re.search(r"Why, in points of margin +What if a player is out, or back\?", text)
        await tui.press(pilot, "escape")
        await pilot.resize_terminal(80, 24)
        await tui.settle(pilot)
        assert "▸  LAL at BOS  BOS 71%" in tui.painted(pilot)


async def test_a_simulated_league_is_marked_on_every_screen(tui, small) -> None:
    small.invented = True
    async with tui() as pilot:
        assert "SIMULATED" in tui.painted(pilot)
        assert "SIMULATED" in await tui.press(pilot, "enter")
        await tui.press(pilot, "3")
        await tui.until(pilot, "SIMULATED")


async def test_without_colour_the_row_the_place_and_the_verdict_are_marked_by_signs(tui, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with tui() as pilot:
        text = await tui.press(pilot, "left")
    assert "[1 Slate]" in text
    assert "▸  LAL at BOS" in text
    assert "✓ hit" in text
    assert "BOS 71%*" in text


async def test_the_key_bar_drops_whole_keys_when_it_is_narrow(tui) -> None:
    async with tui() as pilot:
        assert all(f" {word} " in tui.painted(pilot) for word in ("Open", "Last", "Later", "Day", "Quit", "palette"))
        await pilot.resize_terminal(40, 24)
        await tui.settle(pilot)
        keys = str(pilot.app.screen.query_one(KeyBar).render())
    assert keys.rstrip().endswith("^p palette")
    assert re.fullmatch(r"( (⏎ Open|e Last|← Earlier|→ Later|t Today|g Day|\? Help|q Quit|\^p palette) | )*", keys)


async def test_the_keys_below_and_the_places_above_can_be_clicked(tui) -> None:
    async with tui() as pilot:
        bar = pilot.app.screen.query_one(KeyBar)
        place = str(bar.render()).index("Earlier")
        await pilot.click(KeyBar, offset=(place, 0))
        await tui.settle(pilot)
        assert "· yesterday" in tui.painted(pilot)
        places = pilot.app.screen.query(TitleBar).first().query(Place)
        await pilot.click(next(place for place in places if place.mode == "models"))
        await tui.settle(pilot)
        assert "Audit trail" in tui.painted(pilot)


async def test_help_lists_every_key_of_the_screen_and_explains_the_mark_of_published_forecasts(tui) -> None:
    async with tui(size=(80, 60)) as pilot:
        for way in ("3", "1", "enter"):
            await tui.press(pilot, way)
            screen = pilot.app.screen
            own = {one.tooltip or one.description for one in type(screen).BINDINGS if one.action != "reset"}
            text = await tui.press(pilot, "question_mark")
            for description in own | {"Help", "Quit", "Slate", "Models"}:
                assert description in text
            assert ("* marks a published forecast" in " ".join(text.replace("│", "").split())) == (way == "1")
            assert isinstance(pilot.app.screen, HelpScreen)
            await tui.press(pilot, "down", "up", "question_mark")
            assert pilot.app.screen is screen


async def test_q_ends_the_app(tui) -> None:
    async with tui() as pilot:
        await pilot.press("q")
    assert pilot.app.return_code == 0


async def test_the_command_palette_offers_the_places(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "ctrl+p")
        await pilot.press(*"models")
        await tui.until(pilot, "Go to Models")
        await pilot.press("enter")
        assert "Audit trail" in await tui.until(pilot, "Audit trail")


async def test_the_command_palette_offers_what_the_screen_can_do(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "3", "ctrl+p")
        await pilot.press(*"retire")
        assert "On this screen (x)" in await tui.until(pilot, "On this screen (x)")
        await pilot.press("enter")
        await tui.until(pilot, "Archive game-logistic@3?")


async def test_another_theme_is_taken(tui) -> None:
    async with tui() as pilot:
        pilot.app.theme = "textual-light"
        await tui.settle(pilot)
        assert "▸  LAL at BOS" in tui.painted(pilot)


def test_every_place_has_a_screen(small) -> None:
    assert {mode for _, mode, _ in PLACES} == set(NbabotApp(small)._modes)
