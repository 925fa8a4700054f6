"""The half-time model as it serves: a weighted mean of what its members say, with intervals that have held."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.errors import BundleError
from engine.core.live import Pregame
from engine.core.live_games import HalftimeNumbers
from engine.models.halftime.forms import LIBRARY, Dejavu, Form, form_from
from engine.models.numbers import mapping, number, unusable

KIND = "halftime"
MODEL = "model.json"
CONTRACT = "halftime 1: margins at the end of minutes 1 to 18, margin forecast before tip-off"
"""What a game is described by; another description needs another contract."""


@dataclass(frozen=True, slots=True)
class Member:
    """A form by the name of its family, and what its forecast counts."""

    name: str
    weight: float
    form: Form


@dataclass(frozen=True, slots=True)
class HalftimeModel:
    """Members whose weights add up to 1, and how far (points) the 80% and 95% intervals reach to both sides."""

    members: tuple[Member, ...]
    reach_80: float
    reach_95: float

    def __post_init__(self) -> None:
        weights = [member.weight for member in self.members]
        if not all(weight >= 0 for weight in weights) or not math.isclose(sum(weights), 1, abs_tol=1e-6):
            raise unusable("the weights of its members do not add up to 1")
        if not 0 < self.reach_80 <= self.reach_95 < math.inf:
            raise unusable("its intervals have no width")

    def predict(self, pattern: Sequence[int], pregame: Pregame) -> HalftimeNumbers:
        """The margin at half-time of a game with these margins at the end of its first 18 minutes, oldest first."""
        parts = tuple((one.name, pattern[-1] + one.form.change(pattern, pregame.margin)) for one in self.members)
        margin = sum(one.weight * said for one, (_, said) in zip(self.members, parts, strict=True))
        near, far = self.reach_80, self.reach_95
        return HalftimeNumbers(margin, (margin - near, margin + near), (margin - far, margin + far), parts)

    def to_files(self) -> dict[str, bytes]:
        """The content of the bundle; past games have a file of their own."""
        values = {
            "kind": KIND,
            "contract": CONTRACT,
            "members": [{"name": one.name, "weight": one.weight, "form": one.form.to_json()} for one in self.members],
            "reach_80": self.reach_80,
            "reach_95": self.reach_95,
        }
        library = next((one.form.content for one in self.members if isinstance(one.form, Dejavu)), None)
        files = {MODEL: json.dumps(values, separators=(",", ":")).encode()}
        return files if library is None else {**files, LIBRARY: library}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> HalftimeModel:
        """The model that `to_files` described. Raises BundleError for anything else."""
        try:
            values = mapping(json.loads(files.get(MODEL, b"null")), "the model")
        except (ValueError, RecursionError):
            raise unusable("it is not JSON") from None
        if values.get("kind") != KIND or values.get("contract") != CONTRACT:
            raise BundleError("The model was made for other features: train a new one with `nbabot train halftime`.")
        listed = values.get("members")
        if not isinstance(listed, list):
            raise unusable("it has no list of members")
        members = tuple(_member(mapping(one, "a member"), files) for one in listed)
        return cls(members, number(values, "reach_80"), number(values, "reach_95"))


def _member(values: Mapping[str, Any], files: Mapping[str, bytes]) -> Member:
    name = str(values.get("name"))
    return Member(name, number(values, "weight"), form_from(name, mapping(values.get("form"), "a form"), files))
