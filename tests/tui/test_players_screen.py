"""Players in the terminal UI, on the engine itself over a season of the simulated league."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from engine.core import player_words, words
from engine.core.calendar import noon_of
from engine.core.errors import NoModelError
from engine.core.player_records import Stat, StatForecast
from engine.engine import Engine
from tui.app import NbabotApp
from tui.widgets import player_rows
from tui.widgets.form_chart import FormChart

DAY = date(2024, 12, 12)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The memory of a terminal UI that was left among the players."""
    memory = tmp_path / "tui.json"
    memory.write_text('{"place": "players"}')
    return memory


@pytest.fixture
def league(players_home: Path) -> Iterator[Engine]:
    engine = Engine(players_home, now=lambda: noon_of(DAY))
    yield engine
    engine.close()


def misspelt(name: str) -> str:
    """A name as somebody might type it."""
    return name.lower().replace(name[2].lower(), "", 1)


async def test_a_misspelt_name_is_found_and_his_forecast_games_and_record_are_shown(
    league: Engine, here: Path, tui
) -> None:
    hit = league.players("", 5)[3]
    asked: set[str] = set()
    real, league.player = league.player, lambda *a, **k: (asked.add(threading.current_thread().name), real(*a, **k))[1]
    async with NbabotApp(league, 60, here).run_test(size=(80, 60)) as pilot:
        await tui.settle(pilot)
        assert "Type a player's name" in tui.painted(pilot)
        text = await tui.type_in(pilot, *misspelt(hit.name)[:9])
        assert f"▸  {hit.name}" in text
        text = await tui.press(pilot, "enter")
        forecast = real(hit.name)
        assert player_words.role(forecast) in text
        assert player_words.setting(forecast) in text
        for one in forecast.stats:
            low, high = player_words.whole(one.interval_80)
            assert re.search(rf"{re.escape(player_rows.SHORT[one.stat])} +{one.mean:.1f} .* {low}-{high} ", text)
        games = league.player_games(hit.player_id, 20)
        assert f"Points in the last {len(games)} games" in text
        last = games[-1]
        place = f"{'vs' if last.home else 'at'} {words.code(last.opponent_id)}"
        figures = f"{last.minutes:.0f} +{last.value(Stat.PTS)} +{last.value(Stat.REB)} +{last.value(Stat.AST)} "
        assert re.search(rf"{words.short_day(last.league_day)} +{place} +{figures}", text)
        assert "No forecasts of players have been published yet" in " ".join(text.split())
        assert asked
        assert "MainThread" not in asked


async def test_keys_choose_the_stat_a_line_and_another_opponent(league: Engine, here: Path, tui) -> None:
    hit = league.players("", 1)[0]
    async with NbabotApp(league, 60, here).run_test(size=(80, 60)) as pilot:
        await tui.settle(pilot)
        await tui.press(pilot, "enter")
        assert "Rebounds in the last" in await tui.type_in(pilot, "right", "j", "down", "up", "k")
        assert "▸  pts+reb+ast" in await tui.type_in(pilot, "left", "left")
        assert f"{hit.name}: which line of points + rebounds" in await tui.press(pilot, "l")
        assert "'x' is no number: write the line as 27.5." in await tui.type_in(pilot, "x", "enter")
        text = await tui.type_in(pilot, "backspace", *"14,5", "enter")
        line = league.player(hit.name, stat=Stat.PRA, line=14.5).line
        assert line is not None
        assert player_words.over(line) in text
        assert "1-800-GAMBLER" in text
        assert "1-800" not in await tui.press(pilot, "right"), "the line is of another stat"
        assert player_words.over(line) in await tui.press(pilot, "left")
        other = next(one for one in ("UTA", "POR") if words.code(hit.team_id or 0) != one)
        text = await tui.type_in(pilot, "o", *other, "enter")
        assert player_words.setting(league.player(hit.name, other)) in text
        text = await tui.type_in(pilot, "o", *words.code(hit.team_id or 0), "enter")
        assert "himself: name another opponent" in tui.told(pilot)[-1]
        assert player_words.setting(league.player(hit.name, other)) in text, "what failed changes nothing"
        await tui.type_in(pilot, "o", *["backspace"] * 3, "enter")
        assert player_words.setting(league.player(hit.name)) in tui.painted(pilot)


