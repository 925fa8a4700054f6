from __future__ import annotations

import re
from dataclasses import replace

from rich.console import Console

from engine.core.errors import SourceError
from engine.core.outlooks import PlayerOutlook
from engine.core.records import ClosingLine
from tui.screens.game import GameScreen
from tui.screens.slate import SlateScreen
from tui.widgets import sections


async def test_enter_shows_the_forecast_its_reasons_and_its_surroundings(tui, small) -> None:
    async with tui(size=(80, 70)) as pilot:
        text = await tui.press(pilot, "enter")
        assert "Los Angeles Lakers at Boston Celtics" in text
        assert "Wed 15 Jan 2025 · scheduled" in text
        assert "clear favourites" in text
        assert "LAL 29% ▓" in text
        assert "░ 71% BOS" in text
        assert "│━━━━━━━━ +5.2 BOS" in text
        assert "╺━━│         +1.6 LAL" in text
        assert "• Who is injured is not known to this model." in text
        assert "W 101-99  at CHI  13 Jan 2025" in text
        assert "Last meetings" in text
        assert "118-112" in text
        assert "game-elo@2 · as of Wed 15 Jan 2025 12:00 ET" in text
        assert "results through Tue 14 Jan 2025 · not published" in text
        assert re.search(r"LAL rotation +min +pts +BOS rotation +min +pts", text)
        assert re.search(r"Kentavious Caldwell-Pope +17 +23\.5 ", " ".join(text.split()))
        assert "Ninth" not in text
        assert "Los Angeles Lakers at Boston Celtics" in await tui.press(pilot, "3", "1"), "the place is kept"
        small.promote("game-logistic", "3", "someone", "elsewhere")
        pilot.app.screen.reload()
        assert "game-logistic@3 · as of" in await tui.until(pilot, "game-logistic@3 · as of")


async def test_the_page_of_a_past_day_shows_its_result_and_nothing_else_from_that_day_on(tui) -> None:
    async with tui(size=(80, 70)) as pilot:
        text = await tui.press(pilot, "left", "down", "enter")
    assert "final 105-118 2OT · ✓ hit" in text
    past = text[text.index("last games") :]
    assert "12 Jan 2025" in past
    assert not re.search(r"1[3-9] Jan 2025", past[: past.index("as of")])


async def test_left_and_right_go_round_the_slate_and_esc_returns_to_the_row(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        assert "New York Knicks at Miami Heat" in await tui.press(pilot, "right")
        assert "Portland Trail Blazers at Minnesota Timberwolves" in await tui.press(pilot, "l")
        text = await tui.press(pilot, "l")
        assert "Oklahoma City Thunder vs Cleveland Cavaliers" in text
        assert "neutral site" in text
        assert "Portland Trail Blazers at Minnesota Timberwolves" in await tui.press(pilot, "h")
        assert "Orlando Magic at Detroit Pistons" in await tui.press(pilot, "left", "left", "left")
        assert "▸  ORL at DET" in await tui.press(pilot, "escape")
        assert isinstance(pilot.app.screen, SlateScreen)
        await tui.press(pilot, "enter", "backspace")
        assert isinstance(pilot.app.screen, SlateScreen)


async def test_up_down_and_the_page_keys_scroll_to_the_end_and_back_at_80x24(tui) -> None:
    async with tui() as pilot:
        assert "Los Angeles Lakers at Boston Celtics" in await tui.press(pilot, "enter")
        text = await tui.type_in(pilot, *["down"] * 15, *["j"] * 15)
        assert "Last meetings" in text
        assert "not published" in text
        assert "Los Angeles Lakers at Boston" in await tui.type_in(pilot, *["up"] * 15, *["k"] * 15)
        assert "not published" in await tui.type_in(pilot, "pagedown", "space", "space")
        assert "Los Angeles Lakers at Boston" in await tui.type_in(pilot, *["pageup"] * 3)


async def test_a_failing_question_keeps_the_forecast_and_is_told(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        small.failure = SourceError("The file is damaged: import it again.")
        text = await tui.press(pilot, "right")
        assert "New York Knicks at Miami Heat" in text
        assert tui.told(pilot) == ["The file is damaged: import it again."]
        assert isinstance(pilot.app.screen, GameScreen)


def test_a_forecast_without_reasons_says_so_and_an_empty_past_too(small) -> None:
    entry = small.slate().games[0]
    assert "none known" in sections.last_games(entry.game.home_id, ()).plain
    assert "none known" in sections.meetings(()).plain
    bare = replace(entry.forecast, data_through=None)
    assert "no results yet" in sections.origin(replace(entry, forecast=bare)).plain


async def test_without_player_rows_the_rotations_say_so(tui, small, monkeypatch) -> None:
    monkeypatch.setattr(small, "rotation", lambda team_id, before=None: ())
    async with tui(size=(80, 70)) as pilot:
        text = await tui.press(pilot, "enter")
    assert text.count("no player rows known") == 2


def test_the_two_chances_of_a_game_add_up_to_100(small) -> None:
    forecast = small.slate().games[0].forecast
    for prob in (0.005, 0.125, 0.345, 0.505, 0.625, 0.995):
        strip = Console(width=76).render_lines(sections.Balance(replace(forecast, home_win_prob=prob)))[0]
        shares = re.findall(r"(\d+)%", "".join(segment.text for segment in strip))
        assert sum(map(int, shares)) == 100


async def test_who_is_in_doubt_and_the_line_have_their_place_under_the_reasons(tui, small, monkeypatch) -> None:
    plain = small.slate

    def slate(day=None):
        found = plain(day)
        first, *others = found.games
        forecast = replace(
            first.forecast,
            margin_50=(1.6, 12.4),
            availability=(PlayerOutlook(1, "Kentavious Caldwell-Pope", first.game.home_id, "out", 0.0, 36.0, -4.1),),
            line=ClosingLine("g", -4.5, 224.5, -180, 155),
        )
        return replace(found, games=(replace(first, forecast=forecast), *others))

    monkeypatch.setattr(small, "slate", slate)
    async with tui(size=(80, 70)) as pilot:
        text = await tui.press(pilot, "enter")
    assert "BOS by 2 to 12 in half of such games" in text
    assert re.search(r"BOS +Kentavious Caldwell-Pope +out +0% plays +-4.1 points", text)
    assert "Line: BOS by 4.5, total 224.5" in text
    assert "Edge: +" in text
    assert text.count("GAMBLER") == 1
