"""Games under way between processes and over time: who asks, what is known when, and what is out of date."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import BundleError, FeedError, FeedTimeoutError
from engine.core.live_games import LiveStatus
from engine.core.timelines import Score
from engine.engine import DATABASE, Engine
from engine.models.registry import Registry
from engine.predictions.game import GameForecaster
from engine.sources.live import Scoreboard, Sighting
from engine.store import live
from engine.store.database import Database
from tests.conftest import DEMO_DAY
from tests.engine.sync.small_evening import EVENING, Evening


def test_a_game_that_should_have_begun_and_is_not_shown_says_so(evening: Evening):
    assert evening.engine.live(evening.one.game_id).view.notes == ()
    evening.now += timedelta(minutes=20)
    assert evening.engine.live(evening.one.game_id).view.notes == (), "nobody has asked the feed"
    evening.asks_after(10)
    (note,) = evening.engine.live(evening.one.game_id).view.notes
    assert "does not show it yet" in note


def test_an_engine_in_the_past_knows_nothing_of_what_the_feed_answered_later(evening: Evening):
    evening.now += timedelta(hours=1)
    evening.shows(3, 300, 70, 66)
    past = Engine(evening.home, now=lambda: EVENING + timedelta(minutes=30))
    board, view = past.live_board(), past.live(evening.one.game_id).view
    assert (board.polled_at, past.feeds.live(past.now()).polled_at) == (None, None)
    assert (view.state.status, view.notes) == (LiveStatus.UPCOMING, ())
    past.close()


def test_why_the_feed_failed_last_night_is_not_told_of_the_games_of_today(evening: Evening):
    evening.shows(3, 300, 70, 66)
    evening.feed.failing = FeedTimeoutError("host", "The host does not answer: try again later.")
    evening.asks_after(90)
    evening.now += timedelta(minutes=10)
    assert evening.engine.live_board().problem == evening.poll.problem
    evening.now += timedelta(hours=10)
    assert evening.engine.live_board().problem == ""


def test_a_clock_set_back_by_half_an_hour_stops_nobody(evening: Evening):
    evening.now += timedelta(hours=1)
    evening.shows(1, 650, 4, 0)
    evening.now -= timedelta(minutes=30)
    evening.shows(1, 600, 6, 0)
    assert evening.poll.asked
    assert evening.score == (1, 600, 6, 0)


def test_a_game_that_the_schedule_puts_off_while_it_is_on_is_put_off(evening: Evening):
    evening.shows(3, 300, 70, 66)
    with evening.database.write() as connection:
        connection.execute("UPDATE games SET status = 'postponed', home_points = NULL, away_points = NULL")
    evening.asks_after(60)
    assert evening.engine.live(evening.one.game_id).view.state.status is LiveStatus.PUT_OFF


def test_a_game_whose_end_nobody_saw_is_not_on_the_next_day(evening: Evening):
    evening.shows(3, 300, 70, 66)
    assert evening.engine.feeds.live(evening.now).games_on == 1
    assert evening.engine.feeds.live(evening.now + timedelta(hours=8)).games_on == 0


def test_a_course_that_another_process_changes_meanwhile_is_kept_whole(evening: Evening):
    scores = tuple(Score(1, left, 700 - left, 0) for left in (700, 650, 640))
    for one in scores:
        evening.shows(1, one.seconds_left, one.home, one.away)
    seen = live.state(evening.database, evening.one.game_id, evening.now)
    assert seen is not None
    other = Database(evening.home / DATABASE)
    keeper = threading.Thread(target=live.keep, args=(other, seen, (*scores, Score(1, 600, 100, 0))))
    with evening.database.write() as connection:
        keeper.start()
        keeper.join(0.3)
        connection.execute("UPDATE live_scores SET away = 9 WHERE seq = 1")
    keeper.join(10)
    other.close()
    assert live.scores(evening.database, seen.game_id) == (*scores, Score(1, 600, 100, 0))


def test_closing_does_not_wait_for_a_question_that_is_open(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    asked, go_on = threading.Event(), threading.Event()

    def hang() -> Scoreboard:
        asked.set()
        go_on.wait(10)
        raise FeedError("the host", "The host cut the connection: try again later.")

    monkeypatch.setattr(evening.feed, "scoreboard", hang)
    evening.now += timedelta(seconds=10)
    question = threading.Thread(target=evening.engine.poll_live, daemon=True)
    question.start()
    assert asked.wait(10)
    evening.engine.close()
    assert question.is_alive()
    go_on.set()
    question.join(10)
    evening.engine.close()


def test_a_feed_that_fails_is_named_and_the_old_score_is_marked_as_old(evening: Evening):
    evening.shows(3, 300, 70, 66)
    evening.feed.failing = FeedTimeoutError("host", "The host does not answer: try again later.")
    evening.asks_after(90)
    assert evening.poll.problem == "The host does not answer: try again later."
    board = evening.engine.live_board()
    assert board.problem == evening.poll.problem
    view = next(one for one in board.games if one.state.game_id == evening.one.game_id)
    assert [note for note in view.notes if "does not answer" in note]
    evening.feed.failing = None
    evening.asks_after(6)
    assert evening.engine.live_board().problem == ""


def test_a_clock_that_stands_still_for_longer_than_any_break_is_mentioned(evening: Evening):
    evening.shows(3, 300, 70, 66)
    for _ in range(20):
        evening.asks_after(60)
    assert evening.engine.live(evening.one.game_id).view.notes == ()
    for _ in range(6):
        evening.asks_after(60)
    (note,) = evening.engine.live(evening.one.game_id).view.notes
    assert "broken off" in note


def test_a_second_process_does_not_ask_while_the_first_does(evening: Evening):
    evening.shows(1, 700, 0, 2)
    other = evening.another()
    before = evening.feed.asked
    assert not other.poll_live().asked
    assert evening.feed.asked == before
    evening.now += timedelta(seconds=6)
    assert other.poll_live().asked
    assert other.live(evening.one.game_id).view.state.moment.away == 2
    other.close()


def test_processes_that_take_turns_log_what_one_would(evening: Evening):
    both = evening.engine, evening.another()
    for turn, left in enumerate(range(700, 640, -6)):
        evening.engine = both[turn % 2]
        evening.shows(1, left, 2, 2 if left < 680 else 0)
    rows = evening.database.rows("SELECT seconds_left FROM live_forecasts ORDER BY made_at")
    assert [row["seconds_left"] for row in rows] == [700, 676]
    both[0].close()


def test_a_process_that_was_killed_while_it_asked_leaves_its_turn_to_the_next(evening: Evening):
    assert live.claim(evening.database, evening.now, timedelta(seconds=30))
    evening.asks_after(10)
    assert not evening.poll.asked
    evening.asks_after(25)
    assert evening.poll.asked


def test_the_result_of_the_schedule_goes_before_what_was_seen_last(evening: Evening):
    evening.shows(4, 30, 99, 98)
    evening.now += timedelta(days=1)
    state = evening.engine.live(evening.one.game_id).view.state
    stored = next(item.game for item in evening.engine.slate(DEMO_DAY).games if item.game.game_id == state.game_id)
    assert state.status is LiveStatus.FINAL
    assert (state.moment.home, state.moment.away) == (stored.home_points, stored.away_points)


def test_plays_are_read_for_half_a_turn_at_most_and_every_game_has_its_score_all_the_same(evening: Evening):
    games = [item.game for item in evening.engine.slate().games]

    def slowly(game_id: str) -> None:
        evening.now += timedelta(seconds=10)
        read.append(game_id)

    read: list[str] = []
    evening.feed.plays = slowly  # type: ignore[method-assign, assignment]
    evening.feed.games = tuple(
        Sighting(one.game_id, one.home_id, one.away_id, None, LiveStatus.LIVE, 1, 600, 5, 4, "") for one in games
    )
    evening.asks_after(10)
    assert len(read) == 2 < len(games)
    assert all(one.state.status is LiveStatus.LIVE for one in evening.engine.live_board().games)


def test_a_game_of_yesterday_without_a_tip_off_that_was_never_seen_is_given_up(evening: Evening):
    with evening.database.write() as connection:
        connection.execute("UPDATE games SET tip_utc = NULL, status = 'scheduled', home_points = NULL")
        connection.execute("UPDATE games SET status = 'cancelled' WHERE league_day <> ?", (DEMO_DAY.isoformat(),))
    evening.asks_after(1)
    assert evening.poll.asked
    evening.now = noon_of(DEMO_DAY + timedelta(days=1))
    evening.asks_after(1)
    assert not evening.poll.asked


def test_the_margin_at_half_time_is_not_graded_by_a_score_of_long_before(evening: Evening):
    for minute in range(1, 13):
        evening.shows(1, 720 - 60 * minute, minute, 0)
    evening.shows(2, 360, 18, 5)
    evening.shows(3, 300, 60, 50)
    evening.shows(4, 0, 80, 60, LiveStatus.FINAL)
    with evening.database.write() as connection:
        (row,) = connection.execute("SELECT halftime_margin FROM halftime_forecasts").fetchall()
    assert row["halftime_margin"] is None


def test_a_forecast_before_tip_off_in_hindsight_is_called_so(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(GameForecaster, "hindsight", lambda *_: "In hindsight.")
    evening.shows(1, 600, 5, 4)
    assert "In hindsight." in evening.engine.live(evening.one.game_id).view.notes


def test_a_game_that_vanishes_from_a_feed_that_answers_has_an_old_score(evening: Evening):
    evening.shows(3, 300, 70, 66)
    evening.feed.games = ()
    evening.asks_after(50)
    assert evening.engine.live(evening.one.game_id).view.notes == ()
    evening.asks_after(50)
    (note,) = evening.engine.live(evening.one.game_id).view.notes
    assert "does not show the game any more" in note


def test_a_damaged_model_leaves_the_score_in_words_for_a_fan(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    def damaged(*_: object) -> None:
        raise BundleError("A file of live-curves has changed.")

    monkeypatch.setattr(Registry, "serving", damaged)
    evening.shows(3, 300, 70, 66)
    view = evening.engine.live(evening.one.game_id).view
    assert (view.state.moment.home, view.forecast) == (70, None)
    assert view.notes == ("Score only: there is no forecast of games under way.",)
