"""The own conformal step of players' intervals against those of MAPIE, each calibrated band by band.

    python -m bench.conformal

Every method is given the same ridge forecasts of the same seasons, each made by a model of earlier ones, learns from
one season and is tested on the next. The choice was made on the seasons up to 2022-23; later ones chose
nothing. A cell is one stat in one band of expected minutes in one season; it fails outside 78 to 82%.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mapie.classification import SplitConformalClassifier
from mapie.regression import SplitConformalRegressor
from numpy.typing import NDArray
from scipy.stats import nbinom
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.player_records import Stat
from engine.models.player.data import PlayerSet, build_player_set
from engine.models.player.fitting import RIDGE, PlayerFitter
from engine.models.player.misses import BANDS, STEPS, Band, band_of

CHOSEN_ON, LATER = range(2018, 2023), range(2023, 2025)
SHARE, FROM, TO = 0.8, 0.78, 0.82

Floats = NDArray[np.floating[Any]]
Seen = tuple[NDArray[Any], NDArray[Any]]
Method = Callable[["Cell", "Cell"], Seen]
"""Learns from one cell and says of another, row by row, whether the outcome was inside and how many counts were."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Forecasts of one stat in one band of one season, and what came."""

    means: Floats
    outcomes: Floats


class Given(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regressor for MAPIE: its forecast is the first column."""

    def fit(self, x: Floats, y: Floats) -> Given:
        """Nothing is learned here."""
        self.fitted_ = True
        return self

    def predict(self, x: Floats) -> Floats:
        """The forecasts."""
        return x[:, 0]


class Chances(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier for MAPIE: the classes are counts, with the chances that a band gives them."""

    def __init__(self, band: Band, counts: int) -> None:
        self.band, self.counts = band, counts
        self.classes_ = np.arange(counts)
        self.fitted_ = True

    def fit(self, x: Floats, y: Floats) -> Chances:
        """Nothing is learned here."""
        return self

    def predict_proba(self, x: Floats) -> Floats:
        """Rows x counts; what lies beyond the last count is given to it."""
        size = self.band.size(x)
        levels = np.interp(
            nbinom.cdf(self.classes_[None, :], size, size / (size + x)), np.linspace(0, 1, STEPS + 1), self.band.bend
        )
        levels[:, -1] = 1.0
        return np.diff(levels, axis=1, prepend=0.0)

    def predict(self, x: Floats) -> Floats:
        """The likeliest counts."""
        likeliest: Floats = self.predict_proba(x).argmax(axis=1)
        return likeliest


def main() -> None:
    """Build the rows, forecast each season, measure and print."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    cells = forecasts(build_player_set(read([folder / TEAMS, folder / PLAYERS]).played))
    for title, seasons in (("2018-19 to 2022-23, chosen on", CHOSEN_ON), ("2023-24 and 2024-25", LATER)):
        rows = [row for stat in Stat for row in compared(cells, stat, seasons)]
        bands = ("0-12", "12-20", "20-28", "28+")
        show(f"80% intervals, {title}", ("stat", "method", *bands, "cells failed", "counts in it"), rows)


def forecasts(data: PlayerSet) -> Mapping[tuple[int, Stat, int], Cell]:
    """The cells by season, stat and band."""
    fitter = PlayerFitter(data)
    found: dict[tuple[int, Stat, int], Cell] = {}
    for season in range(CHOSEN_ON[0] - 1, LATER[-1] + 1):
        rows = slice(data.before(season), data.before(season + 1))
        expected = fitter.model(RIDGE, rows.start).expect_all(data.x[rows])
        bands = band_of(expected.minutes)
        for stat in Stat:
            for at in range(len(BANDS) + 1):
                inside = bands == at
                known = np.maximum(expected.means[stat][inside].astype(float), 0.01)
                found[season, stat, at] = Cell(known, data.of(stat)[rows][inside])
    return found


def compared(cells: Mapping[tuple[int, Stat, int], Cell], stat: Stat, seasons: Sequence[int]) -> list[tuple[str, ...]]:
    """A row per method: coverage by band, how many cells failed, and mean width."""
    rows: list[tuple[str, ...]] = []
    for name, method in METHODS.items():
        shares, widths = np.empty((len(seasons), len(BANDS) + 1)), []
        for at, season in enumerate(seasons):
            for band in range(len(BANDS) + 1):
                inside, wide = method(cells[season - 1, stat, band], cells[season, stat, band])
                shares[at, band] = inside.mean()
                widths.append(wide)
        failed = f"{((shares < FROM) | (shares > TO)).sum()} of {shares.size}"
        covered = (f"{one:.1%}" for one in shares.mean(axis=0))
        rows.append((stat.value, name, *covered, failed, f"{np.concatenate(widths).mean():.2f}"))
    return rows


def own(known: Cell, asked: Cell) -> Seen:
    """What the models do."""
    band = Band.of(known.means, known.outcomes)
    ends = np.array([band.interval(mean, SHARE) for mean in asked.means.tolist()])
    return (ends[:, 0] <= asked.outcomes) & (asked.outcomes <= ends[:, 1]), ends[:, 1] - ends[:, 0] + 1


def regressed(score: str) -> Method:
    """MAPIE's split conformal regression with a score; everything is moved up by one, for a score that divides."""

    def method(known: Cell, asked: Cell) -> Seen:
        split = SplitConformalRegressor(Given().fit(known.means, known.means), SHARE, score)
        split.conformalize(known.means[:, None] + 1, known.outcomes + 1)
        _, ends = split.predict_interval(asked.means[:, None] + 1)
        low, high = np.maximum(np.ceil(ends[:, 0, 0] - 1), 0), np.floor(ends[:, 1, 0] - 1)
        return (low <= asked.outcomes) & (asked.outcomes <= high), high - low + 1

    return method


def classified(known: Cell, asked: Cell) -> Seen:
    """MAPIE's adaptive prediction sets of counts, with the chances of the own distribution."""
    counts = int(max(known.outcomes.max(), asked.outcomes.max())) + 2
    chances = Chances(Band.of(known.means, known.outcomes), counts)
    split = SplitConformalClassifier(chances, SHARE, "aps", random_state=1)
    split.conformalize(known.means[:, None], known.outcomes.astype(int))
    _, sets = split.predict_set(asked.means[:, None], conformity_score_params={"include_last_label": "randomized"})
    return sets[np.arange(len(asked.outcomes)), asked.outcomes.astype(int), 0], sets[:, :, 0].sum(axis=1)


METHODS: Mapping[str, Method] = {
    "own": own,
    "MAPIE, absolute": regressed("absolute"),
    "MAPIE, gamma": regressed("gamma"),
    "MAPIE, residual_normalized": regressed("residual_normalized"),
    "MAPIE, randomised sets of counts": classified,
}


if __name__ == "__main__":
    main()
