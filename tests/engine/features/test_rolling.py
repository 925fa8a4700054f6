from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.features.rolling import DecayedMean, Memory


def filled(values: list[float], memory: Memory) -> DecayedMean:
    mean = DecayedMean()
    for value in values:
        mean.add(value, memory)
    return mean


def test_an_empty_mean_is_its_start() -> None:
    assert DecayedMean().mean(Memory(half_life=10, prior_games=5, start=92.0)) == 92.0


def test_an_observation_counts_half_after_its_half_life() -> None:
    memory = Memory(half_life=2, prior_games=1)
    mean = filled([8.0, 0.0, 0.0], memory)
    assert mean.total == pytest.approx(4.0)
    assert mean.weight == pytest.approx(0.5 + 0.5**0.5 + 1)


def test_the_prior_counts_as_many_games_as_it_says() -> None:
    memory = Memory(half_life=1e9, prior_games=3, start=10.0)
    assert filled([20.0], memory).mean(memory) == pytest.approx((3 * 10 + 20) / 4)


def test_a_new_season_keeps_the_carried_share_of_all_weight() -> None:
    memory = Memory(half_life=20, prior_games=4, carry=0.25)
    before = filled([6.0] * 30, memory)
    after = before.carried(memory, 1)
    assert (after.total, after.weight) == (before.total * 0.25, before.weight * 0.25)
    assert 0 < after.mean(memory) < before.mean(memory)
    assert before.carried(memory, 2) == after.carried(memory, 1)


@given(st.lists(st.floats(-50, 50), max_size=40), st.floats(1, 100), st.floats(0.5, 20), st.floats(-5, 5))
def test_a_mean_stays_between_the_smallest_and_the_largest_value(
    values: list[float], half_life: float, prior: float, start: float
) -> None:
    memory = Memory(half_life, prior, start=start)
    mean = filled(values, memory).mean(memory)
    assert min([*values, start]) - 1e-9 <= mean <= max([*values, start]) + 1e-9
