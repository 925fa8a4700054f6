"""The rows of a backtest: each family's figures on the same games, beside Elo and the closing line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.core.backtests import Difference, FamilyScore, Reliability
from engine.models import scores
from engine.models.estimators import Forecasts
from engine.models.recipes import ELO
from engine.models.training import TrainingSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

LINE = "line"
"""Name of the row that scores the closing line itself."""
_INTERVALS = ("margin_50", "margin_80", "total_50", "total_80")
"""In the order of a Spread's offsets."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Scores forecasts by family, the line's among them if lines are known. `seed`: of simulations and resampling."""

    data: TrainingSet
    forecasts: Mapping[str, Forecasts]
    seed: int

    def rows(self, tested: Mask, season: str | None = None, month: str | None = None) -> tuple[FamilyScore, ...]:
        """One row per family on the marked games; a family that says nothing of them has none."""
        found = [
            self._row(family, tested & forecast.known, season, month) for family, forecast in self.forecasts.items()
        ]
        return tuple(row for row in found if row is not None)

    def reliability(self, tested: Mask) -> tuple[Reliability, ...]:
        """Forecast against observed shares, family by family."""
        found = []
        for family, forecast in self.forecasts.items():
            known = tested & forecast.known
            found.append(
                Reliability(family, scores.reliability(forecast.probability[known], self.data.home_win[known]))
            )
        return tuple(found)

    def _row(self, family: str, known: Mask, season: str | None, month: str | None) -> FamilyScore | None:
        if not known.any():
            return None
        forecast = self.forecasts[family]
        probability, wins = forecast.probability[known], self.data.home_win[known]
        low, high = scores.calibration_error_band(probability, self.seed)
        line = scores.calibration_line(probability, wins)
        return FamilyScore(
            family=family,
            season=season,
            month=month,
            n=int(known.sum()),
            log_loss=scores.log_loss(probability, wins),
            brier=scores.brier(probability, wins),
            accuracy=scores.accuracy(probability, wins),
            ece=scores.expected_calibration_error(probability, wins),
            ece_low=low,
            ece_high=high,
            calibration_intercept=line[0] if line else None,
            calibration_slope=line[1] if line else None,
            margin_mae=scores.mean_absolute_error(forecast.margin[known], self.data.margin[known]),
            total_mae=scores.mean_absolute_error(forecast.total[known], self.data.total[known]),
            against_elo=self._against(ELO, family, known),
            against_line=self._against(LINE, family, known),
            **self._coverages(forecast, known),
            **self._on_market(forecast, known),
        )

    def _against(self, other: str, family: str, known: Mask) -> Difference | None:
        """The paired difference to another family on the games that both forecast; None to itself."""
        if other == family or other not in self.forecasts:
            return None
        both = known & self.forecasts[other].known
        pair = self.forecasts[family].probability[both], self.forecasts[other].probability[both]
        return scores.paired_difference(pair, self.data.home_win[both], self.data.league_day[both], self.seed)

    def _coverages(self, forecast: Forecasts, known: Mask) -> dict[str, Any]:
        misses = {
            "margin": self.data.margin[known] - forecast.margin[known],
            "total": self.data.total[known] - forecast.total[known],
        }
        offsets = forecast.offsets[known]
        return {
            f"{name}_coverage": scores.coverage(misses[name[:-3]], offsets[:, 2 * place], offsets[:, 2 * place + 1])
            for place, name in enumerate(_INTERVALS)
        }

    def _on_market(self, forecast: Forecasts, known: Mask) -> dict[str, Any]:
        """The figures on the games with a closing line; nothing where there is none."""
        lined = known & self.forecasts[LINE].known if LINE in self.forecasts else known & False
        if not lined.any():
            return {}
        probability, wins = forecast.probability[lined], self.data.home_win[lined]
        return {
            "n_market": int(lined.sum()),
            "log_loss_on_market": scores.log_loss(probability, wins),
            "brier_on_market": scores.brier(probability, wins),
            "accuracy_on_market": scores.accuracy(probability, wins),
            "margin_mae_on_market": scores.mean_absolute_error(forecast.margin[lined], self.data.margin[lined]),
            "total_mae_on_market": scores.mean_absolute_error(forecast.total[lined], self.data.total[lined]),
        }
