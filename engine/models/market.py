"""The closing line weighed with a model's forecast, for games where a line is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.core.errors import NoDataError
from engine.core.odds import fair_home_probability
from engine.core.records import ClosingLine
from engine.models.numbers import mapping, number, unusable
from engine.models.spread import Spread
from engine.models.weights import fitted_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LINE = "closing_line"
"""Name of the line's own contribution to a forecast."""
_TRUST = 400.0
"""How strongly the blend holds to the line itself: a weight that is 0.05 off must be worth half a nat of likelihood."""
FEWEST_LINES = 100
"""Games with a line below which nothing can be learned about it."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Closing lines of many games as numbers: log-odds of a home win, margin and total in points; NaN = unknown."""

    logit: Floats
    margin: Floats
    total: Floats

    @classmethod
    def of(cls, lines: Mapping[str, ClosingLine], game_ids: Sequence[str]) -> Lines:
        """The lines of the named games."""
        import numpy as np

        none = ClosingLine("", None, None, None, None)
        found = [lines.get(game_id, none) for game_id in game_ids]
        return cls(
            logit=np.array([_fair_logit(line) for line in found], dtype=float),
            margin=np.array([None if line.spread is None else -line.spread for line in found], dtype=float),
            total=np.array([line.total for line in found], dtype=float),
        )

    def of_rows(self, rows: NDArray[np.bool_]) -> Lines:
        """The lines of the marked games."""
        return Lines(self.logit[rows], self.margin[rows], self.total[rows])

    def logits(self, points_per_logit: float) -> Floats:
        """Log-odds by the moneylines, else by the spread; NaN for a game that has neither."""
        import numpy as np

        return np.where(np.isnan(self.logit), self.margin / points_per_logit, self.logit)


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of a game: each feature's share of the log-odds of a home win, and the total in points."""

    logits: dict[str, float]
    total: float


@dataclass(frozen=True, slots=True)
class MarketBlend:
    """Log-odds = `line_weight` x the line's + `model_weight` x the model's; the total is weighed in the same way.

    `points_per_logit` and `spread` turn the blend into margins and intervals. Raises BundleError for unusable numbers.
    """

    line_weight: float
    model_weight: float
    total_weight: float
    points_per_logit: float
    spread: Spread

    def __post_init__(self) -> None:
        weights = (self.line_weight, self.model_weight, self.total_weight, self.points_per_logit)
        if not all(map(math.isfinite, weights)) or self.points_per_logit <= 0:
            raise unusable("its market blend has no usable weights")

    def weigh(self, said: Score, line: ClosingLine, points_per_logit: float) -> Score:
        """The blend of a model's word and a line that has log-odds; `points_per_logit` is the model's."""
        logit = line_logit(line, points_per_logit)
        if logit is None:
            return said
        logits = {name: self.model_weight * part for name, part in said.logits.items()}
        total = said.total if line.total is None else said.total + self.total_weight * (line.total - said.total)
        return Score({**logits, LINE: self.line_weight * logit}, total)

    def weigh_many(
        self, logits: Floats, totals: Floats, lines: Lines, points_per_logit: float
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """The same for many games at once: log-odds, totals, and which games have a line."""
        import numpy as np

        theirs = lines.logits(points_per_logit)
        known = ~np.isnan(theirs)
        blended = np.where(known, self.line_weight * theirs + self.model_weight * logits, logits)
        nearer = totals + self.total_weight * np.nan_to_num(lines.total - totals)
        return blended, np.where(known, nearer, totals), known

    def to_json(self) -> dict[str, Any]:
        """The numbers as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> MarketBlend:
        """Raises BundleError for anything else than what `to_json` gives."""
        return cls(
            line_weight=number(values, "line_weight"),
            model_weight=number(values, "model_weight"),
            total_weight=number(values, "total_weight"),
            points_per_logit=number(values, "points_per_logit"),
            spread=Spread.from_json(mapping(values.get("spread"), "its spread")),
        )


def fit_market(
    logits: Floats, line_logits: Floats, margin: Floats, totals: tuple[Floats, Floats, Floats]
) -> MarketBlend:
    """Learn the weights from games that the model had not seen: its log-odds, the line's, and the margins in points.

    `totals` are the model's, the line's (NaN = none) and the true ones. The line is trusted until the games prove that
    the model knows more. Raises NoDataError for too few games with a line.
    """
    import numpy as np

    known = ~np.isnan(line_logits)
    if int(known.sum()) < FEWEST_LINES:
        raise NoDataError(
            f"{int(known.sum())} games with a closing line are too few to weigh it (at least {FEWEST_LINES}): "
            "import closing odds with `nbabot import PATH`."
        )
    columns = np.column_stack([line_logits, logits])[known]
    weights = fitted_weights(columns, (margin[known] > 0).astype(float), np.array([1.0, 0.0]), _TRUST)
    blended = columns @ weights
    points_per_logit = float(blended @ margin[known] / (blended @ blended))
    ours, theirs, true = (values[known] for values in totals)
    gap = np.where(np.isnan(theirs), 0.0, theirs - ours)
    total_weight = float(np.clip(gap @ (true - ours) / (gap @ gap), 0, 1)) if gap.any() else 0.0
    spread = Spread.of(margin[known] - points_per_logit * blended, true - ours - total_weight * gap)
    return MarketBlend(float(weights[0]), float(weights[1]), total_weight, points_per_logit, spread)


def line_logit(line: ClosingLine, points_per_logit: float) -> float | None:
    """Log-odds of a home win by both moneylines, else by the spread; None for a line that has neither."""
    fair = _fair_logit(line)
    if fair is not None or line.spread is None:
        return fair
    return -line.spread / points_per_logit


def _fair_logit(line: ClosingLine) -> float | None:
    fair = fair_home_probability(line)
    return None if fair is None else math.log(fair / (1 - fair))
