from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

from textual.events import Key

from engine.core.errors import DatabaseError, NoModelError
from tui.widgets.slate_rows import slate_summary


async def test_it_opens_on_today_and_left_right_t_and_e_turn_the_days(tui) -> None:
    async with tui() as pilot:
        text = tui.painted(pilot)
        assert "Wed 15 Jan 2025 · today" in text
        assert "as of Wed 15 Jan 2025" in text
        assert "SIMULATED" not in text
        assert "LAL at BOS  BOS 71%" in text
        assert "109-117" in text
        assert "OKC vs CLE" in text, "a neutral game is no home game"
        assert "8 games · model game-elo@2" in text
        assert "Tue 14 Jan 2025 · yesterday" in await tui.press(pilot, "left")
        assert "Mon 13 Jan 2025" in await tui.press(pilot, "h")
        assert "· today" in await tui.press(pilot, "t")
        assert "Thu 16 Jan 2025 · tomorrow" in await tui.press(pilot, "right")
        assert "Fri 17 Jan 2025" in await tui.press(pilot, "l")
        assert "Sun 13 Apr 2025" in await tui.press(pilot, "e")
        assert "No schedule is stored for 2025-04-14" in await tui.press(pilot, "right")
        assert tui.told(pilot) == []


async def test_a_past_day_shows_results_hits_and_misses_and_marks_what_was_published(tui) -> None:
    async with tui() as pilot:
        text = tui.painted(pilot)
        assert "*" not in text
        assert "published" not in text
        text = await tui.press(pilot, "left")
        assert "105-118 2OT  ✓ hit" in text
        assert "8 games: 8 hits, 0 misses · model game-elo@2 · * published" in text
        assert "LAL at BOS  BOS 71%*" in text
        assert text.count("%*") == 8


def test_a_past_day_of_which_nothing_was_published_says_so(small) -> None:
    day = small.slate(date(2025, 1, 14))
    unpublished = replace(day, games=tuple(replace(entry, published=False) for entry in day.games))
    assert slate_summary(unpublished).endswith("model game-elo@2 · none published")


async def test_up_down_k_and_j_choose_and_a_mark_shows_the_row(tui) -> None:
    async with tui() as pilot:
        assert "▸  NYK at MIA" in await tui.press(pilot, "down")
        assert "▸  POR at MIN" in await tui.press(pilot, "j")
        assert "▸  NYK at MIA" in await tui.press(pilot, "k")
        assert "▸  LAL at BOS" in await tui.press(pilot, "up")
        assert "▸  ORL at DET" in await tui.press(pilot, "end")
        text = await tui.press(pilot, "home")
        assert "▸  LAL at BOS" in text
        assert text.count("▸") == 1
        assert "▸  ORL at DET" in await tui.press(pilot, "pagedown")
        assert "▸  LAL at BOS" in await tui.press(pilot, "pageup")


async def test_g_takes_a_date_or_a_word_and_refuses_anything_else_in_a_sentence(tui) -> None:
    async with tui() as pilot:
        assert "Which day?" in await tui.press(pilot, "g")
        assert "15 Jan 2025 · today" in await tui.press(pilot, "escape")
        text = await tui.type_in(pilot, "g", *"x", "enter")
        assert "'x' is not a date: write it as 2025-01-15." in text
        await tui.type_in(pilot, "backspace", *"2024-12-25", "enter")
        assert "Wed 25 Dec 2024" in tui.painted(pilot)
        assert "15 Jan 2025 · today" in await tui.type_in(pilot, "g", *"today", "enter")


async def test_a_date_and_enter_that_arrive_in_one_write_go_to_that_day(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "g")
        for character in "2024-12-25":
            pilot.app.post_message(Key(character, character))
        pilot.app.post_message(Key("enter", "\r"))
        assert "Wed 25 Dec 2024" in await tui.until(pilot, "Wed 25 Dec 2024")


async def test_a_day_without_games_says_so_where_games_are_and_offers_the_last_day_first(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "right", "right")
        assert "No games on this day." in text
        assert "Games are stored from Tue 22 Oct 2024 to Sun 13 Apr 2025." in text
        assert text.split("\n")[-1].startswith(" e Last ")
        assert "Sat 18 Jan 2025" in await tui.press(pilot, "right"), "the keys work on an empty day"
        assert "▸  LAL at BOS" in tui.painted(pilot)


async def test_an_empty_store_says_what_to_do(tui, small) -> None:
    small.stored = None
    async with tui() as pilot:
        assert "No games stored: run `nbabot sync` or `nbabot demo`." in tui.painted(pilot)


async def test_an_answer_about_a_day_left_behind_is_dropped(tui, small) -> None:
    gate = small.gate[date(2025, 1, 14)] = threading.Event()
    async with tui() as pilot:
        await pilot.press("left")
        assert pilot.app.screen.query_one("#games").has_class("-stale")
        await pilot.press("right", "right")
        await tui.settle(pilot)
        gate.set()
        await tui.settle(pilot)
        assert "Thu 16 Jan 2025 · tomorrow" in tui.painted(pilot)
        assert not pilot.app.screen.query_one("#games").has_class("-stale")


async def test_enter_opens_nothing_while_the_day_is_being_read(tui, small) -> None:
    gate = small.gate[date(2025, 1, 14)] = threading.Event()
    async with tui() as pilot:
        slate = pilot.app.screen
        await pilot.press("left", "enter")
        assert pilot.app.screen is slate
        gate.set()
        await tui.settle(pilot)


async def test_an_error_is_told_once_and_the_next_refresh_recovers(tui, small) -> None:
    small.failure = NoModelError("No model is in production: run `nbabot train game`.")
    async with tui() as pilot:
        assert small.failure.args[0] in tui.painted(pilot).replace("\n", "")
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert tui.told(pilot) == [str(small.failure)]
        small.failure = None
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert "LAL at BOS" in tui.painted(pilot)


async def test_failing_refreshes_keep_the_day_on_the_screen_and_the_app_alive(tui, small) -> None:
    async with tui() as pilot:
        small.failure = DatabaseError("The database is locked: try again.")
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert "LAL at BOS" in tui.painted(pilot)
        assert tui.told(pilot) == ["The database is locked: try again."]
        small.failure = KeyError("surprise [bold]")
        await tui.press(pilot, "left")
        assert "Something unexpected went wrong (KeyError: 'surprise [bold]')" in tui.told(pilot)[-1]
        small.failure = None
        assert "Mon 13 Jan 2025" in await tui.press(pilot, "left")


async def test_a_refresh_keeps_the_row_shows_new_forecasts_and_else_paints_nothing(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "down", "down")
        table = pilot.app.screen.query_one("#games")
        before = table._update_count
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert table._update_count == before
        small.promote("game-logistic", "3", "someone", "elsewhere")
        pilot.app.screen.reload()
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "model game-logistic@3" in text
        assert "▸  POR at MIN" in text


async def test_no_question_runs_in_the_thread_of_the_screen(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "left", "enter", "right", "escape", "3", "p", "enter")
    assert small.promoted
    assert "MainThread" not in small.threads
