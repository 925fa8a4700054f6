from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from textual.events import Key, Paste

from engine.core.calendar import noon_of
from engine.core.errors import DatabaseError, NoModelError
from engine.core.records import ClosingLine, Slate
from tui.widgets.month import Month
from tui.widgets.slate_rows import slate_columns, slate_row, slate_summary

NOON = noon_of(date(2025, 1, 15))


async def test_it_opens_on_today_and_left_right_t_and_e_turn_the_days(tui) -> None:
    async with tui() as pilot:
        text = tui.painted(pilot)
        assert "Wed 15 Jan 2025 · today" in text
        assert "times in" not in text, "no tip-off is known"
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


async def test_g_opens_a_calendar_of_the_days_with_games_which_the_keys_and_the_mouse_move(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "g")
        assert "Which day?" in text
        assert re.search(r"13• +14• \[15•\] 16• +17 +18•", text), "on the 17th there is no game"
        assert "Wed 15 Jan 2025 · today · 8 games" in text
        for key, day in (
            ("right", "Thu 16 Jan 2025"),
            ("down", "Thu 23 Jan 2025"),
            ("left", "Wed 22 Jan 2025"),
            ("up", "Wed 15 Jan 2025"),
            ("pagedown", "Sat 15 Feb 2025"),
            ("pageup", "Wed 15 Jan 2025"),
        ):
            assert day in await tui.press(pilot, key)
        assert "Sun 29 Dec 2024 · 8 games" in await tui.type_in(pilot, "up", "up", "left", "left", "left")
        assert "Sun 29 Dec 2024" in await tui.press(pilot, "enter")
        month = (await tui.press(pilot, "g")) and pilot.app.screen.query_one(Month)
        await pilot.click(month, offset=(24, 0))
        assert "January 2025" in await tui.press(pilot, "up")
        await pilot.click(month, offset=(12, 4))
        await tui.settle(pilot)
        assert "Wed 15 Jan 2025 · today" in tui.painted(pilot)
        assert "Which day?" not in tui.painted(pilot)


async def test_g_takes_a_typed_date_or_word_and_refuses_anything_else_in_a_sentence(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "g")
        assert "15 Jan 2025 · today" in await tui.press(pilot, "escape")
        text = await tui.type_in(pilot, "g", *"xy", "backspace", "enter")
        assert "'x' is not a date: write it as 2025-01-15." in text
        await tui.type_in(pilot, "backspace", *"2024-12-25", "enter")
        assert "Wed 25 Dec 2024" in tui.painted(pilot)
        assert "15 Jan 2025 · today" in await tui.type_in(pilot, "g", *"today", "enter")
        await tui.press(pilot, "g")
        pilot.app.screen.query_one(Month).post_message(Paste("2024-12-25"))
        pilot.app.post_message(Key("enter", "\r"))
        assert "Wed 25 Dec 2024" in await tui.until(pilot, "Wed 25 Dec 2024")


async def test_a_date_and_enter_that_arrive_in_one_write_go_to_that_day(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "g")
        for character in "2024-12-25":
            pilot.app.post_message(Key(character, character))
        pilot.app.post_message(Key("enter", "\r"))
        assert "Wed 25 Dec 2024" in await tui.until(pilot, "Wed 25 Dec 2024")


async def test_slash_leaves_only_a_teams_games_on_every_day_until_escape(tui) -> None:
    async with tui() as pilot:
        every = tui.painted(pilot)
        text = await tui.type_in(pilot, "slash", *"celt")
        assert "1 of 8 games" in text
        assert "▸  LAL at BOS" in text
        assert "NYK at MIA" not in text
        text = await tui.press(pilot, "enter", "left")
        assert "Tue 14 Jan 2025" in text
        assert "NYK at MIA" not in text
        text = await tui.type_in(pilot, "slash", *"xyzzy")
        assert "No team called 'xyzzy' plays on this day: esc shows all games." in text
        assert (await tui.press(pilot, "escape", "right")).replace("▸", " ") == every.replace("▸", " ")
        assert "▸  NYK at MIA" in await tui.type_in(pilot, "slash", *"heta", "down"), "a misspelling finds its team"
        assert "▸  NYK at MIA" in await tui.press(pilot, "escape")


def test_a_line_brings_the_edge_and_a_wide_screen_the_weightiest_reason(small) -> None:
    slate = small.slate()
    entry = slate.games[0]
    lined = replace(entry, forecast=replace(entry.forecast, line=ClosingLine("g", -4.5, 224.5, -150, 130)))
    whole = replace(slate, games=(lined, *slate.games[1:]))
    assert "Edge" not in [column.label for column in slate_columns(80, slate)]
    for width in (80, 119, 120, 160, 200, 260):
        columns = slate_columns(width, whole)
        assert sum(column.width + 2 for column in columns) + 3 <= width
        row = dict(zip([column.label for column in columns], slate_row(lined, columns, NOON), strict=True))
        assert row["Edge"] == "BOS +13%"
        assert ("Mostly because" in row) == (width >= 200)
    assert str(row["Mostly because"]).startswith("Better by Elo rating")
    assert slate_row(whole.games[1], columns, NOON)[4] == "", "a game without a line has no edge"


def test_a_row_shows_the_tip_off_until_there_is_a_score(small) -> None:
    entry = small.slate().games[0]
    tip = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)
    columns = slate_columns(80, small.slate())
    known = replace(entry, game=replace(entry.game, tip_utc=tip, league_day=tip.astimezone().date()))
    assert [str(cell) for cell in slate_row(known, columns, tip - timedelta(hours=1))[-2:]] == [
        f"{tip.astimezone():%H:%M}",
        "scheduled",
    ]
    assert str(slate_row(known, columns, tip)[-1]) == "in play"


async def test_the_day_says_in_which_zone_its_times_are(tui, small, monkeypatch) -> None:
    tip = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)
    plain = small.slate

    def slate(day: date | None = None) -> Slate:
        found = plain(day)
        return replace(found, games=tuple(replace(one, game=replace(one.game, tip_utc=tip)) for one in found.games))

    monkeypatch.setattr(small, "slate", slate)
    async with tui() as pilot:
        assert f"Wed 15 Jan 2025 · today · times in {tip.astimezone():%Z}" in tui.painted(pilot)


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
        assert "No games stored: press 6 and there s to fetch them, or run `nbabot demo`." in tui.painted(pilot)


async def test_an_answer_about_a_day_left_behind_is_dropped_and_nothing_opens_before_it(tui, small) -> None:
    gate = small.gate[date(2024, 12, 25)] = threading.Event()
    async with tui() as pilot:
        slate = pilot.app.screen
        await pilot.press("g", *"2024-12-25", "enter", "enter")
        assert pilot.app.screen is slate
        assert slate.query_one("#games").has_class("-stale")
        await pilot.press("t")
        gate.set()
        await tui.settle(pilot)
        assert "Wed 15 Jan 2025 · today" in tui.painted(pilot)
        assert not slate.query_one("#games").has_class("-stale")


async def test_the_days_around_are_read_ahead_and_shown_at_once_but_asked_again(tui, small) -> None:
    async with tui() as pilot:
        gate = small.gate[date(2025, 1, 14)] = threading.Event()
        small.promote("game-logistic", "3", "someone", "elsewhere")
        await pilot.press("left")
        await pilot.pause()
        text = tui.painted(pilot)
        assert "Tue 14 Jan 2025 · yesterday" in text
        assert "model game-elo@2" in text
        gate.set()
        await tui.settle(pilot)
        assert "model game-logistic@3" in tui.painted(pilot)


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
