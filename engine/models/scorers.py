"""Scorers: what turns a feature row into one number, and says exactly what each feature adds to it.

A scorer serves one row in plain Python (`parts`) and many at once with numpy (`values`). Scorers nest: an `Odd` one
makes any other give the opposite number when the sides are swapped, a `Blend` is a weighted sum of others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.features.contract import GAME_FEATURES, Role
from engine.models.numbers import mapping, number, numbers, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WIDTH = len(GAME_FEATURES)
EDGES = tuple(at for at, feature in enumerate(GAME_FEATURES) if feature.role is Role.EDGE)
"""Positions of the features that speak for one side."""
LEVELS = tuple(at for at, feature in enumerate(GAME_FEATURES) if feature.role is Role.LEVEL)
"""Positions of the features that speak for neither side."""
SWAPPED = tuple(-1.0 if at in EDGES else 1.0 for at in range(WIDTH))
"""Factors that turn a row into that of the same game with its sides swapped."""


class Scorer(Protocol):
    """One number of a row of GAME_FEATURES, as a constant and the parts that the features add to it."""

    @property
    def odd(self) -> bool:
        """Whether swapping the sides gives the opposite number."""

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The constant, and what each feature adds; their sum is the score."""

    def values(self, x: Floats) -> Floats:
        """The scores of many rows (games x GAME_FEATURES)."""

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """The scorer as JSON values; what is not JSON is put into `files` and named."""


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept + sum(coefficient * (value - mean))` over the features. Raises BundleError for unusable numbers."""

    intercept: float
    coefficients: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.coefficients) != WIDTH or len(self.means) != WIDTH:
            raise unusable(f"a linear part does not have {WIDTH} coefficients")
        if not all(map(math.isfinite, (self.intercept, *self.coefficients, *self.means))):
            raise unusable("a number in it is not finite")

    @property
    def odd(self) -> bool:
        """Whether it has neither an intercept, nor a mean, nor a coefficient of a level."""
        return not (self.intercept or any(self.means) or any(self.coefficients[at] for at in LEVELS))

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The intercept, and coefficient times deviation."""
        terms = zip(self.coefficients, row, self.means, strict=True)
        return self.intercept, tuple(coefficient * (value - mean) for coefficient, value, mean in terms)

    def values(self, x: Floats) -> Floats:
        """The scores of many rows."""
        import numpy as np

        scores: Floats = self.intercept + (x - np.array(self.means)) @ np.array(self.coefficients)
        return scores

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """Numbers that come back bit for bit."""
        return {
            "kind": "linear",
            "intercept": self.intercept,
            "coefficients": list(self.coefficients),
            "means": list(self.means),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Linear:
        """Raises BundleError for anything else than what `to_json` gives."""
        return cls(number(values, "intercept"), numbers(values, "coefficients"), numbers(values, "means"))


@dataclass(frozen=True, slots=True)
class Odd:
    """Half the difference between what another scorer says of a game and of the same game with its sides swapped."""

    inner: Scorer

    @property
    def odd(self) -> bool:
        """Always."""
        return True

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The inner scorer's parts of both orientations; its constant cancels."""
        _, here = self.inner.parts(row)
        _, there = self.inner.parts([factor * value for factor, value in zip(SWAPPED, row, strict=True)])
        return 0.0, tuple((one - other) / 2 for one, other in zip(here, there, strict=True))

    def values(self, x: Floats) -> Floats:
        """The scores of many rows."""
        import numpy as np

        return (self.inner.values(x) - self.inner.values(x * np.array(SWAPPED))) / 2

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """The inner scorer within."""
        return {"kind": "odd", "inner": self.inner.to_json(files)}


@dataclass(frozen=True, slots=True)
class Term:
    """One member of a blend: what it is called, its weight, and the member itself."""

    name: str
    weight: float
    scorer: Scorer


@dataclass(frozen=True, slots=True)
class Blend:
    """The weighted sum of other scorers. Raises BundleError for a weight that is not finite."""

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(term.weight) for term in self.terms):
            raise unusable("a number in it is not finite")

    @property
    def odd(self) -> bool:
        """Whether every member is."""
        return all(term.scorer.odd for term in self.terms)

    def parts(self, row: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The members' constants and parts, weighted and summed."""
        constant, total = 0.0, [0.0] * WIDTH
        for term in self.terms:
            base, parts = term.scorer.parts(row)
            constant += term.weight * base
            total = [so_far + term.weight * part for so_far, part in zip(total, parts, strict=True)]
        return constant, tuple(total)

    def values(self, x: Floats) -> Floats:
        """The scores of many rows."""
        import numpy as np

        scores = np.zeros(len(x))
        for term in self.terms:
            scores += term.weight * term.scorer.values(x)
        return scores

    def to_json(self, files: dict[str, bytes]) -> dict[str, Any]:
        """The members within."""
        members = [
            {"name": term.name, "weight": term.weight, "scorer": term.scorer.to_json(files)} for term in self.terms
        ]
        return {"kind": "blend", "terms": members}


def inside(scorer: Scorer) -> Iterator[Scorer]:
    """A scorer and every one within it."""
    yield scorer
    if isinstance(scorer, Odd):
        yield from inside(scorer.inner)
    if isinstance(scorer, Blend):
        for term in scorer.terms:
            yield from inside(term.scorer)


def scorer_from_json(values: object, files: Mapping[str, bytes]) -> Scorer:
    """The scorer that `to_json` described. Raises BundleError for anything else."""
    kind = mapping(values, "a scorer").get("kind")
    content = mapping(values, "a scorer")
    if kind == "linear":
        return Linear.from_json(content)
    if kind == "odd":
        return Odd(scorer_from_json(content.get("inner"), files))
    if kind == "blend":
        return _blend(content, files)
    if kind == "trees":
        from engine.models.trees import Trees

        return Trees.from_json(content)
    if kind == "booster":
        from engine.models.boosters import Booster

        return Booster.from_json(content, files)
    raise unusable(f"it holds a scorer of an unknown kind, {kind!r}")


def _blend(content: Mapping[str, Any], files: Mapping[str, bytes]) -> Blend:
    terms = content.get("terms")
    if not isinstance(terms, list):
        raise unusable("a blend has no list of terms")
    members = [mapping(term, "a term") for term in terms]
    return Blend(
        tuple(
            Term(str(one.get("name")), number(one, "weight"), scorer_from_json(one.get("scorer"), files))
            for one in members
        )
    )
