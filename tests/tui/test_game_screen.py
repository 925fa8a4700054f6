from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rich.console import Console
from textual.widgets import DataTable

from engine.core.errors import NoDataError, SourceError, UnknownPlayerError
from engine.core.odds import GameOdds, Market, Quote, consensus
from engine.core.records import ClosingLine, Slate
from engine.core.timelines import Score, Timeline
from tui.screens.game import GameScreen
from tui.screens.slate import SlateScreen
from tui.widgets import sections
from tui.widgets.flow import LineScore
from tui.widgets.headings import Heading
from tui.widgets.market import Odds
from tui.widgets.what_if import BACK, OUT, Candidate, Supposition

COURSE = (Score(1, 0, 30, 25), Score(2, 0, 50, 55), Score(3, 0, 80, 80), Score(4, 0, 110, 98), Score(4, 0, 118, 105))


def drawn(part: object, width: int = 76) -> str:
    lines = Console(width=width, no_color=True).render_lines(part)
    return "\n".join("".join(segment.text for segment in line) for line in lines)


async def test_tab_leads_through_every_section_of_a_game_and_around(tui, small) -> None:
    small.scores = COURSE
    async with tui(size=(80, 60)) as pilot:
        text = await tui.press(pilot, "left", "down", "enter")
        assert "New York Knicks at Miami Heat" in text
        assert "Tue 14 Jan 2025 · final 105-118 2OT · ✓ hit" in text
        assert re.search(r"\[Why\] +What if +Odds, models +Teams +Course", text)
        assert "NYK 33% ▓" in text
        assert "░ 67% MIA" in text
        assert "│━━━━━━━━ +5.2 MIA" in text
        assert "╺━━│         +1.6 NYK" in text
        assert re.search(r"Margin NYK by 10 ─+━+●━+─+ MIA by 25", text)
        assert "━ NYK by 1 to MIA by 16 in half of such games" in text
        assert re.search(r"MIA +Bo Caldwell-Heat +questionable +52% plays +-1.4 points", text)
        assert "• Who is injured is not known to this model." in text
        assert "game-elo@2 · as of Tue 14 Jan 2025 12:00 ET" in text
        assert "results through Mon 13 Jan 2025 · published" in text

        text = await tui.press(pilot, "tab")
        assert "[What if]" in text
        assert re.search(r"▸ +Ann Caldwell-Knicks +NYK +38 +30.5 +yes +out -3.0", text)
        assert re.search(r"Kentavious Caldwell-Heat +MIA +17 +23.5 +yes +out -3.0", text)
        assert "Why, in points" not in text

        text = await tui.press(pilot, "tab")
        assert "No odds of this game are known." in text
        assert re.search(r"game-elo@2 +MIA 67% +MIA by 6.8 +226", text)
        assert re.search(r"game-ensemble@10.12.3 +MIA 65%", text)

        text = await tui.press(pilot, "tab")
        assert re.search(r"Record +28-11, 2nd in the East +28-11, 2nd in the East", text)
        assert re.search(r"Points per 100 possessions +119.2 +2nd", text)
        assert re.search(r"Shooting \(eFG%\) +56.1 +1st", text)
        assert "W 101-99  at CHI  12 Jan 2025" in text
        assert "Last meetings" in text
        assert not re.search(r"1[3-9] Jan 2025", text[text.index("last games") : text.index("as of")])

        text = await tui.press(pilot, "tab")
        assert re.search(r"NYK +25 +30 +25 +25 +105", text)
        assert "MIA +13 ┤" in text
        assert re.search(r"Q1 +Q2 +Q3 +Q4", text)

        assert "[Why]" in await tui.press(pilot, "tab")
        assert "[Course]" in await tui.press(pilot, "shift+tab")
        await pilot.click(pilot.app.screen.query(Heading).first())
        await tui.settle(pilot)
        assert "[Why]" in tui.painted(pilot)


async def test_space_supposes_players_out_and_back_and_r_forgets_it(tui, small) -> None:
    async with tui() as pilot:
        published = await tui.press(pilot, "enter", "w")
        assert "Los Angeles Lakers at Boston Celtics" in published
        assert "r Reset" not in published
        text = await tui.press(pilot, "space")
        assert "What if Caldwell-Lakers out: BOS 71% → 81% (+10.0%), margin +8.4 → +11.4 (+3.0)" in " ".join(
            text.split()
        )
        assert re.search(r"▸ +Ann Caldwell-Lakers +LAL +38 +30.5 +✗ OUT", text)
        assert "LAL 19% ▓" in text
        assert "r Reset" in text
        assert "What if: so it is supposed." in await tui.press(pilot, "shift+tab", "pagedown")
        text = await tui.type_in(pilot, "space", "down", "enter")
        assert "BOS 71% → 91% (+20.0%)" in text
        assert (await tui.press(pilot, "r")).replace("▸", " ") == published.replace("▸", " ")
        for expected in ("→ 61%", "→ 81%"):
            row = list(pilot.app.screen._players).index("Bo Caldwell-Celtics")
            pilot.app.screen.query_one("#players", DataTable).move_cursor(row=row)
            assert expected in await tui.press(pilot, "space"), "who is in doubt can be out, or back"
        assert "What if " not in (await tui.press(pilot, "space")).split("[What if]")[0], "the third time nothing"
        assert "What if Ale" not in await tui.press(pilot, "space", "right"), "another game, nothing supposed"


