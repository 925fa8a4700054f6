"""Elo against figures worked out by hand from the published formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.features import elo


def test_equal_teams_at_a_neutral_site_are_even() -> None:
    assert elo.home_win_probability(0.0, neutral=True) == 0.5


def test_home_court_is_worth_a_hundred_points() -> None:
    assert elo.home_win_probability(0.0) == pytest.approx(0.6400650, abs=1e-7)
    assert elo.home_win_probability(-100.0) == pytest.approx(0.5)


def test_four_hundred_points_are_odds_of_ten_to_one() -> None:
    assert elo.home_win_probability(400.0, neutral=True) == pytest.approx(10 / 11)


def test_shift_of_a_home_win_by_ten_between_equals() -> None:
    # 20 * 13**0.8 / (7.5 + 0.006 * 100) * (1 - 0.6400650)
    assert elo.shift(0.0, 10) == pytest.approx(6.917095, abs=1e-5)


def test_shift_of_a_home_loss_by_ten_between_equals() -> None:
    # the winner's edge is -100: 20 * 13**0.8 / (7.5 - 0.6) * -0.6400650
    assert elo.shift(0.0, -10) == pytest.approx(-14.439750, abs=1e-5)


def test_shift_at_a_neutral_site_knows_no_home_edge() -> None:
    # 20 * 8**0.8 / 7.5 * 0.5
    assert elo.shift(0.0, 5, neutral=True) == pytest.approx(7.037376, abs=1e-5)


def test_a_new_season_takes_a_quarter_of_the_way_back_to_1505() -> None:
    assert elo.at_new_season(1705.0) == 1655.0
    assert elo.at_new_season(1705.0, seasons=2) == 1617.5
    assert elo.at_new_season(1505.0) == 1505.0


@given(st.floats(-600, 600), st.integers(1, 60), st.booleans())
def test_a_winner_never_loses_points(difference: float, margin: int, neutral: bool) -> None:
    assert elo.shift(difference, margin, neutral) > 0
    assert elo.shift(difference, -margin, neutral) < 0
