"""The live model as it serves: plain numbers from a moment of a game and what was forecast before it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.errors import BundleError
from engine.core.live import LiveNumbers, Moment, Pregame
from engine.core.records import Range
from engine.models.live.curves import Curves, curves_from_json, curves_to_json
from engine.models.numbers import mapping, numbers, unusable

KIND = "live"
MODEL = "model.json"
CONTRACT = "live 1: margin, seconds left, who scored last and when, forecast before tip-off"
"""What a moment is described by; another description needs another contract."""
SOFTENING = 6.0
"""Seconds added to those left, so that a margin's weight stays finite when time runs out."""
FADE = 12.0
"""Seconds after a score in which what it says of who has the ball fades to a third."""
BANDS = (0, 300, 720, 1440, 2160)
"""Seconds left at which a band of intervals begins: the last five minutes and overtime, the rest of Q4, Q3, Q2, Q1."""
WIDEST_LEAD = 3.0
"""Leads in units of sqrt(seconds left) beyond this do not change the width of an interval any more."""
_NEVER = 1e-6
SUREST = 14.0
"""Log-odds that no forecast exceeds while the game is on: about one in a million."""
LEAST_SCALE = 0.3
"""Points: the least usual miss of a final margin while time is left."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many times the usual miss an interval reaches to both sides, by band of time left."""

    reach_80: tuple[float, ...]
    reach_95: tuple[float, ...]

    def __post_init__(self) -> None:
        pairs = zip(self.reach_80, self.reach_95, strict=False)
        whole = len(self.reach_80) == len(self.reach_95) == len(BANDS)
        if not whole or not all(0 < near <= far < math.inf for near, far in pairs):
            raise unusable("its intervals have no width")


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Curves over the seconds left.

    `win`: log-odds per unit of lead / sqrt(seconds left), per log-odd of the forecast before tip-off, and of having
    scored last. `drift`: how far the final margin lies from the lead, per point of lead, per point of margin forecast
    before, and of having scored last. `scale`: the usual miss of that, its change with the lead and the lead squared.
    """

    win: Curves
    drift: Curves
    scale: Curves
    reach: Reach

    def __post_init__(self) -> None:
        if min(self.win[0].values) <= 0:
            raise unusable("a greater lead would not win more often")

    def predict(self, moment: Moment, pregame: Pregame) -> LiveNumbers:
        """Who wins from here, and by how much. What has ended is certain; a level end leads to overtime."""
        if moment.over:
            final = float(moment.margin)
            return LiveNumbers(float(final > 0), final, (final, final), (final, final))
        left, lead, last = moment.expected_left, float(moment.margin), fresh(moment)
        by_lead, by_pregame, by_last = (curve.at(left) for curve in self.win)
        logit = by_lead * lead / root(left) + by_pregame * log_odds(pregame.home_win_prob) + by_last * last
        logit = min(max(logit, -SUREST), SUREST)
        of_lead, of_pregame, of_last = (curve.at(left) for curve in self.drift)
        margin = lead + of_lead * lead + of_pregame * pregame.margin + of_last * last
        return LiveNumbers(1 / (1 + math.exp(-logit)), margin, *self._intervals(margin, lead, left))

    def _intervals(self, margin: float, lead: float, left: int) -> tuple[Range, Range]:
        wide = min(abs(lead) / root(left), WIDEST_LEAD)
        level, slope, bend = (curve.at(left) for curve in self.scale)
        usual = max(level + slope * wide + bend * wide * wide, LEAST_SCALE)
        band = band_of(left)
        near, far = self.reach.reach_80[band] * usual, self.reach.reach_95[band] * usual
        return (margin - near, margin + near), (margin - far, margin + far)

    def to_files(self) -> dict[str, bytes]:
        """The content of the bundle."""
        values = {
            "kind": KIND,
            "contract": CONTRACT,
            "win": curves_to_json(self.win),
            "drift": curves_to_json(self.drift),
            "scale": curves_to_json(self.scale),
            "reach_80": list(self.reach.reach_80),
            "reach_95": list(self.reach.reach_95),
        }
        return {MODEL: json.dumps(values, separators=(",", ":")).encode()}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> LiveModel:
        """The model that `to_files` described. Raises BundleError for anything else."""
        try:
            values = mapping(json.loads(files.get(MODEL, b"null")), "the model")
        except (ValueError, RecursionError):
            raise unusable("it is not JSON") from None
        if values.get("kind") != KIND or values.get("contract") != CONTRACT:
            raise BundleError("The model was made for other features: train a new one with `nbabot train live`.")
        win, drift, scale = (curves_from_json(values, key, 3) for key in ("win", "drift", "scale"))
        return cls(win, drift, scale, Reach(numbers(values, "reach_80"), numbers(values, "reach_95")))


def log_odds(chance: float) -> float:
    """Log-odds of a probability, finite for a sure one too."""
    inside = min(max(chance, _NEVER), 1 - _NEVER)
    return math.log(inside / (1 - inside))


def root(left: float) -> float:
    """The unit of a lead: the square root of the seconds left, softened."""
    return math.sqrt(left + SOFTENING)


def fresh(moment: Moment) -> float:
    """Who scored last, from 1 (the home side, just now) over 0 to -1; in overtime and after breaks it has faded.

    It stands for who has the ball: where that is known, it is as if the other side had scored just now.
    """
    if moment.possession:
        return -float(moment.possession)
    return moment.last * math.exp(-moment.since / FADE)


def band_of(left: float) -> int:
    """Index of the band of intervals that so many seconds left lie in."""
    return sum(left > start for start in BANDS[1:])
