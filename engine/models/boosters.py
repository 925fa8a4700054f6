"""Gradient-boosted trees in the file that XGBoost saves, served in plain Python; XGBoost itself only fits them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.errors import BundleError
from engine.features.contract import GAME_FEATURES
from engine.models.numbers import mapping, numbers, unusable
from engine.models.scorers import EDGES, WIDTH
from engine.models.trees import LEAF, Trees
from engine.models.ubjson import read_ubjson

if TYPE_CHECKING:
    import numpy as np
    import xgboost
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FILE = "xgboost.ubj"
IMPORTANCES = ("gain", "weight", "cover")
"""How much better the splits on a feature made the fit, how many they are, how many games they divide (means)."""
_ANATOMY = "anatomy"
"""Attribute of the file under which the training curve and the importances travel."""


@dataclass(frozen=True, slots=True)
class Booster:
    """The content of a .ubj file, and the trees in it. They read the edges."""

    raw: bytes
    trees: Trees
    anatomy: Mapping[str, Any]

    @classmethod
    def of(cls, booster: xgboost.Booster, curve: Mapping[str, Any]) -> Booster:
        """Keep a fitted booster with its training curve: `train` and `validation` errors by round, the `best` round."""
        booster.set_attr(**{_ANATOMY: json.dumps({"curve": curve, "importances": _importances(booster)})})
        return cls.read(bytes(booster.save_raw("ubj")))

    @classmethod
    def read(cls, raw: bytes) -> Booster:
        """Open the content of a .ubj file. Raises BundleError when it is none, or one for other features."""
        trees, learner = read_trees(raw, EDGES, WIDTH)
        return cls(raw, trees, _anatomy(learner))

    @property
    def odd(self) -> bool:
        """Never by construction."""
        return False

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The mean over the training games, and what each feature adds on the way down the trees."""
        return self.trees.parts(row)

    def values(self, x: Floats) -> Floats:
        """The scores of many rows."""
        return self.trees.values(x)

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """The name of the file that holds the trees."""
        files[FILE] = self.raw
        return {"kind": "booster", "file": FILE}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], files: Mapping[str, bytes]) -> Booster:
        """Raises BundleError when the file is missing or damaged."""
        raw = files.get(str(values.get("file")))
        if raw is None:
            raise unusable(f"{values.get('file')} is not in its bundle")
        return cls.read(raw)


def read_trees(raw: bytes, columns: Sequence[int], width: int) -> tuple[Trees, Mapping[str, Any]]:
    """The trees of a .ubj file, whose feature i is at position `columns[i]` of a row of `width`, and all that it says.

    Raises BundleError when it is no such file, or has another number of features.
    """
    learner = mapping(mapping(read_ubjson(raw), "its booster").get("learner"), "its learner")
    shape = mapping(learner.get("learner_model_param"), "its shape")
    if shape.get("num_feature") != str(len(columns)):
        raise BundleError("The model was made for other features: train a new one with `nbabot train game`.")
    booster = mapping(learner.get("gradient_booster"), "its booster")
    trees = mapping(booster.get("model"), "its model").get("trees")
    if not isinstance(trees, list) or not trees:
        raise unusable("its booster has no trees")
    return _joined([mapping(tree, "a tree") for tree in trees], columns, width), learner


def _importances(booster: xgboost.Booster) -> dict[str, dict[str, float]]:
    """For each of IMPORTANCES the features that are used at all, the most important first."""
    found: dict[str, dict[str, float]] = {}
    for kind in IMPORTANCES:
        scores = booster.get_score(importance_type=kind)
        named = {GAME_FEATURES[EDGES[int(key[1:])]].name: round(_first(score), 3) for key, score in scores.items()}
        found[kind] = dict(sorted(named.items(), key=lambda item: -item[1]))
    return found


def _first(score: float | list[float]) -> float:
    return float(score[0] if isinstance(score, list) else score)


def _anatomy(learner: Mapping[str, Any]) -> Mapping[str, Any]:
    text = mapping(learner.get("attributes"), "its attributes").get(_ANATOMY)
    try:
        return mapping(json.loads(str(text)), "its training curve")
    except (ValueError, RecursionError):
        raise unusable("its training curve is not JSON") from None


def _joined(trees: Sequence[Mapping[str, Any]], columns: Sequence[int], width: int) -> Trees:
    """XGBoost's trees as one set of arrays whose mean is XGBoost's sum.

    XGBoost goes left below a threshold, not at it. The value of an inner node is the mean of its leaves, weighted by
    the training games that reached them.
    """
    roots: list[int] = []
    features: list[int] = []
    thresholds: list[float] = []
    lefts: list[int] = []
    rights: list[int] = []
    values: list[float] = []
    for tree in trees:
        start = len(features)
        left, right = _children(tree, "left_children"), _children(tree, "right_children")
        split, condition = numbers(tree, "split_indices"), numbers(tree, "split_conditions")
        if not len(left) == len(right) == len(split) == len(condition):
            raise unusable("its trees do not have one entry per node")
        inner = [child != LEAF for child in left]
        roots.append(start)
        features += [_column(at, columns) if splits else LEAF for at, splits in zip(split, inner, strict=True)]
        thresholds += [math.nextafter(at, -math.inf) if on else 0.0 for at, on in zip(condition, inner, strict=True)]
        lefts += [child if child == LEAF else start + child for child in left]
        rights += [child if child == LEAF else start + child for child in right]
        values += [len(trees) * value for value in _node_values(tree, left, right, condition)]
    return Trees(*(tuple(roots), tuple(features), tuple(thresholds), tuple(lefts), tuple(rights), tuple(values)), width)


def _node_values(
    tree: Mapping[str, Any], left: Sequence[int], right: Sequence[int], condition: Sequence[float]
) -> list[float]:
    """Each node's mean outcome; children stand behind their parents, so the last node is done first."""
    cover = numbers(tree, "sum_hessian")
    values = list(condition)
    for node in range(len(left) - 1, -1, -1):
        here, there = left[node], right[node]
        if here == LEAF:
            continue
        if not (node < here < len(values) and node < there < len(values) and len(cover) == len(values)):
            raise unusable("a node of its trees leads nowhere")
        weight = cover[here] + cover[there]
        values[node] = (cover[here] * values[here] + cover[there] * values[there]) / weight if weight else 0.0
    return values


def _children(tree: Mapping[str, Any], key: str) -> list[int]:
    return [int(child) for child in numbers(tree, key) if math.isfinite(child)]


def _column(split: float, columns: Sequence[int]) -> int:
    if not 0 <= split < len(columns):
        raise unusable("its trees read a feature that does not exist")
    return columns[int(split)]
