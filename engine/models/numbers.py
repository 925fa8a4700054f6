"""Reading JSON values of a model's file: each is checked, and what does not fit is a BundleError that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.core.errors import BundleError


def mapping(values: object, what: str) -> Mapping[str, Any]:
    """A JSON object. Raises BundleError that names what is missing."""
    if not isinstance(values, Mapping):
        raise unusable(f"{what} is missing")
    return values


def number(values: Mapping[str, Any], key: str) -> float:
    """A number of a JSON object. Raises BundleError."""
    return _float(values.get(key), key)


def numbers(values: Mapping[str, Any], key: str) -> tuple[float, ...]:
    """A list of numbers of a JSON object. Raises BundleError."""
    found = values.get(key)
    if not isinstance(found, list):
        raise unusable(f"it has no list of {key}")
    return tuple(_float(one, key) for one in found)


def _float(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unusable(f"a number of its {key} is missing")
    try:
        return float(value)
    except OverflowError:
        raise unusable("a number in it is not finite") from None


def unusable(reason: str) -> BundleError:
    """The error for a model's file that cannot be used."""
    return BundleError(f"The model's file cannot be used ({reason}): train a new one with `nbabot train game`.")
