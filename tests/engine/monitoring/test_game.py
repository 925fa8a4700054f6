"""The whole verdict: inputs and picks together, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from engine.core.monitor_reports import Measure, Performance, Trend, Verdict
from engine.engine import Engine
from engine.features.contract import GAME_FEATURES, names
from engine.monitoring.drift import STEP, WINDOW, Reference
from engine.monitoring.game import WATCHED, describe, monitor

NAMES = names(GAME_FEATURES)
PLAYOFFS = NAMES.index("playoffs")
MODEL = "game-test@1.0.0"


def rows(n: int, seed: int = 2) -> np.ndarray:
    """Games of a regular season."""
    found = np.random.default_rng(seed).normal(size=(n, len(NAMES)))
    found[:, PLAYOFFS] = 0
    return found


def later(games: np.ndarray, amount: float) -> np.ndarray:
    """The same games with every feature moved."""
    moved = games + amount
    moved[:, PLAYOFFS] = 0
    return moved


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.from_json(describe(rows(2400, seed=1), np.repeat([2022, 2023], 1200)))


def performance(n: int, *alarming: Measure) -> Performance:
    loss = Measure("log_loss", 0.63, 0.62, 0.58, 0.66, 0.62)
    day = date(2025, 1, 1)
    return Performance(MODEL, n, day, day, (loss, *alarming), Trend.STABLE, 0.0, 0.01, ())


BAD_LOSS = Measure("log_loss", 0.81, 0.62, 0.58, 0.66, 0.615, alarming=True)


def test_199_games_are_not_enough(reference):
    report = monitor(MODEL, rows(WINDOW - 1), reference)
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert (report.n, report.needed, report.features) == (199, 200, ())
    assert "199 games" in report.summary


def test_games_of_the_same_kind_are_stable_and_nothing_is_to_do(reference):
    report = monitor(MODEL, rows(WINDOW + STEP), reference, [performance(WINDOW)])
    assert report.verdict is Verdict.STABLE
    assert report.recommendation == "Nothing to do."
    assert "look like those" in report.summary
    assert "within chance" in report.summary


def test_a_shift_is_drift_and_the_words_name_the_feature_and_the_step(reference):
    moved = rows(WINDOW + STEP)
    moved[:, NAMES.index("pace")] += 1.5
    report = monitor(MODEL, moved, reference)
    assert report.verdict is Verdict.DRIFTING
    assert [one.feature for one in report.drifting] == ["pace"]
    assert "in pace." in report.summary
    assert report.recommendation.startswith("Train a new version")


def test_a_shift_in_one_window_only_is_mentioned_and_stable(reference):
    moved = rows(WINDOW)
    moved[:, NAMES.index("pace")] += 1.5
    report = monitor(MODEL, moved, reference)
    assert report.verdict is Verdict.STABLE
    assert "unusual in pace" in report.summary


def test_many_features_are_counted_instead_of_listed(reference):
    report = monitor(MODEL, later(rows(WINDOW + STEP), 5), reference)
    assert f"and {len(WATCHED) - 4} others." in report.summary


def test_bad_picks_are_worse_news_than_drift(reference):
    report = monitor(MODEL, later(rows(WINDOW + STEP), 5), reference, [performance(WINDOW, BAD_LOSS)])
    assert report.verdict is Verdict.DEGRADED
    assert "log loss 0.810, expected 0.620, backtest 0.615" in report.summary
    assert "the picks suffer" in report.recommendation


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure("margin_bias", -2.8, 0.0, -1.8, 1.8, None, True), "home sides do 2.8 points worse than forecast"),
        (Measure("total_bias", 6.1, 0.0, -4, 4, None, True), "both sides together score 6.1 points more than forecast"),
        (Measure("margin_80_coverage", 0.69, 0.8, 0.75, 0.85, 0.8, True), "margins fell outside their intervals"),
    ],
)
def test_every_fault_has_its_words(reference, measure, words):
    report = monitor(MODEL, rows(WINDOW + STEP), reference, [performance(WINDOW, measure)])
    assert words in report.summary
    assert "nbabot doctor" in report.recommendation


def test_playoff_games_are_left_out_of_the_window(reference):
    strange = rows(100) + 5
    strange[:, PLAYOFFS] = 1
    report = monitor(MODEL, np.concatenate([rows(WINDOW + STEP), strange]), reference)
    assert report.verdict is Verdict.STABLE
    assert report == monitor(MODEL, rows(WINDOW + STEP), reference)


def test_few_bad_picks_are_shown_and_not_judged(reference):
    report = monitor(MODEL, rows(WINDOW), reference, [performance(20)])
    assert report.verdict is Verdict.STABLE
    assert "Only 20" in report.summary


def test_another_versions_picks_do_not_speak_for_the_champion(reference):
    report = monitor("game-test@2.0.0", rows(WINDOW), reference, [performance(WINDOW, BAD_LOSS)])
    assert report.verdict is Verdict.STABLE
    assert "None of its picks" in report.summary


def test_a_model_of_few_games_cannot_be_watched():
    small = Reference.from_json(describe(rows(300), np.repeat(2023, 300)))
    report = monitor(MODEL, rows(WINDOW), small)
    assert report.verdict is Verdict.NOT_ENOUGH_DATA
    assert "too few games" in report.summary


def test_the_engine_watches_games_after_the_training_only(engine_at: Callable[[date], Engine]) -> None:
    early = engine_at(date(2025, 1, 18)).monitor()
    assert early.verdict is Verdict.NOT_ENOUGH_DATA
    assert 0 < early.n < WINDOW
    late = engine_at(date(2025, 3, 20)).monitor()
    assert late.n == WINDOW
    assert {one.feature for one in late.features} == set(WATCHED)


def test_the_engine_scores_published_picks_by_version(engine_at: Callable[[date], Engine]) -> None:
    days = [date(2025, 1, 15) + timedelta(days=number) for number in range(4)]
    for day in days:
        engine_at(day).publish_picks()
    engine = engine_at(days[-1] + timedelta(days=1))
    engine.grade()
    report = engine.monitor()
    assert [one.model for one in report.performance] == [engine.champion().label]
    found = report.performance[0]
    assert found.n == sum(len(engine.picks(day)) for day in days)
    assert (found.first_day, found.last_day) == (days[0], days[-1])
    assert {one.name for one in found.measures} >= {"log_loss", "brier", "accuracy", "ece", "margin_mae"}
    baseline = next(one.baseline for one in found.measures if one.name == "log_loss")
    assert baseline == engine.champion().metrics["log_loss"]


def test_a_report_is_worked_out_anew_only_when_what_it_rests_on_has_changed(
    engine_at: Callable[[date], Engine],
) -> None:
    engine = engine_at(date(2025, 1, 15))
    first = engine.monitor()
    assert engine.monitor() is first
    engine.publish_picks()
    after = engine.monitor()
    assert after is not first
    other = next(one for one in engine.models() if one.family == "elo" and one.simulated)
    engine.promote(other.name, other.version, "ada", "a trial", force=True)
    assert engine.monitor().model == other.label
