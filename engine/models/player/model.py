"""Player models as they serve: expected minutes, then every stat with its intervals and the chances of any line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.errors import BundleError
from engine.core.player_records import LineForecast, Stat, StatForecast
from engine.features.player_row import player_contract
from engine.models.numbers import mapping, unusable
from engine.models.player.misses import SHARES, Misses
from engine.models.player.scores import (
    MOST_MINUTES,
    Boost,
    Linear,
    RateScore,
    Scale,
    column_of,
    columns_of,
    usual,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

KIND = "player"
MODEL = "model.json"


@dataclass(frozen=True, slots=True)
class Rates:
    """The learned part of a model: how rows are standardised, expected minutes, and one score per stat."""

    scale: Scale
    minutes: Linear
    scores: Mapping[Stat, RateScore]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Expected minutes and the mean of every stat, of one row (floats) or of many (arrays)."""

    minutes: Any
    means: Mapping[Stat, Any]


@dataclass(frozen=True, slots=True)
class PlayerModel:
    """One family's models of all stats; without `rates` a player is expected to do what he usually does."""

    family: str
    rates: Rates | None
    misses: Mapping[Stat, Misses]

    def expect(self, row: Sequence[float]) -> Expectation:
        """Minutes and means for one row of `feature_names()`."""
        if self.rates is None:
            return _usual_expectation(column_of(row))
        scaled = self.rates.scale.apply(row)
        minutes = min(max(self.rates.minutes.value(scaled), 0.0), MOST_MINUTES)
        scores = self.rates.scores.items()
        return Expectation(minutes, {stat: max(score.value(row, scaled, minutes), 0.0) for stat, score in scores})

    def expect_all(self, x: Floats) -> Expectation:
        """Minutes and means for many rows."""
        import numpy as np

        if self.rates is None:
            return _usual_expectation(columns_of(x))
        scaled = self.rates.scale.apply_all(x)
        minutes = np.clip(self.rates.minutes.values(scaled), 0.0, MOST_MINUTES)
        scores = self.rates.scores.items()
        return Expectation(minutes, {stat: np.maximum(score.values(x, scaled, minutes), 0.0) for stat, score in scores})

    def forecasts(self, expected: Expectation) -> tuple[StatForecast, ...]:
        """Every stat with its median and intervals."""
        return tuple(self._forecast(stat, expected) for stat in Stat)

    def line(self, expected: Expectation, stat: Stat, line: float) -> LineForecast:
        """The chances of going over and under a line."""
        over, under = self.misses[stat].chances(expected.minutes, expected.means[stat], line)
        push = max(1 - over - under, 0.0) if line == int(line) else 0.0
        return LineForecast(stat, line, over, under, push)

    def to_files(self) -> dict[str, bytes]:
        """The content of the bundle."""
        files: dict[str, bytes] = {}
        values: dict[str, Any] = {
            "kind": KIND,
            "family": self.family,
            "contract": player_contract(),
            "misses": {stat: one.to_json() for stat, one in self.misses.items()},
        }
        if self.rates is not None:
            values["scale"], values["minutes"] = self.rates.scale.to_json(), self.rates.minutes.to_json()
            values["scores"] = {stat: _score_json(one, files) for stat, one in self.rates.scores.items()}
        return {MODEL: json.dumps(values, separators=(",", ":")).encode(), **files}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> PlayerModel:
        """The model that `to_files` described. Raises BundleError for anything else."""
        try:
            values = mapping(json.loads(files.get(MODEL, b"null")), "the model")
        except (ValueError, RecursionError):
            raise unusable("it is not JSON") from None
        if values.get("kind") != KIND or values.get("contract") != player_contract():
            raise BundleError("The model was made for other features: train a new one with `nbabot train player`.")
        misses = mapping(values.get("misses"), "its intervals")
        rates = None
        if "scores" in values:
            scores = mapping(values["scores"], "its scores")
            rates = Rates(
                Scale.from_json(mapping(values.get("scale"), "its scale")),
                Linear.from_json(mapping(values.get("minutes"), "its minutes")),
                {stat: _score(stat, mapping(scores.get(stat), f"its score of {stat}"), files) for stat in Stat},
            )
        return cls(str(values.get("family")), rates, {stat: Misses.from_json(misses.get(stat)) for stat in Stat})

    def _forecast(self, stat: Stat, expected: Expectation) -> StatForecast:
        mean, band = expected.means[stat], self.misses[stat].band(expected.minutes)
        return StatForecast(stat, mean, float(band.median(mean)), *(band.interval(mean, share) for share in SHARES))


def _usual_expectation(column: Any) -> Expectation:
    return Expectation(column("minutes_expected"), {stat: usual(column, stat) for stat in Stat})


def _score_json(score: RateScore, files: dict[str, bytes]) -> dict[str, Any]:
    values: dict[str, Any] = {"scale": score.scale.to_json(), "linear": score.linear.to_json()}
    if score.boost is not None:
        values["boost"] = f"{score.stat}.ubj"
        files[values["boost"]] = score.boost.raw
    return values


def _score(stat: Stat, values: Mapping[str, Any], files: Mapping[str, bytes]) -> RateScore:
    boost = None
    if "boost" in values:
        raw = files.get(str(values["boost"]))
        if raw is None:
            raise unusable(f"{values['boost']} is not in its bundle")
        boost = Boost.read(raw, stat)
    scale = Scale.from_json(mapping(values.get("scale"), "a scale"))
    return RateScore(stat, scale, Linear.from_json(mapping(values.get("linear"), "a linear part")), boost)
