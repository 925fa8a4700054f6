"""Following games under way: what is believed, what is written down and forecast."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.calendar import noon_of
from engine.core.live import moment_at
from engine.core.live_games import LiveStatus
from engine.core.timelines import Score
from engine.predictions.live import LiveForecaster
from engine.sources.live import LivePlays, Sighting
from tests.conftest import DEMO_DAY
from tests.engine.sync.small_evening import EVENING, Evening


def test_a_game_is_followed_from_the_first_basket_to_its_end_in_overtime(evening: Evening):
    evening.shows(1, 700, 0, 2)
    assert evening.poll.changed == (evening.one.game_id,)
    assert evening.poll.wait_s == 5
    evening.shows(4, 0, 90, 90)
    evening.shows(5, 0, 100, 97, LiveStatus.FINAL)
    card = evening.engine.live(evening.one.game_id)
    assert card.view.state.status is LiveStatus.FINAL
    assert evening.course == [(20, 0, 2), (2880, 90, 90), (3180, 100, 97)]
    assert card.view.forecast is not None
    assert card.view.forecast.numbers.home_win_prob == 1
    assert card.points[-1].home_win_prob == 1
    assert card.points[0].played == 0


def test_an_old_copy_of_the_scoreboard_changes_nothing(evening: Evening):
    evening.shows(2, 300, 50, 40)
    for _ in range(2):
        evening.feed.games = (replace(evening.feed.games[0], seconds_left=400, home=46),)
        evening.asks_after(6)
        assert evening.poll.changed == ()
    assert evening.score == (2, 300, 50, 40)


def test_what_the_feed_insists_on_is_believed_in_the_end(evening: Evening):
    evening.shows(2, 300, 50, 40)
    evening.shows(2, 300, 10, 4)
    assert evening.score == (2, 300, 50, 40)
    for _ in range(10):
        evening.asks_after(6)
    assert evening.score == (2, 300, 10, 4)


def test_a_basket_taken_back_counts_at_once_and_stays_in_the_course_as_a_drop(evening: Evening):
    evening.shows(2, 300, 50, 40)
    evening.shows(2, 290, 47, 40)
    assert evening.score == (2, 290, 47, 40)
    assert evening.course == [(1140, 50, 40), (1150, 47, 40)]


def test_officials_may_put_the_clock_back(evening: Evening):
    evening.shows(4, 10, 90, 88)
    evening.shows(4, 13, 90, 88)
    assert evening.score == (4, 13, 90, 88)


def test_after_a_gap_the_plays_fill_in_what_was_not_seen(evening: Evening):
    evening.shows(1, 700, 2, 0)
    scores = (Score(1, 700, 2, 0), Score(1, 650, 2, 3), Score(1, 600, 4, 3), Score(1, 590, 6, 3))
    evening.feed.courses[evening.one.game_id] = LivePlays(evening.one.game_id, scores, 1, 580, possession=-1)
    evening.shows(1, 580, 6, 3)
    assert evening.course == [(20, 2, 0), (70, 2, 3), (120, 4, 3), (130, 6, 3)]
    state = evening.engine.live(evening.one.game_id).view.state
    assert state.moment.possession == -1


def test_plays_that_lag_the_scoreboard_do_not_take_its_score_back_nor_say_who_has_the_ball(evening: Evening):
    plays = LivePlays(evening.one.game_id, (Score(1, 700, 2, 0),), 1, 690, possession=1)
    evening.feed.courses[evening.one.game_id] = plays
    evening.shows(1, 600, 8, 5)
    assert evening.course == [(20, 2, 0), (120, 8, 5)]
    assert evening.engine.live(evening.one.game_id).view.state.moment.possession == 0


def test_a_feed_that_lists_the_sides_the_other_way_round_is_read_as_the_game_is_stored(evening: Evening):
    one = evening.one
    evening.feed.courses[one.game_id] = LivePlays(one.game_id, (Score(1, 700, 2, 0),), 1, 700, possession=1)
    evening.feed.games = (
        Sighting(one.game_id, one.away_id, one.home_id, None, LiveStatus.LIVE, 1, 700, 2, 0, "Q1 11:40"),
    )
    evening.asks_after(10)
    assert evening.score == (1, 700, 0, 2)
    assert evening.course == [(20, 0, 2)]
    assert evening.engine.live(one.game_id).view.state.moment.possession == -1


def test_nothing_is_asked_before_the_games_and_after_them(evening: Evening):
    evening.now = noon_of(DEMO_DAY)
    evening.asks_after(0)
    assert not evening.poll.asked
    assert evening.poll.wait_s > 60
    evening.now = noon_of(DEMO_DAY) + timedelta(hours=22)
    evening.asks_after(0)
    assert not evening.poll.asked


def test_a_feed_that_shows_another_day_changes_nothing(evening: Evening):
    seen = Sighting("0022499999", 1610612738, 1610612747, None, LiveStatus.LIVE, 2, 300, 40, 41, "Q2 5:00")
    evening.feed.games = (seen,)
    evening.asks_after(10)
    assert evening.poll.asked
    assert evening.poll.changed == ()
    assert all(one.state.status is LiveStatus.UPCOMING for one in evening.engine.live_board().games)


def test_every_forecast_is_logged_once_and_graded_when_the_result_is_known(evening: Evening):
    for left in (600, 500, 400):
        evening.shows(1, left, 700 - left, 0)
        evening.asks_after(10)
    evening.feed.unchanged = True
    evening.asks_after(60)
    evening.asks_after(60)
    assert evening.engine.live_record().games == 0
    evening.now += timedelta(days=1)
    evening.engine.grade()
    record = evening.engine.live_record()
    assert record.games == 1
    assert [band.n for band in record.bands] == [3]
    assert record.bands[0].left == (2160, 2880)


def test_while_only_the_clock_runs_a_forecast_a_minute_is_logged(evening: Evening):
    for left in range(600, 479, -5):
        evening.shows(1, left, 9, 9)
    with evening.database.write() as connection:
        logged = connection.execute("SELECT seconds_left FROM live_forecasts ORDER BY made_at").fetchall()
    assert [row["seconds_left"] for row in logged] == [600, 540, 480]


def test_the_margin_at_half_time_is_forecast_from_the_first_eighteen_minutes_until_then(evening: Evening):
    for minute in range(1, 13):
        evening.shows(1, 720 - 60 * minute, minute, 0)
    said = {}
    for left in (500, 360, 100, 0):
        evening.shows(2, left, 18, 5)
        view = evening.engine.live(evening.one.game_id).view
        said[left] = view.forecast and view.forecast.halftime
    assert said[500] is None
    assert said[0] is None
    assert said[360] is not None
    assert said[360] == said[100]
    evening.shows(4, 0, 80, 60, LiveStatus.FINAL)
    evening.now += timedelta(days=1)
    evening.engine.grade()
    record = evening.engine.live_record().halftime
    assert record is not None
    assert record.n == 1
    stored = moment_at(evening.engine.timeline(evening.one.game_id).scores, 1440)
    assert record.margin_mae == pytest.approx(abs(stored.margin - said[360].margin))


def test_of_a_game_that_was_first_seen_after_eighteen_minutes_no_half_time_is_forecast(evening: Evening):
    evening.shows(2, 300, 44, 30)
    view = evening.engine.live(evening.one.game_id).view
    assert view.forecast is not None
    assert view.forecast.halftime is None


def test_what_was_said_before_tip_off_is_the_published_pick(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    evening.now = noon_of(DEMO_DAY)
    pick = next(one for one in evening.engine.publish_picks() if one.game_id == evening.one.game_id)
    evening.now = EVENING
    evening.shows(1, 600, 5, 4)

    def refuse(self: LiveForecaster, *_: object) -> None:
        raise AssertionError("a second forecast was made for each question")

    view = evening.engine.live(evening.one.game_id).view
    monkeypatch.setattr(LiveForecaster, "_said_before", refuse)
    assert evening.engine.live(evening.one.game_id).view == view
    assert view.pregame is not None
    assert view.pregame.home_win_prob == pick.home_win_prob


def test_from_the_sixth_minute_on_past_games_that_went_alike_are_named(evening: Evening):
    evening.shows(1, 400, 12, 10)
    assert evening.engine.live(evening.one.game_id).alike == ()
    evening.shows(1, 300, 20, 10)
    card = evening.engine.live(evening.one.game_id)
    assert len(card.alike) == 5
    assert all(one.league_day < DEMO_DAY for one in card.alike)
    assert card.alike_outcomes is not None


def test_a_week_later_the_course_is_forgotten_and_the_forecasts_are_not(evening: Evening):
    evening.shows(1, 400, 12, 10)
    evening.now += timedelta(days=3)
    assert evening.engine.forget_live() == 0
    evening.now += timedelta(days=6)
    assert evening.engine.forget_live() == 1
    evening.engine.grade()
    assert evening.engine.live_record().games == 1
