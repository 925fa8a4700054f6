"""Intervals hold where they are asked to hold: in every band of expected minutes, for high forecasts and low ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.core.errors import BundleError
from engine.models.player.misses import BANDS, FEWEST, LEVELS, Misses, band_of

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


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_intervals_hold_in_every_band(misses: Misses, share: float) -> None:
    minutes, means, outcomes = made_up(np.random.default_rng(8))
    low = misses.quantiles(minutes, means, (1 - share) / 2)
    high = misses.quantiles(minutes, means, (1 + share) / 2)
    inside = (low <= outcomes) & (outcomes <= high)
    for band in range(len(BANDS) + 1):
        assert inside[band_of(minutes) == band].mean() == pytest.approx(share, abs=0.025)


def test_one_forecast_has_the_interval_that_many_have(misses: Misses) -> None:
    minutes, means, _ = made_up(DICE, 50)
    low, high = (misses.quantiles(minutes, means, level) for level in (0.1, 0.9))
    for at in range(50):
        one = misses.interval(float(minutes[at]), float(means[at]), 0.8)
        assert one == pytest.approx((low[at], high[at]), abs=1e-9)


def test_no_interval_goes_below_zero(misses: Misses) -> None:
    assert misses.interval(5.0, 0.2, 0.95)[0] == 0.0


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
    overs = [misses.chances(33.0, 20.0, line)[0] for line in np.arange(0, 70, 0.5)]
    assert overs == sorted(overs, reverse=True)
    assert 0 < overs[-1] < overs[0] < 1


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
    values[0]["quantiles"] = [float(-at) for at in range(len(LEVELS))]
    return values


@pytest.mark.parametrize(
    "harm", [lambda values: None, lambda values: values[:-1], lambda values: [*values[:-1], {"floor": -1}], falling]
)
def test_damaged_misses_are_refused(misses: Misses, harm: object) -> None:
    assert callable(harm)
    with pytest.raises(BundleError):
        Misses.from_json(harm(json.loads(json.dumps(misses.to_json()))))
