from __future__ import annotations

from dataclasses import replace

from engine.core.errors import SourceError
from tui.screens.game import GameScreen
from tui.screens.slate import SlateScreen
from tui.widgets import sections


async def test_enter_shows_the_forecast_its_reasons_and_its_surroundings(tui) -> None:
    async with tui(size=(80, 60)) as pilot:
        text = await tui.press(pilot, "enter")
    assert "Los Angeles Lakers at Boston Celtics" in text
    assert "Wed 15 Jan 2025 · at Boston Celtics · scheduled" in text
    assert "clear favourites" in text
    assert "LAL 29% ▓" in text
    assert "░ 71% BOS" in text
    assert "│━━━━━━━━ BOS +5.2" in text
    assert "╺━━│         LAL +1.6" in text
    assert "• Who is injured is not known to this model." in text
    assert "W 101-99  at CHI  13 Jan 2025" in text
    assert "Last meetings" in text
    assert "118-112" in text
    assert "game-elo@2 · as of Wed 15 Jan 2025 12:00 ET" in text
    assert "results through 14 Jan 2025" in text
    assert "not published" in text.replace("\n ", "")


async def test_a_past_game_shows_its_result_beside_the_forecast(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "left", "down", "enter")
    assert "final 105-118 2OT · ✓ hit" in text


async def test_left_and_right_go_round_the_slate_and_esc_returns_to_the_row(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        assert "New York Knicks at Miami Heat" in await tui.press(pilot, "right")
        assert "Portland Trail Blazers at Minnesota Timberwolves" in await tui.press(pilot, "l")
        assert "New York Knicks at Miami Heat" in await tui.press(pilot, "h")
        assert "Orlando Magic at Detroit Pistons" in await tui.press(pilot, "left", "left")
        assert "▸  ORL at DET" in await tui.press(pilot, "escape")
        assert isinstance(pilot.app.screen, SlateScreen)


async def test_up_and_down_scroll_to_the_end_of_the_page_at_80x24(tui) -> None:
    async with tui() as pilot:
        assert "Los Angeles Lakers at Boston Celtics" in await tui.press(pilot, "enter")
        text = await tui.type_in(pilot, *["down"] * 7, *["j"] * 7)
        assert "Last meetings" in text
        assert "not published" in text
        assert "Los Angeles Lakers at Boston" in await tui.type_in(pilot, *["up"] * 7, *["k"] * 7)


async def test_pages_turn_forwards_and_back(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        assert "not published" in await tui.type_in(pilot, "pagedown", "space")
        assert "Los Angeles Lakers at Boston" in await tui.type_in(pilot, "pageup", "pageup")


async def test_backspace_returns_too(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter", "backspace")
        assert isinstance(pilot.app.screen, SlateScreen)


async def test_a_game_of_a_neutral_site_says_so(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "down", "down", "down", "enter")
    assert "Oklahoma City Thunder vs Cleveland Cavaliers" in text
    assert "neutral site" in text


async def test_a_failing_question_keeps_the_forecast_and_is_told(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        small.failure = SourceError("The file is damaged: import it again.")
        text = await tui.press(pilot, "right")
        assert "New York Knicks at Miami Heat" in text
        assert tui.told(pilot) == ["The file is damaged: import it again."]
        assert isinstance(pilot.app.screen, GameScreen)


async def test_a_new_champion_changes_the_open_forecast(tui, small) -> None:
    async with tui(size=(80, 60)) as pilot:
        await tui.press(pilot, "enter")
        small.promote("game-logistic", "3", "someone", "elsewhere")
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert "game-logistic@3 · as of" in tui.painted(pilot)


async def test_the_place_is_kept_while_one_looks_at_the_models(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter", "2")
        assert "Los Angeles Lakers at Boston Celtics" in await tui.press(pilot, "1")


def test_a_forecast_without_reasons_says_so_and_an_empty_past_too(small) -> None:
    entry = small.slate().games[0]
    assert "none stored" in sections.last_games(entry.game.home_id, ()).plain
    assert "none stored" in sections.meetings(()).plain
    bare = replace(entry.forecast, data_through=None)
    assert "no results yet" in sections.origin(replace(entry, forecast=bare)).plain
