from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from engine.monitoring.performance import performance_of


def test_expectation_and_spread_are_those_of_all_possible_outcomes():
    chances = (0.3, 0.5, 0.8, 0.95)
    scores, weights = [], []
    for outcome in itertools.product((True, False), repeat=len(chances)):
        found = performance_of(list(zip(chances, outcome, strict=True)))
        scores.append(found.log_loss)
        weights.append(math.prod(p if won else 1 - p for p, won in zip(chances, outcome, strict=True)))
    mean = np.average(scores, weights=weights)
    assert found.expected_log_loss == pytest.approx(mean)
    assert found.log_loss_sd == pytest.approx(np.average((np.array(scores) - mean) ** 2, weights=weights) ** 0.5)


def test_no_picks_have_no_performance():
    assert performance_of([]) is None


def test_coin_flips_leave_nothing_to_chance():
    assert performance_of([(0.5, True), (0.5, False)]).excess == 0.0


def test_certainty_that_fails_is_punished_and_finite():
    assert 10 < performance_of([(1.0, False)]).log_loss < math.inf
