from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from engine.monitoring.statistics import ks, normalised_wasserstein, psi

DISTANCES = (ks, normalised_wasserstein, psi)
SAMPLES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60).map(np.array)


@pytest.mark.parametrize("distance", DISTANCES)
@given(sample=SAMPLES)
def test_a_sample_lies_at_distance_zero_from_itself(distance, sample):
    assert distance(sample, sample) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("distance", DISTANCES)
@given(one=SAMPLES, other=SAMPLES)
def test_no_distance_is_negative_or_infinite(distance, one, other):
    assert 0 <= distance(one, other) < np.inf


def test_distances_of_samples_worked_out_by_hand():
    reference, window = np.array([0.0, 1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0, 5.0])
    assert ks(reference, window) == pytest.approx(0.5)
    assert normalised_wasserstein(reference, window) == pytest.approx(2 / reference.std())


def test_ks_agrees_with_scipy():
    random = np.random.default_rng(2)
    reference, window = random.normal(size=300).round(1), random.normal(0.4, size=70).round(1)
    assert ks(reference, window) == pytest.approx(ks_2samp(reference, window).statistic)


def test_psi_of_shares_worked_out_by_hand():
    reference, window = np.array([0.0] * 50 + [1.0] * 50), np.array([0.0] * 25 + [1.0] * 75)
    assert psi(reference, window) == pytest.approx(0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5))


@pytest.mark.parametrize("distance", DISTANCES)
def test_a_larger_shift_is_a_larger_distance(distance):
    sample = np.random.default_rng(1).normal(size=500)
    distances = [distance(sample, sample + shift) for shift in (0.0, 0.3, 0.6, 1.2)]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1]


def test_leaving_a_constant_shows():
    assert normalised_wasserstein(np.ones(50), np.full(50, 3.0)) == pytest.approx(2.0)
