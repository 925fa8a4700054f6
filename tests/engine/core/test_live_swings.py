"""Which turns of a game are worth a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.core import live_words, turn_words
from engine.core.errors import UsageError
from engine.core.live import Moment, Pregame
from engine.core.live_choice import game_meant, name_of, only_one_on
from engine.core.live_games import LiveBoard, LiveCard, LivePoint, LiveState, LiveStatus, LiveView
from engine.core.live_swings import TurnKind, biggest_swing, fresh, turns
from engine.core.named_games import parse_game

BOS, LAL, LAC, NYK = 1610612738, 1610612747, 1610612746, 1610612752
NOW = datetime(2025, 1, 16, 2, tzinfo=UTC)
DAY = date(2025, 1, 15)
Points = tuple[tuple[int, float], ...]


def view(status: LiveStatus, moment: Moment, before: float = 0.5, home: int = BOS, away: int = LAL) -> LiveView:
    state = LiveState(f"002{home % 10}", DAY, home, away, NOW, status, moment, "", NOW, NOW)
    return LiveView(state, Pregame(before, 0.0))


def card(points: Points, before: float = 0.5, status: LiveStatus = LiveStatus.LIVE, home: int = 90) -> LiveCard:
    """A game that went like this, with the home side on `home` points to 80."""
    played = points[-1][0]
    moment = Moment(4, 2880 - played, home, 80)
    found = tuple(LivePoint(at, 0, 0, chance) for at, chance in points)
    return LiveCard(view(status, moment, before), found)


def kinds(found: LiveCard) -> list[tuple[TurnKind, int]]:
    return [(one.kind, one.team_id) for one in turns(found)]


def test_a_swing_is_a_quarter_of_the_chance_within_six_minutes_and_not_slower() -> None:
    assert kinds(card(((0, 0.5), (200, 0.6), (360, 0.76)))) == [(TurnKind.SWING, BOS)]
    assert kinds(card(((0, 0.5), (200, 0.5), (561, 0.76)))) == []
    assert kinds(card(((0, 0.5), (360, 0.74)))) == []


def test_each_side_has_one_swing_told_where_it_became_one() -> None:
    found = turns(card(((0, 0.5), (100, 0.8), (200, 0.95), (300, 0.5), (400, 0.9), (500, 0.2))))
    assert [(one.team_id, one.swing.end.played) for one in found] == [(BOS, 100), (LAL, 300)]


def test_an_upset_is_in_the_air_only_late_and_is_told_when_it_has_come_about() -> None:
    slow = ((0, 0.2), (400, 0.3), (800, 0.4), (1300, 0.5), (1800, 0.6), (2100, 0.7))
    assert kinds(card(slow, before=0.2)) == []
    late = card((*slow, (2400, 0.7)), before=0.2)
    assert kinds(late) == [(TurnKind.BREWING, BOS)]
    over = card((*slow, (2400, 0.7), (2880, 1.0)), 0.2, LiveStatus.FINAL)
    assert kinds(over) == [(TurnKind.BREWING, BOS), (TurnKind.UPSET, BOS)]
    lost = card((*slow, (2400, 0.7), (2880, 0.0)), 0.2, LiveStatus.FINAL, home=70)
    assert TurnKind.UPSET not in [one.kind for one in turns(lost)]
    assert TurnKind.BREWING not in [one.kind for one in turns(card((*slow, (2400, 0.7)), before=0.31))]


def test_what_was_some_time_ago_is_no_news_and_at_the_end_only_the_upset_is() -> None:
    swung = ((0, 0.2), (100, 0.5))
    assert [one.kind for one in fresh(card(swung))] == [TurnKind.SWING]
    assert fresh(card((*swung, (200, 0.5)))) == ()
    assert [one.kind for one in fresh(card((*swung, (2880, 1.0)), 0.2, LiveStatus.FINAL))] == [TurnKind.UPSET]


def test_the_biggest_swing_of_a_game_is_found_and_a_flat_one_has_none() -> None:
    found = biggest_swing(card(((0, 0.5), (100, 0.6), (300, 0.3), (800, 0.9))).points)
    assert found is not None
    assert (found.start.played, found.end.played) == (100, 300)
    assert biggest_swing(card(((0, 0.5), (100, 0.5))).points) is None
    assert biggest_swing(()) is None


def test_turns_are_told_from_the_side_that_they_favour() -> None:
    found = card(((0, 0.5), (100, 0.8), (300, 0.4)))
    home, away = turns(found)
    assert turn_words.title(home, found.view) == "Big swing: Celtics from 50% to 80%"
    assert turn_words.title(away, found.view) == "Big swing: Lakers from 20% to 60%"
    late = card(((0, 0.8), (1000, 0.7), (1400, 0.55), (1800, 0.45), (2200, 0.34)), before=0.8, home=70)
    (brewing,) = turns(late)
    assert turn_words.title(brewing, late.view) == "Upset in the air: Lakers 66%"
    assert turn_words.line(brewing, late.view) == "Lakers 80, Celtics 70, Q4 11:20. Before tip-off the Lakers had 20%."


def board(*views: LiveView) -> LiveBoard:
    return LiveBoard(DAY, NOW, views)


ON = view(LiveStatus.LIVE, Moment(2, 300, 40, 38))
TO_COME = view(LiveStatus.UPCOMING, Moment(1, 720), home=NYK, away=LAC)


@pytest.mark.parametrize("text", ["Lakers", "LAL at BOS", "boston vs lakers", "LAL@BOS 2025-01-15", "celtics"])
def test_a_game_is_found_by_either_team_or_both_in_any_words(text: str) -> None:
    assert game_meant(text, DAY, lambda day: board(TO_COME, ON)) is ON
    assert name_of(ON.state) == parse_game("LAL@BOS 2025-01-15", DAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Heat", "The Heat do not play on Wed 15 Jan 2025"),
        ("LAL at NYK", "The Knicks and Lakers do not play each other"),
        ("@everyone", "No NBA team is called"),
        ("'; DROP TABLE games; --", "No NBA team is called"),
    ],
)
def test_a_game_that_is_not_on_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        game_meant(text, DAY, lambda day: board(TO_COME, ON))


def test_the_one_game_that_is_on_is_the_one_meant_without_a_name() -> None:
    assert only_one_on(board(TO_COME, ON)) is ON
    assert only_one_on(board(TO_COME)) is None
    assert only_one_on(board(ON, replace(ON, notes=("Also on.",)))) is None


def test_the_row_of_blocks_is_as_long_as_the_game_so_far() -> None:
    points = card(((0, 0.5), (720, 0.99), (1440, 0.01))).points
    assert live_words.sparkline(points, cells=4) == "█▁"
    assert live_words.sparkline(points[:1], cells=4) == "▅"
