from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import BundleError
from engine.models.scorers import EDGES, LEVELS, SWAPPED, WIDTH, Blend, Linear, Odd, Scorer, Term, scorer_from_json
from engine.models.trees import Trees

ZEROS = (0.0,) * WIDTH
STUMP = Trees((0,), (EDGES[0], -1, -1), (1.5, 0.0, 0.0), (1, -1, -1), (2, -1, -1), (0.5, -2.0, 4.0))
"""Says -2 up to 1.5 of the first edge, 4 beyond it, 0.5 on average."""

rows = st.lists(st.floats(-500, 500), min_size=WIDTH, max_size=WIDTH).map(tuple)
coefficients = st.lists(st.floats(-0.5, 0.5), min_size=WIDTH, max_size=WIDTH).map(tuple)


def at(index: int, value: float) -> tuple[float, ...]:
    return tuple(value if column == index else 0.0 for column in range(WIDTH))


def linear(values: tuple[float, ...]) -> Linear:
    return Linear(0.0, tuple(value if place in EDGES else 0.0 for place, value in enumerate(values)), ZEROS)


def nested(values: tuple[float, ...]) -> Blend:
    return Blend((Term("linear", 0.25, linear(values)), Term("tree", -2.0, Odd(STUMP))))


def swapped(row: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(factor * value for factor, value in zip(SWAPPED, row, strict=True))


def value(scorer: Scorer, row: tuple[float, ...]) -> float:
    constant, parts = scorer.parts(row)
    return constant + sum(parts)


def test_edges_and_levels_are_all_features() -> None:
    assert sorted((*EDGES, *LEVELS)) == list(range(WIDTH))


def test_a_linear_score_is_the_weighted_sum_of_deviations() -> None:
    scorer = Linear(3.0, at(1, 2.0), at(1, 5.0))
    assert scorer.parts(at(1, 8.0)) == (3.0, at(1, 6.0))


def test_an_odd_score_is_half_the_difference_of_the_two_orientations() -> None:
    row = at(EDGES[0], 2.0)
    assert value(STUMP, row) == 4.0
    assert value(Odd(STUMP), row) == pytest.approx((4.0 - -2.0) / 2)
    assert Odd(STUMP).parts(row)[0] == 0.0


def test_a_blend_is_the_weighted_sum_of_its_members() -> None:
    row = at(EDGES[0], 2.0)
    assert value(nested(at(EDGES[0], 0.1)), row) == pytest.approx(0.25 * 0.2 - 2.0 * 3.0)


@given(coefficients, rows)
def test_swapping_the_sides_gives_the_opposite_score(values: tuple[float, ...], row: tuple[float, ...]) -> None:
    for scorer in (linear(values), Odd(STUMP), nested(values)):
        assert scorer.odd
        assert value(scorer, swapped(row)) == -value(scorer, row)


@given(coefficients, rows)
def test_many_rows_score_as_one_by_one(values: tuple[float, ...], row: tuple[float, ...]) -> None:
    found = nested(values).values(np.array([row, ZEROS]))
    assert found == pytest.approx([value(nested(values), row), value(nested(values), ZEROS)], abs=1e-9)


@given(coefficients, rows)
def test_a_scorer_comes_back_from_its_file_bit_for_bit(values: tuple[float, ...], row: tuple[float, ...]) -> None:
    files: dict[str, bytes] = {}
    again = scorer_from_json(json.loads(json.dumps(nested(values).to_json(files), allow_nan=False)), files)
    assert again == nested(values)
    assert again.parts(row) == nested(values).parts(row)


def test_what_depends_on_a_level_or_has_an_intercept_is_not_odd() -> None:
    assert not Linear(0.0, at(LEVELS[0], 1.0), ZEROS).odd
    assert not Linear(0.1, ZEROS, ZEROS).odd
    assert not Blend((Term("tree", 1.0, STUMP),)).odd


LINEAR: dict[str, Any] = {
    "kind": "linear",
    "intercept": 0.0,
    "coefficients": [0.0] * WIDTH,
    "means": [0.0] * WIDTH,
}


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        "linear",
        {"kind": "pickle"},
        {**LINEAR, "intercept": "0"},
        {**LINEAR, "intercept": True},
        {**LINEAR, "intercept": math.nan},
        {**LINEAR, "intercept": 10**400},
        {**LINEAR, "coefficients": [0.1]},
        {**LINEAR, "coefficients": "0.1"},
        {**LINEAR, "coefficients": [None] * WIDTH},
        {**LINEAR, "means": [math.inf] * WIDTH},
        {"kind": "odd"},
        {"kind": "blend", "terms": None},
        {"kind": "blend", "terms": [None]},
        {"kind": "blend", "terms": [{"name": "x", "weight": math.nan, "scorer": LINEAR}]},
        {"kind": "booster", "file": "xgboost.ubj"},
    ],
)
def test_content_that_is_no_sound_scorer_is_refused(content: object) -> None:
    with pytest.raises(BundleError, match="cannot be used"):
        scorer_from_json(content, {})
