"""Picks that keep their promise are never called degraded; picks that break it are, and the measure says how."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from engine.core.monitor_reports import Measure, Performance, Trend
from engine.core.records import Outcome, Pick
from engine.monitoring.drift import STEP, WINDOW
from engine.monitoring.performance import performance_of

ENOUGH = WINDOW + STEP
MODEL = "game-test@1.0.0"
SPREAD, TOTAL_SPREAD = 13.0, 18.0
BASELINE = {"log_loss": 0.62, "margin_mae": 10.4, "margin_80_coverage": 0.8}


def pick(number: int, chance: float, margin: float, points: tuple[int, int], total: float = 220.0) -> Pick:
    """A graded pick with an 80% interval of ±1.28 standard deviations."""
    reach, total_reach = 1.28 * SPREAD, 1.28 * TOTAL_SPREAD
    home_won = points[0] > points[1]
    return Pick(
        game_id=f"{number:010}",
        league_day=date(2024, 10, 22) + timedelta(days=number // 7),
        home_id=1,
        away_id=2,
        home_win_prob=chance,
        margin=margin,
        total=total,
        model=MODEL,
        published_at=datetime(2024, 10, 22, tzinfo=UTC),
        outcome=Outcome.HIT if home_won == (chance >= 0.5) else Outcome.MISS,
        home_points=points[0],
        away_points=points[1],
        margin_80=(margin - reach, margin + reach),
        total_80=(total - total_reach, total + total_reach),
    )


def season(n: int, seed: int, truth: Callable[[float], float] = lambda margin: margin, more: float = 0.0) -> list[Pick]:
    """n picks whose real expected margin is truth(forecast margin) and whose totals come out `more` points higher."""
    dice = np.random.default_rng(seed)
    found = []
    for number, margin in enumerate(dice.normal(2.5, 6, n)):
        real = dice.normal(truth(margin), SPREAD)
        real = math.copysign(max(1, round(abs(real))), real)
        total = round(dice.normal(220 + more, TOTAL_SPREAD))
        total += (total + int(real)) % 2
        chance = 0.5 * (1 + math.erf(margin / SPREAD / math.sqrt(2)))
        found.append(pick(number, chance, float(margin), ((total + int(real)) // 2, (total - int(real)) // 2)))
    return found


def judged(picks: Sequence[Pick], baseline: dict[str, float] | None = None) -> Performance:
    found = performance_of(MODEL, picks, BASELINE if baseline is None else baseline)
    assert found is not None
    return found


def measure(found: Performance, name: str) -> Measure:
    return next(one for one in found.measures if one.name == name)


def alarms(found: Performance) -> set[str]:
    return {one.name for one in found.alarming}


def test_picks_that_keep_their_promise_stay_silent_through_forty_seasons_of_windows():
    alarmed = [alarms(judged(season(ENOUGH, seed))) for seed in range(200)]
    assert sum(map(bool, alarmed)) <= 8, "a window in 25, where 40 seasons hold some 240 of them side by side"
    assert not any({"log_loss", "margin_80_coverage", "total_80_coverage"} & found for found in alarmed)


def test_picks_whose_games_turn_out_the_other_way_alarm():
    found = judged(season(ENOUGH, seed=1, truth=lambda margin: -margin))
    loss = measure(found, "log_loss")
    assert loss.alarming
    assert loss.value > loss.high > loss.expected


def test_picks_that_know_nothing_any_more_fall_behind_the_backtest():
    blind = [pick(number, 0.5, 0.1, (110, 100) if number % 2 else (100, 110)) for number in range(ENOUGH)]
    loss = measure(judged(blind, {"log_loss": 0.60}), "log_loss")
    assert (loss.expected, loss.value) == (pytest.approx(math.log(2)),) * 2, "a coin keeps its promise"
    assert loss.alarming
    assert not measure(judged(blind, {}), "log_loss").alarming


def test_four_percent_more_points_are_noticed_in_the_totals():
    assert alarms(judged(season(ENOUGH, seed=2, more=9))) == {"total_bias"}


def test_home_sides_that_do_five_points_worse_are_noticed_in_the_margins():
    assert "margin_bias" in alarms(judged(season(ENOUGH, seed=3, truth=lambda margin: margin - 5)))


def test_intervals_that_became_too_narrow_are_noticed():
    wide = [pick(number, 0.5, 0.5, (110 + 9 * sign, 110 - 9 * sign)) for number, sign in enumerate((1, -1) * ENOUGH)]
    assert "margin_80_coverage" in alarms(judged(wide[:ENOUGH]))


def test_one_bad_window_does_not_alarm_before_the_next_agrees():
    picks = season(ENOUGH, seed=4, truth=lambda margin: -margin)
    assert not judged(picks[:WINDOW]).alarming
    assert judged(picks).alarming


@pytest.mark.parametrize("n", [1, 3, WINDOW - 1])
def test_few_picks_are_shown_and_not_judged(n):
    found = judged(season(n, seed=5, truth=lambda margin: -4 * margin))
    assert (found.n, found.alarming, found.trend) == (n, (), Trend.UNKNOWN)


def test_picks_that_are_void_or_open_do_not_count():
    picks = season(30, seed=6)
    open_ones = [replace(one, outcome=Outcome.VOID) for one in picks]
    assert performance_of(MODEL, open_ones, {}) is None
    assert judged([*open_ones, *picks]).n == 30


def test_expectation_and_band_are_those_of_all_possible_outcomes():
    chances = (0.3, 0.5, 0.8, 0.95)
    scores, weights = [], []
    for outcome in itertools.product((True, False), repeat=len(chances)):
        points = [(110, 100) if won else (100, 110) for won in outcome]
        found = judged([pick(n, p, 1.0, points[n]) for n, p in enumerate(chances)], {})
        scores.append([measure(found, name).value for name in ("log_loss", "brier", "accuracy")])
        weights.append(math.prod(p if won else 1 - p for p, won in zip(chances, outcome, strict=True)))
    means = np.average(scores, weights=weights, axis=0)
    spreads = np.average((np.array(scores) - means) ** 2, weights=weights, axis=0) ** 0.5
    for name, mean, spread in zip(("log_loss", "brier", "accuracy"), means, spreads, strict=True):
        assert measure(found, name).expected == pytest.approx(mean)
        assert measure(found, name).high == pytest.approx(mean + 1.96 * spread)


def test_the_rolling_brier_score_ends_with_the_measure_of_the_window_and_moves_with_the_picks():
    good, bad = season(ENOUGH, seed=8), season(150, seed=9, truth=lambda margin: -margin)
    found = judged([*good, *bad])
    brier = measure(found, "brier")
    last = found.rolling[-1]
    assert (last.value, last.expected) == (pytest.approx(brier.value), pytest.approx(brier.expected))
    assert (last.low, last.high) == (pytest.approx(brier.low), pytest.approx(brier.high))
    assert last.day == found.last_day
    assert found.rolling[0].value < found.rolling[0].high < last.value
    assert 30 <= len(found.rolling) <= 60


def test_fewer_picks_than_a_window_have_no_rolling_score():
    assert judged(season(199, seed=1)).rolling == ()
    assert len(judged(season(200, seed=1)).rolling) == 1


def test_picks_without_intervals_have_no_coverage():
    picks = [replace(one, margin_80=None, total_80=None) for one in season(20, seed=7)]
    assert not {one.name for one in judged(picks).measures} & {"margin_80_coverage", "total_80_coverage"}


def test_the_calibration_error_of_calibrated_picks_lies_in_its_band():
    inside = [(one := measure(judged(season(WINDOW, seed)), "ece")).low <= one.value <= one.high for seed in range(40)]
    assert sum(inside) >= 30


def test_a_trend_has_a_direction_and_an_error():
    getting_worse = [*season(WINDOW, seed=8), *season(WINDOW, seed=9, truth=lambda margin: -margin)]
    found = judged(getting_worse)
    assert found.trend is Trend.DEGRADING
    assert found.slope > 2 * found.slope_error > 0
    recovering = judged([*season(WINDOW, seed=9, truth=lambda margin: -margin), *season(WINDOW, seed=8)])
    assert recovering.trend is Trend.IMPROVING
    trends = [judged(season(2 * WINDOW, seed)).trend for seed in range(40)]
    assert trends.count(Trend.STABLE) >= 34


def test_the_reliability_diagram_counts_every_pick():
    assert sum(one.n for one in judged(season(WINDOW, seed=10)).reliability) == WINDOW


def test_certainty_that_fails_is_punished_and_finite():
    loss = measure(judged([pick(0, 1.0, 20.0, (100, 110))]), "log_loss")
    assert 10 < loss.value < math.inf
