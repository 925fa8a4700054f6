"""Decision trees as plain arrays: the mean of one tree or of a forest, and what each feature adds on the way down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.models.numbers import numbers, unusable
from engine.models.scorers import WIDTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

LEAF = -1
"""Feature and children of a node that has none."""
_DIGITS = 7
"""Significant digits that are kept of a threshold and a value; the fitted tree itself knows no more."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees one after the other in one set of arrays, one entry per node; `roots` says where each begins.

    At a node with a `feature` (position in a row of `width` numbers) values up to `threshold` go `left`, others go
    `right`.
    `value` is the mean outcome of the training games that came through. Children stand behind their parent, so that
    every walk ends. Raises BundleError for arrays that are no such trees.
    """

    roots: tuple[int, ...]
    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]
    width: int = WIDTH

    def __post_init__(self) -> None:
        size = len(self.feature)
        if {len(self.threshold), len(self.left), len(self.right), len(self.value)} != {size} or not self.roots:
            raise unusable("its trees do not have one entry per node")
        if not all(map(math.isfinite, (*self.threshold, *self.value))):
            raise unusable("a number in it is not finite")
        if not all(0 <= root < size for root in self.roots):
            raise unusable("a tree begins outside its nodes")
        for node, children in enumerate(zip(self.feature, self.left, self.right, strict=True)):
            feature, left, right = children
            if feature != LEAF and not (
                0 <= feature < self.width and node < min(left, right) and max(left, right) < size
            ):
                raise unusable("a node of its trees leads nowhere")

    @property
    def odd(self) -> bool:
        """Never by construction."""
        return False

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The mean value of the roots, and each feature's share of the change from there to the leaves."""
        added = [0.0] * self.width
        for node in self.roots:
            here = node
            while (feature := self.feature[here]) != LEAF:
                below = self.left[here] if row[feature] <= self.threshold[here] else self.right[here]
                added[feature] += self.value[below] - self.value[here]
                here = below
        count = len(self.roots)
        return sum(self.value[root] for root in self.roots) / count, tuple(one / count for one in added)

    def value_of(self, row: Sequence[float]) -> float:
        """The score of one row, without the shares of its features."""
        feature, threshold, left, right = self.feature, self.threshold, self.left, self.right
        total = 0.0
        for here in self.roots:
            while (at := feature[here]) != LEAF:
                here = left[here] if row[at] <= threshold[here] else right[here]
            total += self.value[here]
        return total / len(self.roots)

    def values(self, x: Floats) -> Floats:
        """The scores of many rows."""
        import numpy as np

        feature, threshold = np.array(self.feature), np.array(self.threshold)
        left, right, value = np.array(self.left), np.array(self.right), np.array(self.value)
        rows, scores = np.arange(len(x)), np.zeros(len(x))
        for root in self.roots:
            node: Indices = np.full(len(x), root)
            while (inner := feature[node] != LEAF).any():
                below = np.where(x[rows, feature[node]] <= threshold[node], left[node], right[node])
                node = np.where(inner, below, node)
            scores += value[node]
        return scores / len(self.roots)

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """The arrays."""
        return {
            "kind": "trees",
            "roots": list(self.roots),
            "feature": list(self.feature),
            "threshold": list(self.threshold),
            "left": list(self.left),
            "right": list(self.right),
            "value": list(self.value),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Trees:
        """Raises BundleError for anything else than what `to_json` gives."""
        return cls(
            roots=_positions(values, "roots"),
            feature=_positions(values, "feature"),
            threshold=numbers(values, "threshold"),
            left=_positions(values, "left"),
            right=_positions(values, "right"),
            value=numbers(values, "value"),
        )

    @classmethod
    def from_sklearn(cls, trees: Iterable[Any], columns: Sequence[int]) -> Trees:
        """The arrays of fitted scikit-learn regressors (`estimator.tree_`) that were shown only `columns`."""
        found = list(trees)
        starts = [0]
        for tree in found:
            starts.append(starts[-1] + int(tree.node_count))
        names = (*columns, LEAF)
        shifted = [
            [
                [LEAF if child < 0 else start + int(child) for child in getattr(tree, side)]
                for tree, (start, _) in zip(found, pairwise(starts), strict=True)
            ]
            for side in ("children_left", "children_right")
        ]
        return cls(
            roots=tuple(starts[:-1]),
            feature=tuple(names[max(int(one), LEAF)] for tree in found for one in tree.feature),
            threshold=tuple(_short(one) for tree in found for one in tree.threshold),
            left=tuple(one for tree in shifted[0] for one in tree),
            right=tuple(one for tree in shifted[1] for one in tree),
            value=tuple(_short(one) for tree in found for one in tree.value[:, 0, 0]),
        )


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _positions(values: Mapping[str, Any], key: str) -> tuple[int, ...]:
    found = numbers(values, key)
    if not all(one.is_integer() for one in found):
        raise unusable(f"its {key} are not whole numbers")
    return tuple(map(int, found))
