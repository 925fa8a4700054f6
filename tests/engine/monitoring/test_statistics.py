from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring.statistics import normalised_wasserstein

SAMPLES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60).map(np.array)


@given(sample=SAMPLES)
def test_a_sample_lies_at_distance_zero_from_itself(sample):
    assert normalised_wasserstein(sample, sample) == pytest.approx(0, abs=1e-9)


@given(one=SAMPLES, other=SAMPLES)
def test_no_distance_is_negative_or_infinite(one, other):
    assert 0 <= normalised_wasserstein(one, other) < np.inf


def test_a_distance_worked_out_by_hand():
    reference, window = np.array([0.0, 1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0, 5.0])
    assert normalised_wasserstein(reference, window) == pytest.approx(2 / reference.std())


def test_a_larger_shift_is_a_larger_normalised_wasserstein():
    sample = np.random.default_rng(1).normal(size=500)
    distances = [normalised_wasserstein(sample, sample + shift) for shift in (0.0, 0.3, 0.6, 1.2)]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1]


def test_leaving_a_constant_shows():
    assert normalised_wasserstein(np.ones(50), np.full(50, 3.0)) == pytest.approx(2.0)
