from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import BundleError
from engine.features.contract import GAME_FEATURES, contract_hash, names
from engine.models.estimators import LinearGameModel, LinearHead, sigmoid

WIDTH = len(GAME_FEATURES)
ZEROS = (0.0,) * WIDTH


def model(win: tuple[float, ...] = ZEROS, total: LinearHead | None = None, scale: float = 7.0) -> LinearGameModel:
    return LinearGameModel(
        "logistic",
        contract_hash(GAME_FEATURES),
        LinearHead(0.0, win, ZEROS),
        total or LinearHead(220.0, ZEROS, ZEROS),
        scale,
    )


def at(index: int, value: float) -> tuple[float, ...]:
    return tuple(value if column == index else 0.0 for column in range(WIDTH))


values = st.floats(-500, 500)
weights = st.lists(st.floats(-0.5, 0.5), min_size=WIDTH, max_size=WIDTH).map(tuple)
rows = st.lists(values, min_size=WIDTH, max_size=WIDTH).map(tuple)


def test_a_forecast_is_the_weighted_sum_of_the_row() -> None:
    one = model(at(0, 0.01), LinearHead(220.0, at(1, 2.0), at(1, 5.0)))
    numbers = one.predict(tuple(a + b for a, b in zip(at(0, 50.0), at(1, 8.0), strict=True)))
    assert numbers.home_win_prob == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert numbers.margin == pytest.approx(3.5)
    assert numbers.total == pytest.approx(226.0)
    assert dict(numbers.contributions)[names(GAME_FEATURES)[0]] == pytest.approx(3.5)


def test_an_even_game_is_even() -> None:
    numbers = model(at(0, 0.01)).predict(ZEROS)
    assert (numbers.home_win_prob, numbers.margin) == (0.5, 0.0)


@given(weights, rows, st.floats(0.1, 30))
def test_contributions_sum_to_the_margin_exactly(win: tuple[float, ...], row: tuple[float, ...], scale: float) -> None:
    numbers = model(win, scale=scale).predict(row)
    assert [name for name, _ in numbers.contributions] == list(names(GAME_FEATURES))
    assert sum(points for _, points in numbers.contributions) == numbers.margin


@given(weights, rows, st.floats(0.1, 30))
def test_margin_and_probability_never_name_different_winners(
    win: tuple[float, ...], row: tuple[float, ...], scale: float
) -> None:
    numbers = model(win, scale=scale).predict(row)
    assert 0 <= numbers.home_win_prob <= 1
    assert (numbers.home_win_prob - 0.5) * numbers.margin >= 0


@given(weights, rows)
def test_a_larger_margin_is_a_larger_probability(win: tuple[float, ...], row: tuple[float, ...]) -> None:
    once, twice = model(win).predict(row), model(win).predict(tuple(2 * value for value in row))
    assert (twice.home_win_prob - once.home_win_prob) * (twice.margin - once.margin) >= 0


@given(weights, rows)
def test_a_model_comes_back_from_its_file_bit_for_bit(win: tuple[float, ...], row: tuple[float, ...]) -> None:
    one = model(win, LinearHead(211.5, win, row))
    again = LinearGameModel.from_json(json.loads(json.dumps(one.to_json(), allow_nan=False)))
    assert again == one
    assert again.predict(row) == one.predict(row)


@pytest.mark.parametrize("logit", [-2000.0, -1.0, 0.0, 1.0, 2000.0])
def test_the_logistic_curve_does_not_overflow(logit: float) -> None:
    assert sigmoid(logit) + sigmoid(-logit) == pytest.approx(1.0)


@pytest.mark.parametrize("row", [(), ZEROS[:-1], (*ZEROS, 0.0), at(0, math.nan), at(1, math.inf)])
def test_a_row_that_does_not_fit_is_refused(row: tuple[float, ...]) -> None:
    with pytest.raises(BundleError, match="does not fit the model"):
        model().predict(row)


def put(path: tuple[str, ...], value: object) -> dict[str, Any]:
    """The file of a sound model with one thing changed."""
    content: dict[str, Any] = json.loads(json.dumps(model(at(0, 0.01)).to_json()))
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        "linear-game",
        put(("kind",), "forest"),
        put(("family",), None),
        put(("family",), ""),
        put(("win",), None),
        put(("win", "intercept"), "0"),
        put(("win", "intercept"), 0.3),
        put(("win", "coefficients"), [0.1]),
        put(("win", "coefficients"), "0.1"),
        put(("win", "coefficients"), [None] * WIDTH),
        put(("win", "means"), [1.0] * WIDTH),
        put(("total", "coefficients"), [math.nan] * WIDTH),
        put(("total", "means"), [math.inf] * WIDTH),
        put(("total", "intercept"), True),
        put(("points_per_logit",), 0.0),
        put(("points_per_logit",), -6.0),
        put(("points_per_logit",), math.nan),
        put(("points_per_logit",), 10**400),
    ],
)
def test_a_file_that_is_no_sound_model_is_refused(content: object) -> None:
    with pytest.raises(BundleError, match="cannot be used"):
        LinearGameModel.from_json(content)


@pytest.mark.parametrize("content", [put(("contract",), "0" * 64), put(("features",), ["elo"])])
def test_a_model_for_other_features_is_refused(content: object) -> None:
    with pytest.raises(BundleError, match="made for other features"):
        LinearGameModel.from_json(content)


def test_serving_a_model_imports_no_numpy() -> None:
    code = (
        "import sys, engine.models.estimators, engine.features.game, engine.models.training, engine.models.evaluation;"
        "sys.exit(bool({'numpy', 'pandas', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
