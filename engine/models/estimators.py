"""Game models as they serve: scorers that turn a feature row into a forecast with its intervals and reasons.

How each family is fitted stands in `engine.models.fitting`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.core.errors import BundleError
from engine.core.records import ClosingLine, Range
from engine.features.contract import GAME_FEATURES, contract_hash, names
from engine.models.market import Lines, MarketBlend, Score, line_logit
from engine.models.numbers import mapping, number, unusable
from engine.models.scorers import Scorer, scorer_from_json
from engine.models.spread import Spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

KIND = "game"
"""Says in the file which class reads it."""
MODEL = "model.json"


@dataclass(frozen=True, slots=True)
class GameNumbers:
    """A forecast before it is put into words.

    `home_win_prob` 0..1; `margin` is home minus away in points and never disagrees with it; `total` is the sum of both
    scores. `contributions` names each feature with the points of margin that it is worth against an even game; they
    sum to `margin`. The intervals are (low, high) in points and hold the outcome in 50% and 80% of games.
    """

    home_win_prob: float
    margin: float
    total: float
    contributions: tuple[tuple[str, float], ...]
    margin_50: Range
    margin_80: Range
    total_50: Range
    total_80: Range


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of many games, NaN where nothing is said; `offsets` (games x 8) are those of each game's Spread."""

    probability: Floats
    margin: Floats
    total: Floats
    offsets: Floats

    @property
    def known(self) -> Mask:
        """Which games have a forecast."""
        import numpy as np

        known: Mask = ~np.isnan(self.probability)
        return known

    def put(self, rows: Mask, found: Forecasts) -> None:
        """Write the forecasts of the marked games into their places."""
        for mine, theirs in zip(_columns(self), _columns(found), strict=True):
            mine[rows] = theirs


@dataclass(frozen=True, slots=True)
class GameModel:
    """One score decides both who wins and by how much.

    `edge` gives the log-odds of a home win; the margin is `points_per_logit` times the same number, so that the two
    never contradict each other and one set of contributions explains both. The edge is odd: swapping the sides of a
    neutral game gives the opposite forecast. With a `market` the closing line, where there is one, is weighed in.
    Raises BundleError when the numbers cannot be such a model.
    """

    family: str
    edge: Scorer
    total: Scorer
    points_per_logit: float
    spread: Spread
    market: MarketBlend | None = None

    def __post_init__(self) -> None:
        if not self.family:
            raise unusable("its family is missing")
        if not (math.isfinite(self.points_per_logit) and self.points_per_logit > 0 and self.edge.odd):
            raise unusable("its margin would contradict its probability")

    def predict(self, row: Sequence[float], sd_scale: float = 1.0, line: ClosingLine | None = None) -> GameNumbers:
        """Forecast one row of GAME_FEATURES. Raises BundleError for another length or a value that is not finite.

        `sd_scale` above 1 says how much wider than usual the outcome is spread, because something is not known: the
        intervals grow by it and the log-odds shrink by it; the expected margin stays.
        """
        if len(row) != len(GAME_FEATURES) or not all(map(math.isfinite, row)):
            raise BundleError(
                f"A feature row of {len(row)} values does not fit the model, which reads {len(GAME_FEATURES)} finite "
                "ones: import the data again to rebuild the team numbers."
            )
        _, parts = self.edge.parts(row)
        base, additions = self.total.parts(row)
        said = Score(dict(zip(names(GAME_FEATURES), parts, strict=True)), base + sum(additions))
        points_per_logit, spread = self.points_per_logit, self.spread
        if self.market is not None and line is not None and line_logit(line, points_per_logit) is not None:
            said = self.market.weigh(said, line, points_per_logit)
            points_per_logit, spread = self.market.points_per_logit, self.market.spread
        points = {name: points_per_logit * part for name, part in said.logits.items()}
        margin = sum(points.values())
        return GameNumbers(
            home_win_prob=sigmoid(margin / points_per_logit / sd_scale),
            margin=margin,
            total=said.total,
            contributions=tuple(points.items()),
            **spread.around(margin, said.total, sd_scale),
        )

    def predict_many(self, x: Floats, lines: Lines | None = None) -> Forecasts:
        """Forecast many rows (games x GAME_FEATURES), with their lines; the numbers that `predict` gives one by one."""
        import numpy as np

        logits, totals = self.edge.values(x), self.total.values(x)
        scale, offsets = np.full(len(x), self.points_per_logit), np.tile(self.spread.offsets, (len(x), 1))
        if self.market is not None and lines is not None:
            logits, totals, known = self.market.weigh_many(logits, totals, lines, self.points_per_logit)
            scale[known], offsets[known] = self.market.points_per_logit, self.market.spread.offsets
        return Forecasts(1 / (1 + np.exp(-np.clip(logits, -500, 500))), scale * logits, totals, offsets)

    def to_files(self) -> dict[str, bytes]:
        """The whole model as files: MODEL, and those that it names. Numbers come back bit for bit."""
        files: dict[str, bytes] = {}
        content = {
            "kind": KIND,
            "family": self.family,
            "contract": contract_hash(GAME_FEATURES),
            "features": list(names(GAME_FEATURES)),
            "edge": self.edge.to_json(files),
            "total": self.total.to_json(files),
            "points_per_logit": self.points_per_logit,
            "spread": asdict(self.spread),
            "market": None if self.market is None else asdict(self.market),
        }
        return {MODEL: (json.dumps(content, allow_nan=False) + "\n").encode(), **files}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> GameModel:
        """The model that `to_files` described. Raises BundleError for anything else, and for other features."""
        content = _content(files)
        if content.get("contract") != contract_hash(GAME_FEATURES) or content.get("features") != list(
            names(GAME_FEATURES)
        ):
            raise BundleError("The model was made for other features: train a new one with `nbabot train game`.")
        family, market = content.get("family"), content.get("market")
        return cls(
            family=family if isinstance(family, str) else "",
            edge=scorer_from_json(content.get("edge"), files),
            total=scorer_from_json(content.get("total"), files),
            points_per_logit=number(content, "points_per_logit"),
            spread=Spread.from_json(mapping(content.get("spread"), "its spread")),
            market=None if market is None else MarketBlend.from_json(mapping(market, "its market blend")),
        )


def sigmoid(logit: float) -> float:
    """Probability of log-odds, without overflow."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1 + odds)


def _columns(forecasts: Forecasts) -> tuple[Floats, ...]:
    return forecasts.probability, forecasts.margin, forecasts.total, forecasts.offsets


def _content(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    if MODEL not in files:
        raise unusable(f"{MODEL} is not in its bundle")
    try:
        content = json.loads(files[MODEL])
    except (ValueError, RecursionError):
        raise unusable(f"{MODEL} is not JSON") from None
    if not isinstance(content, Mapping) or content.get("kind") != KIND:
        raise unusable(f"it is not of the kind '{KIND}'")
    return content
