"""Game models as they serve: frozen numbers that turn a feature row into a forecast, in plain Python.

How each family is fitted stands in `engine.models.training`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.core.errors import BundleError
from engine.features.contract import GAME_FEATURES, contract_hash, names

KIND = "linear-game"
"""Says in the file which class reads it."""


@dataclass(frozen=True, slots=True)
class GameNumbers:
    """A forecast before it is put into words.

    `home_win_prob` 0..1; `margin` is home minus away in points and never disagrees with it; `total` is the sum of both
    scores. `contributions` names each feature with the points of margin that it is worth against an even game; they
    sum to `margin`.
    """

    home_win_prob: float
    margin: float
    total: float
    contributions: tuple[tuple[str, float], ...]


class GameModel(Protocol):
    """What serving needs of a fitted family."""

    @property
    def family(self) -> str:
        """Name of the recipe that made the model."""

    @property
    def contract(self) -> str:
        """Hash of the feature contract whose rows it reads."""

    def predict(self, row: Sequence[float]) -> GameNumbers:
        """Forecast one row. Raises BundleError when the row has another length than the contract."""

    def to_json(self) -> dict[str, Any]:
        """The whole model as JSON values."""


@dataclass(frozen=True, slots=True)
class LinearHead:
    """`intercept + sum(coefficient * (value - mean))` over the features of the contract."""

    intercept: float
    coefficients: tuple[float, ...]
    means: tuple[float, ...]

    def parts(self, row: Sequence[float]) -> tuple[float, ...]:
        """What each feature adds to the intercept."""
        terms = zip(self.coefficients, row, self.means, strict=True)
        return tuple(coefficient * (value - mean) for coefficient, value, mean in terms)

    def value(self, row: Sequence[float]) -> float:
        """The head's output."""
        return self.intercept + sum(self.parts(row))


@dataclass(frozen=True, slots=True)
class LinearGameModel:
    """One linear score decides both who wins and by how much.

    The win head gives the log-odds of a home win; the margin is `points_per_logit` times the same number, so that the
    two never contradict each other and one set of contributions explains both. The win head has no intercept: its
    features are 0 in an even game at a neutral site, which makes swapping the sides give the opposite forecast.
    Raises BundleError when the numbers cannot be such a model.
    """

    family: str
    contract: str
    win: LinearHead
    total: LinearHead
    points_per_logit: float

    def __post_init__(self) -> None:
        numbers = [self.points_per_logit]
        for head in (self.win, self.total):
            if len(head.coefficients) != len(GAME_FEATURES) or len(head.means) != len(GAME_FEATURES):
                raise _unusable(f"a head does not have {len(GAME_FEATURES)} coefficients")
            numbers += [head.intercept, *head.coefficients, *head.means]
        if not all(map(math.isfinite, numbers)):
            raise _unusable("a number in it is not finite")
        if self.points_per_logit <= 0 or self.win.intercept != 0 or any(self.win.means):
            raise _unusable("its margin would contradict its probability")

    def predict(self, row: Sequence[float]) -> GameNumbers:
        """Forecast one row of GAME_FEATURES. Raises BundleError for another length or a value that is not finite."""
        if len(row) != len(GAME_FEATURES) or not all(map(math.isfinite, row)):
            raise BundleError(
                f"A feature row of {len(row)} values does not fit the model, which reads {len(GAME_FEATURES)} finite "
                "ones: import the data again to rebuild the team numbers."
            )
        points = tuple(self.points_per_logit * part for part in self.win.parts(row))
        margin = sum(points)
        contributions = tuple(zip(names(GAME_FEATURES), points, strict=True))
        return GameNumbers(sigmoid(margin / self.points_per_logit), margin, self.total.value(row), contributions)

    def to_json(self) -> dict[str, Any]:
        """The whole model as JSON values; numbers come back bit for bit."""
        return {
            "kind": KIND,
            "family": self.family,
            "contract": self.contract,
            "features": list(names(GAME_FEATURES)),
            "win": _head_json(self.win),
            "total": _head_json(self.total),
            "points_per_logit": self.points_per_logit,
        }

    @classmethod
    def from_json(cls, values: object) -> LinearGameModel:
        """The model that `to_json` described. Raises BundleError for anything else, and for other features."""
        if not isinstance(values, Mapping) or values.get("kind") != KIND:
            raise _unusable(f"it is not of the kind '{KIND}'")
        expected = contract_hash(GAME_FEATURES)
        if values.get("contract") != expected or values.get("features") != list(names(GAME_FEATURES)):
            raise BundleError("The model was made for other features: train a new one with `nbabot train game`.")
        family = values.get("family")
        if not isinstance(family, str) or not family:
            raise _unusable("its family is missing")
        win, total = _head(values.get("win")), _head(values.get("total"))
        return cls(family, expected, win, total, _number(values.get("points_per_logit")))


def sigmoid(logit: float) -> float:
    """Probability of log-odds, without overflow."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1 + odds)


def _head_json(head: LinearHead) -> dict[str, Any]:
    return {"intercept": head.intercept, "coefficients": list(head.coefficients), "means": list(head.means)}


def _head(values: object) -> LinearHead:
    if not isinstance(values, Mapping):
        raise _unusable("a head is missing")
    coefficients, means = values.get("coefficients"), values.get("means")
    if not isinstance(coefficients, list) or not isinstance(means, list):
        raise _unusable("a head has no list of coefficients or means")
    return LinearHead(_number(values.get("intercept")), tuple(map(_number, coefficients)), tuple(map(_number, means)))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unusable("a number in it is missing")
    try:
        return float(value)
    except OverflowError:
        raise _unusable("a number in it is not finite") from None


def _unusable(reason: str) -> BundleError:
    return BundleError(f"The model's file cannot be used ({reason}): train a new one with `nbabot train game`.")
