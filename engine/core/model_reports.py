"""What is said of model versions beside each other: comparison, gate, check of the files, retraining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.core.backtests import Difference
from engine.core.reports import ModelVersion


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """How model versions are kept and renewed.

    `split` is the share of games (0 to 0.5) that the challenger forecasts in the champion's place; retraining is due
    after `retrain_games` new games or `retrain_days` days; with `auto_promote` a scheduled one may promote what
    passes the gate.
    """

    split: float = 0.0
    retrain_games: int = 400
    retrain_days: int = 120
    auto_promote: bool = False


class Basis(StrEnum):
    """On which forecasts two versions are compared."""

    LIVE = "live"
    UNSEEN = "unseen"
    WALK = "walk-forward"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class VersionScore:
    """One side of a comparison: scores on the common games (None without any) and what a forecast costs.

    `slope` is that of the calibration line, 1 being right; `milliseconds` the median time of a forecast from its
    feature row, `size` the bytes of the version's files.
    """

    label: str
    log_loss: float | None
    brier: float | None
    accuracy: float | None
    slope: float | None
    milliseconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions on the same `n` games; differences are first minus second, so below 0 the first is better.

    `basis` says which forecasts: published or made in the shadow (live), made now for games that neither had learned
    from (unseen), or those of each one's own walk forward.
    """

    first: VersionScore
    second: VersionScore
    basis: Basis
    n: int
    first_day: date | None
    last_day: date | None
    log_loss: Difference | None
    brier: Difference | None


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a version may take the champion's place: every objection is a sentence; without any the gate holds."""

    version: ModelVersion
    champion: ModelVersion | None
    comparison: Comparison | None
    objections: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the promotion."""
        return not self.objections


@dataclass(frozen=True, slots=True)
class VersionCheck:
    """One entry of the registry, or one folder without an entry: `problem` is empty where it is sound."""

    label: str
    status: str
    folder: str
    problem: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One reason to train anew, and whether it is met."""

    name: str
    met: bool
    detail: str


@dataclass(frozen=True, slots=True)
class RetrainCheck:
    """Whether the champion of a task should be trained anew."""

    champion: str
    criteria: tuple[Criterion, ...]

    @property
    def due(self) -> bool:
        """Whether any criterion is met."""
        return any(one.met for one in self.criteria)


@dataclass(frozen=True, slots=True)
class Retrained:
    """A new version of the champion's family, what the gate says of it, and whether it was promoted."""

    check: RetrainCheck
    gate: Gate
    promoted: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Who moves a role and why; `despite` holds the objections that are overruled."""

    who: str
    why: str
    despite: str = ""
