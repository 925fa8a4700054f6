"""Alarms and silence: what must be called drifting, and what must not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.core.errors import BundleError
from engine.monitoring.drift import FALSE_ALARMS, WINDOW, Reference, drift_of, reference_of

MEMORIES = (0.0, 0.5, 0.9, 0.99)
"""How strongly a feature depends on its value in the game before: from independent games to slowly moving form."""
NAMES = tuple(f"memory {memory}" for memory in MEMORIES)


def league(games: int, seed: int) -> np.ndarray:
    """Games x features, each feature standard normal with its own memory."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(games, len(MEMORIES)))
    for column, memory in enumerate(MEMORIES):
        for game in range(1, games):
            rows[game, column] = memory * rows[game - 1, column] + rows[game, column] * (1 - memory**2) ** 0.5
    return rows


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(league(6000, seed=1), NAMES)


@pytest.mark.parametrize("column", range(len(MEMORIES)))
def test_a_shift_of_one_feature_alarms_for_that_feature(reference, column):
    window = league(WINDOW, seed=2)
    window[:, column] += 6
    assert [one.feature for one in drift_of(window, NAMES, reference) if one.drifting] == [NAMES[column]]


def test_a_wider_spread_alarms_without_a_shift(reference):
    window = league(WINDOW, seed=3)
    window[:, 0] *= 1.8
    assert [one.drifting for one in drift_of(window, NAMES, reference)] == [True, False, False, False]


def test_windows_of_the_same_league_stay_silent_although_their_games_depend_on_each_other(reference):
    rows = league(80 * WINDOW, seed=4)
    windows = [rows[start : start + WINDOW] for start in range(0, len(rows), WINDOW)]
    alarmed = sum(any(one.drifting for one in drift_of(window, NAMES, reference)) for window in windows)
    assert alarmed / len(windows) <= 3 * FALSE_ALARMS


def test_silence_also_after_a_short_training():
    alarmed = 0
    for seed in range(30):
        rows = league(5 * WINDOW + WINDOW, seed=100 + seed)
        found = drift_of(rows[-WINDOW:], NAMES, reference_of(rows[:-WINDOW], NAMES))
        alarmed += any(one.drifting for one in found)
    assert alarmed <= 1


def test_training_rows_of_less_than_five_windows_give_no_limits():
    assert reference_of(league(5 * WINDOW - 1, seed=5), NAMES).limits == {}


def test_a_feature_that_never_moved_is_watched_too():
    rows = np.zeros((2000, 1))
    reference = reference_of(rows, ("constant",))
    assert not drift_of(rows[:WINDOW], ("constant",), reference)[0].drifting
    assert drift_of(rows[:WINDOW] + 1, ("constant",), reference)[0].drifting


def test_a_reference_survives_the_manifest(reference):
    read = Reference.from_json(json.loads(json.dumps(reference.to_json())))
    assert read.window == reference.window
    assert read.limits == pytest.approx(dict(reference.limits), abs=1e-4)
    assert read.quantiles[NAMES[0]] == pytest.approx(reference.quantiles[NAMES[0]], abs=1e-4)


@pytest.mark.parametrize("value", [None, {}, {"window": 200}, [], {"window": "x", "quantiles": {}, "limits": {}}])
def test_a_manifest_without_reference_is_refused_in_one_sentence(value):
    with pytest.raises(BundleError, match="nbabot train game"):
        Reference.from_json(value)
