from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

from engine.core.errors import BundleError
from engine.models.scorers import EDGES, WIDTH
from engine.models.trees import Trees

SOUND: dict[str, Any] = {
    "roots": [0, 3],
    "feature": [2, -1, -1, -1],
    "threshold": [1.5, 0.0, 0.0, 0.0],
    "left": [1, -1, -1, -1],
    "right": [2, -1, -1, -1],
    "value": [0.5, -2.0, 4.0, 1.0],
}


@pytest.fixture(scope="module")
def grown() -> tuple[Any, Trees, np.ndarray]:
    """A forest of scikit-learn's, its arrays, and rows to ask them about."""
    dice = np.random.default_rng(1)
    x = dice.normal(size=(400, WIDTH)).astype(np.float32).astype(float)
    y = 3 * x[:, EDGES[0]] + np.where(x[:, EDGES[1]] > 0, 5.0, -5.0)
    forest = RandomForestRegressor(n_estimators=7, max_depth=5, random_state=1).fit(x[:, EDGES], y)
    return forest, Trees.from_sklearn([tree.tree_ for tree in forest.estimators_], EDGES), x


def test_the_arrays_say_what_the_forest_says(grown: tuple[Any, Trees, np.ndarray]) -> None:
    forest, trees, x = grown
    assert trees.values(x) == pytest.approx(forest.predict(x[:, EDGES]), abs=1e-4)


def test_the_constant_and_the_parts_sum_to_the_score(grown: tuple[Any, Trees, np.ndarray]) -> None:
    _, trees, x = grown
    for row, score in zip(x[:50].tolist(), trees.values(x[:50]), strict=True):
        constant, parts = trees.parts(row)
        assert constant + sum(parts) == pytest.approx(score, abs=1e-9)


def test_a_feature_off_the_path_adds_nothing() -> None:
    constant, parts = Trees.from_json(SOUND).parts([0.0, 0.0, 9.0, *[7.0] * (WIDTH - 3)])
    assert constant == pytest.approx((0.5 + 1.0) / 2)
    assert parts == tuple(1.75 if at == 2 else 0.0 for at in range(WIDTH))


def test_arrays_come_back_from_json(grown: tuple[Any, Trees, np.ndarray]) -> None:
    _, trees, _ = grown
    assert Trees.from_json(trees.to_json({})) == trees


@pytest.mark.parametrize(
    "change",
    [
        {"roots": []},
        {"roots": [4]},
        {"roots": [-1]},
        {"roots": [0.5]},
        {"feature": [WIDTH, -1, -1, -1]},
        {"feature": [-2, -1, -1, -1]},
        {"feature": [2, -1, -1]},
        {"left": [0, -1, -1, -1]},
        {"right": [4, -1, -1, -1]},
        {"threshold": [math.nan, 0.0, 0.0, 0.0]},
        {"value": [math.inf, 0.0, 0.0, 0.0]},
        {"value": None},
    ],
)
def test_arrays_that_are_no_trees_are_refused(change: dict[str, Any]) -> None:
    """A child that stands before its parent would send a walk in circles."""
    with pytest.raises(BundleError, match="cannot be used"):
        Trees.from_json({**SOUND, **change})