async def test_while_one_types_letters_are_letters_and_digits_and_signs_stay_keys(
    league: Engine, here: Path, tui
) -> None:
    async with NbabotApp(league, 60, here).run_test(size=(80, 24)) as pilot:
        assert "Nobody by that name" in await tui.type_in(pilot, *"q-x")
        assert pilot.app.screen.query_one("#search").value == "q-x"
        assert "[6 Data]" in await tui.press(pilot, "6")
        assert "q-x" in await tui.press(pilot, "2")
        assert "Find a player by any part of his name" in " ".join(
            (await tui.press(pilot, "?")).replace("│", "").split()
        )
        await tui.press(pilot, "escape")
        await tui.type_in(pilot, *["backspace"] * 3)
        second = league.players("", 2)[1].name
        assert f"▸  {second}" in await tui.type_in(pilot, "down", "down", "up")
        assert "▸  points" in await tui.press(pilot, "enter")
        assert "▸  points" not in await tui.press(pilot, "pagedown")
        assert "▸  points" in await tui.press(pilot, "pageup")
        assert f"▸  {second}" in await tui.press(pilot, "escape")
        await tui.type_in(pilot, "enter", "slash")
        assert pilot.app.focused.id == "search"


async def test_what_cannot_be_forecast_says_why_and_leaves_the_candidates(league: Engine, here: Path, tui) -> None:
    problem = NoModelError("No player model is in production: run `nbabot train player`.")

    def refuse(*asked: object, **more: object) -> None:
        raise problem

    league.player = refuse  # type: ignore[assignment, method-assign]
    async with NbabotApp(league, 60, here).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        text = await tui.press(pilot, "enter")
        assert str(problem) in " ".join(text.split())
        assert tui.told(pilot) == [str(problem)]
        assert "▸  " in await tui.press(pilot, "escape")


async def test_a_wide_terminal_shows_candidates_and_player_side_by_side(league: Engine, here: Path, tui) -> None:
    names = [hit.name for hit in league.players("", 3)]
    async with NbabotApp(league, 60, here).run_test(size=(160, 45)) as pilot:
        await tui.settle(pilot)
        text = await tui.type_in(pilot, "down", "enter")
        assert all(name in text for name in names)
        assert f"{names[1]}  " in text.split("\n")[3][50:]
        await pilot.resize_terminal(80, 24)
        await tui.settle(pilot)
        assert names[0] not in tui.painted(pilot)


def test_out_and_doubtful_players_are_marked_by_a_sign_and_a_word(league: Engine) -> None:
    forecast = league.player(league.players("", 1)[0].name)
    out = player_rows.who(replace(forecast, chance=0.0, status="out")).plain
    assert out.endswith("\n✗ Out")
    assert player_rows.who(replace(forecast, chance=0.5, status="questionable")).plain.endswith(
        "\n? Questionable: 50% to play"
    )
    assert player_rows.who(replace(forecast, chance=1.0, status="")).plain.count("\n") == 1


@pytest.mark.parametrize("width", [10, 28, 36])
def test_a_range_bar_shows_both_ranges_in_order_around_the_mean(width: int) -> None:
    one = StatForecast(Stat.PTS, 20.0, 20.0, (16, 24), (10, 30), (5, 40))
    bar = player_rows.range_bar(one, width).plain
    assert len(bar) == width
    assert re.fullmatch(r"·+─+━+●━+─+·+", bar)


def test_the_chart_says_every_number_and_where_the_next_game_is_expected(league: Engine) -> None:
    hit = league.players("", 1)[0]
    games, forecast = league.player_games(hit.player_id, 12), league.player(hit.name)
    console = Console(width=100, no_color=True, record=True, file=StringIO())
    console.print(FormChart(forecast, Stat.PTS, games, 12))
    drawn = console.export_text()
    numbers = re.findall(r"\d+", " ".join(line[5:] for line in drawn.split("\n")[1:13]))
    assert sorted(map(int, numbers)) == sorted(game.value(Stat.PTS) for game in games)
    assert re.search(r"[│┃●]", drawn)
    assert words.short_day(games[0].league_day) in drawn
    assert "next" in drawn
