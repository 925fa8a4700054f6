"""JSON values back into numbers, days and means, refusing what cannot be one: used by every part of the state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.features.rolling import DecayedMean, Memory


def fresh(memories: Mapping[str, Memory]) -> dict[str, DecayedMean]:
    """An empty mean for each memory."""
    return {name: DecayedMean() for name in memories}


def pairs(means: Mapping[str, DecayedMean]) -> dict[str, list[float]]:
    """Means as JSON values."""
    return {name: pair(mean) for name, mean in means.items()}


def means_of(values: Mapping[str, Any], memories: Mapping[str, Memory]) -> dict[str, DecayedMean]:
    """The means that `pairs` described. Raises KeyError, TypeError or ValueError for anything else."""
    return {name: mean_of(values[name]) for name in memories}


def pair(mean: DecayedMean) -> list[float]:
    """One mean as JSON values."""
    return [mean.total, mean.weight]


def mean_of(values: Any) -> DecayedMean:
    """The mean that `pair` described. Raises TypeError or ValueError for anything else."""
    total, weight = map(finite, values)
    if weight < 0:
        raise ValueError(f"a weight below zero: {weight}")
    return DecayedMean(total, weight)


def finite(value: object) -> float:
    """A finite number; a ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


def day_text(day: date | None) -> str | None:
    """A day as JSON value."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """The day that `day_text` described. Raises TypeError or ValueError for anything else."""
    return None if text is None else date.fromisoformat(text)
