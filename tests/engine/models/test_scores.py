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
    assert scores.calibration_slope(forecasts, wins) == pytest.approx(1.0)


def test_forecasts_twice_too_bold_have_slope_one_half() -> None:
    forecasts = 1 / (1 + np.exp(-2 * np.repeat([-math.log(3), math.log(3)], 4)))
    wins = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=float)
    assert scores.calibration_slope(forecasts, wins) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("forecasts", "wins"),
    [([0.6, 0.6, 0.6], [1, 0, 1]), ([0.2, 0.7], [1, 1]), ([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]), ([0.4], [1])],
)
def test_an_undefined_slope_is_none(forecasts: list[float], wins: list[float]) -> None:
    assert scores.calibration_slope(np.array(forecasts), np.array(wins, dtype=float)) is None


def test_mean_absolute_error_skips_games_without_a_forecast() -> None:
    assert scores.mean_absolute_error(np.array([3.0, np.nan, -2.0]), np.array([5.0, 1.0, 2.0])) == 3.0
    assert scores.mean_absolute_error(np.array([np.nan]), np.array([1.0])) is None
