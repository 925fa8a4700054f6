"""Whether the games of a window still look like those that a model learned from.

Each feature's window is laid beside the reference by three distances (`engine.monitoring.statistics`). How large they
are without any drift is learned by resampling the training seasons whole: each season in turn is left out, and windows
of consecutive games of it are measured against the others. That null has what a formula for independent games lacks:
teams meet again, form moves slowly, seasons differ, have a beginning and an end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.core.errors import BundleError
from engine.core.monitor_reports import FeatureDrift
from engine.monitoring.statistics import STATISTICS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WINDOW = 200
"""Games in a window. With fewer the distance says more about chance than about the league."""
STEP = 25
"""Games between a window and the one before it, with which it has to agree: half a week."""
HISTORY = 12
"""Windows, STEP games apart, whose scores are told."""
SEASONS = 5
"""Seasons of a reference: the league as the model saw it last, and enough of them to know how seasons differ."""
FEWEST_WINDOWS = 5
"""Windows side by side that the training seasons must hold before they tell how much windows differ."""
FALSE_DISCOVERIES = 0.05
"""Expected share of false ones among the features called unusual (Benjamini-Hochberg)."""
_NULL_STEP = 50
_QUANTILES = 101
_LEAST = 1e-4
"""Distances below this count as this one, for the logarithm's sake."""
_LEAST_SPREAD = 0.05
"""Log-distances spread at least this much: a feature that hardly ever moved is not known to the last digit."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The logarithm of a distance in windows without drift: its mean and its standard deviation."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A model's training rows in brief: percentiles of each feature, and how far its windows usually lie from them.

    `usual` maps a feature to what is usual for each of STATISTICS; it is empty where the rows were too few to learn
    that from. `apart` counts the windows side by side that it was learned from.
    """

    window: int
    apart: int
    quantiles: Mapping[str, Sequence[float]]
    usual: Mapping[str, Mapping[str, Usual]]

    def to_json(self) -> dict[str, object]:
        """As it stands in a model's manifest."""
        return {
            "window": self.window,
            "apart": self.apart,
            "quantiles": {name: [round(value, 4) for value in values] for name, values in self.quantiles.items()},
            "usual": {
                name: {key: [round(one.mean, 4), round(one.spread, 4)] for key, one in found.items()}
                for name, found in self.usual.items()
            },
        }

    @classmethod
    def from_json(cls, value: object) -> Reference:
        """Read it back. Raises BundleError for anything else than what `to_json` writes."""
        try:
            window, apart, quantiles, usual = (
                value[key]  # type: ignore[index]
                for key in ("window", "apart", "quantiles", "usual")
            )
            return cls(
                int(window),
                int(apart),
                {str(name): tuple(float(one) for one in values) for name, values in quantiles.items()},
                {
                    str(name): {key: Usual(*(float(one) for one in found[key])) for key in STATISTICS}
                    for name, found in usual.items()
                },
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BundleError(
                "The model's manifest has no reference to compare games with: train a new one with nbabot train game."
            ) from error


def reference_of(seasons: Sequence[Floats], names: Sequence[str]) -> Reference:
    """The reference of training rows, season by season (games x features each, in order of time).

    Only the last SEASONS count. There must be at least one game.
    """
    import numpy as np

    last = [season for season in seasons if len(season)][-SEASONS:]
    apart = sum(len(season) // WINDOW for season in last)
    learned = apart >= FEWEST_WINDOWS and len(last) > 1
    whole = _quantiles(np.concatenate(last))
    usual: dict[str, dict[str, Usual]] = {}
    if learned:
        logs = np.log(np.maximum(_null(last), _LEAST))
        means, spreads = logs.mean(axis=0), np.maximum(logs.std(axis=0, ddof=1), _LEAST_SPREAD)
        for column, name in enumerate(names):
            usual[name] = {
                key: Usual(float(means[column, place]), float(spreads[column, place]))
                for place, key in enumerate(STATISTICS)
            }
    quantiles = {name: tuple(map(float, whole[:, column])) for column, name in enumerate(names)}
    return Reference(WINDOW, apart, quantiles, usual)


def drift_of(rows: Floats, names: Sequence[str], reference: Reference) -> tuple[FeatureDrift, ...]:
    """Each feature of the last window of games (games x features, in order of time), and of those before it.

    A feature drifts that is unusual in this window and in the one STEP games earlier; without games for both none
    does. Features that the reference knows nothing usual of are left out.
    """
    size = reference.window
    if len(rows) < size or not reference.usual:
        return ()
    ends = range(len(rows), max(size, len(rows) - STEP * HISTORY + 1) - 1, -STEP)
    windows = [_judged(rows[end - size : end], names, reference) for end in ends]
    return tuple(
        replace(
            feature[0],
            drifting=len(feature) > 1 and feature[0].unusual and feature[1].unusual,
            history=tuple(one.score for one in reversed(feature)),
        )
        for feature in zip(*windows, strict=True)
    )


def _judged(window: Floats, names: Sequence[str], reference: Reference) -> tuple[FeatureDrift, ...]:
    """The features of one window, without a look at any other.

    A feature's chance is that of its three distances together (Simes); the features share FALSE_DISCOVERIES.
    """
    import numpy as np
    from scipy.stats import false_discovery_control

    watched = [(column, name) for column, name in enumerate(names) if name in reference.usual]
    distances = [_distances(np.asarray(reference.quantiles[name]), window[:, column]) for column, name in watched]
    chances = [
        float(false_discovery_control(_chances(found, reference.usual[name], reference.apart)).min())
        for found, (_, name) in zip(distances, watched, strict=True)
    ]
    unusual = false_discovery_control(chances) <= FALSE_DISCOVERIES
    return tuple(
        FeatureDrift(name, *found, chance=chance, score=_score(chance, len(watched)), unusual=bool(alone))
        for (_, name), found, chance, alone in zip(watched, distances, chances, unusual, strict=True)
    )


def _chances(distances: Sequence[float], usual: Mapping[str, Usual], apart: int) -> list[float]:
    """How likely each distance, or a larger one, is for one more window without drift.

    Logarithms of distances are close to normal; Student's distribution with as many degrees of freedom as windows
    stand side by side pays for having learned them from few.
    """
    import numpy as np
    from scipy.stats import t

    widening = (1 + 1 / apart) ** 0.5
    logs = np.log(np.maximum(distances, _LEAST))
    excess = [
        (log - usual[key].mean) / (usual[key].spread * widening) for key, log in zip(STATISTICS, logs, strict=True)
    ]
    return [float(t.sf(one, apart - 1)) for one in excess]


def _score(chance: float, features: int) -> float:
    """0: wholly usual; 1: as unlikely as it takes for one feature to be called unusual when no other is."""
    return min(1.0, math.log(max(chance, 1e-300)) / math.log(FALSE_DISCOVERIES / features))


def _null(seasons: Sequence[Floats]) -> Floats:
    """The distances of windows of each season to the other seasons: windows x features x STATISTICS.

    A season is entered from the end of the one before it, as it is when games come in one by one.
    """
    import numpy as np

    found: list[Floats] = []
    for left_out, season in enumerate(seasons):
        others = _quantiles(np.concatenate([one for place, one in enumerate(seasons) if place != left_out]))
        entered = np.concatenate([seasons[left_out - 1][-WINDOW:], season]) if left_out else season
        for end in range(WINDOW, len(entered) + 1, _NULL_STEP):
            window = entered[end - WINDOW : end]
            columns = range(window.shape[1])
            found.append(np.array([_distances(others[:, column], window[:, column]) for column in columns]))
    return np.array(found)


def _distances(reference: Floats, window: Floats) -> tuple[float, float, float]:
    ks, psi, wasserstein = (distance(reference, window) for distance in STATISTICS.values())
    return ks, psi, wasserstein


def _quantiles(rows: Floats) -> Floats:
    import numpy as np

    found: Floats = np.quantile(rows, np.linspace(0, 1, _QUANTILES), axis=0)
    return found
