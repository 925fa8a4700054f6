"""Two versions on the same games: scores, paired differences by day, and what a forecast costs."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.core.backtests import Difference
from engine.core.errors import BundleError
from engine.core.model_reports import Basis, Comparison, VersionScore
from engine.features.contract import GAME_FEATURES
from engine.models import scores
from engine.models.bundles import Bundle
from engine.models.estimators import GameModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WALK = "walk.json"
"""File of a bundle: the home win probabilities of the walk forward behind its figures, by game id."""
ENOUGH = 200
"""Games from which live forecasts, then unseen games, are preferred to longer walks forward."""
_SEED = 1
_TIMED = 15


@dataclass(frozen=True, slots=True)
class Contender:
    """A version in a comparison: its bundle with the model in it."""

    label: str
    bundle: Bundle
    model: GameModel


@dataclass(frozen=True, slots=True)
class Evidence:
    """What both versions said of the same games, game by game; `day` are ordinals, `won` is 1 for a home win."""

    basis: Basis
    first: Floats
    second: Floats
    won: Floats
    day: NDArray[np.int64]


def paired(
    basis: Basis, said: tuple[Mapping[str, float], Mapping[str, float]], outcomes: Mapping[str, tuple[date, bool]]
) -> Evidence:
    """What two versions said by game id, on the games that both spoke of and whose day and outcome are known."""
    import numpy as np

    first, second = said
    games = sorted(first.keys() & second.keys() & outcomes.keys())
    return Evidence(
        basis,
        np.array([first[game] for game in games], dtype=float),
        np.array([second[game] for game in games], dtype=float),
        np.array([outcomes[game][1] for game in games], dtype=float),
        np.array([outcomes[game][0].toordinal() for game in games], dtype=np.int64),
    )


def compare(first: Contender, second: Contender, evidence: Evidence) -> Comparison:
    """Score both sides on the evidence; differences are first minus second."""
    won, days = evidence.won, evidence.day
    pair = (evidence.first, evidence.second)
    return Comparison(
        first=_score(first, evidence.first, won),
        second=_score(second, evidence.second, won),
        basis=evidence.basis if len(won) else Basis.NONE,
        n=len(won),
        first_day=date.fromordinal(int(days.min())) if len(won) else None,
        last_day=date.fromordinal(int(days.max())) if len(won) else None,
        log_loss=scores.paired_difference(pair, won, days, _SEED),
        brier=_brier_difference(evidence),
    )


def walk_file(probabilities: Mapping[str, float]) -> dict[str, bytes]:
    """The file of a walk forward, to go into a bundle; none for no game."""
    if not probabilities:
        return {}
    rounded = {game: round(float(value), 5) for game, value in probabilities.items()}
    return {WALK: (json.dumps(rounded, separators=(",", ":"), allow_nan=False) + "\n").encode()}


def walk_in(bundle: Bundle) -> dict[str, float]:
    """The walk forward of a version, empty where its bundle has none. Raises BundleError for a file that is none."""
    try:
        found = json.loads(bundle.files.get(WALK, b"{}"))
        values = {str(game): float(value) for game, value in found.items()}
    except (AttributeError, TypeError, ValueError, RecursionError):
        raise BundleError(f"{bundle.folder / WALK} is not a list of forecasts: do not use this bundle.") from None
    if not all(0 <= value <= 1 for value in values.values()):
        raise BundleError(f"{bundle.folder / WALK} holds a probability outside 0 to 1: do not use this bundle.")
    return values


def _score(side: Contender, said: Floats, won: Floats) -> VersionScore:
    line = scores.calibration_line(said, won) if len(won) else None
    return VersionScore(
        label=side.label,
        log_loss=scores.log_loss(said, won) if len(won) else None,
        brier=scores.brier(said, won) if len(won) else None,
        accuracy=scores.accuracy(said, won) if len(won) else None,
        slope=line[1] if line else None,
        milliseconds=_milliseconds(side.model),
        size=sum(map(len, side.bundle.files.values())),
    )


def _brier_difference(evidence: Evidence) -> Difference | None:
    if not len(evidence.won):
        return None
    gaps = (evidence.first - evidence.won) ** 2 - (evidence.second - evidence.won) ** 2
    return scores.resampled_mean(gaps, evidence.day, _SEED)


def _milliseconds(model: GameModel) -> float:
    """Median time of a forecast from its feature row."""
    row, taken = [0.0] * len(GAME_FEATURES), []
    for _ in range(_TIMED):
        start = time.perf_counter()
        model.predict(row)
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)
