"""Each figure against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.models import scores

FORECASTS = np.array([0.9, 0.6, 0.2, 0.5])
WINS = np.array([1.0, 0.0, 0.0, 1.0])


def test_log_loss() -> None:
    expected = -(math.log(0.9) + math.log(0.4) + math.log(0.8) + math.log(0.5)) / 4
    assert scores.log_loss(FORECASTS, WINS) == pytest.approx(expected)


def test_log_loss_of_a_sure_and_wrong_forecast_is_large_but_finite() -> None:
    assert 30 < scores.log_loss(np.array([1.0]), np.array([0.0])) < 40


def test_brier() -> None:
    assert scores.brier(FORECASTS, WINS) == pytest.approx((0.01 + 0.36 + 0.04 + 0.25) / 4)


def test_accuracy_counts_an_even_forecast_for_the_home_side() -> None:
    assert scores.accuracy(FORECASTS, WINS) == 0.75
    assert scores.accuracy(np.array([0.5]), np.array([0.0])) == 0.0


def test_expected_calibration_error() -> None:
    forecasts = np.array([0.11, 0.19, 0.55, 1.0])
    wins = np.array([0.0, 1.0, 1.0, 1.0])
    # bins: [0.1, 0.2) mean 0.15 against 0.5, two games; [0.5, 0.6) 0.55 against 1; the last one is met exactly
    assert scores.expected_calibration_error(forecasts, wins) == pytest.approx((2 * 0.35 + 0.45 + 0) / 4)


def test_calibration_slope_is_one_where_forecasts_equal_shares() -> None:
    forecasts = np.repeat([0.25, 0.75], 4)
    wins = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=float)
    assert scores.calibration_line(forecasts, wins) == pytest.approx((0.0, 1.0))


def test_forecasts_twice_too_bold_have_slope_one_half() -> None:
    forecasts = 1 / (1 + np.exp(-2 * np.repeat([-math.log(3), math.log(3)], 4)))
    wins = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=float)
    assert scores.calibration_line(forecasts, wins) == pytest.approx((0.0, 0.5))


def test_home_sides_that_win_more_than_forecast_give_an_intercept_above_zero() -> None:
    line = scores.calibration_line(np.repeat([0.2, 0.5], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=float))
    assert line is not None
    assert line[0] > 0


@pytest.mark.parametrize(
    ("forecasts", "wins"),
    [([0.6, 0.6, 0.6], [1, 0, 1]), ([0.2, 0.7], [1, 1]), ([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]), ([0.4], [1])],
)
def test_an_undefined_calibration_is_none(forecasts: list[float], wins: list[float]) -> None:
    assert scores.calibration_line(np.array(forecasts), np.array(wins, dtype=float)) is None


def test_calibrated_outcomes_have_an_ece_within_its_band_and_wrong_ones_have_not() -> None:
    dice = np.random.default_rng(1)
    forecasts = dice.uniform(0.2, 0.8, 4000)
    low, high = scores.calibration_error_band(forecasts, seed=1)
    fair = (dice.random(4000) < forecasts).astype(float)
    shifted = (dice.random(4000) < forecasts + 0.06).astype(float)
    assert low < scores.expected_calibration_error(forecasts, fair) < high
    assert scores.expected_calibration_error(forecasts, shifted) > high
    assert scores.calibration_error_band(forecasts, seed=1) == (low, high)


def test_reliability_counts_every_game_once() -> None:
    bins = scores.reliability(FORECASTS, WINS)
    assert [(one.low, one.n, one.observed) for one in bins] == [(0.2, 1, 0), (0.5, 1, 1), (0.6, 1, 0), (0.9, 1, 1)]
    assert [one.mean_forecast for one in bins] == pytest.approx([0.2, 0.5, 0.6, 0.9])


def test_coverage_is_the_share_of_misses_within_their_own_interval() -> None:
    misses, low, high = np.array([1.0, -3.0, 9.0]), np.array([-2.0, -2.0, -10.0]), np.array([2.0, 2.0, 10.0])
    assert scores.coverage(misses, low, high) == pytest.approx(2 / 3)
    assert scores.coverage(misses, np.full(3, np.nan), high) is None


def test_a_better_forecast_has_a_difference_below_zero_and_an_interval_around_it() -> None:
    dice = np.random.default_rng(2)
    chance = dice.uniform(0.1, 0.9, 3000)
    wins = (dice.random(3000) < chance).astype(float)
    days = np.repeat(np.arange(600), 5)
    found = scores.paired_difference((chance, np.full(3000, 0.5)), wins, days, seed=1)
    assert found is not None
    assert found.n == 3000
    assert found.low < found.mean < found.high < 0
    assert found.mean == pytest.approx(scores.log_loss(chance, wins) - scores.log_loss(np.full(3000, 0.5), wins))
    same = scores.paired_difference((chance, chance), wins, days, seed=1)
    assert same is not None
    assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)


def test_no_common_game_gives_no_difference() -> None:
    none = np.empty(0)
    assert scores.paired_difference((none, none), none, np.empty(0, dtype=np.int64), seed=1) is None


def test_mean_absolute_error_skips_games_without_a_forecast() -> None:
    assert scores.mean_absolute_error(np.array([3.0, np.nan, -2.0]), np.array([5.0, 1.0, 2.0])) == 3.0
    assert scores.mean_absolute_error(np.array([np.nan]), np.array([1.0])) is None
