"""A moment of a game: what its clock, its score and its last basket say."""

from __future__ import annotations

import pytest

from engine.core.live import TIP_OFF, Moment, moment_at
from engine.core.timelines import Score

SCORES = (Score(1, 700, 0, 2), Score(1, 690, 3, 2), Score(4, 0, 90, 90), Score(5, 10, 92, 90))


def test_before_the_first_basket_nobody_has_scored():
    assert moment_at(SCORES, 0) == TIP_OFF
    assert moment_at(SCORES, 19) == Moment(1, 701)


def test_the_basket_of_this_very_second_counts_and_its_side_scored_last():
    assert moment_at(SCORES, 20) == Moment(1, 700, 0, 2, last=-1, since=0)
    assert moment_at(SCORES, 45) == Moment(1, 675, 3, 2, last=1, since=15)


@pytest.mark.parametrize(
    ("played", "period", "seconds_left", "left"),
    [(720, 1, 0, 2160), (721, 2, 719, 2159), (2879, 4, 1, 1), (2880, 4, 0, 0), (2881, 5, 299, 299), (3180, 5, 0, 0)],
)
def test_the_clock_of_a_moment_is_that_of_its_period(played: int, period: int, seconds_left: int, left: int):
    moment = moment_at(SCORES, played)
    assert (moment.period, moment.seconds_left, moment.left, moment.played) == (period, seconds_left, left, played)


def test_a_level_score_at_the_end_of_regulation_means_five_minutes_more():
    level, ended = moment_at(SCORES, 2880), moment_at(SCORES, 3180)
    assert not level.over
    assert level.expected_left == 300
    assert ended.over


def test_after_a_corrected_basket_nobody_counts_as_the_last_to_score():
    corrected = (Score(1, 700, 2, 0), Score(1, 690, 0, 0), Score(1, 680, 0, 3))
    assert moment_at(corrected, 30).last == 0
    assert moment_at(corrected, 40).last == -1
