"""What a walk-forward backtest of half-time margins found. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.backtests import Difference


@dataclass(frozen=True, slots=True)
class HalftimeFamilyScore:
    """Walk-forward scores of one family on `n` games: of one season, or of all (None).

    `mae` is in points; `against_hold` and `against_linear` are its mean absolute error less that of the margin at 18:00
    and of the line (below 0: the family is better). `share_80` and `share_95` of the margins at half-time lay inside
    the intervals; None where the family gives none.
    """

    family: str
    season: str | None
    n: int
    mae: float
    against_hold: Difference | None
    against_linear: Difference | None
    share_80: float | None
    share_95: float | None


@dataclass(frozen=True, slots=True)
class HalftimeWeights:
    """What each member of the ensemble counted in a season; they add up to 1."""

    season: str
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class HalftimeBacktest:
    """Every game with a timeline, its margin at half-time forecast at 18:00 by models of earlier seasons only."""

    seasons: tuple[str, ...]
    rows: tuple[HalftimeFamilyScore, ...]
    by_season: tuple[HalftimeFamilyScore, ...]
    weights: tuple[HalftimeWeights, ...]
    simulated: bool = False
    notes: tuple[str, ...] = ()