async def test_a_second_click_supposes_too_and_a_player_whom_nobody_knows_is_told(tui, small, monkeypatch) -> None:
    async with tui(size=(160, 45)) as pilot:
        await tui.press(pilot, "enter")
        table = pilot.app.screen.query_one("#players", DataTable)
        await pilot.click(table, offset=(8, 2))
        await pilot.click(table, offset=(8, 2))
        await tui.settle(pilot)
        assert "What if Caldwell-Lakers out" in tui.painted(pilot)

        def unknown(*_: object, **__: object) -> None:
            raise UnknownPlayerError("No player is called so.", ())

        monkeypatch.setattr(small, "predict", unknown)
        await tui.type_in(pilot, "w", "down", "space")
        assert tui.told(pilot) == ["No player is called so."]


async def test_left_and_right_go_round_the_slate_and_esc_returns_to_the_row(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        assert "New York Knicks at Miami Heat" in await tui.press(pilot, "right")
        assert "Portland Trail Blazers at Minnesota Timberwolves" in await tui.press(pilot, "l")
        text = await tui.press(pilot, "l")
        assert "Oklahoma City Thunder vs Cleveland Cavaliers" in text
        assert "neutral site" in text
        assert "Portland Trail Blazers at Minnesota Timberwolves" in await tui.press(pilot, "h")
        assert "Orlando Magic at Detroit Pistons" in await tui.type_in(pilot, "left", "left", "left")
        assert "▸  ORL at DET" in await tui.press(pilot, "escape")
        assert isinstance(pilot.app.screen, SlateScreen)
        await tui.press(pilot, "enter", "backspace")
        assert isinstance(pilot.app.screen, SlateScreen)


async def test_a_page_that_is_opened_again_has_nothing_left_of_the_game_before(tui) -> None:
    async with tui() as pilot:
        first = await tui.press(pilot, "enter")
        await tui.press(pilot, "w", "down", "space", "pagedown", "escape")
        text = await tui.press(pilot, "down", "enter")
        assert "New York Knicks at Miami Heat" in text
        assert "[Why]" in text
        assert "▸  Ann Caldwell-Knicks" in await tui.press(pilot, "w")
        assert await tui.press(pilot, "escape", "up", "enter") == first
        await tui.press(pilot, "escape")
        await pilot.resize_terminal(160, 45)
        await tui.settle(pilot)
        assert re.search(
            r"Why, in points of margin +What if a player is out, or back\?", await tui.press(pilot, "enter")
        )


async def test_up_down_and_the_page_keys_scroll_and_a_promotion_elsewhere_is_seen(tui, small) -> None:
    async with tui() as pilot:
        top = await tui.press(pilot, "enter")
        assert "Why, in points of margin" in top
        assert "not published" not in top
        assert "not published" in await tui.type_in(pilot, *["down"] * 15, *["j"] * 15)
        assert await tui.type_in(pilot, *["up"] * 15, *["k"] * 15) == top
        assert "not published" in await tui.type_in(pilot, "pagedown", "pagedown")
        assert await tui.type_in(pilot, *["pageup"] * 3) == top, "the forecast stays in sight"
        await tui.type_in(pilot, "3", "1", "pagedown", "pagedown")
        small.promote("game-logistic", "3", "someone", "elsewhere")
        pilot.app.screen.reload()
        assert "game-logistic@3 · as of" in await tui.until(pilot, "game-logistic@3 · as of")


async def test_a_failing_question_keeps_the_forecast_and_is_told(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "enter")
        small.failure = SourceError("The file is damaged: import it again.")
        text = await tui.press(pilot, "right")
        assert "New York Knicks at Miami Heat" in text
        assert tui.told(pilot) == ["The file is damaged: import it again."]
        assert isinstance(pilot.app.screen, GameScreen)


async def test_without_players_there_is_nobody_to_suppose_something_of(tui, small, monkeypatch) -> None:
    monkeypatch.setattr(small, "rotation", lambda team_id, before=None: ())
    plain = small.slate

    def nobody(day: date | None = None) -> Slate:
        slate = plain(day)
        sure = [replace(one, forecast=replace(one.forecast, availability=())) for one in slate.games]
        return replace(slate, games=tuple(sure))

    monkeypatch.setattr(small, "slate", nobody)
    async with tui() as pilot:
        text = await tui.type_in(pilot, "enter", "w", "space")
    assert "Nobody is known to play for them" in text
    assert "[What if]" in text


async def test_before_the_first_result_the_page_does_without_the_teams_cards(tui, small, monkeypatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise NoDataError("No results of the Celtics are stored.")

    monkeypatch.setattr(small, "team", unknown)
    async with tui(size=(200, 60)) as pilot:
        text = await tui.press(pilot, "enter")
    assert "No results are known yet: press 6 and there s to fetch them." in text
    assert re.search(r"Ann Caldwell-Lakers +LAL +38", text)
    assert tui.told(pilot) == []


def test_a_forecast_without_reasons_says_so_and_an_empty_past_too(small) -> None:
    entry = small.slate().games[0]
    assert "none known" in sections.last_games(entry.game.home_id, ()).plain
    assert "none known" in sections.meetings(()).plain
    bare = replace(entry.forecast, data_through=None, availability=(), drivers=(), margin_80=None)
    assert "no results yet" in sections.origin(replace(entry, forecast=bare)).plain
    assert "Nobody is known to be in doubt." in drawn(sections.Doubtful(bare))
    assert "No single reason stands out." in drawn(sections.Drivers(bare))
    assert drawn(sections.Ranges(bare)).strip() == ""


def test_the_two_chances_of_a_game_add_up_to_100(small) -> None:
    forecast = small.slate().games[0].forecast
    for prob in (0.005, 0.125, 0.345, 0.505, 0.625, 0.995):
        shares = re.findall(r"(\d+)%", drawn(sections.Balance(replace(forecast, home_win_prob=prob))))
        assert sum(map(int, shares)) == 100


def test_the_odds_stand_beside_the_model_with_the_best_price_of_the_side_it_likes(small) -> None:
    entry = small.slate().games[0]
    home, away = str(entry.game.home_id), str(entry.game.away_id)
    quotes = (
        Quote("bookone", Market.MONEYLINE, home, 1.55),
        Quote("booktwo", Market.MONEYLINE, home, 1.60),
        Quote("booktwo", Market.MONEYLINE, away, 2.50),
        Quote("bookone", Market.SPREAD, home, 1.91, -4.5),
        Quote("booktwo", Market.SPREAD, home, 1.93, -5.5),
        Quote("bookone", Market.TOTAL, "over", 1.91, 224.5),
    )
    best = tuple(quotes[place] for place in (1, 2, 3, 5))
    found = GameOdds(entry.game, datetime(2025, 1, 15, 16, tzinfo=UTC), consensus(quotes, int(home), int(away)), best)
    line = ClosingLine("g", -4.5, 224.5, -150, 130)
    forecast = replace(entry.forecast, line=line)
    text = drawn(Odds(forecast, found))
    assert re.search(r"BOS wins +71% +58% +\+13% -167 booktwo", text)
    assert re.search(r"LAL wins +29% +42% +-13% \+150 booktwo", text)
    assert re.search(r"BOS by +\+8.4 +\+4.5 +\+3.9 BOS -4.5 -110 bookone", text)
    assert re.search(r"Total +226.4 +224.5 +\+1.9 over 224.5 -110 bookone", text)
    assert "Median of 2 books, free of their margin, Wed 15 Jan 2025 11:00 ET." in text
    assert text.count("GAMBLER") == 1
    assert "The closing line, free of the books' margin." in drawn(Odds(forecast, None))


def test_a_course_that_does_not_end_at_the_result_says_so(small) -> None:
    game = replace(small.slate().games[0].game, home_points=118, away_points=105)
    assert "does not end" not in drawn(LineScore(game, Timeline("g", COURSE)))
    assert "does not end at its result, 105-118" in drawn(LineScore(game, Timeline("g", COURSE[:-1])))


def test_what_can_be_supposed_of_a_player_goes_round() -> None:
    for chance, steps in ((1.0, [OUT]), (0.0, [BACK]), (0.7, [OUT, BACK]), (0.3, [BACK, OUT])):
        one, supposed = Candidate("Ann", 1, 30.0, None, chance), Supposition()
        for step in [*steps, None, *steps]:
            supposed = supposed.turned(one)
            assert supposed.players == ({"Ann": step} if step else {})


def test_a_tip_off_is_told_by_the_clock_of_this_machine(small) -> None:
    entry = small.slate().games[0]
    tip = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)
    entry = replace(entry, game=replace(entry.game, tip_utc=tip))
    text = sections.headline(entry, tip - timedelta(hours=1)).plain
    assert f"{tip.astimezone():%H:%M} {tip.astimezone():%Z} · scheduled" in text
    assert "in play" in sections.headline(entry, tip + timedelta(hours=1)).plain
