"""What monitoring says about a model in production: its inputs, its picks. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.core.reports import CalibrationBin


class Verdict(StrEnum):
    """Answer of a monitoring check."""

    NOT_ENOUGH_DATA = "not enough data"
    STABLE = "stable"
    DRIFTING = "drifting"
    DEGRADED = "degraded"


class Trend(StrEnum):
    """Where the performance of the picks is going."""

    UNKNOWN = "unknown"
    IMPROVING = "improving"
    STABLE = "stable"
    DEGRADING = "degrading"


@dataclass(frozen=True, slots=True)
class FeatureDrift:
    """How far one feature of the last window lies from the champion's reference distribution.

    `ks`, `psi` and `wasserstein` (in standard deviations of the reference) are distances, `chance` is how likely such
    ones are without drift. `score` is 0 for wholly usual and 1 where the feature is unusual even on its own; `unusual`
    is said of this window beside all other features, `drifting` when the window before agrees. `history` holds the
    scores of the last windows, 25 games apart, oldest first; the last one is `score`.
    """

    feature: str
    ks: float
    psi: float
    wasserstein: float
    chance: float
    score: float
    unusual: bool
    drifting: bool = False
    history: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a window of picks beside what it should be, all in the figure's own unit.

    `expected` is the mean for picks that come true as often as they say, [low, high] holds 95% of such windows.
    `baseline` is the figure of the model's backtest. None: not known. `alarming`: worse than chance explains, in this
    window and in the one before.
    """

    name: str
    value: float
    expected: float | None
    low: float | None
    high: float | None
    baseline: float | None
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class RollingScore:
    """The Brier score of the window of picks that ended on a day.

    `expected` is the mean for picks that come true as often as they say, [low, high] holds 95% of such windows.
    """

    day: date
    value: float
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Performance:
    """The last graded picks of one model version, oldest `first_day` to newest `last_day`.

    `slope` is the change of the log loss beyond its expectation per 100 picks, with its standard error; `trend` says
    what of that is more than chance. `ece` is among the measures; `reliability` is the diagram behind it. `rolling`
    are the Brier scores of this window and of earlier ones, oldest first; empty with fewer picks than a window has.
    """

    model: str
    n: int
    first_day: date
    last_day: date
    measures: tuple[Measure, ...]
    trend: Trend
    slope: float | None
    slope_error: float | None
    reliability: tuple[CalibrationBin, ...]
    rolling: tuple[RollingScore, ...] = ()

    @property
    def alarming(self) -> tuple[Measure, ...]:
        """The measures that are worse than chance explains."""
        return tuple(one for one in self.measures if one.alarming)


@dataclass(frozen=True, slots=True)
class MonitorReport:
    """Drift of the champion's inputs over the last `n` games since its training, and performance of the picks.

    `features` is empty where fewer than `needed` games were played. `performance` holds every version that has graded
    picks, the champion first; only windows of at least `needed` picks are judged. `recommendation` says what to do.
    """

    verdict: Verdict
    model: str
    n: int
    needed: int
    features: tuple[FeatureDrift, ...]
    performance: tuple[Performance, ...]
    summary: str
    recommendation: str

    @property
    def drifting(self) -> tuple[FeatureDrift, ...]:
        """The features that differ from the reference in two windows in a row."""
        return tuple(one for one in self.features if one.drifting)
