"""Games under way in words: a fan reads where it stands, who wins from here, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.core import live_words
from engine.core.live import LiveNumbers, Moment, Pregame
from engine.core.live_games import (
    HalftimeNumbers,
    LiveBoard,
    LiveCard,
    LiveForecast,
    LivePoint,
    LiveState,
    LiveStatus,
    LiveView,
)
from engine.core.teams import BY_ABBREVIATION
from engine.core.timelines import period_after, period_start

NOW = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)
BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id


def view(
    played: int, home: int = 88, away: int = 80, chance: float = 0.81, status: LiveStatus = LiveStatus.LIVE
) -> LiveView:
    """Lakers at Celtics after so many seconds, the Celtics with a chance, by 6 give or take 10 in the end."""
    period = period_after(max(played, 1))
    moment = Moment(period, period_start(period + 1) - played, home, away)
    state = LiveState("0022400001", date(2025, 1, 15), BOS, LAL, NOW, status, moment, "", NOW, NOW)
    before, numbers = Pregame(0.64, 4.2), LiveNumbers(chance, 6.4, (-4.0, 16.0), (-9.0, 22.0))
    half = HalftimeNumbers(3.2, (-3.0, 9.0), (-6.0, 12.0)) if 1080 <= played < 1440 else None
    said = LiveForecast(state.game_id, moment, before, numbers, "live-curves@1.0.0", NOW, half)
    begun = status in (LiveStatus.LIVE, LiveStatus.FINAL)
    return LiveView(state, before, said if begun else None)


@pytest.mark.parametrize(
    ("played", "status", "told"),
    [
        (1908, LiveStatus.LIVE, "Q3 4:12"),
        (1440, LiveStatus.LIVE, "Half-time"),
        (720, LiveStatus.LIVE, "End of Q1"),
        (2881, LiveStatus.LIVE, "OT 4:59"),
        (3481, LiveStatus.LIVE, "3OT 4:59"),
        (2880, LiveStatus.FINAL, "Final"),
        (3480, LiveStatus.FINAL, "Final/2OT"),
        (0, LiveStatus.UPCOMING, "19:30 ET"),
        (1200, LiveStatus.PUT_OFF, "Put off"),
    ],
)
def test_the_clock_says_where_a_game_stands(played: int, status: LiveStatus, told: str) -> None:
    assert live_words.clock(view(played, status=status).state) == told


def test_whoever_is_ahead_and_whoever_is_likelier_to_win_is_named_first() -> None:
    behind = view(1900, 80, 88, 0.3)
    assert live_words.score_line(behind) == "Lakers 88, Celtics 80"
    assert live_words.chance_line(behind) == "Lakers win 70%"
    assert live_words.board_line(behind) == "LAL 88-80 BOS · Q3 4:20 · LAL 70%"
    assert live_words.chance_line(view(1900, chance=0.51)) == "A coin flip (Celtics 51%)"


def test_margins_name_the_side_at_both_ends_of_their_range() -> None:
    told = "Celtics by 6 (from Lakers by 4 to Celtics by 16, 8 times in 10)"
    assert live_words.margin_line(view(1900)) == told
    assert live_words.margin_line(view(2880, status=LiveStatus.FINAL)) == ""


def test_the_margin_at_half_time_says_when_it_was_said() -> None:
    told = "Celtics by 3 (from Lakers by 3 to Celtics by 9, 8 times in 10), said at Q2 6:00"
    assert live_words.halftime_line(view(1300)) == told
    assert live_words.halftime_line(view(1000)) == ""
    assert live_words.halftime_line(view(1500)) == ""


def test_what_was_said_before_tip_off_stays_and_marks_the_result() -> None:
    assert live_words.before_line(view(1900, chance=0.1)) == "Celtics 64%, by 4"
    over, lost = view(2880, 99, 90, 1, LiveStatus.FINAL), view(2880, 90, 99, 0, LiveStatus.FINAL)
    assert live_words.board_line(over) == "✅ LAL 90-99 BOS · Final · BOS 64% before"
    assert live_words.board_line(lost) == "❌ LAL 99-90 BOS · Final · BOS 64% before"
    assert live_words.chance_line(lost) == "Lakers won"


def test_before_tip_off_the_forecast_of_before_is_the_chance() -> None:
    assert live_words.board_line(view(0, 0, 0, status=LiveStatus.UPCOMING)) == "LAL at BOS · 19:30 ET · BOS 64%"


def test_a_game_without_any_forecast_has_its_score_alone() -> None:
    bare = replace(view(1900), pregame=None, forecast=None)
    assert live_words.board_line(bare) == "LAL 80-88 BOS · Q3 4:20"
    assert live_words.chance_line(bare) == live_words.margin_line(bare) == live_words.before_line(bare) == ""


def test_what_was_said_before_tip_off_does_not_stand_for_a_forecast_from_here() -> None:
    only_before = replace(view(1900), forecast=None)
    assert live_words.board_line(only_before) == "LAL 80-88 BOS · Q3 4:20"
    assert live_words.chance_line(only_before) == live_words.headline(only_before) == ""
    assert live_words.before_line(only_before) == "Celtics 64%, by 4"


def test_the_course_is_told_by_its_biggest_swing_and_in_sixteen_cells() -> None:
    points = tuple(
        LivePoint(played, 0, 0, chance) for played, chance in ((0, 0.6), (600, 0.5), (900, 0.9), (1400, 0.8))
    )
    card = LiveCard(view(1400), points)
    assert live_words.swing_line(card) == "Celtics from 50% to 90%, Q1 2:00 to Q2 9:00"
    assert len(live_words.sparkline(points)) == 8
    assert live_words.sparkline(()) == ""


def test_a_board_names_the_game_that_a_note_concerns_and_why_the_feed_is_silent() -> None:
    noted = replace(view(1900), notes=("The score is old.",))
    board = LiveBoard(date(2025, 1, 15), NOW, (noted, view(900)), problem="The host does not answer: try again later.")
    assert live_words.notes(board) == ("LAL at BOS: The score is old.", "The host does not answer: try again later.")
