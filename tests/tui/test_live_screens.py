"""Games under way: their rows move by themselves, their pages show where they stand and how they came there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.text import Text

from engine.core.live import Moment
from engine.core.live_games import LivePoll, LiveStatus
from engine.core.records import Slate
from engine.core.timelines import Score
from tests.tui.small_live import EVENING, begin_the_night, play_on, record_of_live
from tui.app import NbabotApp
from tui.widgets import live_rows
from tui.widgets.live_rows import ScoreWatch, views_of


def game_ids(small) -> list[str]:
    return [entry.game.game_id for entry in small.slate().games]


async def again(tui, pilot) -> str:
    """What the next heartbeat brings."""
    pilot.app.screen.reload()
    await tui.settle(pilot)
    return tui.painted(pilot)


@pytest.fixture
def night(small):
    begin_the_night(small)
    return small


async def test_a_row_has_score_clock_and_chance_from_here_and_beside_it_the_pick_as_it_was(tui, night) -> None:
    async with tui() as pilot:
        text = tui.painted(pilot)
    assert re.search(r"LAL at BOS +BOS 71% +BOS 88% ━+·+ +109-117 +80-88 +Q3 4:12", text)
    assert re.search(r"NYK at MIA +MIA 67% +NYK 56% ━+·+ +110-117 +55-48 +Half-time", text)
    assert re.search(r"POR at MIN +MIN 63% +━+╸?·+ +111-116 +121-118 OT +final", text), "the store does not know it yet"
    assert re.search(r"OKC vs CLE +CLE 59% +━+·+ +111-115 +scheduled", text)
    assert re.search(r"GSW at DEN .* 101-99 \? +Q4 0:31", text)
    assert "GSW at DEN: The score is of 21:02 ET: the league's feed does not answer." in text
    assert "8 games · 3 under way" in text


async def test_only_cells_that_changed_are_painted_and_the_chosen_row_and_the_filter_stay(tui, night) -> None:
    first, second = game_ids(night)[:2]
    async with tui() as pilot:
        await tui.type_in(pilot, "down", "slash", *"celt", "enter")
        table = pilot.app.screen.query_one("#games")
        before = table._update_count
        assert "1 of 8 games" in await again(tui, pilot)
        assert table._update_count == before, "nothing has changed"
        play_on(night, first, Moment(3, 240, 88, 83), 0.84)
        play_on(night, second, Moment(3, 720, 48, 55), 0.43)
        text = await again(tui, pilot)
        assert re.search(r"▸ +LAL at BOS .*BOS 84% .* 83-88 +Q3 4:00", text)
        assert "NYK" not in text, "the filter stays"
        assert table._update_count == before + 3, "score, clock and chance of one game"


def test_a_score_that_changed_stands_out_for_a_few_seconds(night) -> None:
    clock = [100.0]
    watch = ScoreWatch(lambda: clock[0])
    views = views_of(night.live_board())
    first = game_ids(night)[0]
    assert watch.look(views) == frozenset(), "what is seen first has not changed"
    play_on(night, first, Moment(3, 252, 88, 80), 0.87)
    assert watch.look(views_of(night.live_board())) == frozenset(), "the chance moved, the score did not"
    play_on(night, first, Moment(3, 240, 90, 80), 0.9)
    assert watch.look(views_of(night.live_board())) == {first}
    clock[0] += 10
    assert watch.look(views_of(night.live_board())) == frozenset()
    score = live_rows.live_score(night.views[first], fresh=True)
    assert isinstance(score, Text)
    assert any("reverse" in str(span.style) for span in score.spans)


async def test_the_feed_gets_its_turn_from_a_thread_and_what_changed_is_seen_at_once(tui, night) -> None:
    first = game_ids(night)[0]
    async with NbabotApp(night, 600).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "80-88" in tui.painted(pilot)
        play_on(night, first, Moment(3, 200, 91, 80), 0.93)
        night.turn = LivePoll(True, (first,), 0.0)
        night.threads.clear()
        pilot.app._ask_feed()
        assert re.search(r"BOS 93% .* 80-91 +Q3 3:20", await tui.until(pilot, "80-91"))
    assert night.turns >= 1
    assert "MainThread" not in night.threads


async def test_in_the_past_the_feed_is_left_alone(small, monkeypatch) -> None:
    monkeypatch.setattr("tui.app.FIRST_TURN", 0.01)
    for follow, turns in ((False, 0), (True, 1)):
        async with NbabotApp(small, 600, follow=follow).run_test() as pilot:
            await pilot.pause(0.1)
        assert small.turns == turns


async def test_a_turn_that_fails_is_tried_again_later_and_the_app_goes_on(tui, night, monkeypatch) -> None:
    waits: list[float] = []
    app = NbabotApp(night, 600)
    async with app.run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        monkeypatch.setattr(app, "set_timer", lambda seconds, _: waits.append(seconds))

        def fail() -> LivePoll:
            raise KeyError("surprise")

        for turn in (lambda: LivePoll(True, (), 0.1), lambda: LivePoll(False, (), 9e9), fail):
            monkeypatch.setattr(night, "poll_live", turn)
            app._ask_feed()
            await pilot.pause(0.05)
            await tui.settle(pilot)
        assert waits == [5.0, 900.0, 60.0]
        assert tui.told(pilot) == []


async def test_a_feed_that_misses_one_turn_is_no_news_and_one_that_is_silent_for_longer_is(tui, night) -> None:
    night.problem = "cdn.nba.com did not answer within 5 s."
    async with tui() as pilot:
        assert night.problem not in tui.painted(pilot)
        night.polled_at = EVENING - timedelta(seconds=90)
        assert night.problem in await again(tui, pilot)


async def test_the_page_of_a_game_that_is_on_opens_on_how_it_goes(tui, night) -> None:
    async with tui(size=(80, 60)) as pilot:
        text = await tui.press(pilot, "enter")
        assert "Wed 15 Jan 2025 · Q3 4:12" in text
        assert "from here (71% before)" in text
        assert "LAL 12% ▓" in text
        assert "[Live]" in text
        assert re.search(r"LAL +31 +21 +28 +80\s*\n +BOS +28 +27 +33 +88", text)
        assert "Chance of a Celtics win: 71% before, 88% now" in text
        assert re.search(r"BOS ┤.*┊", text)
        assert "50% ┤" in text
        assert "Celtics by 7 (from Lakers by 3 to Celtics by 17, 8 times in 10)" in text
        assert "Half-time" not in text
        assert "Of the 100 past games most like this one, the home side won 81;" in text
        assert "• CHI at BOS, 1 Feb 2019: BOS by 8 then, CHI by 6 in the end" in text
        play_on(night, game_ids(night)[0], Moment(2, 300, 44, 40), 0.72, halftime=5.2)
        text = await again(tui, pilot)
        assert "Q2 5:00" in text
        assert "Half-time  Celtics by 5 (from Lakers by 1 to Celtics by 11, 8 times in 10)" in text
        text = await tui.press(pilot, "right")
        assert "New York Knicks at Miami Heat" in text
        assert "[Live]" in text
        assert re.search(r"NYK +31 +24 +55", text)


async def test_a_page_stays_where_it_is_while_its_game_goes_on_and_ends(tui, night) -> None:
    first = game_ids(night)[0]
    async with tui() as pilot:
        await tui.type_in(pilot, "enter", "tab", "pagedown")
        page = pilot.app.screen.query_one("#page")
        at = page.scroll_y
        play_on(night, first, Moment(4, 100, 110, 101), 0.98)
        text = await again(tui, pilot)
        assert "[Why]" in text
        assert page.scroll_y == at
        view = night.views[first]
        over = replace(view.state, status=LiveStatus.FINAL, moment=Moment(4, 0, 112, 104))
        night.views[first] = replace(view, state=over)
        text = await again(tui, pilot)
        assert "final 104-112" in text
        assert "Course" in text
        assert "[Live]" not in text


async def test_what_if_speaks_of_the_game_before_it_began_also_while_it_is_on(tui, night) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "enter", "w", "space")
        assert "BOS 71% → 81%" in " ".join(text.split())
        assert "from here" not in text
        assert "from here (71% before)" in await tui.press(pilot, "r")


async def test_a_game_that_is_over_shows_the_chance_over_its_course(tui, small) -> None:
    small.scores = (Score(1, 0, 30, 25), Score(2, 0, 50, 55), Score(3, 0, 80, 80), Score(4, 0, 110, 98))
    async with tui(size=(80, 60)) as pilot:
        await tui.press(pilot, "left", "enter", "tab", "tab", "tab")
        text = await tui.press(pilot, "tab")
        assert "How it went" in text
        assert "Chance of a Celtics win\n" in re.sub(r" +\n", "\n", text)
        assert "BOS +12 ┤" in text
        assert "Most like" not in text


async def test_last_nights_games_stay_until_the_last_one_is_over(tui, night) -> None:
    yesterday = night.today()

    def board(day: date | None = None, plain=night.live_board):
        return plain(day or yesterday)

    night.live_board, night.today = board, lambda: yesterday + timedelta(days=1)
    async with tui() as pilot:
        assert "Wed 15 Jan 2025 · yesterday" in tui.painted(pilot)
        assert "Q3 4:12" in tui.painted(pilot)
        assert "Thu 16 Jan 2025 · today" in await tui.press(pilot, "right")


@pytest.mark.parametrize(
    ("hours", "final", "expected"), [(-1, False, False), (1, False, True), (1, True, False), (9, False, False)]
)
def test_a_game_may_be_on_from_its_tip_off_until_its_result(small, hours: int, final: bool, expected: bool) -> None:
    entry = small.slate().games[0]
    points = {"home_points": 100, "away_points": 90} if final else {}
    game = replace(entry.game, tip_utc=EVENING - timedelta(hours=hours), **points)
    assert live_rows.may_be_on(replace(entry, game=game), EVENING) is expected


async def test_days_on_which_nothing_can_be_on_are_not_asked_about(tui, small, monkeypatch) -> None:
    asked: list[date | None] = []
    plain = small.live_board
    monkeypatch.setattr(small, "live_board", lambda day=None: asked.append(day) or plain(day))
    async with tui() as pilot:
        await tui.press(pilot, "left", "left", "right")
        await tui.press(pilot, "enter")
    assert set(asked) == {None}


async def test_the_monitor_says_how_forecasts_of_games_under_way_fared(tui, house) -> None:
    async with tui.house(house, (80, 60)) as pilot:
        assert "Games under way" not in await tui.press(pilot, "4", "right")
        house.graded = record_of_live()
        text = await tui.press(pilot, "r")
        assert "live-curves@1.0.0: 300 games, 3 Dec 2024 to 15 Jan 2025" in text
        assert re.search(r"48 to 36 +6,880 +0.580 +0.193 +12.0 +80% +95%", text)
        assert re.search(r"5 to 0, overtime +4,300 +0.210 +0.070 +3.4 +80% +95%", text)
        assert re.search(r"half-time margin +288 +4.6 +79% +95%", text)


async def test_without_colour_a_game_that_is_on_is_told_by_words_and_signs(tui, night, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with tui() as pilot:
        text = tui.painted(pilot)
        assert re.search(r"BOS 88% ━+·+ .* 80-88 +Q3 4:12", text)
        assert "101-99 ?" in text
        assert "Chance of a Celtics win: 71% before, 88% now" in await tui.press(pilot, "enter")


async def test_nothing_of_a_game_that_is_on_is_cut_at_the_edge(tui, night) -> None:
    night.problem, night.polled_at = "cdn.nba.com did not answer within 5 s.", EVENING - timedelta(hours=1)
    async with tui() as pilot:
        for keys in ((), ("enter",), ("pagedown",)):
            text = await tui.press(pilot, *keys)
            assert "…" not in text
            assert all(len(line) == 80 for line in text.split("\n"))
            assert all(re.fullmatch(r"[ │▂▄▆█▁▇▃▅]", line[-1]) for line in text.split("\n"))


def test_a_feed_that_shows_a_game_put_off_or_over_is_believed_until_the_store_knows(night) -> None:
    slate: Slate = night.slate()
    entry, view = slate.games[0], night.views[slate.games[0].game.game_id]
    for status, said in ((LiveStatus.PUT_OFF, "postponed"), (LiveStatus.UPCOMING, "scheduled")):
        seen = live_rows.as_seen(entry, replace(view, state=replace(view.state, status=status)))
        assert seen.game.status.value == said
    known = replace(entry, game=replace(entry.game, home_points=99, away_points=98))
    assert live_rows.as_seen(known, view) == known
