"""Following games under way: what is believed, what is written down, and who asks when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import FeedError, FeedTimeoutError
from engine.core.live import moment_at
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.core.timelines import Score
from engine.engine import DATABASE, Engine
from engine.predictions.live import LiveForecaster
from engine.sources.live import LivePlays, Scoreboard, Sighting
from engine.store import live
from engine.store.database import Database
from tests.conftest import DEMO_DAY

EVENING = noon_of(DEMO_DAY) + timedelta(hours=7, minutes=5)
"""Shortly after the tip-offs of the day, which are all at 19:00 ET."""


@dataclass
class Shown:
    """A feed that shows what it is told to show."""

    games: tuple[Sighting, ...] = ()
    courses: dict[str, LivePlays | None] = field(default_factory=dict)
    failing: FeedError | None = None
    unchanged: bool = False
    asked: int = 0

    def scoreboard(self) -> Scoreboard | None:
        self.asked += 1
        if self.failing:
            raise self.failing
        return None if self.unchanged else Scoreboard(DEMO_DAY, self.games)

    def plays(self, game_id: str) -> LivePlays | None:
        return self.courses.get(game_id)

    def close(self) -> None: ...


class Evening:
    """An engine at an evening whose feed and clock the test moves; `one` is the game that it looks at."""

    def __init__(self, home: Path) -> None:
        self.now = EVENING
        self.feed = Shown()
        self.home = home
        self.database = Database(home / DATABASE)
        with self.database.write() as connection:
            connection.execute("UPDATE games SET tip_utc = date(league_day, '+1 day') || 'T00:00:00+00:00'")
        self.engine = self.another()
        self.one: Game = self.engine.slate().games[0].game

    def another(self) -> Engine:
        """A second process on the same home."""
        return Engine(self.home, now=lambda: self.now, live_feed=lambda: self.feed)

    def shows(self, period: int, left: int, home: int, away: int, status: LiveStatus = LiveStatus.LIVE) -> None:
        """The feed shows the game like this, from a minute later on, and is asked."""
        one = self.one
        self.feed.games = (
            Sighting(one.game_id, one.home_id, one.away_id, one.tip_utc, status, period, left, home, away, "seen"),
        )
        self.asks_after(60)

    def asks_after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.poll = self.engine.poll_live()

    @property
    def score(self) -> tuple[int, int, int, int]:
        moment = self.engine.live(self.one.game_id).view.state.moment
        return moment.period, moment.seconds_left, moment.home, moment.away

    @property
    def course(self) -> list[tuple[int, int, int]]:
        found = live.scores(self.database, self.one.game_id)
        return [(one.played, one.home, one.away) for one in found]


@pytest.fixture
def evening(home: Path) -> Iterator[Evening]:
    found = Evening(home)
    yield found
    found.engine.close()
    found.database.close()


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


def test_a_process_that_was_killed_while_it_asked_leaves_its_turn_to_the_next(evening: Evening):
    assert live.claim(evening.database, evening.now, timedelta(seconds=30))
    evening.asks_after(10)
    assert not evening.poll.asked
    evening.asks_after(25)
    assert evening.poll.asked


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


def test_the_result_of_the_schedule_goes_before_what_was_seen_last(evening: Evening):
    evening.shows(4, 30, 99, 98)
    evening.now += timedelta(days=1)
    state = evening.engine.live(evening.one.game_id).view.state
    stored = next(item.game for item in evening.engine.slate(DEMO_DAY).games if item.game.game_id == state.game_id)
    assert state.status is LiveStatus.FINAL
    assert (state.moment.home, state.moment.away) == (stored.home_points, stored.away_points)


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
