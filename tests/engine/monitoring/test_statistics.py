from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring.statistics import (
    STATISTICS,
    kolmogorov_smirnov,
    normalised_wasserstein,
    population_stability_index,
)

SAMPLES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=60).map(np.array)
EACH = pytest.mark.parametrize("distance", STATISTICS.values(), ids=STATISTICS)


@EACH
@given(sample=SAMPLES)
def test_a_sample_lies_at_distance_zero_from_itself(distance, sample):
    assert distance(sample, sample) == pytest.approx(0, abs=1e-9)


@EACH
@given(one=SAMPLES, other=SAMPLES)
def test_no_distance_is_negative_or_infinite(distance, one, other):
    assert 0 <= distance(one, other) < np.inf


@EACH
def test_a_larger_shift_is_a_larger_distance(distance):
    sample = np.random.default_rng(1).normal(size=500)
    distances = [distance(sample, sample + shift) for shift in (0.0, 0.3, 0.6, 1.2)]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1]


@EACH
def test_leaving_a_constant_upwards_shows(distance):
    assert distance(np.ones(50), np.full(50, 3.0)) > 0.5


@EACH
def test_a_rare_value_that_becomes_the_rule_shows(distance):
    reference = np.repeat([0.0, 1.0], [94, 6])
    assert distance(reference, np.ones(200)) > 0.5


def test_wasserstein_worked_out_by_hand():
    reference, window = np.array([0.0, 1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0, 5.0])
    assert normalised_wasserstein(reference, window) == pytest.approx(2 / reference.std())


def test_kolmogorov_smirnov_worked_out_by_hand():
    assert kolmogorov_smirnov(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0, 6.0])) == pytest.approx(0.5)


def test_the_stability_index_worked_out_by_hand():
    reference = np.arange(1, 11).astype(float)
    window = np.repeat([1.0, 10.0], [10, 10])
    shares = np.full(10, 0.025)
    shares[[0, 9]] = 0.5
    expected = ((shares - 0.1) * np.log(shares / 0.1)).sum()
    assert population_stability_index(reference, window) == pytest.approx(expected)
