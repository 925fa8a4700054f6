"""Intervals hold where they are asked to hold: in every band of expected minutes, for high forecasts and low ones."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from engine.core.errors import BundleError
from engine.models.player.misses import BANDS, FEWEST, SHARES, STEPS, Misses, band_of

DICE = np.random.default_rng(4)
N = 24_000


def made_up(dice: np.random.Generator, n: int = N) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes, forecasts and counts whose spread differs between bands and grows with the forecast."""
    minutes = dice.uniform(0, 40, n)
    means = minutes * dice.uniform(0.1, 0.8, n)
    wide = np.where(minutes < BANDS[0], 2.0, 1.0)
    outcomes = dice.poisson(dice.gamma(1 / (0.15 * wide), means * 0.15 * wide))
    return minutes, means, outcomes.astype(float)


@pytest.fixture(scope="module")
def misses() -> Misses:
    return Misses.of(*made_up(DICE))


@pytest.mark.parametrize("share", SHARES)
def test_intervals_hold_in_every_band(misses: Misses, share: float) -> None:
    minutes, means, outcomes = made_up(np.random.default_rng(8))
    held = misses.held(minutes, means, outcomes, share)
    for band in range(len(BANDS) + 1):
        assert held[band_of(minutes) == band].mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("share", SHARES)
def test_one_forecast_has_the_interval_that_many_have(misses: Misses, share: float) -> None:
    minutes, means, outcomes = made_up(DICE, 200)
    held = misses.held(minutes, means, outcomes, share)
    for at in range(200):
        low, high = misses.band(float(minutes[at])).interval(float(means[at]), share)
        assert held[at] == (low <= outcomes[at] <= high)


def test_half_of_the_outcomes_lie_on_either_side_of_the_median(misses: Misses) -> None:
    minutes, means, outcomes = made_up(np.random.default_rng(3))
    medians = misses.medians(minutes, means)
    assert (outcomes <= medians).mean() > 0.5 > (outcomes < medians).mean()
    one = misses.band(float(minutes[7])).median(float(means[7]))
    assert one == medians[7]


@pytest.mark.parametrize("mean", [0.0, 0.2, 0.7, 1.5, 6.0, 31.0])
def test_every_interval_takes_in_the_median_and_lies_in_the_next_wider_one(misses: Misses, mean: float) -> None:
    band = misses.band(31.0)
    ranges = [band.interval(mean, share) for share in SHARES]
    median = band.median(mean)
    assert all(0 <= low <= median <= high for low, high in ranges)
    assert all(wide[0] <= slim[0] and slim[1] <= wide[1] for slim, wide in pairwise(ranges))


@pytest.mark.parametrize("line", [0.5, 9.5, 10.0, 27.5])
def test_chances_of_a_line_are_those_seen(misses: Misses, line: float) -> None:
    minutes, means, outcomes = made_up(np.random.default_rng(15))
    near = (minutes > BANDS[2]) & (np.abs(means - 14) < 6)
    chances = np.array(
        [misses.chances(float(m), float(x), line) for m, x in zip(minutes[near], means[near], strict=True)]
    )
    assert chances[:, 0].mean() == pytest.approx((outcomes[near] > line).mean(), abs=0.02)
    assert chances[:, 1].mean() == pytest.approx((outcomes[near] < line).mean(), abs=0.02)


def test_half_a_point_leaves_no_push_and_a_whole_one_does(misses: Misses) -> None:
    over, under = misses.chances(33.0, 20.0, 20.5)
    assert over + under == pytest.approx(1.0)
    over, under = misses.chances(33.0, 20.0, 20.0)
    assert 0.9 < over + under < 1.0


def test_a_higher_line_is_never_likelier_to_be_passed(misses: Misses) -> None:
    overs = [misses.chances(33.0, 20.0, line)[0] for line in np.arange(0, 50, 0.5)]
    assert overs == sorted(overs, reverse=True)
    assert 0 < overs[-1] < overs[0] <= 1


def test_a_line_of_nothing_cannot_be_missed(misses: Misses) -> None:
    assert misses.chances(10.0, 1.0, 0.0)[1] == 0.0


def test_a_band_with_few_games_takes_the_misses_of_all() -> None:
    minutes, means, outcomes = made_up(np.random.default_rng(2), 4 * FEWEST)
    few = minutes > BANDS[0]
    found = Misses.of(minutes[few], means[few], outcomes[few])
    assert found.bands[0] == Misses.of(np.full(few.sum(), 50.0), means[few], outcomes[few]).bands[3]


def test_misses_survive_being_stored(misses: Misses) -> None:
    assert Misses.from_json(json.loads(json.dumps(misses.to_json()))) == misses


def falling(values: list[dict[str, object]]) -> object:
    values[0]["bend"] = [1 - at / STEPS for at in range(STEPS + 1)]
    return values


@pytest.mark.parametrize(
    "harm", [lambda values: None, lambda values: values[:-1], lambda values: [*values[:-1], {"linear": -1}], falling]
)
def test_damaged_misses_are_refused(misses: Misses, harm: object) -> None:
    assert callable(harm)
    with pytest.raises(BundleError):
        Misses.from_json(harm(json.loads(json.dumps(misses.to_json()))))
