from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from engine.core.reports import Verdict
from engine.engine import Engine
from engine.features.contract import GAME_FEATURES, names
from engine.monitoring.drift import WINDOW, Reference, reference_of
from engine.monitoring.game import ALARM, monitor
from engine.monitoring.performance import performance_of

NAMES = ("pace", "rest")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(np.random.default_rng(1).normal(size=(3000, 2)), NAMES)


def rows(n: int, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2))


def picks(n: int, truth: Callable[[float], float], seed: int = 3) -> list[tuple[float, bool]]:
    """n picks between 25% and 90%, whose home side wins with the chance `truth(percentage)`."""
    random = np.random.default_rng(seed)
    return [(p, bool(random.random() < truth(p))) for p in random.uniform(0.25, 0.9, n)]


def test_199_games_are_not_enough(reference):
    report = monitor(rows(WINDOW - 1), NAMES, reference, [])
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert (report.n, report.needed, report.features) == (199, 200, ())
    assert "199 games" in report.summary


def test_games_of_the_same_kind_are_stable(reference):
    report = monitor(rows(WINDOW + 50), NAMES, reference, picks(WINDOW, lambda p: p))
    assert report.verdict is Verdict.STABLE
    assert report.n == WINDOW


def test_a_shift_is_drift_and_the_summary_names_the_feature(reference):
    moved = rows(WINDOW)
    moved[:, 1] += 1.5
    report = monitor(moved, NAMES, reference, [])
    assert report.verdict is Verdict.DRIFTING
    assert "in rest;" in report.summary


def test_calibrated_picks_alarm_in_less_than_one_of_a_hundred_windows():
    windows = [performance_of(picks(WINDOW, lambda p: p, seed)) for seed in range(500)]
    assert sum(one.excess > ALARM for one in windows) < 5


def test_picks_whose_games_turn_out_the_other_way_alarm(reference):
    report = monitor(rows(WINDOW), NAMES, reference, picks(WINDOW, lambda p: 1 - p))
    assert report.verdict is Verdict.DRIFTING
    assert report.log_loss > report.expected_log_loss
    assert "beyond chance" in report.summary


def test_few_bad_picks_are_shown_and_not_judged(reference):
    report = monitor(rows(WINDOW), NAMES, reference, picks(20, lambda p: 0.0))
    assert report.verdict is Verdict.STABLE
    assert report.log_loss is not None
    assert "Only 20" in report.summary


def test_a_model_of_few_games_cannot_be_watched():
    small = reference_of(rows(300), NAMES)
    report = monitor(rows(WINDOW), NAMES, small, [])
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert "too few games" in report.summary


def test_the_engine_watches_games_after_the_training_only(engine_at: Callable[[date], Engine]) -> None:
    early = engine_at(date(2025, 1, 18)).monitor()
    assert early.verdict is Verdict.NOT_ENOUGH_DATA
    assert 0 < early.n < WINDOW
    late = engine_at(date(2025, 3, 20)).monitor()
    assert late.n == WINDOW
    assert {one.feature for one in late.features} == set(names(GAME_FEATURES))
