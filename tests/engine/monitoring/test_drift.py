"""Alarms and silence: what must be called drifting, and what must not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.core.errors import BundleError
from engine.monitoring.drift import HISTORY, STEP, WINDOW, Reference, drift_of, reference_of

MEMORIES = (0.0, 0.5, 0.9, 0.99)
"""How strongly a feature depends on its value in the game before: from independent games to slowly moving form."""
NAMES = tuple(f"memory {memory}" for memory in MEMORIES)
ENOUGH = WINDOW + STEP


def league(games: int, seed: int) -> np.ndarray:
    """Games x features, each feature standard normal with its own memory."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(games, len(MEMORIES)))
    for column, memory in enumerate(MEMORIES):
        for game in range(1, games):
            rows[game, column] = memory * rows[game - 1, column] + rows[game, column] * (1 - memory**2) ** 0.5
    return rows


def seasons(n: int, seed: int) -> list[np.ndarray]:
    """So many seasons of 1,200 games."""
    return np.split(league(1200 * n, seed), n)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(seasons(5, seed=1), NAMES)


def drifting(rows: np.ndarray, reference: Reference) -> list[str]:
    return [one.feature for one in drift_of(rows, NAMES, reference) if one.drifting]


@pytest.mark.parametrize("column", range(len(MEMORIES)))
def test_a_shift_of_one_feature_alarms_for_that_feature(reference, column):
    rows = league(ENOUGH, seed=2)
    rows[:, column] += 6
    assert drifting(rows, reference) == [NAMES[column]]


def test_a_wider_spread_alarms_without_a_shift(reference):
    rows = league(ENOUGH, seed=3)
    rows[:, 0] *= 1.8
    assert drifting(rows, reference) == [NAMES[0]]


def test_the_same_league_stays_silent_although_its_games_depend_on_each_other(reference):
    rows = league(40 * WINDOW, seed=4)
    ends = range(ENOUGH, len(rows), 100)
    alarmed = sum(bool(drifting(rows[end - ENOUGH : end], reference)) for end in ends)
    assert alarmed <= 1


def test_silence_also_after_a_short_training():
    alarmed = 0
    for seed in range(30):
        rows = league(5 * WINDOW + ENOUGH, seed=100 + seed)
        alarmed += bool(drifting(rows[-ENOUGH:], reference_of(np.split(rows[:-ENOUGH], 2), NAMES)))
    assert alarmed <= 1


def test_one_unusual_window_is_shown_and_does_not_alarm_before_the_next_agrees(reference):
    rows = league(ENOUGH, seed=5)
    rows[-STEP:, 0] += 8
    found = drift_of(rows, NAMES, reference)[0]
    assert (found.unusual, found.drifting) == (True, False)
    shifted = league(WINDOW, seed=6) + 6
    assert not drifting(shifted, reference), "there is no window before this one"
    assert all(one.unusual for one in drift_of(shifted, NAMES, reference))


def test_the_history_of_a_feature_ends_with_its_score_and_rises_where_it_leaves_the_usual(reference):
    rows = league(WINDOW + 3 * STEP, seed=5)
    rows[-2 * STEP :, 0] += 8
    shifted, other = drift_of(rows, NAMES, reference)[:2]
    assert len(shifted.history) == len(other.history) == 4
    assert shifted.history[-1] == shifted.score
    assert shifted.history[1] < shifted.history[2] <= shifted.history[3]
    assert drift_of(rows[:-STEP], NAMES, reference)[0].score == shifted.history[2]
    assert len(drift_of(league(4 * WINDOW, seed=6), NAMES, reference)[0].history) == HISTORY


def test_scores_run_from_usual_to_unusual(reference):
    rows = league(ENOUGH, seed=7)
    rows[:, 1] += 6
    scores = {one.feature: one.score for one in drift_of(rows, NAMES, reference)}
    assert scores[NAMES[1]] == 1.0
    assert all(0 <= score < 1 for name, score in scores.items() if name != NAMES[1])


@pytest.mark.parametrize("games", [0, 3, WINDOW - 1])
def test_a_window_of_too_few_games_is_not_judged(reference, games):
    assert drift_of(league(max(games, 1), seed=8)[:games], NAMES, reference) == ()


@pytest.mark.parametrize("few", [seasons(1, seed=9), [league(2 * WINDOW, seed=9), league(2 * WINDOW, seed=10)]])
def test_one_season_or_less_than_five_windows_do_not_tell_what_is_usual(few):
    assert reference_of(few, NAMES).usual == {}


def test_a_feature_that_never_moved_is_watched_too():
    reference = reference_of([np.zeros((1000, 1)), np.zeros((1000, 1))], ("constant",))
    assert not drift_of(np.zeros((ENOUGH, 1)), ("constant",), reference)[0].drifting
    assert drift_of(np.ones((ENOUGH, 1)), ("constant",), reference)[0].drifting


def test_only_the_last_five_seasons_count():
    old, new = [one + 100 for one in seasons(3, seed=11)], seasons(5, seed=1)
    assert reference_of([*old, *new], NAMES) == reference_of(new, NAMES)


def test_a_reference_survives_the_manifest(reference):
    read = Reference.from_json(json.loads(json.dumps(reference.to_json())))
    assert (read.window, read.apart) == (reference.window, reference.apart)
    for name in NAMES:
        assert read.quantiles[name] == pytest.approx(reference.quantiles[name], abs=1e-4)
        assert read.usual[name]["psi"].mean == pytest.approx(reference.usual[name]["psi"].mean, abs=1e-4)


def test_a_reference_takes_little_room_in_the_manifest(reference):
    assert len(json.dumps(reference.to_json())) < 1200 * len(NAMES)


@pytest.mark.parametrize(
    "value", [None, {}, {"window": 200}, [], {"window": "x", "apart": 1, "quantiles": {}, "usual": {}}]
)
def test_a_manifest_without_reference_is_refused_in_one_sentence(value):
    with pytest.raises(BundleError, match="nbabot train game"):
        Reference.from_json(value)
